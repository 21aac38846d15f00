//! The scores of a group of series: an extreme, a class or course of growth, an origin.

use chrono::NaiveDate;
use model::Extreme;
use serde::{Deserialize, Serialize};

use crate::{GrowthClass, GrowthCourse, Interval, Warnings};

/// The chance of an overload within the horizon from which on it counts as a warning: one in four.
pub const WARNED_FROM: f64 = 0.25;

/// A group of series and how a model did on it. Intervals come from the bootstrap over boxes; those of single origins
/// are points.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GroupScores {
    /// The data set; nothing for all of them.
    pub set: Option<String>,
    /// The extreme.
    pub extreme: Extreme,
    /// The class of growth; nothing for all, those whose growth could not be measured among them.
    pub class: Option<GrowthClass>,
    /// The course of growth of simulated loads; nothing for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<GrowthCourse>,
    /// The Monday of the last hold-out week of the origin; nothing for all origins.
    pub last_week: Option<NaiveDate>,
    /// Series that were judged, each at each origin.
    pub series: u64,
    /// The boxes that they belong to.
    pub boxes: usize,
    /// Mean pinball loss over the five quantiles, as a fraction of the training range.
    pub pinball: Interval,
    /// The pinball loss over that of the seasonal naive on the same series, where that was asked for as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_naive: Option<Interval>,
    /// The share of observations in the 90 % band.
    pub coverage_90: Interval,
    /// The share of observations in the 70 % band.
    pub coverage_70: Interval,
    /// Overloads within the horizon, by limit; nothing without capacities or from a model that knows no dependence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overloads: Vec<OverloadScores>,
}

impl GroupScores {
    /// Whether it is a data set's (all sets' if nothing is named) as a whole or one of its classes of growth, over all
    /// origins and courses.
    #[must_use]
    pub fn is_class(&self, set: Option<&str>) -> bool {
        self.set.as_deref() == set && self.last_week.is_none() && self.course.is_none()
    }
}

/// How good the probabilities of "overloaded within the horizon" were, in one direction: by import for maxima, by feed-in
/// for minima; the other direction's limit does not count.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct OverloadScores {
    /// The fraction of the capacity from which on a box counts as overloaded.
    pub threshold: f64,
    /// Predictions: series at an origin.
    pub count: u64,
    /// How many of them were overloaded.
    pub events: u64,
    /// The Brier score: the mean of (p − o)², o being 1 where the overload came and 0 elsewhere.
    pub brier: f64,
    /// 1 − Brier / (b (1 − b)), b being the share of the events that came: above 0 is better than saying b each time.
    /// Nothing where fewer than ten overloads came or stayed away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<Interval>,
    /// The slope of the linear regression of outcomes on probabilities, Σ(p − p̄)(o − ō) / Σ(p − p̄)²: 1 where
    /// probabilities are right, less where they are too extreme, more where they are too timid. Nothing likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Interval>,
    /// Warnings, at a probability of [`WARNED_FROM`] and more.
    pub warnings: Warnings,
    /// The share of warnings that were right; nothing without warnings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Interval>,
    /// The share of overloads that were warned of; nothing without overloads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Interval>,
}
