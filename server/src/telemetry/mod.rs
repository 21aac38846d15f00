//! Telemetry: metrics, traces, and readiness.

mod export;
mod metrics;
mod run_metrics;
mod snapshot;

pub(crate) use export::{MetricsExport, SpanExport, continue_trace};
pub use metrics::Metrics;
pub(crate) use run_metrics::RunMetrics;
pub(crate) use snapshot::snapshot;
