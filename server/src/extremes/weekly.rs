//! Files of weekly extremes into the store, for operators whose readings are gone or elsewhere.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use backtest::{Judgement, WeeklyFile};
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::implausible::{BelievedPower, ImplausibleReadings};
use model::{BoxId, IsoWeek, WeekExtremes};
use readings::{Notation, Reason};
use store::{ImportCounts, Store, StoreError, StoredBefore};

use crate::sources::{PartReport, Refused};

/// Takes in a file of weekly extremes: weeks of which readings are stored stay as they are. A week
/// that isn't over is left out, and one beyond what the capacity of its box allows is refused; where
/// the file doesn't count readings its weeks are taken as complete.
///
/// # Errors
/// [`StoreError`]; a file that can't be read is named in the report, and changes nothing.
pub async fn import_extremes(
    store: &Store,
    path: PathBuf,
    notation: &Notation,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<(PartReport, ImportCounts), StoreError> {
    let believed = BelievedPower::of(store.capacities().await?);
    let read = tokio::task::spawn_blocking({
        let (path, notation) = (path.clone(), notation.clone());
        let judge = Judge { believed, calendar: calendar.clone(), now, beyond: RefCell::default() };
        move || {
            let read = read(&path, &notation, &judge);
            (read, judge.beyond.into_inner(), judge.believed)
        }
    });
    let (read, beyond, believed) =
        read.await.map_err(|error| StoreError::Corrupt(format!("a file was cut off: {error}")))?;
    let mut report = PartReport::of_file(path);
    let file = match read {
        Ok(file) => file,
        Err(error) => {
            report.error = Some(error);
            return Ok((report, ImportCounts::default()));
        }
    };
    let mut import = store.begin_import(calendar, now).await?;
    let mut last: Option<IsoWeek> = None;
    let (mut taken, mut before) = (0, StoredBefore::default());
    for (box_id, weeks) in &file.boxes {
        let complete = |week: &WeekExtremes| WeekExtremes {
            readings: if file.has_readings {
                week.readings
            } else {
                calendar.quarters_in(week.week).unwrap_or(672)
            },
            ..*week
        };
        let weeks: Vec<WeekExtremes> = weeks.values().map(complete).collect();
        taken += weeks.len() as u64;
        last = last.max(weeks.last().map(|week| week.week));
        let of_box = import.take_extremes(box_id, &weeks).await?;
        before.measured += of_box.measured;
        before.replaced += of_box.replaced;
    }
    for (box_id, weeks) in &beyond {
        import.remove_extremes(box_id, &weeks.keys().copied().collect::<Vec<_>>()).await?;
    }
    import.save_implausible(&implausible(&beyond, &believed)).await?;
    let newest = last.map(|week| import.end_of(week)).transpose()?;
    let counts = import.commit(newest).await?;
    report.notes = file.notes.iter().map(ToString::to_string).chain(notes_of(before)).collect();
    report.rows = file.rows;
    report.accepted = taken;
    report.ignored = file.other_channels;
    report.unfinished = file.unfinished;
    report.refused = file.refused.count;
    report.refused_by_reason =
        file.refused.by_reason.iter().map(|(code, &rows)| (code.as_str(), rows)).collect();
    let named = file.refused.first.iter();
    report.refusals = named.map(|row| Refused::of_row(row.row, row.code, &row.reason)).collect();
    Ok((report, counts))
}

fn read(path: &Path, notation: &Notation, judge: &Judge) -> Result<WeeklyFile, String> {
    let read = WeeklyFile::read_judged(path, notation, |box_id, week| judge.judge(box_id, week));
    read.map_err(|error| error.to_string())
}

/// Extremes of weeks that were not believed, by box.
type Beyond = BTreeMap<BoxId, BTreeMap<IsoWeek, WeekExtremes>>;

/// Judges a row by the calendar and by what is believed of its box.
struct Judge {
    believed: BelievedPower,
    calendar: Calendar,
    now: DateTime<Utc>,
    beyond: RefCell<Beyond>,
}

impl Judge {
    fn judge(&self, box_id: &BoxId, week: &WeekExtremes) -> Judgement {
        let start = self.calendar.start_of(week.week);
        let (Ok(start), Ok(end)) = (start, self.calendar.start_of(week.week.plus(1))) else {
            return Judgement::Refused(Reason::OutOfCalendar);
        };
        let max_kw = self.believed.max_kw(box_id);
        if start > self.now {
            Judgement::Refused(Reason::FromTheFuture)
        } else if end > self.now {
            Judgement::Unfinished
        } else if self.calendar.quarters_in(week.week).is_ok_and(|quarters| week.readings > quarters) {
            Judgement::Refused(Reason::BadReadings)
        } else if week.min_kw.abs().max(week.max_kw.abs()) > max_kw {
            self.beyond.borrow_mut().entry(box_id.clone()).or_default().insert(week.week, *week);
            Judgement::Refused(Reason::BeyondCapacity)
        } else {
            Judgement::Taken
        }
    }
}

/// What is remembered of weeks that were not believed: from the first to the last, with the extremes
/// of them all.
fn implausible(beyond: &Beyond, believed: &BelievedPower) -> HashMap<BoxId, ImplausibleReadings> {
    let of_box = |(box_id, weeks): (&BoxId, &BTreeMap<IsoWeek, WeekExtremes>)| {
        let max_kw = believed.max_kw(box_id);
        let extremes = weeks.values().flat_map(|week| [(week.week, week.min_kw), (week.week, week.max_kw)]);
        let beyond = extremes.filter(|(_, kw)| kw.abs() > max_kw);
        let each = beyond.map(|(week, kw)| ImplausibleReadings::one(week, kw));
        Some((box_id.clone(), each.reduce(|all, one| all.union(&one))?))
    };
    beyond.iter().filter_map(of_box).collect()
}

/// What was stored already, for people.
fn notes_of(StoredBefore { measured, replaced }: StoredBefore) -> Vec<String> {
    let mut notes = Vec::new();
    if replaced > 0 {
        notes.push(format!(
            "{replaced} of its weeks had been imported with other values, which these replace"
        ));
    }
    if measured > 0 {
        notes.push(format!("{measured} of its weeks are measured, and stay as they are"));
    }
    notes
}
