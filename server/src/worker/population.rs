//! The population, learned once a run from a sample of boxes.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use domain::calendar::Calendar;
use domain::runs::{ExtremeGrowth, GrowthStatus};
use model::{
    Capacity, Extreme, Series, WeekExtremes, clean,
    gridspark::{Member, Population},
};
use store::{FleetBox, FleetPopulation, OpenRun, Store, StoreError};

use super::history::series_with_gaps;
use super::{FEW_BOXES, FitSettings};
use crate::heartbeat::Heartbeat;

/// Boxes in the sample: more would not change any digit that matters.
const SAMPLE_BOXES: u32 = 800;

/// The pause between two checks for an extreme that another worker learns.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The population of a run: the one it learned before it was interrupted, or a new one from the
/// boxes in service, stored with the run before the first box is fitted. `None` if the run has
/// ended meanwhile.
pub(super) async fn population_of(
    store: &Store,
    run: &OpenRun,
    settings: &FitSettings,
    calendar: &Arc<Calendar>,
) -> Result<Option<Arc<FleetPopulation>>, StoreError> {
    if let Some(kept) = store.population(run.run_id).await? {
        return Ok(Some(Arc::new(kept)));
    }
    // A run of a few boxes, as after a planner's decision, need not learn the population anew.
    if run.open <= FEW_BOXES
        && let Some(earlier) = store.earlier_population(run.run_id).await?
    {
        return store.save_population(run.run_id, earlier).await.map(Arc::new).map(Some);
    }
    // Workers with a single core that begin together learn one extreme each.
    let learners =
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(Extreme::ALL.len());
    let learner = Learner {
        store: store.clone(),
        run: *run,
        settings: settings.clone(),
        calendar: Arc::clone(calendar),
    };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..learners {
        tasks.spawn(learner.clone().learn_unclaimed());
    }
    while let Some(joined) = tasks.join_next().await {
        joined.unwrap_or_else(|error| Err(interrupted(&error)))?;
    }
    loop {
        if let Some(kept) = store.population(run.run_id).await? {
            return Ok(Some(Arc::new(kept)));
        }
        if let Some(learned) = store.completed_learning(run.run_id).await? {
            return store.save_population(run.run_id, learned).await.map(Arc::new).map(Some);
        }
        if store.open_jobs(run.run_id).await? == 0 {
            return Ok(None);
        }
        // Another worker learns the other extreme: it will be done soon, or its lease expires.
        tokio::time::sleep(POLL_INTERVAL).await;
        learner.clone().learn_unclaimed().await?;
    }
}

fn interrupted(error: &tokio::task::JoinError) -> StoreError {
    StoreError::Corrupt(format!("the population could not be learned: {error}"))
}

/// Learns the extremes of a run's population.
#[derive(Clone)]
struct Learner {
    store: Store,
    run: OpenRun,
    settings: FitSettings,
    calendar: Arc<Calendar>,
}

impl Learner {
    async fn learn_unclaimed(self) -> Result<(), StoreError> {
        let lease = self.settings.configuration.lease;
        let run_id = self.run.run_id;
        loop {
            let now = Utc::now();
            let Some(extreme) = self.store.claim_learning(run_id, now + lease, now).await? else {
                return Ok(());
            };
            let store = self.store.clone();
            let _heartbeat = Heartbeat::start(lease, move |until| {
                let store = store.clone();
                async move { store.extend_learning(run_id, extreme, until).await }
            });
            let sample = self.store.sample_fleet(SAMPLE_BOXES, self.run.running_week).await?;
            let (settings, calendar) = (self.settings.clone(), Arc::clone(&self.calendar));
            let learned =
                tokio::task::spawn_blocking(move || learn(&sample, extreme, &settings, &calendar)).await;
            let learned = learned.map_err(|error| interrupted(&error))?;
            log_growth(extreme, &learned);
            self.store.complete_learning(run_id, extreme, &learned).await?;
        }
    }
}

/// Logs what was learned about growth, with a warning if the fleet is too small or too young.
fn log_growth(extreme: Extreme, learned: &Population) {
    let growth = ExtremeGrowth::from(learned);
    let laws: Vec<String> = learned
        .growth
        .laws
        .iter()
        .map(|learned| format!("{:?} {:.0} %", learned.law, 100.0 * learned.prevalence).to_lowercase())
        .collect();
    let laws = if laws.is_empty() { String::new() } else { format!("; by law: {}", laws.join(", ")) };
    match growth.status() {
        GrowthStatus::TooFewSeries | GrowthStatus::TooFewHalfYears => {
            tracing::warn!("weekly {extreme}: {growth}");
        }
        _ => tracing::info!("weekly {extreme}: {growth}{laws}"),
    }
}

fn learn(sample: &[FleetBox], extreme: Extreme, settings: &FitSettings, calendar: &Calendar) -> Population {
    let forecasting = &settings.configuration.forecast;
    let series: Vec<(Series, Option<Capacity>)> = sample
        .iter()
        .filter_map(|sampled| {
            let capacity = sampled.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
            let is_filled = |week: &WeekExtremes| forecasting.is_filled(week, calendar);
            let cleaned = clean(&sampled.weeks, is_filled, capacity, &forecasting.checks);
            Some((
                series_with_gaps(&cleaned.kept, extreme, &[], None, |week, of| cleaned.counts(week, of))
                    .ok()?,
                capacity,
            ))
        })
        .collect();
    let members: Vec<Member<'_>> =
        series.iter().map(|(series, capacity)| Member { series, capacity: *capacity }).collect();
    Population::learn(&members, &settings.gridspark(extreme))
}
