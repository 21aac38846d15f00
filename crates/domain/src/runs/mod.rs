//! Records of runs: plain facts that the store keeps and the page of runs shows.

mod data;
mod finding;
mod growth;
mod measure;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use data::{DataProfile, DataTest, DataTestResult, Severity, Verdict, WeekVolume};
pub use finding::{DataFinding, Scarce, share};
pub use growth::{ExtremeGrowth, GrowthFacts, GrowthStatus};
pub use measure::{Measure, MeasureUnit};

/// The kind of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// Weekly extremes, from a source into the store.
    Extremes,
    /// Forecasts and assessments.
    Forecasts,
}

impl RunKind {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extremes => "extremes",
            Self::Forecasts => "forecasts",
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Not yet.
    UnderWay,
    /// Everything was done.
    Complete,
    /// Some boxes or rows were refused, each with its reason.
    WithRefusals,
    /// A data test stopped it before it changed anything.
    Stopped,
    /// It failed.
    Failed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::UnderWay, Self::Complete, Self::WithRefusals, Self::Stopped, Self::Failed];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnderWay => "under-way",
            Self::Complete => "complete",
            Self::WithRefusals => "with-refusals",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether its results are in the store.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Complete | Self::WithRefusals)
    }
}

/// A measure beside that of the run before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Which.
    pub measure: Measure,
    /// In the run before.
    pub before: f64,
    /// In this one.
    pub now: f64,
    /// Whether somebody should look at it.
    pub suspicious: bool,
}

impl std::fmt::Display for Drift {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { measure, before, now, .. } = self;
        write!(formatter, "{}: {} instead of {}", measure.name(), measure.text(*now), measure.text(*before))
    }
}

/// What was recorded during a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunFacts {
    /// Counts, durations and scores.
    pub measures: BTreeMap<Measure, f64>,
    /// The profile of its measurements.
    pub data: Option<DataProfile>,
    /// The tests of the data.
    pub tests: Vec<DataTestResult>,
    /// What it learned about the fleet's growth; `None` for models without growth and in older
    /// records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthFacts>,
    /// Suspicious differences from the run before.
    pub suspicions: Vec<Drift>,
}

/// The record of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRecord {
    /// The record's number.
    pub record: i64,
    /// Its kind.
    pub kind: RunKind,
    /// The run's number, for forecasts.
    pub run: Option<i64>,
    /// Whether it covered at least half of all boxes.
    pub of_fleet: bool,
    /// Who or what started it.
    pub started_by: String,
    /// The program's version.
    pub code_version: String,
    /// The model and its version.
    pub model: Option<String>,
    /// All other settings that affect a result, as one text.
    pub settings: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Its outcome.
    pub outcome: Outcome,
    /// Why it was stopped or failed.
    pub reason: Option<String>,
    /// What was recorded.
    pub facts: RunFacts,
}

/// Verification of past forecasts against measurements: one extreme and a range of lead times,
/// summed over boxes, weeks and runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerificationSummary {
    /// Weeks ahead, from and to.
    pub weeks_ahead: (u32, u32),
    /// Box-weeks verified.
    pub judged: u64,
    /// Mean pinball loss, a share of the capacity.
    pub pinball: f64,
    /// Coverage of the 90 % band.
    pub coverage_90: f64,
    /// Coverage of the 70 % band.
    pub coverage_70: f64,
    /// The share above the 90 % band.
    pub above_90: f64,
    /// Expected overloaded box-weeks: the sum of the forecast probabilities.
    pub expected_overloads: f64,
    /// Overloaded box-weeks that occurred.
    pub overloads: u64,
}

/// What the page of runs shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RunsReport {
    /// The newest runs, newest first, each with its drift since the run before of its kind.
    pub runs: Vec<ComparedRun>,
    /// Verification of past forecasts.
    #[serde(rename = "came_true")]
    pub verification: Vec<VerificationSummary>,
}

/// A run compared with the one before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedRun {
    /// The run.
    #[serde(flatten)]
    pub record: RunRecord,
    /// Every measure that both have.
    pub drift: Vec<Drift>,
}
