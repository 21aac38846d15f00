//! The probability that one extreme leaves its limits.

use serde::{Deserialize, Serialize};

use crate::{Limits, RANKED_WEEKS};

/// Overload probabilities of one extreme over the future weeks; overloaded is v > import or v < −feed-in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Overload {
    /// P(v > import or v < −feed-in) for each future week.
    pub weekly: Vec<f64>,
    /// P(v > import) for each future week.
    pub weekly_import: Vec<f64>,
    /// P(v < −feed-in) for each future week.
    pub weekly_feed_in: Vec<f64>,
    /// P(overload in at least one future week), the weeks being dependent through the shared coefficients.
    pub any_week: f64,
    /// The standard error of `any_week` (the integral over the coefficients is numerical).
    pub any_week_standard_error: f64,
    /// P(the first overload falls into this week) for each future week; sums to `any_week`.
    pub first_week: Vec<f64>,
}

impl Overload {
    /// P(overload in at least one of the ranked weeks).
    #[must_use]
    pub fn within_ranked(&self) -> f64 {
        self.first_week.iter().take(RANKED_WEEKS).sum()
    }

    /// A constant series is overloaded always or never.
    pub(crate) fn of_level(level_kw: f64, future: usize, limits: &Limits) -> Self {
        Self::of_levels(std::iter::repeat_n(level_kw, future), limits)
    }

    /// Weeks whose values are certain are overloaded for certain or not at all.
    pub(crate) fn of_levels(levels_kw: impl Iterator<Item = f64>, limits: &Limits) -> Self {
        let certain = |overloaded: bool| if overloaded { 1.0 } else { 0.0 };
        let (weekly_import, weekly_feed_in): (Vec<f64>, Vec<f64>) =
            levels_kw.map(|kw| (certain(kw > limits.import_kw), certain(kw < -limits.feed_in_kw))).unzip();
        let weekly: Vec<f64> =
            weekly_import.iter().zip(&weekly_feed_in).map(|(p, q)| f64::max(*p, *q)).collect();
        let first = weekly.iter().position(|&p| p > 0.0);
        Self {
            any_week: certain(first.is_some()),
            any_week_standard_error: 0.0,
            first_week: (0..weekly.len()).map(|i| certain(first == Some(i))).collect(),
            weekly,
            weekly_import,
            weekly_feed_in,
        }
    }
}
