//! The worker: claims boxes from the queue, fits them on every core and stores the results.
//!
//! A few lanes run side by side, so that one computes while another waits for the database. Any
//! number of processes on any number of hosts may work on one run: a box belongs to whoever claimed
//! it, until it is completed or the lease expires; a late result finds its claim gone and is
//! discarded.

mod fit_box;
mod history;
mod lane;
mod population;
mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use domain::calendar::Calendar;
use model::ModelName;
use store::{OpenRun, RunPlan, RunSettings, RunSummary, Store, StoreError};
use tracing::{Instrument as _, info_span};

pub use fit_box::{BoxInput, FitBoxError, fit_box, inquiry_basis};
pub use settings::FitSettings;

use crate::retry::retry_while_unavailable;
use lane::Lane;

/// A run without progress for this long is logged.
const LOG_STALL_AFTER: Duration = Duration::from_secs(60);
/// The longest pause between two checks of a run without progress.
const MAX_POLL_INTERVAL: Duration = Duration::from_secs(5);

/// A run of at most this many boxes, as after a planner's decision, reuses the population of the
/// run before if nothing else has changed, and a server without a worker plans it by itself.
pub(crate) const FEW_BOXES: i64 = 50;

/// The boxes of a run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these; empty for all.
    pub boxes: Vec<String>,
    /// Also boxes that are up to date.
    pub force: bool,
    /// Who or what starts it.
    pub started_by: String,
}

/// Receives the progress of a run.
pub trait Progress: Send + Sync {
    /// A run begins or is resumed, with `open` boxes to do.
    fn begins(&self, run: &OpenRun);
    /// This many more boxes are done.
    fn advances(&self, boxes: u64);
}

/// Fits whatever is due and returns the result; `None` if nothing was due. An interrupted run is
/// finished first. Other workers may take part. While the database is unreachable the run waits for
/// it, up to `MAX_OUTAGE`.
///
/// # Errors
/// [`StoreError`]; boxes that can't be fitted are no error, they are listed in the summary.
pub async fn make_forecasts(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
    progress: Arc<dyn Progress>,
) -> Result<Option<RunSummary>, StoreError> {
    run_through(store, settings, selection, &progress, Fitting::Here).await
}

/// Plans what is due and waits until workers in other processes have done it.
///
/// # Errors
/// [`StoreError`].
pub async fn await_forecasts(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
    progress: Arc<dyn Progress>,
) -> Result<Option<RunSummary>, StoreError> {
    run_through(store, settings, selection, &progress, Fitting::Elsewhere).await
}

/// The result of working on an open run.
#[derive(Debug)]
pub enum OpenRunOutcome {
    /// No run is planned.
    Nothing,
    /// A run planned with other settings, or by another version.
    Foreign {
        /// Its number.
        run: i64,
    },
    /// A finished run.
    Done(RunSummary),
}

/// Works on a run planned by another process.
///
/// # Errors
/// [`StoreError`].
pub async fn work_on_open_run(
    store: &Store,
    settings: &FitSettings,
    progress: Arc<dyn Progress>,
) -> Result<OpenRunOutcome, StoreError> {
    let Some((run, planned_with)) = store.unfinished_run().await? else { return Ok(OpenRunOutcome::Nothing) };
    if planned_with != settings.as_of_run() {
        return Ok(OpenRunOutcome::Foreign { run: run.run_id });
    }
    progress.begins(&run);
    let span = info_span!("run", run = run.run_id, boxes = run.open);
    fit_run(store, settings, &run, &progress).instrument(span).await.map(OpenRunOutcome::Done)
}

/// Plans what is due, for workers in other processes, without waiting; `None` if nothing is due. A
/// run under way is left as it is.
///
/// # Errors
/// [`StoreError`].
pub async fn plan_forecasts(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
) -> Result<Option<OpenRun>, StoreError> {
    let own = settings.as_of_run();
    store.open_run(&plan_of(&own, selection), Utc::now()).await
}

fn plan_of<'a>(own: &'a RunSettings, selection: &'a Selection) -> RunPlan<'a> {
    RunPlan {
        model: &own.model,
        model_version: &own.model_version,
        code_version: &own.code_version,
        settings: &own.settings,
        ratings: &own.ratings,
        boxes: &selection.boxes,
        force: selection.force,
        started_by: &selection.started_by,
    }
}

