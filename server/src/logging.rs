//! Logs go to stderr, as text or JSON; stdout is for results. Spans go to a collector, if there is
//! one.

use std::io::IsTerminal;

use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::command_line::LogForm;
use crate::telemetry::SpanExport;

/// Starts logging at `info`, or as `RUST_LOG` says. Without the variable libraries log warnings
/// only.
pub(crate) fn start(form: LogForm, spans: Option<&SpanExport>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,gridspark=info"));
    // Log lines don't repeat the spans they belong to; those are for the collector.
    let filter = filter.and(filter_fn(|what| what.is_event()));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match form {
        LogForm::Text => lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).boxed(),
        LogForm::Json => lines.json().flatten_event(true).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(spans.map(SpanExport::layer))
        .with(lines.with_filter(filter))
        .try_init();
    if started.is_err() {
        tracing::debug!("logging had been started before");
    }
}
