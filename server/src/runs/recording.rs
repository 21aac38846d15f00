//! Recording and announcing stopped and suspicious runs.

use chrono::{DateTime, Utc};
use domain::notices::Notice;
use domain::runs::{DataProfile, Measure, Outcome, RunFacts, RunKind, RunRecord};
use store::{NewRecord, Store, StoreError};

use crate::data_quality::FailedDataTests;

/// Adds the measures of the data profile.
pub(super) fn add_data(facts: &mut RunFacts) {
    let Some(last) = facts.data.as_ref().and_then(|data| data.weeks.last()) else { return };
    let silent = facts.data.as_ref().map_or(0, |data| data.silent_boxes);
    facts.measures.extend([
        (Measure::Readings, last.readings as f64),
        (Measure::BoxesMeasured, f64::from(last.boxes)),
        (Measure::SilentBoxes, f64::from(silent)),
    ]);
}

/// Whether the newest run ended for the same reason: a server that retries every few minutes
/// records it once.
pub(super) async fn is_known(store: &Store, kind: RunKind, reason: &str) -> Result<bool, StoreError> {
    let newest = store.records(1).await?.into_iter().next();
    Ok(newest.is_some_and(|newest| newest.kind == kind && newest.reason.as_deref() == Some(reason)))
}

/// Records and announces that data tests stopped a run, once while the same tests fail. Errors of
/// the record are logged, so that they don't hide the reason of the stop.
pub(super) async fn record_stopped_run(
    store: &Store,
    kind: RunKind,
    started_by: &str,
    started_at: DateTime<Utc>,
    data: DataProfile,
    failed: &FailedDataTests,
) {
    announce(store, &Notice::refused(failed.stopping())).await;
    if let Err(error) = try_record_stopped_run(store, kind, started_by, started_at, data, failed).await {
        tracing::warn!("the stopped run could not be recorded: {error}");
    }
}

async fn try_record_stopped_run(
    store: &Store,
    kind: RunKind,
    started_by: &str,
    started_at: DateTime<Utc>,
    data: DataProfile,
    failed: &FailedDataTests,
) -> Result<(), StoreError> {
    let newest = store.records(1).await?.into_iter().next();
    // The figures of the same failure change every minute.
    let same = |newest: &RunRecord| {
        let before = newest.facts.tests.iter().filter(|result| result.stops()).map(|result| result.test);
        let is_stop = newest.kind == kind && newest.outcome == Outcome::Stopped;
        is_stop && before.eq(failed.stopping().map(|result| result.test))
    };
    if newest.as_ref().is_some_and(same) {
        return Ok(());
    }
    let mut facts = RunFacts { data: Some(data), tests: failed.results.clone(), ..RunFacts::default() };
    add_data(&mut facts);
    let reason = failed.sentences().join("; ");
    let record = NewRecord {
        kind,
        of_fleet: true,
        started_by,
        started_at,
        outcome: Outcome::Stopped,
        reason: Some(&reason),
        facts: &facts,
    };
    store.record(&record, Utc::now()).await.map(|_| ())
}

/// Logs and announces suspicious results.
pub(super) async fn announce_suspicions(store: &Store, run: Option<i64>, facts: &RunFacts) {
    for drift in &facts.suspicions {
        tracing::warn!("unlike the run before – {drift}");
    }
    if !facts.suspicions.is_empty() {
        announce(store, &Notice::suspicious(run, &facts.suspicions)).await;
    }
}

/// A notice that can't be announced is still in the log and the record.
async fn announce(store: &Store, notice: &Notice) {
    if let Err(error) = store.announce(notice, Utc::now()).await {
        tracing::warn!("a notice could not be laid down: {error}");
    }
}
