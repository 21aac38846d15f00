//! What is remembered of a run: plain facts that the store keeps, and the page of runs shows.

mod data;
mod finding;
mod growth;
mod measure;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use data::{DataProfile, DataTest, DataTestResult, Severity, Verdict, WeekVolume};
pub use finding::{DataFinding, Scarce, share};
pub use growth::{ExtremeGrowth, GrowthFacts, GrowthLesson};
pub use measure::{Measure, MeasureUnit};

/// What a run was about.
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
    /// It has not.
    UnderWay,
    /// Everything was done.
    Complete,
    /// Some boxes or rows were refused, each with its reason.
    WithRefusals,
    /// A data test stopped it before it changed anything.
    Stopped,
    /// It could not go on.
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

/// A figure of a run beside that of the run before.
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

/// What was seen of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunFacts {
    /// Counts, durations and scores.
    pub measures: BTreeMap<Measure, f64>,
    /// The measurements that it was made from.
    pub data: Option<DataProfile>,
    /// The tests of the data.
    pub tests: Vec<DataTestResult>,
    /// What it learned of the fleet's growth; nothing of a model that learns none, or in records of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthFacts>,
    /// What is unlike the run before.
    pub suspicions: Vec<Drift>,
}

/// A run as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRecord {
    /// The record's number.
    pub record: i64,
    /// What it was about.
    pub kind: RunKind,
    /// The run's number, for forecasts.
    pub run: Option<i64>,
    /// Whether it was about half of all boxes or more.
    pub of_fleet: bool,
    /// Who or what started it.
    pub started_by: String,
    /// The program's version.
    pub code_version: String,
    /// The model and its version.
    pub model: Option<String>,
    /// All else that shapes a result, as one text.
    pub settings: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// How.
    pub outcome: Outcome,
    /// Why it was stopped, or could not go on.
    pub reason: Option<String>,
    /// What was seen.
    pub facts: RunFacts,
}

/// Forecasts beside what then happened: of one extreme, so many weeks ahead, summed over boxes, weeks and runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerificationSummary {
    /// Weeks ahead, from and to.
    pub weeks_ahead: (u32, u32),
    /// Box-weeks that were judged.
    pub judged: u64,
    /// Mean pinball loss, a share of the capacity.
    pub pinball: f64,
    /// The share that the 90 % band held.
    pub coverage_90: f64,
    /// The share that the 70 % band held.
    pub coverage_70: f64,
    /// The share above the 90 % band.
    pub above_90: f64,
    /// Overloaded box-weeks that the probabilities promised.
    pub expected_overloads: f64,
    /// Overloaded box-weeks that came.
    pub overloads: u64,
}

/// What the page of runs shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RunsReport {
    /// The newest runs, newest first, each with what has drifted since the one before of its kind.
    pub runs: Vec<ComparedRun>,
    /// What was forecast beside what then happened.
    #[serde(rename = "came_true")]
    pub verification: Vec<VerificationSummary>,
}

/// A run beside the one before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedRun {
    /// The run.
    #[serde(flatten)]
    pub record: RunRecord,
    /// Every figure that both have.
    pub drift: Vec<Drift>,
}
