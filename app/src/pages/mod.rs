//! The pages.

mod dashboard;
mod not_found;

pub(crate) use dashboard::{Dashboard, FleetOverview};
pub(crate) use not_found::NotFound;
