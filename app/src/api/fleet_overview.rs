//! The state of the whole fleet, as the page holds it.

use domain::overview::Overview;

use super::{ApiError, Asked};

/// The state of the fleet, asked for once and shared by all that shows some of it. Not a `OnceResource`, which refuses a
/// reader at the moment in which another thread puts the answer into it.
pub(crate) type FleetOverview = Asked<Result<Overview, ApiError>>;
