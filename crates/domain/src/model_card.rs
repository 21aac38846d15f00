//! The model card: scores of the newest backtest.

use chrono::{DateTime, NaiveDate, Utc};
use model::Extreme;
use serde::{Deserialize, Serialize};

/// The part of a backtest that the model card shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// The backtest's number.
    pub backtest: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By which version of the code.
    pub code_version: String,
    /// Series evaluated: each extreme at each origin.
    pub series: u32,
    /// Origins, over all data sets.
    pub origins: u32,
    /// Series left out.
    pub refused: u32,
    /// Weeks ahead that were evaluated.
    pub horizon_weeks: u32,
    /// The data sets it was made from.
    pub sets: Vec<EvaluatedSet>,
    /// The models, the one under evaluation first.
    pub models: Vec<EvaluatedModel>,
}

/// A data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedSet {
    /// Its name.
    pub name: String,
    /// Its boxes.
    pub boxes: u32,
    /// The Monday of the first week.
    pub first_week: Option<NaiveDate>,
    /// The Monday of the last week.
    pub last_week: Option<NaiveDate>,
}

/// A model and its scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedModel {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Over all series.
    pub all: Evaluation,
    /// By data set, where the model was evaluated on it.
    pub per_set: Vec<(String, Evaluation)>,
    /// By extreme and class of growth, over all data sets; empty for older backtests.
    pub by_growth: Vec<GrowthEvaluation>,
    /// By weeks ahead: those that a box is judged by, then the indicative ones, if the backtest reached so far.
    #[serde(default)]
    pub by_distance: Vec<DistanceEvaluation>,
    /// Its probabilities of overload in single weeks; `None` without limits.
    pub weekly: Option<EventEvaluation>,
    /// Its probabilities of overload within the horizon; `None` without limits or for models
    /// without any.
    pub any_week: Option<EventEvaluation>,
}

/// The scores of a group of series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Series evaluated.
    pub series: u32,
    /// Mean pinball loss, as a share of the training range.
    pub pinball: Range,
    /// The share of weeks in the 90 % band.
    pub coverage_90: Range,
    /// The share of weeks in the 70 % band.
    pub coverage_70: Range,
    /// Pinball loss relative to that of the model `spark`; `None` for `spark` itself.
    pub over_spark: Option<Range>,
}

/// The scores over a span of weeks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DistanceEvaluation {
    /// The first week ahead, from 1.
    pub from: u32,
    /// The last week ahead.
    pub to: u32,
    /// Mean pinball loss, as a share of the training range.
    pub pinball: f64,
    /// The share of weeks in the 90 % band.
    pub coverage_90: f64,
    /// The share of weeks in the 70 % band.
    pub coverage_70: f64,
}

/// The yearly change of an extreme toward more stress, as a share of the capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrowthClass {
    /// Less than 0.5 %, or falling.
    Stable,
    /// From 0.5 to 2 %.
    Slow,
    /// From 2 to 5 %.
    Moderate,
    /// 5 % or more.
    Fast,
}

/// The scores of the series of one extreme and class of growth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrowthEvaluation {
    /// The extreme.
    pub extreme: Extreme,
    /// The class.
    pub class: GrowthClass,
    /// Series evaluated.
    pub series: u32,
    /// Mean pinball loss, as a share of the training range.
    pub pinball: Range,
    /// Pinball loss relative to the seasonal naive forecast on the same series; `None` if that was
    /// not run.
    pub over_naive: Option<Range>,
    /// The share of weeks in the 90 % band.
    pub coverage_90: Range,
    /// The share of weeks in the 70 % band.
    pub coverage_70: Range,
}

/// A figure with its 90 % bootstrap interval over boxes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The figure.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Scores of event probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EventEvaluation {
    /// Predictions.
    pub count: u32,
    /// How many of the events occurred.
    pub events: u32,
    /// The Brier score: mean of (probability − outcome)².
    pub brier: f64,
    /// The Brier score of always predicting the base rate.
    pub brier_base_rate: f64,
}
