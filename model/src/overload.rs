//! The probability that one extreme leaves its limits.

use serde::{Deserialize, Serialize};

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
