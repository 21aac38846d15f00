//! Parquet and CSV files, aggregated here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::implausible::ImplausibleReadings;
use domain::ingest::IngestWindow;
use domain::tally::TallyRecord;
use model::{BoxId, IsoWeek};
use readings::{
    FileError, FileReport, Notation, ReadSettings, Tallies, TallyUnion, read_boxes, read_measurements,
};
use sha2::{Digest as _, Sha256};

use super::{
    Answer, BatchSender, BoxReadOutcome, PartReport, Place, Scope, Source, SourceError, TALLIES_PER_BATCH,
    TallyBatch, WeekReadOutcome, WriteMode,
};
use crate::configuration::source::FilesSettings;
use crate::progress::Meter;

/// Longer lists of patterns are replaced by a digest in the source's name.
const MAX_NAME_BYTES: usize = 1_000;

/// Files of readings, and perhaps one of metadata. Their tallies are united before delivery: only
/// all files together are complete for a week.
#[derive(Debug, Clone, Default)]
pub struct FilesSource {
    /// The configured patterns; `None` for a file imported by hand, which is part of something
    /// larger.
    name: Option<String>,
    measurements: Vec<PathBuf>,
    boxes: Option<PathBuf>,
    notation: Notation,
}

impl FilesSource {
    /// Finds the files of the settings.
    ///
    /// # Errors
    /// [`SourceError::MissingSetting`], or a path or pattern without files.
    pub fn open(settings: &FilesSettings) -> Result<Self, SourceError> {
        if settings.measurements.is_empty() {
            return Err(SourceError::MissingSetting(
                "[source.files] measurements = [\"FOLDER\", \"FILE.parquet\", \"FOLDER/*/*.csv.gz\"]",
            ));
        }
        let mut paths = Vec::new();
        // A pattern may stand for replaced files beside current ones, a name for one alone.
        for path in settings.measurements.iter().chain(&settings.boxes) {
            readings::require_current(path)?;
        }
        for path in &settings.measurements {
            paths.extend(matching(path)?);
        }
        let found = readings::measurement_files(&paths, settings.boxes.as_deref())?;
        if let Some(unread) = unread_sentence(&found) {
            tracing::info!("{unread}");
        }
        let name = Some(name_of(&settings.measurements));
        let (boxes, notation) = (settings.boxes.clone(), settings.notation());
        Ok(Self { name, measurements: found.files, boxes, notation })
    }

    /// One file of readings, of which nothing is kept: all of it is merged.
    pub fn of_file(file: PathBuf, notation: Notation) -> Self {
        Self { name: None, measurements: vec![file], boxes: None, notation }
    }

    async fn read_all(&self, scope: &Scope, batches: BatchSender) -> Result<WeekReadOutcome, SourceError> {
        let since = match scope.window {
            IngestWindow::From(week) => Some(scope.calendar.start_of(week)?),
            IngestWindow::Everything => None,
        };
        let notation = self.notation.clone();
        let believed = Arc::clone(&scope.believed);
        let settings = ReadSettings { since, believed, notation, ..ReadSettings::at(scope.now) };
        let mut union = TallyUnion::new(settings.max_open_tallies, &settings.spill_folder);
        let mut reports = Vec::with_capacity(self.measurements.len());
        let mut implausible = HashMap::new();
        let mut range = FilesTimeRange { since, ..FilesTimeRange::default() };
        let meter = (self.measurements.len() > 1).then(|| Meter::new("files"));
        if let Some(meter) = &meter {
            meter.expect(self.measurements.len() as u64);
        }
        for file in &self.measurements {
            let read;
            (union, read) = read_into(union, file, scope, &settings).await?;
            match read {
                Ok((report, of_file)) => {
                    include(&mut implausible, of_file, scope);
                    range.include(&report);
                    reports.push(PartReport::of_measurements(&report));
                }
                Err(error) => reports.push(PartReport::refused_whole(file.clone(), &error)),
            }
            if let Some(meter) = &meter {
                meter.add(1);
            }
        }
        if let Some(meter) = &meter {
            meter.finish();
        }
        // The contents of an unreadable file are unknown, so nothing may be removed.
        let is_all = self.name.is_some() && reports.iter().all(|report| report.error.is_none());
        let mode = if is_all { range.mode() } else { WriteMode::Merge };
        hand_over(union.finish()?, mode, scope, &batches).await?;
        Ok(WeekReadOutcome { reports, newest: range.newest, mode, implausible })
    }
}

