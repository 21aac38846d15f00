//! What the fleet has in common, learned once a run from a sample of its boxes.

use std::sync::Arc;

use model::{Capacity, Extreme, Member, Population, Series, clean};
use readings::Calendar;

use super::FitSettings;
use super::history::{filled_weeks, series_with_gaps};
use crate::store::{FleetBox, FleetPopulation, OpenRun, Store, StoreError};

/// Boxes that a population is learned from: more would not change it by a digit that matters.
const SAMPLE: u32 = 800;

/// A run of at most so many boxes takes the population of the run before it, if nothing else has changed.
const FEW_BOXES: i64 = 50;

/// The population of a run: the one it learned before it was cut off, or a new one from the boxes in service, kept with
/// the run before the first box is fitted.
pub(super) async fn population_of(
    store: &Store,
    run: &OpenRun,
    settings: &FitSettings,
    calendar: &Arc<Calendar>,
) -> Result<Arc<FleetPopulation>, StoreError> {
    if let Some(kept) = store.population(run.run_id).await? {
        return Ok(Arc::new(kept));
    }
    // A run for a few boxes, as after a planner's decision, need not learn the fleet anew.
    if run.open <= FEW_BOXES
        && let Some(earlier) = store.earlier_population(run.run_id).await?
    {
        return store.keep_population(run.run_id, earlier).await.map(Arc::new);
    }
    let sample = Arc::new(store.sample_fleet(SAMPLE, run.running_week).await?);
    let learning = Extreme::ALL.map(|extreme| {
        let (sample, settings, calendar) = (Arc::clone(&sample), settings.clone(), Arc::clone(calendar));
        tokio::task::spawn_blocking(move || learn(&sample, extreme, &settings, &calendar))
    });
    let [minimum, maximum] = learning;
    let cut_off = |error| StoreError::Corrupt(format!("the population could not be learned: {error}"));
    let learned = FleetPopulation::new(minimum.await.map_err(cut_off)?, maximum.await.map_err(cut_off)?);
    store.keep_population(run.run_id, learned).await.map(Arc::new)
}

fn learn(sample: &[FleetBox], extreme: Extreme, settings: &FitSettings, calendar: &Calendar) -> Population {
    let checks = settings.configuration.checks();
    let series: Vec<(Series, Option<Capacity>)> = sample
        .iter()
        .filter_map(|sampled| {
            let capacity = sampled.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
            let filled = filled_weeks(&sampled.weeks, &settings.configuration, calendar);
            let cleaned = clean(&filled, capacity, &checks);
            Some((series_with_gaps(&cleaned.kept, extreme, &[], None).ok()?, capacity))
        })
        .collect();
    let members: Vec<Member<'_>> =
        series.iter().map(|(series, capacity)| Member { series, capacity: *capacity }).collect();
    Population::learn(&members, &settings.gridspark(extreme))
}
