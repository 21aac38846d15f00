//! `gridspark import`: files of readings and of metadata into the store.

use std::path::{Path, PathBuf};

use chrono::Utc;
use model::IsoWeek;
use readings::{Calendar, FileError, FileReport, ReadSettings, Refusals, read_boxes, read_measurements};
use serde::Serialize;

use super::{CommandError, configured_store, report};
use crate::Ending;
use crate::command_line::{Import, Shared};
use crate::progress::Meter;
use crate::store::Store;

/// Tallies that are merged with one round of queries.
const BATCH: usize = 4_000;

/// What came of an import.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    files: Vec<FileOutcome>,
    boxes_changed: u64,
    running_week: Option<IsoWeek>,
}

#[derive(Debug, Serialize)]
struct FileOutcome {
    file: PathBuf,
    /// Whether it is the file of metadata.
    holds_boxes: bool,
    rows: u64,
    accepted: u64,
    ignored: u64,
    refused: u64,
    weeks_changed: u64,
    refusals: Vec<NamedRefusal>,
    /// Rows that were taken although one of their cells could not be.
    warnings: Vec<NamedRefusal>,
    /// Why the file as a whole was refused; then it changed nothing.
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct NamedRefusal {
    row: u64,
    reason: &'static str,
    text: String,
}

impl FileOutcome {
    fn refused_whole(file: &Path, error: &FileError) -> Self {
        Self {
            file: file.to_owned(),
            holds_boxes: false,
            rows: 0,
            accepted: 0,
            ignored: 0,
            refused: 0,
            weeks_changed: 0,
            refusals: Vec::new(),
            warnings: Vec::new(),
            error: Some(error.to_string()),
        }
    }

    fn of(report: &FileReport, weeks_changed: u64) -> Self {
        Self {
            file: report.file.clone(),
            holds_boxes: false,
            rows: report.rows,
            accepted: report.accepted,
            ignored: report.ignored,
            refused: report.refusals.total(),
            weeks_changed,
            refusals: named(&report.refusals),
            warnings: Vec::new(),
            error: None,
        }
    }
}

fn named(refusals: &Refusals) -> Vec<NamedRefusal> {
    let name = |refusal: &readings::Refusal| NamedRefusal {
        row: refusal.row,
        reason: refusal.reason.as_str(),
        text: refusal.text.clone(),
    };
    refusals.named().iter().map(name).collect()
}

pub(super) async fn run(options: Import, shared: Shared) -> Result<Ending, CommandError> {
    let files = if options.measurements.is_empty() {
        Vec::new()
    } else {
        readings::measurement_files(&options.measurements, options.boxes.as_deref())?
    };
    let (configuration, store) = configured_store(&shared).await?;
    let calendar = Calendar::new(configuration.zone()?);
    let mut outcome = Outcome::default();
    if let Some(path) = &options.boxes {
        outcome.files.push(import_boxes(&store, path, &mut outcome.boxes_changed).await?);
    }
    let meter = Meter::new("files");
    meter.expect(files.len() as u64);
    for file in files {
        outcome.files.push(import_file(&store, file, &calendar).await?);
        meter.add(1);
    }
    meter.finish();
    store.renew_ranks().await?;
    outcome.running_week = store.overview().await?.measured_to.map(|week| week.plus(1));
    store.close().await;
    for file in &outcome.files {
        if let Some(error) = &file.error {
            tracing::error!("{error}");
        }
    }
    report::print(shared.json, &outcome, &as_text(&outcome))?;
    if outcome.files.iter().all(|file| file.error.is_some()) {
        return Err(CommandError::NothingImported);
    }
    let refused = outcome.files.iter().any(|file| file.refused > 0 || file.error.is_some());
    Ok(if refused { Ending::WithRefusals } else { Ending::Complete })
}

async fn import_boxes(store: &Store, path: &Path, changed: &mut u64) -> Result<FileOutcome, CommandError> {
    let file = match read_boxes(path) {
        Ok(file) => file,
        Err(error) => {
            return Ok(FileOutcome { holds_boxes: true, ..FileOutcome::refused_whole(path, &error) });
        }
    };
    *changed = store.save_boxes(&file.boxes).await?;
    let accepted = file.boxes.len() as u64;
    Ok(FileOutcome {
        file: path.to_owned(),
        holds_boxes: true,
        rows: file.rows,
        accepted,
        ignored: 0,
        refused: file.refusals.total(),
        weeks_changed: 0,
        refusals: named(&file.refusals),
        warnings: named(&file.warnings),
        error: None,
    })
}

async fn import_file(store: &Store, file: PathBuf, calendar: &Calendar) -> Result<FileOutcome, CommandError> {
    let now = Utc::now();
    let (path, zone) = (file.clone(), calendar.clone());
    let read =
        tokio::task::spawn_blocking(move || read_measurements(&path, &zone, &ReadSettings::at(now))).await;
    let measurements = match read.map_err(|error| CommandError::Stopped(error.to_string()))? {
        Ok(measurements) => measurements,
        Err(error) => return Ok(FileOutcome::refused_whole(&file, &error)),
    };
    let mut import = store.begin_import(calendar, now).await?;
    let mut batch = Vec::with_capacity(BATCH);
    for record in measurements.tallies {
        batch.push(record?);
        if batch.len() == BATCH {
            import.merge(&batch).await?;
            batch.clear();
        }
    }
    import.merge(&batch).await?;
    let extent = import.commit(measurements.report.newest).await?;
    Ok(FileOutcome::of(&measurements.report, extent.changed_weeks))
}

fn as_text(outcome: &Outcome) -> String {
    let mut text = String::new();
    for file in &outcome.files {
        let name = file.file.display();
        match &file.error {
            Some(error) => text.push_str(&format!("{name}: refused, nothing of it was imported: {error}\n")),
            None if file.holds_boxes => text.push_str(&format!(
                "{name}: {} rows, {} used, {} refused; {} boxes new or changed\n",
                file.rows, file.accepted, file.refused, outcome.boxes_changed
            )),
            None => text.push_str(&format!(
                "{name}: {} rows, {} used, {} of other channels, {} refused; {} weeks new or changed\n",
                file.rows, file.accepted, file.ignored, file.refused, file.weeks_changed
            )),
        }
        for refusal in file.refusals.iter().chain(&file.warnings) {
            text.push_str(&format!("{name}, row {}: {}: {}\n", refusal.row, refusal.reason, refusal.text));
        }
        let named = file.refusals.len() as u64;
        if file.refused > named {
            text.push_str(&format!("{name}: and {} more\n", file.refused - named));
        }
    }
    if let Some(week) = outcome.running_week {
        text.push_str(&format!("Complete to week {}.\n", week.plus(-1)));
    }
    text
}
