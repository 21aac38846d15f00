//! Why a command failed, in one sentence with the remedy.

use std::path::PathBuf;

use store::StoreError;

use crate::configuration::ConfigurationError;
use crate::configuration::identity::OpenToEveryone;
use crate::extremes::IngestError;
use crate::identity::IdentityError;
use crate::runs::RunError;
use crate::sources::SourceError;

/// The error of a command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum CommandError {
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error(transparent)]
    Secrets(#[from] crate::secrets::SecretsError),
    #[error(transparent)]
    Notification(#[from] crate::notification::NotificationError),
    #[error(transparent)]
    OpenToEveryone(#[from] OpenToEveryone),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("{0}")]
    Key(String),
    #[error("there is no {0} that could be revoked or ended")]
    NothingToEnd(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    WriteMode(#[from] IngestError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Limits(#[from] model::LimitsError),
    #[error(transparent)]
    Path(#[from] readings::PathError),
    #[error(transparent)]
    File(#[from] readings::FileError),
    #[error(transparent)]
    Simulation(#[from] simulation::SimulationError),
    #[error("--growing-share belongs to --growth mixed; leave out one of the two")]
    GrowingShare,
    #[error("{path}: {reason}")]
    HistoryFile { path: PathBuf, reason: String },
    #[error("{path}, row {row}: {reason}")]
    History { path: PathBuf, row: u64, reason: String },
    #[error("the series cannot be fitted: {0}")]
    Fit(String),
    #[error("--capacity {0} is not right: {1}")]
    Capacity(f64, model::CapacityError),
    #[error("there is no box {0}; import its readings first, or check the identifier")]
    UnknownBoxes(String),
    #[error("the address {address} cannot be used: {source}; choose another with --listen")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error(
        "nothing answers at {address}: {source}; start `gridspark serve`, or name its address with --listen"
    )]
    NoAnswer { address: std::net::SocketAddr, source: std::io::Error },
    #[error("{address}{path} answers with {status} instead of 200; the server's log says why")]
    Unwell { address: std::net::SocketAddr, path: &'static str, status: String },
    #[error("interrupted before all was done; run the command again")]
    Interrupted,
    #[error(transparent)]
    Site(#[from] crate::http::SiteError),
    #[error(transparent)]
    Plan(#[from] backtest::PlanError),
    #[error(transparent)]
    Origins(#[from] backtest::OriginsError),
    #[error(transparent)]
    Backtest(#[from] backtest::RunError),
    #[error("no series could be evaluated: {0}")]
    NothingJudged(String),
    #[error("{path} cannot be read: {source}")]
    UnreadableResult { path: PathBuf, source: std::io::Error },
    #[error("{path} is not the result of a backtest: {source}")]
    NoResult { path: PathBuf, source: serde_json::Error },
    #[error(transparent)]
    Card(#[from] backtest::card::CardError),
    #[error("{path} cannot be written: {source}")]
    Unwritable { path: PathBuf, source: std::io::Error },
    #[error("nothing was imported: no row of any file could be used; the reasons stand with each file")]
    NothingImported,
    #[error("{0} of the checks failed; nothing was changed")]
    NotReady(usize),
    #[error("the threads cannot be started: {0}")]
    Runtime(std::io::Error),
    #[error("a part of the program stopped unexpectedly: {0}")]
    Stopped(String),
    #[error("the result cannot be written: {0}")]
    Output(std::io::Error),
}

impl CommandError {
    /// Whether a notice should report it; not for mistakes on the command line.
    pub(crate) fn is_worth_a_notice(&self) -> bool {
        !matches!(
            self,
            Self::UnknownBoxes(_)
                | Self::Interrupted
                | Self::Configuration(_)
                | Self::OpenToEveryone(_)
                | Self::Notification(_)
                | Self::Run(RunError::DataTests(_))
                | Self::WriteMode(IngestError::DataTests { .. })
        )
    }
}
