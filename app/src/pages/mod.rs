//! The pages.

mod dashboard;
mod model_card;
mod not_found;

pub(crate) use dashboard::{Dashboard, FleetOverview};
pub(crate) use model_card::ModelCardPage;
pub(crate) use not_found::NotFound;
