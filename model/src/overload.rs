//! The probability that one extreme leaves its limits.

use serde::{Deserialize, Serialize};

use crate::Limits;

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
    /// A constant series is overloaded always or never.
    pub(crate) fn of_level(level_kw: f64, future: usize, limits: &Limits) -> Self {
        let certain = |overloaded: bool| if overloaded { 1.0 } else { 0.0 };
        let import = certain(level_kw > limits.import_kw);
        let feed_in = certain(level_kw < -limits.feed_in_kw);
        let any = f64::max(import, feed_in);
        Self {
            weekly: vec![any; future],
            weekly_import: vec![import; future],
            weekly_feed_in: vec![feed_in; future],
            any_week: if future > 0 { any } else { 0.0 },
            any_week_standard_error: 0.0,
            first_week: (0..future).map(|i| if i == 0 { any } else { 0.0 }).collect(),
        }
    }
}
