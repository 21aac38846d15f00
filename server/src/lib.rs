//! The server of Gridspark: everything behind the `gridspark` command.
//!
//! The data flow one way: `extremes` brings what `sources` tell into the `store`, the `worker` fits what is new and lands
//! the results there, and `http` serves them to the pages of the crate `app`.

mod command_line;
mod commands;
pub mod configuration;
pub mod credentials;
pub mod data_quality;
pub mod extremes;
mod heartbeat;
pub mod http;
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

/// How a command ended, when it did not fail. Its exit codes are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything was done.
    Complete,
    /// It finished, but some boxes or rows were refused, each named with its reason.
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

/// Chooses the one library for TLS, and sees to it that a crash leaves no core with secrets in it.
fn prepare_process() {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("TLS had been chosen before");
    }
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = rustix::process::setrlimit(rustix::process::Resource::Core, none) {
        tracing::debug!("core dumps cannot be switched off: {error}");
    }
    // Where the system pipes cores to a program that limit does not count.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        tracing::debug!("core dumps cannot be switched off: {error}");
    }
}

/// What the configuration says of telemetry; a configuration that can't be used is the command's to refuse.
fn telemetry_of(command_line: &CommandLine) -> TelemetrySettings {
    let path = command_line.shared.config.as_deref();
    Configuration::load(path, None).map(|configuration| configuration.telemetry).unwrap_or_default()
}

/// Runs a command to its end: exit code 0 on success, 1 on failure, 3 when it finished but refused some boxes or
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