/// The patterns as written; a digest of very long ones, as databases limit the length of keys.
fn name_of(patterns: &[PathBuf]) -> String {
    let written: Vec<_> = patterns.iter().map(|pattern| pattern.to_string_lossy()).collect();
    let written = written.join(", ");
    if written.len() <= MAX_NAME_BYTES {
        return format!("files {written}");
    }
    let digest = hex::encode(Sha256::digest(&written));
    format!("files of {} patterns, SHA-256 {digest}", patterns.len())
}

/// The files of a pattern, sorted; an existing path stands for itself.
fn matching(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let pattern = path.to_string_lossy();
    if path.exists() || !pattern.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let found = glob::glob(&pattern).map_err(|error| SourceError::Pattern {
        pattern: pattern.to_string(),
        reason: error.msg.to_owned(),
    })?;
    let mut paths = Vec::new();
    for path in found {
        paths.push(path.map_err(|error| SourceError::Unlisted {
            path: error.path().to_owned(),
            source: error.into(),
        })?);
    }
    paths.retain(|found| matches_data(path, found));
    if paths.is_empty() {
        return Err(SourceError::NoMatch { pattern: pattern.into_owned() });
    }
    paths.sort();
    Ok(paths)
}

/// Whether what a pattern's wildcards stand for are names of data: none begins with `_` or `.`, as hidden and unfinished
/// files do, unless the pattern says so itself.
fn matches_data(pattern: &Path, found: &Path) -> bool {
    let written: Vec<_> = pattern.components().collect();
    let is_data = |component: std::path::Component<'_>| {
        let std::path::Component::Normal(name) = component else { return true };
        let name = name.to_string_lossy();
        !name.starts_with(['_', '.'])
            || written.iter().any(|part| {
                let part = part.as_os_str().to_string_lossy();
                part.starts_with(['_', '.'])
                    && glob::Pattern::new(&part).is_ok_and(|part| part.matches(&name))
            })
    };
    found.components().all(is_data)
}

/// What was left unread in folders, for people; None if nothing was.
pub(crate) fn unread_sentence(found: &readings::FoundFiles) -> Option<String> {
    if found.unread == 0 {
        return None;
    }
    let names: Vec<String> =
        found.unread_named.iter().map(|path| readings::ShownPath(path).to_string()).collect();
    let more = found.unread - names.len() as u64;
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("{} files or folders were left unread: {}{more}", found.unread, names.join(", ")))
}

/// Reads a file of metadata.
pub(crate) fn read_box_file(path: &Path, notation: &Notation) -> Result<BoxReadOutcome, FileError> {
    let file = read_boxes(path, notation)?;
    let report = PartReport::of_boxes(Place::File(path.to_owned()), &file);
    Ok(BoxReadOutcome { boxes: file.boxes, report: Some(report) })
}

impl Source for FilesSource {
    fn description(&self) -> String {
        format!("{} files of readings", self.measurements.len())
    }

    fn name(&self) -> Option<String> {
        self.name.clone()
    }

    fn boxes(&mut self) -> Answer<'_, BoxReadOutcome> {
        Box::pin(async {
            match &self.boxes {
                Some(path) => Ok(read_box_file(path, &self.notation)?),
                None => Ok(BoxReadOutcome::default()),
            }
        })
    }

    fn weeks<'a>(&'a mut self, scope: &'a Scope, batches: BatchSender) -> Answer<'a, WeekReadOutcome> {
        Box::pin(self.read_all(scope, batches))
    }
}

/// The time range of the readings in files.
#[derive(Debug, Default)]
struct FilesTimeRange {
    since: Option<DateTime<Utc>>,
    /// The newest reading before `since`.
    newest_excluded: Option<DateTime<Utc>>,
    oldest_week: Option<IsoWeek>,
    newest: Option<DateTime<Utc>>,
}

impl FilesTimeRange {
    fn include(&mut self, report: &FileReport) {
        self.newest_excluded = self.newest_excluded.max(report.newest_excluded);
        self.oldest_week = self.oldest_week.into_iter().chain(report.oldest_week).min();
        self.newest = self.newest.max(report.newest);
    }

    /// Files with readings in the week before the window contain the window completely. Others may
    /// be kept for a few days only: what they no longer hold must stay in the store.
    fn mode(&self) -> WriteMode {
        let reaches_back = match (self.since, self.newest_excluded) {
            (Some(since), Some(newest_excluded)) => since - newest_excluded <= TimeDelta::weeks(1),
            _ => false,
        };
        match self.oldest_week {
            Some(oldest_week) if !reaches_back => WriteMode::ReplaceAfter(oldest_week),
            _ => WriteMode::Replace,
        }
    }
}

/// The readings of each box that weren't counted.
type Implausible = HashMap<BoxId, ImplausibleReadings>;

