//! The result of a backtest, as it is printed and stored.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::{Extreme, RANKED_WEEKS};
use serde::{Deserialize, Serialize};

use crate::{
    DataDescription, DistanceScores, GroupScores, HorizonScores, ModelName, RefusedInFile, Scores, Settings,
    Uncertainty, WindowSettings,
};

/// The result of a backtest.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of the code that made it.
    pub code_version: String,
    /// The settings.
    pub settings: Settings,
    /// The data.
    pub data: Vec<EvaluatedData>,
    /// The models, in the order of the settings.
    pub models: Vec<ModelReport>,
    /// Excluded series, with reasons.
    pub refused: Refused,
    /// Each series by each model, if requested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each_series: Vec<SeriesScores>,
    /// Refused rows of the files; filled in by the reader of the files.
    pub refused_rows: Vec<RefusedInFile>,
}

/// A data set and its windows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EvaluatedData {
    /// The data set.
    #[serde(flatten)]
    pub description: DataDescription,
    /// The settings of the windows.
    pub windows: WindowSettings,
    /// The origins, with the number of series scored at each.
    pub origins: Vec<EvaluatedOrigin>,
}

/// An origin and its number of series.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EvaluatedOrigin {
    /// The Monday of the last hold-out week.
    pub last_week: NaiveDate,
    /// Number of scored series of both extremes.
    pub series: usize,
}

/// A model's scores.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ModelReport {
    /// The model.
    pub model: ModelName,
    /// Its version.
    pub version: u32,
    /// Scores over all series.
    pub all: Option<Scores>,
    /// By data set.
    pub per_set: BTreeMap<String, Scores>,
    /// By extreme.
    pub per_extreme: BTreeMap<Extreme, Scores>,
    /// By data set and extreme.
    pub per_set_and_extreme: BTreeMap<String, BTreeMap<Extreme, Scores>>,
    /// By weeks ahead, over all series.
    pub by_horizon: Vec<HorizonScores>,
    /// By weeks ahead in each data set.
    pub by_horizon_per_set: BTreeMap<String, Vec<HorizonScores>>,
    /// Over all data sets, from the bootstrap over boxes.
    pub uncertainty: Option<Uncertainty>,
    /// By data set, from the bootstrap over boxes.
    pub uncertainty_per_set: BTreeMap<String, Uncertainty>,
    /// By extreme and growth class, over all sets and in each; in each set by origin as well.
    /// Absent from reports of earlier versions.
    #[serde(default)]
    pub by_growth: Vec<GroupScores>,
    /// Seconds of learning the fleet's population, over all origins; None for a model without one.
    pub seconds_of_learning: Option<f64>,
}

impl ModelReport {
    /// The scores of the weeks that a box is judged by, and those of the indicative weeks after them; nothing of weeks that
    /// were not held out.
    pub fn by_distance(&self) -> [Option<DistanceScores>; 2] {
        let judged = self.by_horizon.partition_point(|at| at.horizon <= RANKED_WEEKS);
        let (judged, later) = self.by_horizon.split_at(judged);
        [DistanceScores::of(judged), DistanceScores::of(later)]
    }
}

/// The scores of one series at one origin.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SeriesScores {
    /// The data set.
    pub set: String,
    /// The box.
    pub box_id: String,
    /// The extreme.
    pub extreme: Extreme,
    /// The Monday of the last hold-out week.
    pub last_week: NaiveDate,
    /// The model.
    pub model: ModelName,
    /// The change per year of the extreme towards stress, as a fraction of the capacity, which
    /// determines the growth class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<f64>,
    /// Mean pinball loss over the five quantiles, as a fraction of the training range.
    pub pinball: f64,
    /// Mean absolute error of the median, likewise.
    pub mae: f64,
    /// The share of observations within the 90 % band.
    pub coverage_90: f64,
    /// The share of observations within the 70 % band.
    pub coverage_70: f64,
    /// Time of fit, bands and probabilities on one core, seconds.
    pub seconds: f64,
}

/// The excluded series.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Refused {
    /// Number of series by reason, including those on which a model failed.
    pub counts: BTreeMap<String, u64>,
    /// Each excluded series.
    pub series: Vec<RefusedSeries>,
}

/// A series that was excluded at an origin.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RefusedSeries {
    /// The data set.
    pub set: String,
    /// The box.
    pub box_id: String,
    /// The extreme.
    pub extreme: Extreme,
    /// The Monday of the last hold-out week.
    pub last_week: NaiveDate,
    /// The model that failed; None if the series was excluded for all models.
    pub model: Option<ModelName>,
    /// The identifier of the reason, as in the counts.
    pub reason: String,
    /// The reason as a sentence.
    pub detail: String,
}

impl Report {
    /// The number of scored series, counting each extreme at each origin.
    #[must_use]
    pub fn series(&self) -> usize {
        self.data.iter().flat_map(|data| &data.origins).map(|origin| origin.series).sum()
    }

    /// The number of origins over all data sets.
    #[must_use]
    pub fn origins(&self) -> usize {
        self.data.iter().map(|data| data.origins.len()).sum()
    }

    /// The report of a model.
    #[must_use]
    pub fn model(&self, name: ModelName) -> Option<&ModelReport> {
        self.models.iter().find(|report| report.model == name)
    }

    /// The report without its times, the only part that differs between runs.
    #[must_use]
    pub fn without_times(mut self) -> Self {
        for report in &mut self.models {
            report.seconds_of_learning = report.seconds_of_learning.map(|_| 0.0);
            let scores = report.all.iter_mut().chain(report.per_set.values_mut());
            let scores = scores.chain(report.per_extreme.values_mut());
            let by_both = report.per_set_and_extreme.values_mut().flat_map(BTreeMap::values_mut);
            scores.chain(by_both).for_each(|scores| scores.seconds_per_fit = 0.0);
        }
        self.each_series.iter_mut().for_each(|series| series.seconds = 0.0);
        self.settings.threads = None;
        self
    }
}
