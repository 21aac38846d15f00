//! The state of the whole fleet, for the head of the page.

use chrono::{DateTime, Utc};
use model::IsoWeek;
use serde::{Deserialize, Serialize};

use crate::urgency::ClassThresholds;

/// One area and how many of its boxes are in each class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaSummary {
    /// The area's name; empty for boxes without one.
    pub area: String,
    /// All boxes but those that are not measured.
    pub boxes: u32,
    /// Those that passed their limit in the last weeks, as measured.
    pub exceeded: u32,
    /// The others whose chance of an overload puts them in the class `overload`.
    pub overloaded: u32,
    /// Those that are not measured; in none of the other counts.
    #[serde(default)]
    pub unmeasured: u32,
}

/// Counts over all boxes and the age of data and forecasts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// All boxes but those that are not measured.
    pub boxes: u32,
    /// Those that passed their limit in the last weeks, as measured.
    pub exceeded: u32,
    /// The others whose chance of an overload is at least the first of `thresholds`.
    pub overloaded: u32,
    /// Those whose chance is at least the second.
    pub near: u32,
    /// Those whose chance is less.
    pub ample: u32,
    /// Measured, and without a forecast.
    pub no_forecast: u32,
    /// Not measured, or not for a year; in none of the other counts.
    pub unmeasured: u32,
    /// The areas, by name.
    pub areas: Vec<AreaSummary>,
    /// The last complete week in the data.
    pub measured_to: Option<IsoWeek>,
    /// When the newest forecast was made.
    pub forecast_at: Option<DateTime<Utc>>,
    /// From which chance on a box is in which class.
    #[serde(default)]
    pub thresholds: ClassThresholds,
}
