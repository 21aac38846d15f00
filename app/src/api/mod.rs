//! What the pages ask of the server: [`functions`] holds the server functions; on the server [`GridData`] is the one
//! interface behind them, implemented over the store. What travels are the plain types of `domain`.

mod asked;
mod error;
mod fleet_overview;
pub mod functions;
#[cfg(feature = "ssr")]
mod grid_data;

pub(crate) use asked::{Asked, Json, ask};
pub use error::ApiError;
pub(crate) use fleet_overview::FleetOverview;
#[cfg(feature = "ssr")]
pub use grid_data::{Answer, GridData, SharedGridData};
