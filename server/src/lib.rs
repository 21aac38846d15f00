//! The server of Gridspark: everything behind the `gridspark` command.
//!
//! Data flow one way: `extremes` brings readings from `sources` into the `store`, the `worker` fits
//! what is due and stores the results, and `http` serves them to the pages of the crate `app`.

mod command_line;
mod commands;
pub mod configuration;
pub mod credentials;
pub mod data_quality;
pub mod extremes;
mod heartbeat;
pub mod http;
pub mod identity;
pub mod leased_address;
mod logging;
pub mod notification;
mod progress;
pub mod reference;
mod retry;
pub mod runs;
pub mod schedule;
pub mod secret;
pub mod secrets;
pub mod sources;
pub mod store_address;
pub mod telemetry;
pub mod worker;

use std::process::ExitCode;

pub use command_line::CommandLine;
use configuration::{Configuration, TelemetrySettings};
use telemetry::SpanExport;

/// How a command ended without an error. The exit codes are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything was done.
    Complete,
    /// It finished, but some boxes or rows were refused, each with its reason.
    WithRefusals,
}

impl Ending {
    fn code(self) -> ExitCode {
        match self {
            Self::Complete => ExitCode::SUCCESS,
            Self::WithRefusals => ExitCode::from(3),
        }
    }
}

/// Selects the TLS library, and disables core dumps, which would contain secrets.
fn prepare_process() {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("TLS had been chosen before");
    }
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = rustix::process::setrlimit(rustix::process::Resource::Core, none) {
        tracing::debug!("core dumps cannot be switched off: {error}");
    }
    // If the system pipes core dumps to a program this limit doesn't apply.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        tracing::debug!("core dumps cannot be switched off: {error}");
    }
}

/// The telemetry settings; an invalid configuration is reported by the command itself.
fn telemetry_of(command_line: &CommandLine) -> TelemetrySettings {
    let path = command_line.shared.config.as_deref();
    Configuration::load(path, None).map(|configuration| configuration.telemetry).unwrap_or_default()
}

/// Runs a command: exit code 0 on success, 1 on failure, 3 if it finished but refused some boxes or
/// rows. (Wrong usage ends with 2 before this is reached.)
pub fn run(command_line: CommandLine) -> ExitCode {
    prepare_process();
    let spans = SpanExport::start(&telemetry_of(&command_line));
    logging::start(command_line.shared.log, spans.as_ref().ok().and_then(Option::as_ref));
    if let Err(reason) = &spans {
        tracing::warn!("no traces are sent to a collector: {reason}");
    }
    let code = match commands::run(command_line) {
        Ok(ending) => ending.code(),
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    };
    if let Ok(Some(spans)) = spans {
        spans.finish();
    }
    code
}
