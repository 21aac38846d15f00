//! Logs go to stderr, for people or as JSON for programs; stdout belongs to results. Spans go to a collector, if there is one.

use std::io::IsTerminal;

use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::command_line::LogForm;
use crate::telemetry::SpanExport;

/// Starts logging at `info`, or as `RUST_LOG` says. Without the variable the libraries stay quiet.
pub(crate) fn start(form: LogForm, spans: Option<&SpanExport>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,gridspark=info"));
    // A line says what it has to; where in a run it belongs is for the collector.
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
