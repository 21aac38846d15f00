//! What operators see of a running Gridspark: figures for a monitoring system, and whether it is ready to serve.

mod metrics;
mod watched;

pub use metrics::Metrics;
pub(crate) use watched::Watched;
