//! What operators see of a running Gridspark: figures for a monitoring system, traces for a collector, and whether it is ready
//! to serve.

mod export;
mod gathered;
mod metrics;
mod watched;

pub(crate) use export::{FigureExport, SpanExport, continue_trace};
pub(crate) use gathered::gathered;
pub use metrics::Metrics;
pub(crate) use watched::Watched;
