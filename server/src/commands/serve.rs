//! `gridspark serve`: the dashboard, until it is stopped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::notices::Task;
use domain::runs::DataTest;
use store::{Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::shutdown::shutdown_signal;
use super::{CommandError, Started};
use crate::Ending;
use crate::command_line::{Serve, Shared};
use crate::http::{KnownAddresses, Site, dashboard};
use crate::identity::Identity;
use crate::notification::Notifier;
use crate::retry::Backoff;
use crate::runs::{Fitting, RunError, started_by, update_forecasts};
use crate::schedule::Schedule;
use crate::sources::ConfiguredSource;
use crate::telemetry::{Metrics, MetricsExport, RunMetrics};
use crate::worker::{FEW_BOXES, FitSettings, Selection, plan_forecasts};

/// The longest time until imported boxes are noticed and fitted.
const POLL_INTERVAL: Duration = Duration::from_secs(60);
/// The pause between attempts to plan a decision while another run is under way.
const PLAN_INTERVAL: Duration = Duration::from_secs(5);
/// How long the database may be unreachable before a notice is sent.
const WARN_AFTER: Duration = Duration::from_secs(120);

pub(super) async fn run(options: Serve, shared: Shared) -> Result<Ending, CommandError> {
    let Started { configuration, credentials, store } = Started::with(&shared).await?;
    configuration.identity.may_listen_on(options.listen)?;
    let site = Site::open(&options.site)?;
    let identity = Identity::new(store.clone(), &configuration, &credentials, site.assets())?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|source| CommandError::Listen { address: options.listen, source })?;
    let address =
        listener.local_addr().map_err(|source| CommandError::Listen { address: options.listen, source })?;
    let wake = Arc::new(Notify::new());
    let (metrics, figures) = MetricsExport::start(&configuration.telemetry, &store);
    let notifier = Notifier::new(Some(store.clone()), &configuration, &credentials.webhooks, &metrics)?;
    let settings = FitSettings::new(configuration.clone());
    let worker = if options.no_worker {
        tokio::spawn(plan_decided_boxes(store.clone(), settings, Arc::clone(&wake)))
    } else {
        let (wake, metrics, notifier) = (Arc::clone(&wake), metrics.clone(), notifier.clone());
        tokio::spawn(fit_when_due(store.clone(), settings, wake, metrics, notifier))
    };
    let progress = Arc::new(RunMetrics::new(&metrics));
    let source = ConfiguredSource::of(&configuration, &credentials);
    let schedule = Schedule::of(&store, &configuration, source, !options.no_worker, progress);
    let schedule = schedule.map(|schedule| tokio::spawn(schedule.with_notifier(notifier.clone()).run()));
    let deliveries = tokio::spawn(notifier.run());
    let router = dashboard(store.clone(), &configuration, &site, &identity, wake, &metrics);
    tracing::info!("the dashboard is at http://{address}");
    if configuration.identity.way_in.is_none() {
        tracing::warn!("nobody is asked who they are: whoever is on this host may see and decide everything");
    }
    let known = KnownAddresses {
        proxies: configuration.identity.proxies.clone(),
        monitoring: configuration.identity.monitoring.clone(),
    };
    crate::http::serve(listener, router, known, shutdown_signal())
        .await
        .map_err(|source| CommandError::Listen { address, source })?;
    // The leases of claimed jobs expire by themselves.
    for task in [Some(worker), schedule, Some(deliveries)].into_iter().flatten() {
        task.abort();
    }
    if let Some(figures) = figures {
        figures.finish().await;
    }
    store.close().await;
    Ok(Ending::Complete)
}

/// Fits whatever is due: now, when woken, and soon after an import.
async fn fit_when_due(
    store: Store,
    settings: FitSettings,
    wake: Arc<Notify>,
    metrics: Metrics,
    notifier: Notifier,
) {
    let mut backoff = Backoff::default();
    let selection = Selection { started_by: started_by(None, "server"), ..Selection::default() };
    let mut stopped_by = None;
    let mut failing_since: Option<Instant> = None;
    loop {
        let progress = Arc::new(RunMetrics::new(&metrics));
        match update_forecasts(&store, &settings, &selection, Fitting::Here, false, progress).await {
            Ok(Some(summary)) => tracing::info!("run {}: {} boxes assessed", summary.run, summary.boxes),
            Ok(None) => {}
            // The data have to be corrected first: log it once, not every minute.
            Err(RunError::DataTests(failed)) => {
                let stopping: Vec<DataTest> = failed.stopping().map(|result| result.test).collect();
                if stopped_by.as_ref() != Some(&stopping) {
                    metrics.run_failed();
                    tracing::error!("{failed}");
                }
                stopped_by = Some(stopping);
            }
            // Somebody tries another model, or a newer version has begun: retry afterwards.
            Err(RunError::Store(
                error @ (StoreError::RunUnderWay { .. } | StoreError::RunGivenUp { .. }),
            )) => tracing::info!("{error}"),
            Err(error) => {
                metrics.run_failed();
                tracing::error!("the forecasts could not be renewed: {error}");
                // A restart of the database is not worth a notice.
                let is_transient = matches!(&error, RunError::Store(error) if error.is_transient());
                let since = *failing_since.get_or_insert_with(Instant::now);
                if !is_transient || since.elapsed() >= WARN_AFTER {
                    notifier.run_failed(Task::MakeForecasts, &error).await;
                }
                tokio::time::sleep(backoff.pause()).await;
                continue;
            }
        }
        (backoff, failing_since) = (Backoff::default(), None);
        tokio::select! { () = wake.notified() => {}, () = tokio::time::sleep(POLL_INTERVAL) => {} }
    }
}

/// Plans the few boxes that a planner has decided on, for other workers. Larger changes wait for
/// their regular run.
async fn plan_decided_boxes(store: Store, settings: FitSettings, wake: Arc<Notify>) {
    let selection = Selection { started_by: started_by(None, "server"), ..Selection::default() };
    loop {
        wake.notified().await;
        loop {
            let due = store.due(&settings.fingerprint(), &settings.ratings()).await;
            let few = due.map(|(due, ..)| (1..=FEW_BOXES).contains(&due));
            match few {
                Ok(false) => break,
                Ok(true) => match plan_forecasts(&store, &settings, &selection).await {
                    // The run under way may not contain the newest decision.
                    Ok(Some(run)) if run.resumed => {}
                    Ok(_) => break,
                    Err(error) => tracing::warn!("a decision waits for its forecast: {error}"),
                },
                Err(error) => tracing::warn!("a decision waits for its forecast: {error}"),
            }
            tokio::select! { () = wake.notified() => {}, () = tokio::time::sleep(PLAN_INTERVAL) => {} }
        }
    }
}
