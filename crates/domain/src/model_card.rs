//! How good the forecasts were, by the newest backtest that was kept.

use chrono::{DateTime, NaiveDate, Utc};
use model::Extreme;
use serde::{Deserialize, Serialize};

/// A backtest, as far as the model card tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// The backtest's number.
    pub backtest: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By which version of the code.
    pub code_version: String,
    /// Series that were judged, each extreme at each origin.
    pub series: u32,
    /// Origins, over all data sets.
    pub origins: u32,
    /// Series that were left out.
    pub refused: u32,
    /// Weeks ahead that were judged.
    pub horizon_weeks: u32,
    /// What it was made from.
    pub sets: Vec<EvaluatedSet>,
    /// The models, the one in question first.
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

/// A model and how it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedModel {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Over all series.
    pub all: Evaluation,
    /// By data set; of those it judged.
    pub per_set: Vec<(String, Evaluation)>,
    /// By extreme and class of growth, over all data sets; empty where the backtest is older than that.
    pub by_growth: Vec<GrowthEvaluation>,
    /// Its probabilities of an overload in single weeks; none without limits.
    pub weekly: Option<EventEvaluation>,
    /// Its probabilities of an overload over the horizon; none without limits, or from a model that has none.
    pub any_week: Option<EventEvaluation>,
}

/// The scores of a group of series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Series that were judged.
    pub series: u32,
    /// Mean pinball loss, as a share of the training range.
    pub pinball: Range,
    /// The share of weeks in the 90 % band.
    pub coverage_90: Range,
    /// The share of weeks in the 70 % band.
    pub coverage_70: Range,
    /// The pinball loss over that of the model `spark`; none for that one itself.
    pub over_spark: Option<Range>,
}

/// The change of an extreme a year toward more stress, as a share of the capacity.
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
    /// Series that were judged.
    pub series: u32,
    /// Mean pinball loss, as a share of the training range.
    pub pinball: Range,
    /// The pinball loss over that of the seasonal naive on the same series; none where that was not asked for.
    pub over_naive: Option<Range>,
    /// The share of weeks in the 90 % band.
    pub coverage_90: Range,
    /// The share of weeks in the 70 % band.
    pub coverage_70: Range,
}

/// A figure, and how far it would move with other boxes: nine draws of ten lie between the ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The figure.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How good probabilities were.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EventEvaluation {
    /// Predictions.
    pub count: u32,
    /// How many of the events came.
    pub events: u32,
    /// The mean of (probability − what came)².
    pub brier: f64,
    /// The same for saying the base rate each time.
    pub brier_base_rate: f64,
}
