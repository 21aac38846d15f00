//! The pages.

mod dashboard;
mod model_card;
mod not_found;
#[cfg(feature = "ssr")]
mod print;
#[cfg(feature = "ssr")]
mod runs;

pub(crate) use dashboard::Dashboard;
pub(crate) use model_card::ModelCardPage;
pub(crate) use not_found::NotFound;
#[cfg(feature = "ssr")]
pub use print::{PrintDocument, PrintRequest, Sheet};
#[cfg(feature = "ssr")]
pub use runs::{RunsDocument, runs_failure};
