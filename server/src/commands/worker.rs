//! `gridspark worker`: fits planned runs, beside any number of other workers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use store::{Store, StoreError};
use tokio::net::TcpListener;

use super::shutdown::shutdown_signal;
use super::{CommandError, Started};
use crate::Ending;
use crate::command_line::{Shared, Worker};
use crate::http::operations;
use crate::notification::Notifier;
use crate::retry::Backoff;
use crate::telemetry::{Metrics, MetricsExport, RunMetrics};
use crate::worker::{FitSettings, OpenRunOutcome, work_on_open_run};

/// The pause between two checks for a planned run.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

pub(super) async fn run(options: Worker, shared: Shared) -> Result<Ending, CommandError> {
    let Started { configuration, credentials, store } = Started::with(&shared).await?;
    let (metrics, figures) = MetricsExport::start(&configuration.telemetry, &store);
    let notifier = Notifier::new(Some(store.clone()), &configuration, &credentials.webhooks, &metrics)?;
    let listening = match options.listen {
        Some(address) => Some(tokio::spawn(listen(address, &store, &metrics).await?)),
        None => None,
    };
    let deliveries = tokio::spawn(notifier.clone().run());
    let settings = FitSettings::new(configuration);
    tracing::info!("ready to fit what is planned in {}", store.kind());
    // Leases of claimed jobs expire by themselves, and other workers claim the jobs again.
    let worked = tokio::select! {
        worked = work(&store, &settings, &metrics, options.once) => worked,
        () = shutdown_signal() => Ok(()),
    };
    deliveries.abort();
    if let Some(listening) = listening {
        listening.abort();
    }
    if let Some(figures) = figures {
        figures.finish().await;
    }
    if options.once {
        // The notices that its last run has caused.
        notifier.deliver_due(Utc::now()).await?;
    }
    store.close().await;
    worked.map(|()| Ending::Complete)
}

/// Serves health checks and metrics of a worker.
async fn listen(
    address: SocketAddr,
    store: &Store,
    metrics: &Metrics,
) -> Result<impl Future<Output = ()> + Send + 'static, CommandError> {
    let refused = |source| CommandError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    tracing::info!("figures and health are at http://{address}");
    let router = operations(store.clone(), metrics.clone());
    Ok(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!("metrics and health checks are no longer served: {error}");
        }
    })
}

async fn work(
    store: &Store,
    settings: &FitSettings,
    metrics: &Metrics,
    once: bool,
) -> Result<(), CommandError> {
    let mut backoff = Backoff::default();
    let mut left_alone = None;
    loop {
        match work_on_open_run(store, settings, Arc::new(RunMetrics::new(metrics))).await {
            Ok(OpenRunOutcome::Done(summary)) => {
                tracing::info!("run {}: {} boxes assessed", summary.run, summary.boxes);
                backoff = Backoff::default();
            }
            Ok(OpenRunOutcome::Nothing | OpenRunOutcome::Foreign { .. }) if once => return Ok(()),
            Ok(OpenRunOutcome::Nothing) => tokio::time::sleep(POLL_INTERVAL).await,
            Ok(OpenRunOutcome::Foreign { run }) => {
                // Log it once per run, not four times a second.
                if left_alone.replace(run) != Some(run) {
                    tracing::warn!(
                        "run {run} is left to workers with its settings and version; this one has others"
                    );
                }
                tokio::time::sleep(POLL_INTERVAL).await;
            }
            Err(StoreError::RunGivenUp { run }) => {
                tracing::warn!("run {run} was given up in favour of a run with other settings");
            }
            Err(error) if error.is_transient() => {
                let pause = backoff.pause();
                tracing::warn!("{error}; trying again in {pause:.1?}");
                tokio::time::sleep(pause).await;
            }
            Err(error) => {
                metrics.run_failed();
                return Err(error.into());
            }
        }
    }
}
