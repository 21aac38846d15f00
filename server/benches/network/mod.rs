//! A simulated network in a store.

use std::time::{Duration, Instant};

use chrono::{NaiveDate, Utc};
use domain::box_metadata::{BoxMetadata, OperatingStatus};
use domain::calendar::Calendar;
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use model::{BoxId, Phase, WeekExtremes};
use rayon::prelude::*;
use simulation::{Metadata, Network};
use store::Store;

/// The metadata of a simulated box.
fn metadata(box_: &Metadata) -> BoxMetadata {
    BoxMetadata {
        box_id: box_.box_id.clone(),
        capacity: box_.capacity,
        area: Some(box_.area.as_str().to_owned()),
        region: None,
        station_number: Some(box_.station_number.clone()),
        station_name: Some(box_.station_name.clone()),
        station_function: None,
        town: None,
        street: Some(box_.street.clone()),
        house_number: Some(box_.house_number.to_string()),
        postcode: Some(box_.postcode.clone()),
        municipality: None,
        latitude: Some(box_.latitude),
        longitude: Some(box_.longitude),
        tap_position: None,
        station_status: OperatingStatus::from_text(box_.station_status),
        box_status: OperatingStatus::from_text(box_.box_status),
    }
}

fn tallies(box_id: &BoxId, weeks: &[WeekExtremes], calendar: &Calendar, phase: Phase) -> Vec<TallyRecord> {
    // A phase carries about a third.
    let share = if phase == Phase::Sumli { 1.0 } else { 1.0 / 3.0 };
    weeks
        .iter()
        .map(|week| {
            let mut seen = SeenQuarters::full(calendar.quarters_in(week.week).unwrap());
            if week.readings < seen.count() {
                seen = SeenQuarters::full(week.readings.max(1));
            }
            let tally = WeekTally::new(share * week.min_kw, share * week.max_kw, seen).unwrap();
            TallyRecord { box_id: box_id.clone(), phase, week: week.week, tally }
        })
        .collect()
}

/// Puts the weekly extremes of a network into a store, for some phases; returns the number of rows
/// and the time of the store.
pub(crate) async fn fill(
    store: &Store,
    network: &Network,
    boxes: usize,
    calendar: &Calendar,
    phases: &[Phase],
) -> (usize, Duration) {
    let mut spent = Duration::ZERO;
    let mut rows = 0;
    for chunk in (0..boxes).collect::<Vec<_>>().chunks(1_000) {
        let made: Vec<_> = chunk.par_iter().map(|&number| network.weekly_extremes(number).unwrap()).collect();
        let batch: Vec<_> = made
            .par_iter()
            .flat_map_iter(|(box_, weeks)| {
                phases.iter().flat_map(|&phase| tallies(&box_.box_id, weeks, calendar, phase))
            })
            .collect();
        rows += batch.len();
        let start = Instant::now();
        let known: Vec<_> = made.iter().map(|(box_, _)| metadata(box_)).collect();
        store.save_boxes(&known).await.unwrap();
        let mut import = store.begin_import(calendar, Utc::now()).await.unwrap();
        for part in batch.chunks(4_000) {
            import.merge(part).await.unwrap();
        }
        let end =
            calendar.start_of(model::IsoWeek::containing(until())).unwrap() - chrono::TimeDelta::minutes(15);
        import.commit(Some(end)).await.unwrap();
        spent += start.elapsed();
    }
    (rows, spent)
}

/// The first day after the history.
pub(crate) fn until() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 5).unwrap()
}
