//! `gridspark import`: files of readings and of metadata into the store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;
use domain::calendar::Calendar;
use domain::ingest::IngestWindow;
use model::IsoWeek;
use readings::{FoundFiles, Notation, ShownPath};
use serde::Serialize;
use store::{ImportCounts, Store};

use super::{CommandError, Started, report};
use crate::Ending;
use crate::command_line::{Import, Shared};
use crate::configuration::Configuration;
use crate::extremes::{ExtremesImport, ingest};
use crate::progress::Meter;
use crate::runs::{record_import, started_by};
use crate::sources::{FilesSource, PartReport, Place, Scope, read_box_file, unread_sentence};

/// The result of an import.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    files: Vec<FileOutcome>,
    boxes_changed: u64,
    /// Files and folders in the given folders that are no data, or of another kind.
    unread: u64,
    /// The first of them.
    unread_named: Vec<String>,
    running_week: Option<IsoWeek>,
}

#[derive(Debug, Serialize)]
struct FileOutcome {
    #[serde(flatten)]
    report: PartReport,
    weeks_changed: u64,
    weeks_removed: u64,
}

impl FileOutcome {
    fn of(report: PartReport, counts: ImportCounts) -> Self {
        Self { report, weeks_changed: counts.changed_weeks, weeks_removed: counts.removed_weeks }
    }
}

pub(super) async fn run(options: Import, shared: Shared) -> Result<Ending, CommandError> {
    for path in options.measurements.iter().chain(&options.boxes).chain(&options.extremes) {
        readings::require_current(path)?;
    }
    let found = if options.measurements.is_empty() {
        FoundFiles::default()
    } else {
        readings::measurement_files(&options.measurements, options.boxes.as_deref())?
    };
    let extremes = extremes_files(&options)?;
    let Started { configuration, store, .. } = Started::with(&shared).await?;
    super::audit::record_start(&store, &shared, "import").await?;
    let calendar = Calendar::new(configuration.time_zone);
    let started_at = Utc::now();
    let notation = notation_of(&options, &configuration);
    let unread_named = found.unread_named.iter().chain(&extremes.unread_named);
    let mut outcome = Outcome {
        unread: found.unread + extremes.unread,
        unread_named: unread_named.map(|path| ShownPath(path).to_string()).collect(),
        ..Outcome::default()
    };
    if let Some(path) = &options.boxes {
        let report = import_boxes(&store, path, &notation, &mut outcome.boxes_changed).await?;
        outcome.files.push(FileOutcome::of(report, ImportCounts::default()));
    }
    let meter = Meter::new("files");
    meter.expect((found.files.len() + extremes.files.len()) as u64);
    let mut import = ExtremesImport::new(&store, notation.clone(), calendar.clone());
    for file in &extremes.files {
        let (report, counts) = import.take(file.clone(), Utc::now()).await?;
        outcome.files.push(FileOutcome::of(report, counts));
        meter.add(1);
    }
    for removed in import.finish(Utc::now()).await? {
        let of_file = |file: &&mut FileOutcome| matches!(&file.report.place, Place::File(path) if *path == removed.file);
        if let Some(outcome) = outcome.files.iter_mut().find(of_file) {
            outcome.report.notes.push(removed.sentence());
            outcome.weeks_removed += removed.weeks;
        }
    }
    for file in &found.files {
        outcome.files.extend(import_file(&store, file.clone(), &notation, &calendar).await?);
        meter.add(1);
    }
    meter.finish();
    for FileOutcome { report, .. } in &mut outcome.files {
        report.notes.extend(report.nothing_used().map(str::to_owned));
    }
    store.update_ranking().await?;
    let reports: Vec<PartReport> = outcome.files.iter().map(|file| file.report.clone()).collect();
    let changed_weeks = outcome.files.iter().map(|file| file.weeks_changed).sum();
    let started_by = started_by(shared.started_by.as_deref(), "import");
    let recorded = record_import(&store, &reports, changed_weeks, &started_by, started_at).await;
    if let Err(error) = recorded {
        tracing::warn!("the import could not be recorded: {error}");
    }
    outcome.running_week = store.overview().await?.measured_to.map(|week| week.plus(1));
    store.close().await;
    for file in &outcome.files {
        if let Some(error) = &file.report.error {
            tracing::error!("{error}");
        }
    }
    let unread: String =
        [&found, &extremes].into_iter().filter_map(unread_sentence).map(|line| line + "\n").collect();
    report::print(shared.json, &outcome, &as_text(&outcome, unread))?;
    ending(&outcome)
}

