#![doc = include_str!("../README.md")]

//! The pure mathematics of Gridspark: from the weekly extremes of a transformer's load to a forecast, its
//! uncertainty, the probability of an overload and the assessment that a ranking is made of.
//!
//! The crate does no input or output, reads no clock and no random numbers of the operating system, and
//! builds natively and for wasm32. The way through it:
//!
//! 1. [`clean`] checks a box's [`WeekExtremes`] and removes leading idle weeks;
//! 2. [`Series`] holds the weekly values of one extreme, gaps included;
//! 3. [`Gridspark::fit`](gridspark::Gridspark::fit) and [`Spark::fit`](spark::Spark::fit) yield the exact posterior of the additive drift + yearly model;
//! 4. their `forecast` and `overload` yield [`Forecast`] and [`Overload`];
//! 5. [`assess`] puts the two extremes together;
//! 6. [`question::ask`] answers what-if questions: weeks left out, another transformer, loads that are to come.
//!
//! Beside it, [`switching::find_switchings`] finds weeks in which a neighbour's load hung on a box, or its
//! load on a neighbour.
//!
//! Units are in the names: `_kw` active power (negative is feed-in), `_kva` apparent power.

mod additive;
mod assessment;
mod carried_over;
mod checks;
mod choice;
mod exceedance;
mod first_overload;
mod fit_error;
mod forecast;
mod gram;
mod grid;
pub mod gridspark;
mod headroom;
mod lanes;
mod mixture;
mod needed_capacity;
mod normal;
mod overload;
mod posterior_summary;
mod quadrature;
pub mod question;
mod robust;
mod scale;
mod series;
mod shortfall;
mod sobol;
pub mod spark;
pub mod switching;
mod week;

pub use assessment::{
    AssessedExtreme, Assessment, AssessmentError, RankedOverload, assess, expected_weeks_above,
};
pub use carried_over::carried_over;
pub use checks::{
    BEYOND_CAPACITY, CheckSettings, Cleaned, FaultKind, Flag, ParseFlagError, SetAside, WeekExtremes, clean,
    faults_of_values, is_wrong_unit,
};
pub use choice::{Fit, Model, ModelName, ParseModelNameError};
pub use exceedance::Exceedance;
pub use first_overload::{OverloadFigures, RANKED_WEEKS, Risk, RiskError};
pub use fit_error::FitError;
pub use forecast::{Bands, BandsError, Forecast, ParsePartError, Part, Quantile};
pub use grid::{
    BoxId, BoxIdError, Capacity, CapacityError, Extreme, Limits, LimitsError, Loading, LoadingError,
    ParseExtremeError, ParsePhaseError, Phase, PowerFactor, PowerFactorError,
};
pub use headroom::Headroom;
pub use needed_capacity::needed_kva;
pub use overload::Overload;
pub use posterior_summary::{Coefficient, Moments, SigmaSummary};
pub use series::{Observation, Series, SeriesError};
pub use week::{IsoWeek, WeekError};
