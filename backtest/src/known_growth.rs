//! Growth that is known beforehand: that of simulated loads.

use serde::{Deserialize, Serialize};

/// How an extreme of a simulated box grows at an origin.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct KnownGrowth {
    /// The change in the year before the hold-out toward stress (feed-in for minima, import for maxima), as a fraction of
    /// the capacity: installed power added / capacity.
    pub change_a_year: f64,
    /// Its course.
    pub course: GrowthCourse,
}

/// The course of growth, seen from an origin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrowthCourse {
    /// Nothing worth naming was added in the year before.
    Stable,
    /// By a constant share a year.
    Exponential,
    /// By a constant amount a year.
    Linear,
    /// Along a logistic curve.
    Logistic,
    /// Grew, and stopped within the half-year before the hold-out.
    JustStopped,
    /// Began to grow within the history.
    Begun,
    /// In few large steps.
    Steps,
}

impl GrowthCourse {
    /// All courses.
    pub const ALL: [Self; 7] = [
        Self::Stable,
        Self::Exponential,
        Self::Linear,
        Self::Logistic,
        Self::JustStopped,
        Self::Begun,
        Self::Steps,
    ];

    /// The name in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Exponential => "exponential",
            Self::Linear => "linear",
            Self::Logistic => "logistic",
            Self::JustStopped => "just-stopped",
            Self::Begun => "begun",
            Self::Steps => "steps",
        }
    }
}
