//! `gridspark import`: files of readings and of metadata into the store.

use std::path::{Path, PathBuf};

use chrono::Utc;
use domain::calendar::Calendar;
use domain::scan::ScannedWeeks;
use model::IsoWeek;
use serde::Serialize;
use store::Store;

use super::{CommandError, Started, report};
use crate::Ending;
use crate::command_line::{Import, Shared};
use crate::extremes::{import_extremes, land};
use crate::progress::Meter;
use crate::runs::{remember_import, started_by};
use crate::sources::{FilesSource, PartReport, Scope, read_box_file};

/// What came of an import.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    files: Vec<FileOutcome>,
    boxes_changed: u64,
    running_week: Option<IsoWeek>,
}

#[derive(Debug, Serialize)]
struct FileOutcome {
    #[serde(flatten)]
    report: PartReport,
    weeks_changed: u64,
}

pub(super) async fn run(options: Import, shared: Shared) -> Result<Ending, CommandError> {
    let files = if options.measurements.is_empty() {
        Vec::new()
    } else {
        readings::measurement_files(&options.measurements, options.boxes.as_deref())?
    };
    let Started { configuration, store, .. } = Started::with(&shared).await?;
    let calendar = Calendar::new(configuration.time_zone);
    let started_at = Utc::now();
    let mut outcome = Outcome::default();
    if let Some(path) = &options.boxes {
        let report = import_boxes(&store, path, &mut outcome.boxes_changed).await?;
        outcome.files.push(FileOutcome { report, weeks_changed: 0 });
    }
    let meter = Meter::new("files");
    meter.expect((files.len() + options.extremes.len()) as u64);
    for file in options.extremes {
        let (report, extent) = import_extremes(&store, file, &calendar, Utc::now()).await?;
        outcome.files.push(FileOutcome { report, weeks_changed: extent.changed_weeks });
        meter.add(1);
    }
    for file in files {
        outcome.files.extend(import_file(&store, file, &calendar).await?);
        meter.add(1);
    }
    meter.finish();
    store.renew_ranks().await?;
    let reports: Vec<PartReport> = outcome.files.iter().map(|file| file.report.clone()).collect();
    let changed_weeks = outcome.files.iter().map(|file| file.weeks_changed).sum();
    let started_by = started_by(shared.started_by.as_deref(), "import");
    let remembered = remember_import(&store, &reports, changed_weeks, &started_by, started_at).await;
    if let Err(error) = remembered {
        tracing::warn!("the import could not be recorded: {error}");
    }
    outcome.running_week = store.overview().await?.measured_to.map(|week| week.plus(1));
    store.close().await;
    for file in &outcome.files {
        if let Some(error) = &file.report.error {
            tracing::error!("{error}");
        }
    }
    report::print(shared.json, &outcome, &as_text(&outcome))?;
    let is_error = |file: &FileOutcome| file.report.error.is_some();
    if outcome.files.iter().all(is_error) {
        return Err(CommandError::NothingImported);
    }
    let refused = outcome.files.iter().any(|file| file.report.refused > 0 || is_error(file));
    Ok(if refused { Ending::WithRefusals } else { Ending::Complete })
}

async fn import_boxes(store: &Store, path: &Path, changed: &mut u64) -> Result<PartReport, CommandError> {
    match read_box_file(path) {
        Ok(told) => {
            *changed = store.save_boxes(&told.boxes).await?;
            Ok(told.report.unwrap_or_else(|| PartReport::of_file(path.to_owned())))
        }
        Err(error) => {
            Ok(PartReport { holds_boxes: true, ..PartReport::refused_whole(path.to_owned(), &error) })
        }
    }
}

/// Each file is a source of its own, landed by itself: what follows a damaged one still comes in.
async fn import_file(
    store: &Store,
    file: PathBuf,
    calendar: &Calendar,
) -> Result<Vec<FileOutcome>, CommandError> {
    let scope = Scope {
        calendar: calendar.clone(),
        now: Utc::now(),
        scanned: ScannedWeeks::Everything,
        reached: None,
        boxes: None,
    };
    let landed = land(store, &mut FilesSource::of_file(file), &scope, None).await?;
    let weeks_changed = landed.extent.changed_weeks;
    Ok(landed.reports.into_iter().map(|report| FileOutcome { report, weeks_changed }).collect())
}

fn as_text(outcome: &Outcome) -> String {
    let mut text = String::new();
    for FileOutcome { report, weeks_changed } in &outcome.files {
        let boxes_changed = outcome.boxes_changed;
        text.push_str(&report.as_line("imported"));
        if report.error.is_none() {
            text.push_str(&match report.holds_boxes {
                true => format!("; {boxes_changed} boxes new or changed"),
                false => format!("; {weeks_changed} weeks new or changed"),
            });
        }
        text.push('\n');
        text.push_str(&report.refusal_lines());
    }
    if let Some(week) = outcome.running_week {
        text.push_str(&format!("Complete to week {}.\n", week.plus(-1)));
    }
    text
}
