//! Plans: TOML files that list data sets with their origins and windows.
//!
//! ```toml
//! [[data_set]]
//! name = "substations"
//! extremes = "substations_weekly.parquet"   # relative to the plan
//! capacities = "substations_capacities.csv"
//! until = ["2024-12-23", "2024-06-24"]      # Mondays of the last hold-out weeks
//! training_weeks = 156                      # all if absent
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use readings::Notation;
use serde::{Deserialize, Serialize};

use crate::{CapacitiesFile, FileError, Job, OriginsError, RefusedRows, WeeklyFile, WindowSettings, origins};

/// Data sets to be evaluated in one run.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The data sets.
    pub data_set: Vec<PlannedData>,
}

/// A data set of a plan.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedData {
    /// The name in tables.
    pub name: String,
    /// A short description.
    pub about: Option<String>,
    /// The licence, if known.
    pub licence: Option<String>,
    /// The file of weekly extremes.
    pub extremes: PathBuf,
    /// The file of capacities.
    pub capacities: Option<PathBuf>,
    /// The Mondays of the last hold-out weeks; if empty, `origins` of them from the end of the
    /// data.
    #[serde(default)]
    pub until: Vec<NaiveDate>,
    /// The number of origins if `until` is empty.
    #[serde(default = "one")]
    pub origins: usize,
    /// Calendar weeks of training data; all if absent.
    pub training_weeks: Option<usize>,
}

fn one() -> usize {
    1
}

/// Why a plan can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The plan can't be opened.
    #[error("{file} cannot be opened: {source}")]
    Unreadable {
        /// The plan.
        file: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is not a plan.
    #[error("{file} is not a plan: {source}")]
    Malformed {
        /// The plan.
        file: PathBuf,
        /// The cause.
        source: Box<toml::de::Error>,
    },
    /// A data file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// There are no origins.
    #[error(transparent)]
    Origins(#[from] OriginsError),
}

/// The refused rows of a file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RefusedInFile {
    /// The file.
    pub file: PathBuf,
    /// The rows.
    #[serde(flatten)]
    pub rows: RefusedRows,
}

impl Plan {
    /// Reads a plan; the paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`PlanError`] if it can't be opened or is not a plan.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| PlanError::Unreadable { file: path.to_owned(), source })?;
        let mut plan: Self = toml::from_str(&text)
            .map_err(|source| PlanError::Malformed { file: path.to_owned(), source: Box::new(source) })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for data in &mut plan.data_set {
            data.extremes = folder.join(&data.extremes);
            data.capacities = data.capacities.as_ref().map(|file| folder.join(file));
        }
        Ok(plan)
    }
}

impl PlannedData {
    /// Reads the files and determines the origins; `windows` supplies settings that are not in the
    /// plan.
    ///
    /// # Errors
    /// [`PlanError`] if a file can't be read or there are no origins.
    pub fn open(&self, windows: WindowSettings) -> Result<(Job, Vec<RefusedInFile>), PlanError> {
        let mut refused = Vec::new();
        let mut name = |file: &Path, rows: RefusedRows| {
            if rows.count > 0 {
                refused.push(RefusedInFile { file: file.to_owned(), rows });
            }
        };
        let capacities = match &self.capacities {
            None => BTreeMap::new(),
            Some(file) => {
                let read = CapacitiesFile::read(file, &Notation::default())?;
                name(file, read.refused);
                read.capacities
            }
        };
        let mut weekly = WeeklyFile::read(&self.extremes, &Notation::default())?;
        name(&self.extremes, std::mem::take(&mut weekly.refused));
        let mut data = weekly.into_data_set(&self.name, &capacities);
        (data.about, data.licence) = (self.about.clone(), self.licence.clone());
        let origins = if self.until.is_empty() {
            origins::latest(&data, self.origins)?
        } else {
            origins::from_mondays(&self.until)?
        };
        let training_weeks = self.training_weeks.or(windows.training_weeks);
        Ok((Job { data, origins, windows: WindowSettings { training_weeks, ..windows } }, refused))
    }
}
