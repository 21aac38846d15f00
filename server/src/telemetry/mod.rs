//! Telemetry: metrics, traces, and readiness.

mod export;
mod metrics;
mod run_metrics;
mod snapshot;
mod store_state;

pub(crate) use export::{MetricsExport, SpanExport, continue_trace};
pub use metrics::{Metrics, MetricsError};
pub(crate) use run_metrics::RunMetrics;
pub(crate) use snapshot::snapshot;
pub(crate) use store_state::StoreState;
