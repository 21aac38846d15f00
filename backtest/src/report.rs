//! What a backtest found, in the shape in which it is printed and stored.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::Extreme;
use serde::{Deserialize, Serialize};

use crate::{
    DataDescription, GroupScores, HorizonScores, ModelName, RefusedInFile, Scores, Settings, Uncertainty,
    WindowSettings,
};

/// A backtest's findings.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of the code that made it.
    pub code_version: String,
    /// What was asked for.
    pub settings: Settings,
    /// What it was made from.
    pub data: Vec<JudgedData>,
    /// A model after the other, in the order asked for.
    pub models: Vec<ModelReport>,
    /// Who was left out, and why.
    pub refused: Refused,
    /// Each series by each model, where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each_series: Vec<SeriesScores>,
    /// Rows of the files that were left out; told by whoever read them.
    pub refused_rows: Vec<RefusedInFile>,
}

/// A data set and how it was cut.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JudgedData {
    /// Size and span.
    #[serde(flatten)]
    pub description: DataDescription,
    /// How windows were cut.
    pub windows: WindowSettings,
    /// The Monday of the last hold-out week of each origin, and how many series were judged there.
    pub origins: Vec<JudgedOrigin>,
}

/// An origin and what it yielded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct JudgedOrigin {
    /// The Monday of the last hold-out week.
    pub last_week: NaiveDate,
    /// Series with a window, both extremes.
    pub series: usize,
}

/// A model's scores.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ModelReport {
    /// The model.
    pub model: ModelName,
    /// Its version.
    pub version: u32,
    /// Over all series.
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
    /// By extreme and class of growth, over all sets and in each; in each set by origin as well. Absent from reports of
    /// earlier versions.
    #[serde(default)]
    pub by_growth: Vec<GroupScores>,
    /// What was learned of the fleet before: the seconds that it took, over all origins; nothing for a model that
    /// learns nothing.
    pub seconds_of_learning: Option<f64>,
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
    /// The change of the extreme a year toward stress, as a fraction of the capacity, by which its class was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<f64>,
    /// Mean pinball loss over the five quantiles, as a fraction of the training range.
    pub pinball: f64,
    /// Mean absolute error of the median, likewise.
    pub mae: f64,
    /// The share of observations in the 90 % band.
    pub coverage_90: f64,
    /// The share of observations in the 70 % band.
    pub coverage_70: f64,
    /// Time of fit, bands and probabilities on one core.
    pub seconds: f64,
}

/// Who was left out.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Refused {
    /// How many series, by reason; those that no model could judge, and those that one model failed on.
    pub counts: BTreeMap<String, u64>,
    /// Each of them.
    pub series: Vec<RefusedSeries>,
}

/// A series that was left out at an origin.
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
    /// The model that failed; nothing where the series was left out before.
    pub model: Option<ModelName>,
    /// The reason's name, as in the counts.
    pub reason: String,
    /// The reason in words.
    pub detail: String,
}

impl Report {
    /// How many series were judged, each extreme at each origin.
    #[must_use]
    pub fn series(&self) -> usize {
        self.data.iter().flat_map(|data| &data.origins).map(|origin| origin.series).sum()
    }

    /// How many origins there were, over all data sets.
    #[must_use]
    pub fn origins(&self) -> usize {
        self.data.iter().map(|data| data.origins.len()).sum()
    }

    /// A model's part.
    #[must_use]
    pub fn model(&self, name: ModelName) -> Option<&ModelReport> {
        self.models.iter().find(|report| report.model == name)
    }

    /// The report without its times, which are the only part that differs from run to run.
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