/// Who fits the boxes of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fitting {
    Here,
    Elsewhere,
}

async fn run_through(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
    progress: &Arc<dyn Progress>,
    fitting: Fitting,
) -> Result<Option<RunSummary>, StoreError> {
    let own = settings.as_of_run();
    let plan = plan_of(&own, selection);
    let mut summary: Option<RunSummary> = None;
    while let Some(run) =
        retry_while_unavailable(|| store.open_run(&plan, Utc::now())).instrument(info_span!("plan")).await?
    {
        progress.begins(&run);
        let span = info_span!("run", run = run.run_id, boxes = run.open);
        let mut finished = match fitting {
            Fitting::Here => {
                retry_while_unavailable(|| fit_run(store, settings, &run, progress)).instrument(span).await?
            }
            Fitting::Elsewhere => {
                retry_while_unavailable(|| wait_for(store, settings, &run, progress)).instrument(span).await?
            }
        };
        let failures = summary.take().map(|earlier| earlier.failures).unwrap_or_default();
        finished.failures.splice(0..0, failures);
        summary = Some(finished);
        if !run.resumed {
            break;
        }
    }
    Ok(summary)
}

/// Waits until the workers have done every box of a run.
async fn wait_for(
    store: &Store,
    settings: &FitSettings,
    run: &OpenRun,
    progress: &Arc<dyn Progress>,
) -> Result<RunSummary, StoreError> {
    let mut before = run.open;
    let mut moved_at = Instant::now();
    let mut is_subscribed = false;
    loop {
        let open = store.open_jobs(run.run_id).await?;
        progress.advances(u64::try_from(before - open).unwrap_or(0));
        if open == 0 {
            // The last worker may have died before it could close the run.
            let finished = store.finish_run(run.run_id, settings.configuration.keep_runs, Utc::now()).await?;
            if let Some(summary) = finished {
                return Ok(summary);
            }
        }
        if open != before {
            moved_at = Instant::now();
        } else if moved_at.elapsed() >= LOG_STALL_AFTER && !is_subscribed {
            is_subscribed = true;
            tracing::warn!(
                "run {} makes no progress, {open} boxes are open: are workers running, with this version and these settings?",
                run.run_id
            );
        }
        before = open;
        // The fewer are left, the sooner it checks again; without progress it checks rarely.
        let soon = Duration::from_millis(open.unsigned_abs().clamp(50, 1_000));
        tokio::time::sleep(soon.max((moved_at.elapsed() / 10).min(MAX_POLL_INTERVAL))).await;
    }
}

async fn fit_run(
    store: &Store,
    settings: &FitSettings,
    run: &OpenRun,
    progress: &Arc<dyn Progress>,
) -> Result<RunSummary, StoreError> {
    let calendar = Arc::new(Calendar::new(settings.configuration.time_zone));
    loop {
        let mut settings = settings.clone();
        let is_over = settings.model_name() == ModelName::Gridspark && {
            settings.population = population::population_of(store, run, &settings, &calendar)
                .instrument(info_span!("learn population"))
                .await?;
            settings.population.is_none()
        };
        if !is_over {
            fit_all(store, &settings, run, &calendar, progress).await?;
        }
        let finished = store
            .finish_run(run.run_id, settings.configuration.keep_runs, Utc::now())
            .instrument(info_span!("finish"))
            .await?;
        if let Some(summary) = finished {
            return Ok(summary);
        }
    }
}

/// Fits until no box of the run is open, in one lane more than there are cores.
async fn fit_all(
    store: &Store,
    settings: &FitSettings,
    run: &OpenRun,
    calendar: &Arc<Calendar>,
    progress: &Arc<dyn Progress>,
) -> Result<(), StoreError> {
    let lanes = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) + 1;
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..lanes {
        let lane = Lane {
            store: store.clone(),
            settings: settings.clone(),
            calendar: Arc::clone(calendar),
            run: *run,
            fingerprint: settings.fingerprint(),
            progress: Arc::clone(progress),
            stop: Arc::clone(&stop),
        };
        tasks.spawn(lane.run().in_current_span());
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
    outcome
}
