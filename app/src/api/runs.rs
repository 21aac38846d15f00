//! What is remembered of a run: plain facts that the store keeps, and the page of runs shows. On the server only.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::IsoWeek;
use serde::{Deserialize, Serialize};

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

/// A figure of a run that can be compared with the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Time from its beginning to its end, seconds.
    Seconds,
    /// Until the fleet had been learned, seconds.
    LearningSeconds,
    /// From then on until the last box was landed, seconds.
    FittingSeconds,
    /// From then on until the order of urgency was renewed, seconds.
    ClosingSeconds,
    /// Boxes assessed.
    Boxes,
    /// Boxes set aside, each with its reason.
    SetAside,
    /// Boxes of the store that are overloaded.
    Overloaded,
    /// Boxes of the store near their limit.
    Near,
    /// Boxes of the store with room.
    Ample,
    /// Boxes of the store without a forecast.
    NoForecast,
    /// Rows of readings looked at.
    Rows,
    /// Rows that could not be used.
    RowsRefused,
    /// Weeks new or changed.
    WeeksChanged,
    /// Weeks taken away.
    WeeksRemoved,
    /// Boxes with such weeks.
    BoxesChanged,
    /// Readings of the last complete week.
    Readings,
    /// Boxes with readings in the last complete week.
    BoxesMeasured,
    /// Boxes that have fallen silent.
    SilentBoxes,
    /// Mean pinball loss of the built-in backtest, a share of each box's range.
    Pinball,
    /// The share of its weeks that the 90 % band held.
    #[serde(rename = "coverage-90")]
    Coverage90,
    /// The share of its weeks that the 70 % band held.
    #[serde(rename = "coverage-70")]
    Coverage70,
}

/// What a measure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureUnit {
    /// Whole things.
    Count,
    /// Seconds.
    Seconds,
    /// A share of one.
    Share,
}

impl Measure {
    /// What it counts.
    pub fn unit(self) -> MeasureUnit {
        match self {
            Self::Seconds | Self::LearningSeconds | Self::FittingSeconds | Self::ClosingSeconds => {
                MeasureUnit::Seconds
            }
            Self::Pinball | Self::Coverage90 | Self::Coverage70 => MeasureUnit::Share,
            _ => MeasureUnit::Count,
        }
    }

    /// Its name for people, in English.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "duration",
            Self::LearningSeconds => "learning the fleet",
            Self::FittingSeconds => "fitting",
            Self::ClosingSeconds => "closing",
            Self::Boxes => "boxes assessed",
            Self::SetAside => "boxes set aside",
            Self::Overloaded => "overloaded boxes",
            Self::Near => "boxes near their limit",
            Self::Ample => "boxes with room",
            Self::NoForecast => "boxes without a forecast",
            Self::Rows => "rows",
            Self::RowsRefused => "rows refused",
            Self::WeeksChanged => "weeks new or changed",
            Self::WeeksRemoved => "weeks taken away",
            Self::BoxesChanged => "boxes with changed weeks",
            Self::Readings => "readings in the last complete week",
            Self::BoxesMeasured => "boxes measured in the last complete week",
            Self::SilentBoxes => "boxes fallen silent",
            Self::Pinball => "pinball loss of the backtest",
            Self::Coverage90 => "coverage of the 90 % band",
            Self::Coverage70 => "coverage of the 70 % band",
        }
    }

    /// A value for people, in English.
    pub fn text(self, value: f64) -> String {
        match self.unit() {
            MeasureUnit::Count => format!("{value:.0}"),
            MeasureUnit::Seconds => format!("{value:.1} s"),
            MeasureUnit::Share if self == Self::Pinball => format!("{value:.4}"),
            MeasureUnit::Share => format!("{:.1} %", value * 100.0),
        }
    }
}

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
    /// The same in a sentence, with figures.
    pub finding: String,
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
pub struct CameTrue {
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
    pub came_true: Vec<CameTrue>,
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
