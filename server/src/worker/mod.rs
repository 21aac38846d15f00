//! The worker: takes boxes from the queue, fits them on every core and lands the results.
//!
//! A few lanes run side by side. Each claims a batch, reads its weeks, fits it on a blocking thread and lands
//! box after box; while one lane waits for the database another computes.

mod fit_box;
mod history;
mod population;
mod settings;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::api::WeekDecision;
use chrono::{TimeDelta, Utc};
use model::ModelName;
use readings::Calendar;

pub use fit_box::{BoxInput, FitBoxError, fit_box};
pub use population::FleetPopulation;
pub use settings::FitSettings;

use crate::store::{BoxResult, BoxSeries, ClaimedJob, OpenRun, RunPlan, RunSummary, Store, StoreError};

/// Boxes in one batch: enough to make a query worth its while, few enough to fit well within the lease.
const BATCH: u32 = 32;
/// How long a batch belongs to its worker. A batch takes some tens of milliseconds.
const LEASE: TimeDelta = TimeDelta::seconds(20);
/// A box that failed this often is set aside.
const MOST_ATTEMPTS: i32 = 3;

/// Which boxes a run is about.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these; empty for all.
    pub boxes: Vec<String>,
    /// Also what is up to date.
    pub force: bool,
}

/// Is told of the run's progress.
pub trait Progress: Send + Sync {
    /// A run begins, or is taken up again, with `open` boxes to do.
    fn begins(&self, run: &OpenRun);
    /// So many more boxes are done.
    fn advances(&self, boxes: u64);
}

/// Fits whatever is due and returns what became of it; `None` if nothing was due. A run that was cut off is
/// finished first.
///
/// # Errors
/// [`StoreError`]; boxes that can't be fitted are no error, they are named in the summary.
pub async fn make_forecasts(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
    progress: Arc<dyn Progress>,
) -> Result<Option<RunSummary>, StoreError> {
    let fingerprint = settings.fingerprint();
    let plan = RunPlan {
        model: settings.model_name().as_str(),
        model_version: &settings.model_name().version().to_string(),
        code_version: env!("CARGO_PKG_VERSION"),
        settings: &fingerprint,
        boxes: &selection.boxes,
        force: selection.force,
    };
    let mut summary: Option<RunSummary> = None;
    while let Some(run) = store.open_run(&plan, Utc::now()).await? {
        progress.begins(&run);
        let finished = work_off(store, settings, &run, &fingerprint, &progress).await?;
        let failures = summary.take().map(|earlier| earlier.failures).unwrap_or_default();
        let mut finished = RunSummary { boxes: finished.boxes, ..finished };
        finished.failures.splice(0..0, failures);
        summary = Some(finished);
        if !run.resumed {
            break;
        }
    }
    Ok(summary)
}

async fn work_off(
    store: &Store,
    settings: &FitSettings,
    run: &OpenRun,
    fingerprint: &str,
    progress: &Arc<dyn Progress>,
) -> Result<RunSummary, StoreError> {
    let zone = settings.configuration.zone().map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let calendar = Arc::new(Calendar::new(zone));
    let mut settings = settings.clone();
    if settings.model_name() == ModelName::Gridspark {
        settings.population = Some(population::population_of(store, run, &settings, &calendar).await?);
    }
    let lanes = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) + 1;
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..lanes {
        let lane = Lane {
            store: store.clone(),
            settings: settings.clone(),
            calendar: Arc::clone(&calendar),
            run: *run,
            fingerprint: fingerprint.to_owned(),
            progress: Arc::clone(progress),
            stop: Arc::clone(&stop),
        };
        tasks.spawn(lane.run());
    }
    let mut outcome = Ok(());
    while let Some(joined) = tasks.join_next().await {
        let result =
            joined.unwrap_or_else(|error| Err(StoreError::Corrupt(format!("a worker stopped: {error}"))));
        if let Err(error) = result {
            stop.store(true, Ordering::Relaxed);
            outcome = Err(error);
        }
    }
    outcome?;
    store.finish_run(run.run_id, settings.configuration.keep_runs, Utc::now()).await
}

struct Lane {
    store: Store,
    settings: FitSettings,
    calendar: Arc<Calendar>,
    run: OpenRun,
    fingerprint: String,
    progress: Arc<dyn Progress>,
    stop: Arc<AtomicBool>,
}

/// A job and its result, or the reason why there is none.
type Outcome = (ClaimedJob, Result<BoxResult, String>);

impl Lane {
    async fn run(self) -> Result<(), StoreError> {
        while !self.stop.load(Ordering::Relaxed) {
            let jobs = self.store.claim(self.run.run_id, BATCH, LEASE, Utc::now()).await?;
            if jobs.is_empty() {
                if self.store.open_jobs(self.run.run_id).await? == 0 {
                    return Ok(());
                }
                // Another lane or worker holds the rest: it lands them, or its lease runs out.
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            let series = self.store.series_of(&jobs, self.run.running_week).await?;
            let decisions = self.store.decisions_of(&jobs).await?;
            for (job, outcome) in self.fit(jobs, series, decisions).await? {
                self.land(&job, outcome).await?;
            }
        }
        Ok(())
    }

    async fn fit(
        &self,
        jobs: Vec<ClaimedJob>,
        series: Vec<BoxSeries>,
        decisions: Vec<Vec<WeekDecision>>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let settings = self.settings.clone();
        let calendar = Arc::clone(&self.calendar);
        let running_week = self.run.running_week;
        tokio::task::spawn_blocking(move || {
            jobs.into_iter()
                .zip(series.into_iter().zip(decisions))
                .map(|(job, (BoxSeries(weeks), decisions))| {
                    let input = BoxInput {
                        weeks: &weeks,
                        capacity_kva: job.capacity_kva,
                        in_service: job.in_service,
                        decisions: &decisions,
                        running_week,
                    };
                    // A panic in the mathematics is one box's failure, not the run's.
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

    async fn land(&self, job: &ClaimedJob, outcome: Result<BoxResult, String>) -> Result<(), StoreError> {
        match outcome {
            Ok(result) => match self.store.land(job, &result, &self.fingerprint, Utc::now()).await {
                Ok(()) => self.progress.advances(1),
                Err(StoreError::LeaseLost) => tracing::warn!(%job, "another worker has taken over"),
                Err(error) => return Err(error),
            },
            Err(reason) if job.attempts() < MOST_ATTEMPTS => {
                tracing::warn!(%job, reason, "will be tried again");
                self.store.give_back(job, Utc::now()).await?;
            }
            Err(reason) => {
                tracing::error!(%job, reason, "set aside");
                self.store.set_aside(job, &reason, Utc::now()).await?;
                self.progress.advances(1);
            }
        }
        Ok(())
    }
}
