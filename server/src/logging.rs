//! Logs go to stderr, for people or as JSON for programs; stdout belongs to results.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::command_line::LogForm;

/// Starts logging at `info`, or as `RUST_LOG` says. Without the variable the libraries stay quiet.
pub(crate) fn start(form: LogForm) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,gridspark=info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match form {
        LogForm::Text => lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogForm::Json => lines.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging had been started before");
    }
}