/// Adds what a file reported of the boxes in scope.
fn include(all: &mut Implausible, of_file: Implausible, scope: &Scope) {
    for (box_id, readings) in of_file.into_iter().filter(|(box_id, _)| scope.wants(box_id)) {
        all.entry(box_id).and_modify(|known| *known = known.union(&readings)).or_insert(readings);
    }
}

/// Reads a file on a blocking thread and adds its tallies to those of the others.
async fn read_into(
    mut union: TallyUnion,
    file: &Path,
    scope: &Scope,
    settings: &ReadSettings,
) -> Result<(TallyUnion, Result<(FileReport, Implausible), FileError>), SourceError> {
    let (path, calendar, settings) = (file.to_owned(), scope.calendar.clone(), settings.clone());
    let read = tokio::task::spawn_blocking(move || match read_measurements(&path, &calendar, &settings) {
        Ok(measurements) => {
            union.add(measurements.tallies)?;
            Ok((union, Ok((measurements.report, measurements.implausible))))
        }
        Err(error) => Ok((union, Err(error))),
    });
    read.await.map_err(|error| SourceError::Stopped(error.to_string()))?
}

/// Delivers batches of whole boxes.
async fn hand_over(
    tallies: Tallies,
    mode: WriteMode,
    scope: &Scope,
    batches: &BatchSender,
) -> Result<(), SourceError> {
    let mut batch = Vec::with_capacity(TALLIES_PER_BATCH);
    for record in tallies {
        let record = record?;
        if !scope.wants(&record.box_id) {
            continue;
        }
        if batch.len() >= TALLIES_PER_BATCH
            && batch.last().is_some_and(|last: &TallyRecord| last.box_id != record.box_id)
        {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(TALLIES_PER_BATCH));
            batches.send(TallyBatch { mode, tallies: full }).await.map_err(|_| SourceError::ReceiverGone)?;
        }
        batch.push(record);
    }
    if !batch.is_empty() {
        batches.send(TallyBatch { mode, tallies: batch }).await.map_err(|_| SourceError::ReceiverGone)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_its_patterns_and_never_long() {
        let patterns = |number: usize| -> Vec<PathBuf> {
            (0..number).map(|n| PathBuf::from(format!("archive/day=2024-{n:02}-*/*.parquet"))).collect()
        };
        assert_eq!(
            name_of(&patterns(2)),
            "files archive/day=2024-00-*/*.parquet, archive/day=2024-01-*/*.parquet"
        );
        let long = [name_of(&patterns(99)), name_of(&patterns(98)), name_of(&patterns(99)[1..])];
        assert!(long.iter().all(|name| name.len() < 120), "{long:?}");
        assert!(long[0] != long[1] && long[0] != long[2] && long[1] != long[2], "{long:?}");
    }

    #[test]
    fn a_pattern_stands_for_what_it_matches_and_a_path_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "day=2024-01-02/a.csv",
            "day=2024-01-01/a.csv",
            "day=2024-01-01/_SUCCESS",
            "day=2024-01-01/_temporary/a.csv",
            "day=2024-01-01/._a.csv",
            "b[1].csv",
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let open = |paths: &[&str]| {
            let measurements = paths.iter().map(|path| folder.path().join(path)).collect();
            let files =
                FilesSource::open(&FilesSettings { measurements, ..FilesSettings::default() })?.measurements;
            let name = |file: &PathBuf| file.strip_prefix(folder.path()).unwrap().display().to_string();
            Ok::<_, SourceError>(files.iter().map(name).collect::<Vec<_>>())
        };
        assert_eq!(open(&["day=*/*.csv"]).unwrap(), ["day=2024-01-01/a.csv", "day=2024-01-02/a.csv"]);
        assert_eq!(open(&["day=2024-01-0[2]", "b[1].csv"]).unwrap(), ["day=2024-01-02/a.csv", "b[1].csv"]);
        assert_eq!(open(&["**/a.csv", "day=2024-01-01"]).unwrap().len(), 2);
        assert_eq!(open(&["day=*/*a.csv"]).unwrap().len(), 2, "hidden and unfinished files are no data");
        assert_eq!(open(&["day=*/_temp*/*.csv"]).unwrap().len(), 1, "unless they are asked for");
        assert!(matches!(open(&["day=*/*.parquet"]), Err(SourceError::NoMatch { .. })));
        assert!(matches!(open(&["day=***"]), Err(SourceError::Pattern { .. })));
        assert!(matches!(open(&["absent.csv"]), Err(SourceError::Path(_))));
        assert!(matches!(open(&[]), Err(SourceError::MissingSetting(_))));
    }
}
