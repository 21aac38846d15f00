//! One file per command: runs it and prints the result.

mod audit;
mod backtest;
mod check;
mod error;
mod failure_notices;
mod fit;
mod health;
mod import;
mod keys;
mod make_forecasts;
mod model_card;
mod reference;
mod report;
mod runs;
mod serve;
mod sessions;
mod shutdown;
mod simulate;
mod update_extremes;
mod worker;

use domain::notices::Task;
use store::Store;
use tracing::Instrument as _;

use crate::Ending;
use crate::command_line::{Command, CommandLine, Shared};
use crate::configuration::Configuration;
use crate::credentials::Credentials;
use crate::secrets;
use crate::store_address::store_address;
use error::CommandError;
use failure_notices::with_failure_notices;

/// Runs the parsed command.
pub(crate) fn run(command_line: CommandLine) -> Result<Ending, CommandError> {
    let CommandLine { shared, command } = command_line;
    match command {
        Command::Fit(options) => fit::run(&options, &shared),
        Command::Health(options) => health::run(&options, &shared),
        Command::ModelCard(options) => model_card::run(&options, &shared),
        Command::Reference(options) => reference::run(&options),
        Command::Simulate(options) => simulate::run(&options, &shared),
        Command::Import(options) => on_the_runtime(named("import", import::run(options, shared))),
        Command::UpdateExtremes(options) => on_the_runtime(with_failure_notices(
            Task::UpdateExtremes,
            shared.clone(),
            named("update-extremes", update_extremes::run(options, shared)),
        )),
        Command::MakeForecasts(options) => on_the_runtime(with_failure_notices(
            Task::MakeForecasts,
            shared.clone(),
            named("make-forecasts", make_forecasts::run(options, shared)),
        )),
        Command::Backtest(options) => on_the_runtime(named("backtest", backtest::run(options, shared))),
        Command::Runs(options) => on_the_runtime(runs::run(options, shared)),
        Command::CreateKey(options) => on_the_runtime(keys::create(options, shared)),
        Command::Keys => on_the_runtime(keys::list(shared)),
        Command::RevokeKey(options) => on_the_runtime(keys::revoke(options, shared)),
        Command::Sessions => on_the_runtime(sessions::list(shared)),
        Command::EndSessions(options) => on_the_runtime(sessions::end(options, shared)),
        Command::Audit(options) => on_the_runtime(audit::run(options, shared)),
        Command::Check(options) => on_the_runtime(check::run(options, shared)),
        Command::Worker(options) => on_the_runtime(worker::run(options, shared)),
        Command::Serve(options) => on_the_runtime(serve::run(options, shared)),
    }
}

/// The span of a command that ends. Commands that serve have one span per request, run and
/// scheduled run.
fn named<F: Future>(name: &'static str, command: F) -> tracing::instrument::Instrumented<F> {
    command.instrument(tracing::info_span!("command", otel.name = name))
}

fn on_the_runtime<F>(command: F) -> Result<Ending, CommandError>
where
    F: Future<Output = Result<Ending, CommandError>>,
{
    tokio::runtime::Runtime::new().map_err(CommandError::Runtime)?.block_on(command)
}

/// What commands that use the store start with.
struct Started {
    /// The settings.
    configuration: Configuration,
    /// The credentials.
    credentials: Credentials,
    /// The store, open.
    store: Store,
}

impl Started {
    /// Reads the configuration, obtains the credentials and opens the store.
    async fn with(shared: &Shared) -> Result<Self, CommandError> {
        let configuration = Configuration::load(shared.config.as_deref(), shared.database.as_deref())?;
        let credentials = secrets::obtain(&configuration).await?;
        let store =
            Store::open_at(&store_address(&credentials.database), configuration.database_connections).await?;
        Ok(Self { configuration, credentials, store })
    }
}
