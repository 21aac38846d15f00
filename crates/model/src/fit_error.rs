//! Why a series could not be fitted.

use crate::IsoWeek;

/// Why a series has no posterior.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The scaling of the values needs two of them.
    #[error("a fit needs at least two observed weeks, there {} {observed}", if *observed == 1 { "is" } else { "are" })]
    TooFewValues {
        /// The number of rows with a value.
        observed: usize,
    },
    /// The difference of the largest and the smallest value exceeds what a double holds.
    #[error("the values from {min_kw:e} to {max_kw:e} kW are too far apart to be scaled")]
    RangeTooLarge {
        /// The smallest value, kW.
        min_kw: f64,
        /// The largest value, kW.
        max_kw: f64,
    },
    /// A forecast needs at least one future week and must end within the calendar of [`IsoWeek`].
    #[error("a horizon of {horizon_weeks} weeks after {last} is not possible")]
    Horizon {
        /// The number of future weeks asked for.
        horizon_weeks: usize,
        /// The last week of the series.
        last: IsoWeek,
    },
    /// A step of the computation has no answer in double precision.
    #[error("the fit failed numerically: {step}")]
    Numerical {
        /// The step that failed.
        step: &'static str,
    },
}