/// Nothing came in: a failure. Something was left out: with refusals, as where a box has no capacity because it could not
/// be read, or no box of the metadata has one.
fn ending(Outcome { files, boxes_changed, .. }: &Outcome) -> Result<Ending, CommandError> {
    let (boxes, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.report.holds_boxes);
    let has_any = |files: &[&FileOutcome]| files.iter().any(|file| file.report.accepted > 0);
    // Metadata that were known before bring nothing beside readings of which none came in.
    let has_boxes = has_any(&boxes) && (others.is_empty() || *boxes_changed > 0);
    if !has_any(&others) && !has_boxes {
        return Err(CommandError::NothingImported);
    }
    let left_out = |FileOutcome { report, .. }: &FileOutcome| {
        // Where all rows are of other channels, as those of a folder named for one, all is well.
        let used = report.accepted + report.ignored + report.unfinished;
        report.has_left_out() || used == 0
    };
    Ok(if files.iter().any(left_out) { Ending::WithRefusals } else { Ending::Complete })
}

/// What the command line says of the way that numbers and times are written, else the configuration.
fn notation_of(options: &Import, configuration: &Configuration) -> Notation {
    let configured = configuration.source.as_ref().map(|source| source.files.notation()).unwrap_or_default();
    Notation {
        decimal_mark: options.decimal_mark.or(configured.decimal_mark),
        time_pattern: options.time_pattern.clone().or(configured.time_pattern),
        stamps: options.stamps.or(configured.stamps),
    }
}

async fn import_boxes(
    store: &Store,
    path: &Path,
    notation: &Notation,
    changed: &mut u64,
) -> Result<PartReport, CommandError> {
    match read_box_file(path, notation) {
        Ok(read) => {
            *changed = store.save_boxes(&read.boxes).await?;
            Ok(read.report.unwrap_or_else(|| PartReport::of_file(path.to_owned())))
        }
        Err(error) => {
            Ok(PartReport { holds_boxes: true, ..PartReport::refused_whole(path.to_owned(), &error) })
        }
    }
}

/// Each file is a source of its own, imported by itself: a damaged file doesn't stop those after
/// it.
async fn import_file(
    store: &Store,
    file: PathBuf,
    notation: &Notation,
    calendar: &Calendar,
) -> Result<Vec<FileOutcome>, CommandError> {
    let scope = Scope {
        calendar: calendar.clone(),
        now: Utc::now(),
        window: IngestWindow::Everything,
        watermarks: None,
        boxes: None,
        believed: Arc::default(),
    };
    let ingested = ingest(store, &mut FilesSource::of_file(file, notation.clone()), &scope, None).await?;
    Ok(ingested.reports.into_iter().map(|report| FileOutcome::of(report, ingested.counts)).collect())
}

/// The files of weekly extremes: those given, and those in folders given.
fn extremes_files(options: &Import) -> Result<FoundFiles, CommandError> {
    let mut all = FoundFiles::default();
    for path in &options.extremes {
        if !path.is_dir() {
            all.files.push(path.clone());
            continue;
        }
        let found = readings::measurement_files(std::slice::from_ref(path), options.boxes.as_deref())?;
        all.files.extend(found.files);
        all.unread += found.unread;
        all.unread_named.extend(found.unread_named);
    }
    Ok(all)
}

fn as_text(outcome: &Outcome, unread: String) -> String {
    let mut text = unread;
    for FileOutcome { report, weeks_changed, weeks_removed } in &outcome.files {
        let boxes_changed = outcome.boxes_changed;
        text.push_str(&report.as_line("imported"));
        if report.error.is_none() {
            text.push_str(&match report.holds_boxes {
                true => format!("; {boxes_changed} boxes new or changed"),
                false if *weeks_removed > 0 => {
                    format!("; {weeks_changed} weeks new or changed, {weeks_removed} taken away")
                }
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
