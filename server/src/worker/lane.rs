//! One lane of the worker: claims a batch, reads its weeks, fits it on a blocking thread and stores
//! box after box.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::box_detail::WeekDecision;
use domain::calendar::Calendar;
use domain::proposals::AcceptedProposals;
use store::{BoxResult, BoxSeries, ClaimedJob, OpenRun, Store, StoreError};
use tracing::Instrument as _;

use super::{BoxInput, FitSettings, Progress, fit_box};
use crate::heartbeat::Heartbeat;

/// Boxes in a batch: enough to make a query worthwhile, few enough to fit well within the lease.
const BATCH: u32 = 32;
/// The shortest and longest pause of a lane without work: others will end soon, or a lease has to
/// expire.
const PAUSES: (Duration, Duration) = (Duration::from_millis(25), Duration::from_millis(800));
/// A box that failed this often is not retried.
const MAX_ATTEMPTS: i32 = 3;
/// The pause after a first failure; four times as long after each further one.
const FIRST_BACKOFF: TimeDelta = TimeDelta::milliseconds(250);

/// A lane and its dependencies.
pub(super) struct Lane {
    pub(super) store: Store,
    pub(super) settings: FitSettings,
    pub(super) calendar: Arc<Calendar>,
    pub(super) run: OpenRun,
    pub(super) fingerprint: String,
    pub(super) progress: Arc<dyn Progress>,
    /// Another lane has failed: this one ends as well.
    pub(super) stop: Arc<AtomicBool>,
}

/// A job with its result or the reason of its failure.
type Outcome = (ClaimedJob, Result<BoxResult, String>);

impl Lane {
    /// Works until no job of the run is open.
    pub(super) async fn run(self) -> Result<(), StoreError> {
        let lease = self.settings.configuration.lease;
        let (shortest, longest) = PAUSES;
        let mut pause = shortest;
        while !self.stop.load(Ordering::Relaxed) {
            let jobs = self.store.claim_jobs(self.run.run_id, BATCH, lease, Utc::now()).await?;
            if jobs.is_empty() {
                if self.store.open_jobs(self.run.run_id).await? == 0 {
                    return Ok(());
                }
                // Another lane or worker has claimed the remaining jobs: it completes them, or its
                // lease expires.
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
                continue;
            }
            pause = shortest;
            let span = tracing::info_span!("batch", boxes = jobs.len() as i64);
            self.work_on(jobs, lease).instrument(span).await?;
        }
        Ok(())
    }

    /// Fits a batch and stores its results.
    async fn work_on(&self, jobs: Vec<ClaimedJob>, lease: TimeDelta) -> Result<(), StoreError> {
        let _heartbeat = self.extend_leases(&jobs, lease);
        let series = self.store.series_of(&jobs, self.run.running_week).await?;
        let decisions = self.store.decisions_of(&jobs).await?;
        let accepted = self.store.accepted_proposals_of(&jobs).await?;
        let settled = decisions.into_iter().zip(accepted).collect();
        for (job, outcome) in self.fit(jobs, series, settled).await? {
            self.finish(&job, outcome).await?;
        }
        Ok(())
    }

    /// Extends the leases on a batch while it is worked on.
    fn extend_leases(&self, jobs: &[ClaimedJob], lease: TimeDelta) -> Heartbeat {
        let claims: Arc<[_]> = jobs.iter().map(ClaimedJob::claim).collect();
        let store = self.store.clone();
        Heartbeat::start(lease, move |until| {
            let (store, claims) = (store.clone(), Arc::clone(&claims));
            async move { store.extend_jobs(&claims, until).await }
        })
    }

    async fn fit(
        &self,
        jobs: Vec<ClaimedJob>,
        series: Vec<BoxSeries>,
        settled: Vec<(Vec<WeekDecision>, AcceptedProposals)>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let settings = self.settings.clone();
        let calendar = Arc::clone(&self.calendar);
        let running_week = self.run.running_week;
        tokio::task::spawn_blocking(move || {
            jobs.into_iter()
                .zip(series.into_iter().zip(settled))
                .map(|(job, (BoxSeries(weeks), (mut decisions, accepted)))| {
                    decisions.extend(accepted.decisions());
                    let input = BoxInput {
                        weeks: &weeks,
                        capacity_kva: job.capacity_kva,
                        in_service: job.in_service,
                        implausible: job.implausible,
                        decisions: &decisions,
                        accepted_loads: &accepted.loads,
                        running_week,
                    };
                    // A panic in the mathematics fails one box, not the run.
                    let fitted =
                        std::panic::catch_unwind(AssertUnwindSafe(|| fit_box(&input, &settings, &calendar)));
                    let outcome = match fitted {
                        Ok(result) => result.map_err(|error| error.to_string()),
                        Err(_) => Err("the fit stopped unexpectedly".to_owned()),
                    };
                    (job, outcome)
                })
                .collect()
        })
        .await
        .map_err(|error| StoreError::Corrupt(format!("a fit was cut off: {error}")))
    }

    async fn finish(&self, job: &ClaimedJob, outcome: Result<BoxResult, String>) -> Result<(), StoreError> {
        match outcome {
            Ok(result) => match self.store.complete_job(job, &result, &self.fingerprint, Utc::now()).await {
                Ok(()) => self.progress.advances(1),
                Err(StoreError::LeaseLost) => tracing::warn!(%job, "another worker has taken over"),
                Err(error) => return Err(error),
            },
            Err(reason) if job.attempts() < MAX_ATTEMPTS => {
                tracing::warn!(%job, reason, "will be tried again");
                let backoff =
                    FIRST_BACKOFF * 4_i32.pow(job.attempts().clamp(1, MAX_ATTEMPTS).unsigned_abs() - 1);
                self.store.release_job(job, Utc::now() + backoff).await?;
            }
            Err(reason) => {
                tracing::error!(%job, reason, "the fit failed");
                self.store.fail_job(job, &reason, Utc::now()).await?;
                self.progress.advances(1);
            }
        }
        Ok(())
    }
}
