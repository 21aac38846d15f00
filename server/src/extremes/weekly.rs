//! Files of weekly extremes into the store, for operators whose readings are gone or elsewhere.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use backtest::{Judgement, WeeklyFile};
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::implausible::{BelievedPower, ImplausibleReadings};
use model::{BoxId, IsoWeek, WeekExtremes};
use readings::{Notation, Reason};
use store::{ImportCounts, ImportTransaction, Store, StoreError, StoredBefore};

use crate::sources::{PartReport, Refused};

/// Takes in files of weekly extremes, one after the other.
pub struct ExtremesImport<'a> {
    store: &'a Store,
    notation: Notation,
    calendar: Calendar,
    /// The weeks that its files have brought, which a refused row of another file doesn't take away.
    taken: BTreeMap<BoxId, BTreeSet<IsoWeek>>,
    /// Those that each file has and that aren't believed.
    beyond: Vec<(PathBuf, Beyond)>,
}

/// Weeks that earlier imports had brought and that are gone, as a file says what isn't believed of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedWeeks {
    /// The file.
    pub file: PathBuf,
    /// How many.
    pub weeks: u64,
}

impl RemovedWeeks {
    /// What is said of it to people.
    pub fn sentence(&self) -> String {
        format!(
            "{} of its weeks had been imported and are taken away, as they lie beyond the capacity",
            self.weeks
        )
    }
}

impl<'a> ExtremesImport<'a> {
    /// No file yet.
    pub fn new(store: &'a Store, notation: Notation, calendar: Calendar) -> Self {
        Self { store, notation, calendar, taken: BTreeMap::new(), beyond: Vec::new() }
    }

    /// Takes in a file: weeks of which readings are stored stay as they are. A week that isn't over is
    /// left out, and one beyond what the capacity of its box allows is refused; if an earlier import had
    /// brought it, [`finish`](Self::finish) takes it away. Where the file doesn't count readings its weeks
    /// are taken as complete.
    ///
    /// # Errors
    /// [`StoreError`]; a file that can't be read is named in the report, and changes nothing.
    pub async fn take(
        &mut self,
        path: PathBuf,
        now: DateTime<Utc>,
    ) -> Result<(PartReport, ImportCounts), StoreError> {
        let believed = BelievedPower::of(self.store.capacities().await?);
        let read = tokio::task::spawn_blocking({
            let (path, notation) = (path.clone(), self.notation.clone());
            let judge = Judge { believed, calendar: self.calendar.clone(), now, beyond: RefCell::default() };
            move || {
                let read = read(&path, &notation, &judge);
                (read, judge.beyond.into_inner(), judge.believed)
            }
        });
        let (read, beyond, believed) =
            read.await.map_err(|error| StoreError::Corrupt(format!("a file was cut off: {error}")))?;
        let mut report = PartReport { holds_weeks: true, ..PartReport::of_file(path.clone()) };
        let file = match read {
            Ok(file) => file,
            Err(error) => {
                report.error = Some(error);
                return Ok((report, ImportCounts::default()));
            }
        };
        let mut import = self.store.begin_import(&self.calendar, now).await?;
        let before = self.take_weeks(&mut import, &file).await?;
        import.save_implausible(&implausible(&beyond, &believed)).await?;
        let last = file.boxes.values().filter_map(|weeks| weeks.keys().next_back()).max();
        let newest = last.map(|&week| import.end_of(week)).transpose()?;
        let counts = import.commit(newest).await?;
        let notes = notes_of(before);
        self.beyond.push((path, beyond));
        report.notes = file.notes.iter().map(ToString::to_string).chain(notes).collect();
        report.rows = file.rows;
        report.accepted = file.boxes.values().map(|weeks| weeks.len() as u64).sum();
        report.ignored = file.other_channels;
        report.unfinished = file.unfinished;
        report.refused = file.refused.count;
        report.refused_by_reason =
            file.refused.by_reason.iter().map(|(code, &rows)| (code.as_str(), rows)).collect();
        let named = file.refused.first.iter();
        report.refusals = named.map(|row| Refused::of_row(row.row, row.code, &row.reason)).collect();
        Ok((report, counts))
    }

    async fn take_weeks(
        &mut self,
        import: &mut ImportTransaction,
        file: &WeeklyFile,
    ) -> Result<StoredBefore, StoreError> {
        let mut before = StoredBefore::default();
        for (box_id, weeks) in &file.boxes {
            let complete = |week: &WeekExtremes| WeekExtremes {
                readings: if file.has_readings {
                    week.readings
                } else {
                    self.calendar.quarters_in(week.week).unwrap_or(672)
                },
                ..*week
            };
            let of_box: Vec<WeekExtremes> = weeks.values().map(complete).collect();
            let of_box = import.take_extremes(box_id, &of_box).await?;
            before.measured += of_box.measured;
            before.replaced += of_box.replaced;
            self.taken.entry(box_id.clone()).or_default().extend(weeks.keys());
        }
        Ok(before)
    }

    /// Takes away what earlier imports had brought of weeks that aren't believed and that no file of this
    /// one has brought, whatever their order.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing is taken away.
    pub async fn finish(self, now: DateTime<Utc>) -> Result<Vec<RemovedWeeks>, StoreError> {
        let is_taken =
            |box_id: &BoxId, week: &IsoWeek| self.taken.get(box_id).is_some_and(|taken| taken.contains(week));
        let mut removed = Vec::new();
        if self.beyond.iter().all(|(_, beyond)| beyond.is_empty()) {
            return Ok(removed);
        }
        let mut import = self.store.begin_import(&self.calendar, now).await?;
        for (file, beyond) in &self.beyond {
            let mut weeks_removed = 0;
            for (box_id, weeks) in beyond {
                let weeks = weeks.keys().copied().filter(|week| !is_taken(box_id, week));
                weeks_removed += import.remove_extremes(box_id, &weeks.collect::<Vec<_>>()).await?;
            }
            if weeks_removed > 0 {
                removed.push(RemovedWeeks { file: file.clone(), weeks: weeks_removed });
            }
        }
        if !removed.is_empty() {
            import.commit(None).await?;
        }
        Ok(removed)
    }
}

fn read(path: &Path, notation: &Notation, judge: &Judge) -> Result<WeeklyFile, String> {
    let zone = Some(judge.calendar.zone());
    let read = WeeklyFile::read_judged(path, notation, zone, |box_id, week| judge.judge(box_id, week));
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
