//! The true growth of simulated loads.

use serde::{Deserialize, Serialize};

/// The true growth of an extreme of a simulated box at an origin.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct KnownGrowth {
    /// The change in the year before the hold-out towards stress (feed-in for minima, import for
    /// maxima): installed power added / capacity.
    pub change_per_year: f64,
    /// Its course.
    pub course: GrowthCourse,
}

/// The course of growth as of an origin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrowthCourse {
    /// Less than 0.5 % of the capacity was added in the year before.
    Stable,
    /// A constant relative rate per year.
    Exponential,
    /// A constant amount per year.
    Linear,
    /// A logistic curve.
    Logistic,
    /// Growth that stopped within the half-year before the hold-out.
    JustStopped,
    /// Growth that started within the history.
    Begun,
    /// A few large steps.
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
