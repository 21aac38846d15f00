//! An update of the weekly extremes as a recorded run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ingest::IngestWindow;
use domain::runs::{Measure, Outcome, RunFacts, RunKind};
use store::{NewRecord, Store, StoreError};

use super::recording::{add_data, announce_suspicions, is_known, record_stopped_run};
use super::suspicions;
use crate::extremes::{self, IngestError, Ingested, Request};
use crate::sources::{ConfiguredSource, PartReport, Source};

/// Ingests what is new in an open source and records the run.
///
/// # Errors
/// [`IngestError`]; then the store's extremes are unchanged.
pub async fn update_extremes(
    store: &Store,
    source: Box<dyn Source>,
    configured: &ConfiguredSource,
    request: &Request,
    started_by: &str,
) -> Result<(IngestWindow, Ingested), IngestError> {
    let started_at = Utc::now();
    let updated = extremes::update(store, source, configured, request).await;
    let now = Utc::now();
    let recorded = match &updated {
        Ok((window, ingested)) => {
            let (changed, removed) = (ingested.counts.changed_weeks, ingested.counts.removed_weeks);
            let mut facts = RunFacts {
                tests: ingested.tests.clone(),
                data: ingested.data.clone(),
                ..RunFacts::default()
            };
            facts.measures = measures_of(&ingested.reports, changed, started_at, now);
            facts.measures.extend([
                (Measure::WeeksRemoved, removed as f64),
                (Measure::BoxesChanged, ingested.counts.changed_boxes as f64),
            ]);
            add_data(&mut facts);
            let of_fleet = request.boxes.is_empty() && *window != IngestWindow::Everything;
            let before = store.record_before(RunKind::Extremes, i64::MAX).await;
            if let (true, Ok(before)) = (of_fleet, before) {
                let measures = before.map(|before| before.facts.measures);
                facts.suspicions = suspicions(measures.as_ref(), &facts.measures, &request.runs);
            }
            let (outcome, reason) = outcome_of(&ingested.reports);
            announce_suspicions(store, None, &facts).await;
            let kind = RunKind::Extremes;
            let record = NewRecord { kind, of_fleet, started_by, started_at, outcome, reason, facts: &facts };
            store.record(&record, now).await.map(|_| ())
        }
        Err(IngestError::DataTests { failed, data }) => {
            let data = data.as_ref().clone();
            record_stopped_run(store, RunKind::Extremes, started_by, started_at, data, failed).await;
            Ok(())
        }
        Err(error) => record_failure(store, started_by, started_at, error).await,
    };
    // Ingested data stay, whether or not they could be recorded.
    if let Err(error) = recorded {
        tracing::warn!("the run could not be recorded: {error}");
    }
    updated
}

/// Records a failed update: while it ran, or because its source could not be opened.
///
/// # Errors
/// [`StoreError`].
pub async fn record_failure(
    store: &Store,
    started_by: &str,
    started_at: DateTime<Utc>,
    error: &(dyn std::fmt::Display + Sync),
) -> Result<(), StoreError> {
    let reason = error.to_string();
    if is_known(store, RunKind::Extremes, &reason).await? {
        return Ok(());
    }
    let record = NewRecord {
        kind: RunKind::Extremes,
        of_fleet: true,
        started_by,
        started_at,
        outcome: Outcome::Failed,
        reason: Some(&reason),
        facts: &RunFacts::default(),
    };
    store.record(&record, Utc::now()).await.map(|_| ())
}

/// Records a manual import of files. It says nothing about the source, so no other run is compared
/// with it.
///
/// # Errors
/// [`StoreError`].
pub async fn record_import(
    store: &Store,
    reports: &[PartReport],
    changed_weeks: u64,
    started_by: &str,
    started_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let now = Utc::now();
    let measures = measures_of(reports, changed_weeks, started_at, now);
    let (outcome, reason) = outcome_of(reports);
    let record = NewRecord {
        kind: RunKind::Extremes,
        of_fleet: false,
        started_by,
        started_at,
        outcome,
        reason,
        facts: &RunFacts { measures, ..RunFacts::default() },
    };
    store.record(&record, now).await.map(|_| ())
}

/// The outcome, and the reason if no file or table could be read.
fn outcome_of(reports: &[PartReport]) -> (Outcome, Option<&str>) {
    let mut errors = reports.iter().map(|part| part.error.as_deref());
    let first = errors.clone().flatten().next();
    if first.is_some() && errors.all(|error| error.is_some()) {
        (Outcome::Failed, first)
    } else if first.is_some() || reports.iter().any(|part| part.refused > 0) {
        (Outcome::WithRefusals, None)
    } else {
        (Outcome::Complete, None)
    }
}

fn measures_of(
    reports: &[PartReport],
    changed_weeks: u64,
    started_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> BTreeMap<Measure, f64> {
    let readings = || reports.iter().filter(|part| !part.holds_boxes);
    BTreeMap::from([
        (Measure::Seconds, (now - started_at).as_seconds_f64()),
        (Measure::Rows, readings().map(|part| part.rows).sum::<u64>() as f64),
        (Measure::RowsRefused, readings().map(|part| part.refused).sum::<u64>() as f64),
        (Measure::WeeksChanged, changed_weeks as f64),
    ])
}
