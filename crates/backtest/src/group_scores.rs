//! Scores of a group of series: by extreme, growth class, growth course or origin.

use chrono::NaiveDate;
use model::Extreme;
use serde::{Deserialize, Serialize};

use crate::{GrowthClass, GrowthCourse, Interval, Warnings};

/// The probability of an overload within the horizon from which on a forecast counts as a warning.
pub const WARNING_PROBABILITY: f64 = 0.25;

/// A group of series and a model's scores on it. Intervals come from the bootstrap over boxes;
/// single origins have none.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GroupScores {
    /// The data set; None for all.
    pub set: Option<String>,
    /// The extreme.
    pub extreme: Extreme,
    /// The growth class; None for all, including series without measurable growth.
    pub class: Option<GrowthClass>,
    /// The growth course of simulated loads; None for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<GrowthCourse>,
    /// The Monday of the last hold-out week of the origin; None for all origins.
    pub last_week: Option<NaiveDate>,
    /// Number of scored series, counted at each origin.
    pub series: u64,
    /// Number of their boxes.
    pub boxes: usize,
    /// Mean pinball loss over the five quantiles, as a fraction of the training range.
    pub pinball: Interval,
    /// The pinball loss relative to the seasonal naive on the same series, if that was run as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_naive: Option<Interval>,
    /// The share of observations within the 90 % band.
    pub coverage_90: Interval,
    /// The share of observations within the 70 % band.
    pub coverage_70: Interval,
    /// Overloads within the horizon, by limit; empty without capacities or for a model without a
    /// joint distribution over weeks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overloads: Vec<OverloadScores>,
}

impl GroupScores {
    /// Whether the group is a data set (or all sets) or one of its growth classes, over all origins
    /// and courses.
    #[must_use]
    pub fn is_class(&self, set: Option<&str>) -> bool {
        self.set.as_deref() == set && self.last_week.is_none() && self.course.is_none()
    }
}

/// Scores of the probabilities of an overload within the horizon in one direction: import for
/// maxima, feed-in for minima.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct OverloadScores {
    /// The fraction of the capacity from which on a box counts as overloaded.
    pub threshold: f64,
    /// Number of predictions: series at an origin.
    pub count: u64,
    /// Number of predictions with an overload.
    pub events: u64,
    /// The Brier score: the mean of (p − o)², with o = 1 for an overload and 0 otherwise.
    pub brier: f64,
    /// The Brier skill score 1 − Brier / (b (1 − b)) with the base rate b: above 0 is better than
    /// always predicting b. None with fewer than ten overloads or fewer than ten series without
    /// one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<Interval>,
    /// The slope of the linear regression of outcomes on probabilities, Σ(p − p̄)(o − ō) / Σ(p −
    /// p̄)²: 1 for calibrated probabilities, less if they are overconfident, more if
    /// underconfident. None as for `skill`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Interval>,
    /// Warnings at a probability of at least [`WARNING_PROBABILITY`].
    pub warnings: Warnings,
    /// The share of warnings that were right; None without warnings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Interval>,
    /// The share of overloads that were warned of; None without overloads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Interval>,
}
