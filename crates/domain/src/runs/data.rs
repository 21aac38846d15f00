//! The measurements that a run is made from, and how they were tested.

use chrono::{DateTime, Utc};
use model::IsoWeek;
use serde::{Deserialize, Serialize};

use super::DataFinding;

/// The measurements at a glance: what the newest complete weeks hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DataProfile {
    /// The newest reading of all.
    pub newest_reading: Option<DateTime<Utc>>,
    /// The first week of all.
    pub first_week: Option<IsoWeek>,
    /// The newest complete weeks, oldest first; the last one is what is judged.
    pub weeks: Vec<WeekVolume>,
    /// Boxes in service that told something in the weeks before the last one.
    pub active_boxes: u32,
    /// Those of them that told nothing in the last one.
    pub silent_boxes: u32,
}

/// What a week holds, over the boxes in service, sum of the phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekVolume {
    /// The week.
    pub week: IsoWeek,
    /// Boxes with readings.
    pub boxes: u32,
    /// Their readings.
    pub readings: u64,
    /// Those of the boxes whose capacity is known.
    pub rated_boxes: u32,
    /// Those of them with an extreme that no transformer carries.
    pub impossible_boxes: u32,
}

/// What is tested before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataTest {
    /// Tables and columns are as configured.
    Schema,
    /// The newest reading is recent.
    Freshness,
    /// The last complete week holds about as many readings as those before.
    Volume,
    /// Few boxes have fallen silent.
    SilentBoxes,
    /// Few boxes tell what no transformer carries.
    ImpossibleValues,
    /// Few rows could not be used.
    RefusedRows,
}

impl DataTest {
    /// Its name in settings and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Freshness => "freshness",
            Self::Volume => "volume",
            Self::SilentBoxes => "silent_boxes",
            Self::ImpossibleValues => "impossible_values",
            Self::RefusedRows => "refused_rows",
        }
    }
}

/// What becomes of a run whose data fail a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It isn't tested.
    Off,
    /// It goes on, and the failure is told.
    Warn,
    /// It stops before it changes anything.
    Stop,
}

/// What a test found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// There is too little to judge by.
    NotJudged,
}

/// One test of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataTestResult {
    /// Which.
    pub test: DataTest,
    /// What a failure means.
    pub severity: Severity,
    /// What was found.
    pub verdict: Verdict,
    /// The figures behind it.
    pub finding: DataFinding,
}

impl DataTestResult {
    /// Whether it stops a run.
    pub fn stops(&self) -> bool {
        self.severity == Severity::Stop && self.verdict == Verdict::Failed
    }
}

impl std::fmt::Display for DataTestResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.test.as_str(), self.finding)
    }
}
