//! What operators see of a running Gridspark: figures for a monitoring system, traces for a collector, and whether it is ready
//! to serve.

mod export;
mod metrics;
mod run_metrics;
mod snapshot;

pub(crate) use export::{FigureExport, SpanExport, continue_trace};
pub use metrics::Metrics;
pub(crate) use run_metrics::RunMetrics;
pub(crate) use snapshot::snapshot;
