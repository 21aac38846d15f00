//! The built-in schedule: at each occurrence one of the servers that share a store updates the
//! weekly extremes and the forecasts. An occurrence missed because no server ran is made up for;
//! one whose server died or failed is retried.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::Calendar;
use domain::notices::Task;
use store::{Store, StoreError};

use crate::configuration::{Configuration, CronExpression};
use crate::data_quality::Gate;
use crate::extremes::{IngestError, Request};
use crate::heartbeat::Heartbeat;
use crate::notification::Notifier;
use crate::runs::{Fitting, RunError, record_failure, started_by, update_extremes, update_forecasts};
use crate::sources::ConfiguredSource;
use crate::worker::{FitSettings, Progress, Selection};

/// The pause between two checks of the schedule.
const POLL_INTERVAL: Duration = Duration::from_secs(10);
/// The lease on an occurrence.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// The pause after a failed occurrence.
const RETRY_AFTER: TimeDelta = TimeDelta::minutes(5);

/// Why an occurrence failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OccurrenceError {
    /// The source's readings could not be ingested.
    #[error("the weekly extremes could not be updated: {0}")]
    Extremes(#[from] IngestError),
    /// The forecasts could not be renewed.
    #[error("the forecasts could not be renewed: {0}")]
    Forecasts(#[from] RunError),
    /// The store can't record the occurrence.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OccurrenceError {
    fn is_a_data_test(&self) -> bool {
        matches!(
            self,
            Self::Extremes(IngestError::DataTests { .. }) | Self::Forecasts(RunError::DataTests(_))
        )
    }
}

/// A server's part in the schedule.
pub struct Schedule {
    store: Store,
    configuration: Configuration,
    cron: CronExpression,
    /// Where new readings come from; `None` if another program imports them.
    source: Option<ConfiguredSource>,
    /// Whether this process fits, or leaves it to workers.
    fits: bool,
    progress: Arc<dyn Progress>,
    /// Reports failed occurrences.
    notifier: Option<Notifier>,
}

impl Schedule {
    /// The configured schedule; `None` if there is none.
    pub fn of(
        store: &Store,
        configuration: &Configuration,
        source: Option<ConfiguredSource>,
        fits: bool,
        progress: Arc<dyn Progress>,
    ) -> Option<Self> {
        let cron = configuration.schedule.as_ref()?.cron.clone();
        let (store, configuration) = (store.clone(), configuration.clone());
        Some(Self { store, configuration, cron, source, fits, progress, notifier: None })
    }

    /// Sends notices of failed occurrences.
    pub fn with_notifier(self, notifier: Notifier) -> Self {
        Self { notifier: Some(notifier), ..self }
    }

    /// Runs occurrences when they are due, for ever.
    pub async fn run(self) {
        loop {
            match self.run_due_occurrence(Utc::now()).await {
                Ok(Some(due)) => tracing::info!("the scheduled run of {due} is done"),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!("{error}");
                    if let Some(notifier) = &self.notifier {
                        notifier.count_failed_run();
                    }
                }
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Runs the occurrence that is due by `now`, unless it is done or another server has it;
    /// returns it if it was run.
    ///
    /// # Errors
    /// [`OccurrenceError`]; then any server retries it after a while.
    pub async fn run_due_occurrence(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, OccurrenceError> {
        let Some(due) = self.cron.latest(now, self.configuration.time_zone) else { return Ok(None) };
        // A new store has missed nothing.
        self.store.begin_occurrences(due).await?;
        if !self.store.claim_occurrence(due, now + LEASE, now).await? {
            return Ok(None);
        }
        tracing::info!("starting the scheduled run of {due}");
        let start = Instant::now();
        let heartbeat = self.extend_lease(due);
        let outcome = self.run_occurrence(now).await;
        drop(heartbeat);
        match outcome {
            Ok(()) => {
                self.store.complete_occurrence(due).await?;
                Ok(Some(due))
            }
            Err(error) => {
                let failed_at = now + TimeDelta::from_std(start.elapsed()).unwrap_or_default();
                // Data tests announce by themselves what they stop.
                if let Some(notifier) = self.notifier.as_ref().filter(|_| !error.is_a_data_test()) {
                    notifier.run_failed(Task::ScheduledRun, &error).await;
                }
                self.store.extend_occurrence(due, failed_at + RETRY_AFTER).await?;
                Err(error)
            }
        }
    }

    /// Extends the lease on an occurrence while it runs.
    fn extend_lease(&self, due: DateTime<Utc>) -> Heartbeat {
        let store = self.store.clone();
        Heartbeat::start(LEASE, move |until| {
            let store = store.clone();
            async move { store.extend_occurrence(due, until).await }
        })
    }

    async fn run_occurrence(&self, now: DateTime<Utc>) -> Result<(), OccurrenceError> {
        let started_by = started_by(None, "schedule");
        if let Some(configured) = &self.source {
            let source = match configured.open().await {
                Ok(source) => source,
                Err(error) => {
                    if let Err(second) = record_failure(&self.store, &started_by, now, &error).await {
                        tracing::warn!("the failure could not be recorded: {second}");
                    }
                    return Err(IngestError::from(error).into());
                }
            };
            let request = Request {
                calendar: Calendar::new(self.configuration.time_zone),
                now,
                overlap_weeks: configured.settings.overlap_weeks,
                rebuild: false,
                boxes: Default::default(),
                gate: Gate { settings: self.configuration.data_tests.clone(), despite: false },
                runs: self.configuration.runs.clone(),
            };
            let (_, ingested) =
                update_extremes(&self.store, source, configured, &request, &started_by).await?;
            for part in &ingested.reports {
                tracing::info!("{}", part.as_line("aggregated"));
            }
        }
        let settings = FitSettings::new(self.configuration.clone());
        let selection = Selection { started_by, ..Selection::default() };
        let fitting = if self.fits { Fitting::Here } else { Fitting::Elsewhere };
        let progress = Arc::clone(&self.progress);
        let summary = update_forecasts(&self.store, &settings, &selection, fitting, false, progress).await?;
        if let Some(summary) = summary {
            tracing::info!("run {}: {} boxes assessed", summary.run, summary.boxes);
        }
        Ok(())
    }
}
