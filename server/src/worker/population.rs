//! What the fleet has in common, learned once a run from a sample of its boxes.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use domain::calendar::Calendar;
use domain::runs::{ExtremeGrowth, GrowthLesson};
use model::{
    Capacity, Extreme, Series, clean,
    gridspark::{Member, Population},
};
use store::{FleetBox, FleetPopulation, OpenRun, Store, StoreError};

use super::history::{filled_weeks, series_with_gaps};
use super::{FEW_BOXES, FitSettings};
use crate::heartbeat::Heartbeat;

/// Boxes that a population is learned from: more would not change it by a digit that matters.
const SAMPLE: u32 = 800;

/// Between two looks at a half that another worker learns.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// The population of a run: the one it learned before it was cut off, or a new one from the boxes in service, kept with
/// the run before the first box is fitted. `None` if the run is over meanwhile.
pub(super) async fn population_of(
    store: &Store,
    run: &OpenRun,
    settings: &FitSettings,
    calendar: &Arc<Calendar>,
) -> Result<Option<Arc<FleetPopulation>>, StoreError> {
    if let Some(kept) = store.population(run.run_id).await? {
        return Ok(Some(Arc::new(kept)));
    }
    // A run for a few boxes, as after a planner's decision, need not learn the fleet anew.
    if run.open <= FEW_BOXES
        && let Some(earlier) = store.earlier_population(run.run_id).await?
    {
        return store.keep_population(run.run_id, earlier).await.map(Arc::new).map(Some);
    }
    // Where several workers begin together each learns a half, if it has only one core.
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
        tasks.spawn(learner.clone().learn_what_nobody_learns());
    }
    while let Some(joined) = tasks.join_next().await {
        joined.unwrap_or_else(|error| Err(cut_off(&error)))?;
    }
    loop {
        if let Some(kept) = store.population(run.run_id).await? {
            return Ok(Some(Arc::new(kept)));
        }
        if let Some(learned) = store.learned_halves(run.run_id).await? {
            return store.keep_population(run.run_id, learned).await.map(Arc::new).map(Some);
        }
        if store.open_jobs(run.run_id).await? == 0 {
            return Ok(None);
        }
        // Another worker learns the other half: it is done soon, or its lease runs out.
        tokio::time::sleep(BETWEEN_LOOKS).await;
        learner.clone().learn_what_nobody_learns().await?;
    }
}

fn cut_off(error: &tokio::task::JoinError) -> StoreError {
    StoreError::Corrupt(format!("the population could not be learned: {error}"))
}

/// Learns halves of a run's population.
#[derive(Clone)]
struct Learner {
    store: Store,
    run: OpenRun,
    settings: FitSettings,
    calendar: Arc<Calendar>,
}

impl Learner {
    async fn learn_what_nobody_learns(self) -> Result<(), StoreError> {
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
                async move { store.hold_learning(run_id, extreme, until).await }
            });
            let sample = self.store.sample_fleet(SAMPLE, self.run.running_week).await?;
            let (settings, calendar) = (self.settings.clone(), Arc::clone(&self.calendar));
            let learned =
                tokio::task::spawn_blocking(move || learn(&sample, extreme, &settings, &calendar)).await;
            let learned = learned.map_err(|error| cut_off(&error))?;
            log_growth(extreme, &learned);
            self.store.keep_half(run_id, extreme, &learned).await?;
        }
    }
}

/// What was learned of growth, and a warning where the fleet is too small or too young to teach any.
fn log_growth(extreme: Extreme, learned: &Population) {
    let growth = ExtremeGrowth::from(learned);
    let laws: Vec<String> = learned
        .growth
        .laws
        .iter()
        .map(|learned| format!("{:?} {:.0} %", learned.law, 100.0 * learned.prevalence).to_lowercase())
        .collect();
    let laws = if laws.is_empty() { String::new() } else { format!("; by law: {}", laws.join(", ")) };
    match growth.lesson() {
        GrowthLesson::TooFewSeries | GrowthLesson::TooFewHalfYears => {
            tracing::warn!("weekly {extreme}: {growth}");
        }
        _ => tracing::info!("weekly {extreme}: {growth}{laws}"),
    }
}

fn learn(sample: &[FleetBox], extreme: Extreme, settings: &FitSettings, calendar: &Calendar) -> Population {
    let checks = settings.configuration.forecast.checks;
    let series: Vec<(Series, Option<Capacity>)> = sample
        .iter()
        .filter_map(|sampled| {
            let capacity = sampled.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
            let filled = filled_weeks(&sampled.weeks, &settings.configuration.forecast, calendar);
            let cleaned = clean(&filled, capacity, &checks);
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
