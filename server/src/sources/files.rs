//! Files of Parquet and CSV, aggregated here.

use std::path::{Path, PathBuf};

use readings::{FileError, MeasurementFile, ReadSettings, read_boxes, read_measurements};

use super::{
    Answer, BoxesTold, Landing, PORTION, PartReport, Place, Portions, Scope, Source, SourceError, WeeksTold,
};
use crate::configuration::source::FilesSettings;
use crate::progress::Meter;

/// Files of readings, and perhaps one of metadata. They know no watermark: all are read, and what they tell is merged.
#[derive(Debug, Clone, Default)]
pub struct FilesSource {
    measurements: Vec<PathBuf>,
    boxes: Option<PathBuf>,
}

impl FilesSource {
    /// Finds the files that the settings stand for.
    ///
    /// # Errors
    /// [`SourceError::MissingSetting`], or a path or pattern that stands for no files.
    pub fn open(settings: &FilesSettings) -> Result<Self, SourceError> {
        if settings.measurements.is_empty() {
            return Err(SourceError::MissingSetting(
                "[source.files] measurements = [\"FOLDER\", \"FILE.parquet\", \"FOLDER/*/*.csv.gz\"]",
            ));
        }
        let mut paths = Vec::new();
        for path in &settings.measurements {
            paths.extend(matching(path)?);
        }
        let measurements = readings::measurement_files(&paths, settings.boxes.as_deref())?;
        Ok(Self { measurements, boxes: settings.boxes.clone() })
    }

    /// One file of readings.
    pub fn of_file(file: PathBuf) -> Self {
        Self { measurements: vec![file], boxes: None }
    }
}

/// The paths that a pattern stands for, in sorted order; a path that is there stands for itself.
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
    if paths.is_empty() {
        return Err(SourceError::NoMatch { pattern: pattern.into_owned() });
    }
    paths.sort();
    Ok(paths)
}

/// Reads a file of metadata.
pub(crate) fn read_box_file(path: &Path) -> Result<BoxesTold, FileError> {
    let file = read_boxes(path)?;
    let report = PartReport::of_boxes(Place::File(path.to_owned()), &file);
    Ok(BoxesTold { boxes: file.boxes, report: Some(report) })
}

impl Source for FilesSource {
    fn description(&self) -> String {
        format!("{} files of readings", self.measurements.len())
    }

    fn name(&self) -> Option<String> {
        None
    }

    fn landing(&self) -> Landing {
        Landing::Merge
    }

    fn boxes(&mut self) -> Answer<'_, BoxesTold> {
        Box::pin(async {
            match &self.boxes {
                Some(path) => Ok(read_box_file(path)?),
                None => Ok(BoxesTold::default()),
            }
        })
    }

    fn weeks<'a>(&'a mut self, scope: &'a Scope, portions: Portions) -> Answer<'a, WeeksTold> {
        Box::pin(async move {
            let mut told = WeeksTold::default();
            let meter = (self.measurements.len() > 1).then(|| Meter::new("files"));
            if let Some(meter) = &meter {
                meter.expect(self.measurements.len() as u64);
            }
            for file in &self.measurements {
                match read(file, scope).await? {
                    Ok(measurements) => {
                        told.reports.push(PartReport::of_measurements(&measurements.report));
                        told.newest = told.newest.max(measurements.report.newest);
                        hand_over(measurements, scope, &portions).await?;
                    }
                    Err(error) => told.reports.push(PartReport::refused_whole(file.clone(), &error)),
                }
                if let Some(meter) = &meter {
                    meter.add(1);
                }
            }
            if let Some(meter) = &meter {
                meter.finish();
            }
            Ok(told)
        })
    }
}

/// Reads a file to its end, beside the threads that wait.
async fn read(file: &Path, scope: &Scope) -> Result<Result<MeasurementFile, FileError>, SourceError> {
    let (path, calendar, settings) = (file.to_owned(), scope.calendar.clone(), ReadSettings::at(scope.now));
    let read = tokio::task::spawn_blocking(move || read_measurements(&path, &calendar, &settings)).await;
    read.map_err(|error| SourceError::Stopped(error.to_string()))
}

async fn hand_over(
    measurements: MeasurementFile,
    scope: &Scope,
    portions: &Portions,
) -> Result<(), SourceError> {
    let mut portion = Vec::with_capacity(PORTION);
    for record in measurements.tallies {
        let record = record?;
        if scope.wants(&record.box_id) {
            portion.push(record);
        }
        if portion.len() == PORTION {
            let full = std::mem::replace(&mut portion, Vec::with_capacity(PORTION));
            portions.send(full).await.map_err(|_| SourceError::NotTaken)?;
        }
    }
    if !portion.is_empty() {
        portions.send(portion).await.map_err(|_| SourceError::NotTaken)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_what_it_matches_and_a_path_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["day=2024-01-02/a.csv", "day=2024-01-01/a.csv", "day=2024-01-01/_SUCCESS", "b[1].csv"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let open = |paths: &[&str]| {
            let measurements = paths.iter().map(|path| folder.path().join(path)).collect();
            let files = FilesSource::open(&FilesSettings { measurements, boxes: None })?.measurements;
            let name = |file: &PathBuf| file.strip_prefix(folder.path()).unwrap().display().to_string();
            Ok::<_, SourceError>(files.iter().map(name).collect::<Vec<_>>())
        };
        assert_eq!(open(&["day=*/*.csv"]).unwrap(), ["day=2024-01-01/a.csv", "day=2024-01-02/a.csv"]);
        assert_eq!(open(&["day=2024-01-0[2]", "b[1].csv"]).unwrap(), ["day=2024-01-02/a.csv", "b[1].csv"]);
        assert_eq!(open(&["**/a.csv", "day=2024-01-01"]).unwrap().len(), 2);
        assert!(matches!(open(&["day=*/*.parquet"]), Err(SourceError::NoMatch { .. })));
        assert!(matches!(open(&["day=***"]), Err(SourceError::Pattern { .. })));
        assert!(matches!(open(&["absent.csv"]), Err(SourceError::Path(_))));
        assert!(matches!(open(&[]), Err(SourceError::MissingSetting(_))));
    }
}
