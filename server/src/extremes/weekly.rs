//! Files of weekly extremes into the store, for operators whose readings are gone or elsewhere.

use std::path::PathBuf;

use backtest::WeeklyFile;
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use model::{IsoWeek, WeekExtremes};
use readings::Notation;
use store::{ImportCounts, Store, StoreError};

use crate::sources::{PartReport, Refused};

/// Takes in a file of weekly extremes: weeks of which readings are stored stay as they are. A week that isn't over is left
/// out; where the file doesn't count readings its weeks are taken as complete.
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
    let read = tokio::task::spawn_blocking({
        let (path, notation) = (path.clone(), notation.clone());
        move || WeeklyFile::read(&path, &notation)
    });
    let read = read.await.map_err(|error| StoreError::Corrupt(format!("a file was cut off: {error}")))?;
    let mut report = PartReport::of_file(path);
    let file = match read {
        Ok(file) => file,
        Err(error) => {
            report.error = Some(error.to_string());
            return Ok((report, ImportCounts::default()));
        }
    };
    let is_over = |week: IsoWeek| calendar.start_of(week.plus(1)).is_ok_and(|end| end <= now);
    let mut import = store.begin_import(calendar, now).await?;
    let mut last: Option<IsoWeek> = None;
    let mut taken = 0;
    for (box_id, weeks) in &file.boxes {
        let complete = |week: &WeekExtremes| WeekExtremes {
            readings: if file.has_readings {
                week.readings
            } else {
                calendar.quarters_in(week.week).unwrap_or(672)
            },
            ..*week
        };
        let weeks: Vec<WeekExtremes> =
            weeks.values().filter(|week| is_over(week.week)).map(complete).collect();
        taken += weeks.len() as u64;
        last = last.max(weeks.last().map(|week| week.week));
        import.take_extremes(box_id, &weeks).await?;
    }
    let newest = last.map(|week| import.end_of(week)).transpose()?;
    let counts = import.commit(newest).await?;
    report.notes = file.notes.iter().map(ToString::to_string).collect();
    report.rows = file.rows;
    report.refused = file.refused.count;
    report.accepted = taken.min(file.rows - file.refused.count);
    report.ignored = file.rows - report.accepted - report.refused;
    if file.refused.count > 0 {
        report.refused_by_reason.insert("row", file.refused.count);
    }
    report.refusals =
        file.refused.first.iter().map(|refused| Refused::of_row(refused.row, &refused.reason)).collect();
    Ok((report, counts))
}
