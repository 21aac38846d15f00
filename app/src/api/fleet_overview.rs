//! The state of the whole fleet, as the page holds it.

use domain::overview::Overview;
use leptos::prelude::OnceResource;

use super::ApiError;

/// The state of the fleet, asked for once and shared by all that shows some of it.
pub(crate) type FleetOverview = OnceResource<Result<Overview, ApiError>>;
