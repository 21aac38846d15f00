//! The profile of the measurements that a run uses, and the results of its data tests.

use chrono::{DateTime, Utc};
use model::IsoWeek;
use serde::{Deserialize, Serialize};

use super::DataFinding;

/// A profile of the measurements over the newest complete weeks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DataProfile {
    /// The newest reading.
    pub newest_reading: Option<DateTime<Utc>>,
    /// The first stored week.
    pub first_week: Option<IsoWeek>,
    /// The newest complete weeks, oldest first; the last one is tested.
    pub weeks: Vec<WeekVolume>,
    /// Boxes in service with readings in the weeks before the last one.
    pub active_boxes: u32,
    /// Those of them without readings in the last one.
    pub silent_boxes: u32,
}

/// One week over all boxes in service, sum of the phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekVolume {
    /// The week.
    pub week: IsoWeek,
    /// Boxes with readings.
    pub boxes: u32,
    /// Their readings.
    pub readings: u64,
    /// Boxes of known capacity.
    pub rated_boxes: u32,
    /// Those of them with an extreme that no transformer can carry.
    pub impossible_boxes: u32,
}

/// The tests of the data before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataTest {
    /// Tables and columns are as configured.
    Schema,
    /// The newest reading is recent.
    Freshness,
    /// The last complete week holds about as many readings as those before.
    Volume,
    /// Few boxes have gone silent.
    SilentBoxes,
    /// Few boxes report physically impossible values.
    ImpossibleValues,
    /// Few rows were refused.
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

/// What a failed test means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The test is off.
    Off,
    /// The run goes on and the failure is reported.
    Warn,
    /// The run stops before it changes anything.
    Stop,
}

/// The verdict of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// Too little data to test.
    NotJudged,
}

/// The result of one test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataTestResult {
    /// Which.
    pub test: DataTest,
    /// What a failure means for the run.
    pub severity: Severity,
    /// The verdict.
    pub verdict: Verdict,
    /// The figures behind it.
    pub finding: DataFinding,
}

impl DataTestResult {
    /// Whether it stops the run.
    pub fn stops(&self) -> bool {
        self.severity == Severity::Stop && self.verdict == Verdict::Failed
    }
}

impl std::fmt::Display for DataTestResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.test.as_str(), self.finding)
    }
}
