//! The things of the grid that a forecast speaks of: boxes, phases, extremes, capacities, limits, loadings.

mod box_id;
mod capacity;
mod extreme;
mod limits;
mod loading;
mod phase;

pub use box_id::{BoxId, BoxIdError};
pub use capacity::{Capacity, CapacityError, PowerFactor, PowerFactorError};
pub use extreme::{Extreme, ParseExtremeError};
pub use limits::{Limits, LimitsError};
pub use loading::{Loading, LoadingError};
pub use phase::{ParsePhaseError, Phase};
