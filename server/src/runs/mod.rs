//! Runs as their users know them: data tested and earlier forecasts judged before, scores and comparison added after.
//!
//! The work itself is done by [`extremes`] and [`worker`](crate::worker). Whoever started a run may be gone
//! when its last box is landed; whoever comes next then adds what is missing of its record.

mod built_in_backtest;
mod comparison;
mod starter;
mod verification;

use std::sync::Arc;

use chrono::Utc;
use readings::Calendar;

pub use built_in_backtest::{DataSetError, data_set};
pub use comparison::{compare, suspicions};
pub use starter::started_by;

use crate::configuration::source::SourceSettings;
use crate::configuration::{Configuration, ConfigurationError, RunWatchSettings};
use crate::data_tests::{FailedDataTests, Gate};
use crate::extremes::{self, Landed, LandingError, Request};
use crate::sources::Source;
use crate::store::{NewRecord, Notice, RunSummary, Scanned, Store, StoreError};
use crate::worker::{FitSettings, Progress, Selection, await_forecasts, make_forecasts};
use app::api::runs::{
    ComparedRun, DataProfile, DataTestResult, Measure, Outcome, RunFacts, RunKind, RunRecord, RunsReport,
};

/// A run of fewer than one box in so many does not change what the fleet looks like.
const SMALL_SHARE: i64 = 20;

/// Who fits the boxes of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fitting {
    /// This process, and whoever helps.
    Here,
    /// The workers of other processes.
    Elsewhere,
}

/// Why a run was stopped or could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The data failed a test.
    #[error(transparent)]
    DataTests(#[from] FailedDataTests),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A setting is not right.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
}

impl From<DataSetError> for RunError {
    fn from(error: DataSetError) -> Self {
        match error {
            DataSetError::Configuration(error) => Self::Configuration(error),
            DataSetError::Store(error) => Self::Store(error),
        }
    }
}

/// Tests the data, judges what has come true, fits and assesses what is due, and completes the record of the run. `None` if
/// nothing was due.
///
/// # Errors
/// [`RunError`]; where the data failed a test, nothing was changed.
pub async fn renew_forecasts(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
    fitting: Fitting,
    despite_data_tests: bool,
    progress: Arc<dyn Progress>,
) -> Result<Option<RunSummary>, RunError> {
    let configuration = &settings.configuration;
    close_records(store, configuration).await?;
    let gate = Gate { settings: configuration.data_tests.clone(), despite: despite_data_tests };
    if changes_the_fleet(store, settings, selection).await? {
        let started_at = Utc::now();
        let data = store.data_profile(gate.settings.impossible_beyond_capacity).await?;
        if let Err(failed) = gate.judge(&data, None, started_at) {
            remember_stop(store, RunKind::Forecasts, &selection.started_by, started_at, data, &failed)
                .await?;
            return Err(failed.into());
        }
        // Before the run's end prunes the forecasts that are to be judged.
        let calendar = Calendar::new(configuration.zone()?);
        verification::judge_what_came_true(store, configuration, &calendar, started_at).await?;
    }
    let summary = match fitting {
        Fitting::Here => make_forecasts(store, settings, selection, progress).await,
        Fitting::Elsewhere => await_forecasts(store, settings, selection, progress).await,
    };
    match summary {
        Ok(summary) => {
            close_records(store, configuration).await?;
            Ok(summary)
        }
        Err(error) => {
            if let Err(second) = store.note_failure(&error.to_string()).await {
                tracing::debug!("the failure could not be noted: {second}");
            }
            Err(error.into())
        }
    }
}

/// Whether a run would be about new weeks, or about more than a few boxes.
async fn changes_the_fleet(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
) -> Result<bool, StoreError> {
    let (due, boxes, looked_until) = store.due(&settings.fingerprint()).await?;
    let due = if !selection.boxes.is_empty() {
        selection.boxes.len() as i64
    } else if selection.force {
        boxes
    } else {
        due
    };
    let running_week = store.running_week().await?.map(model::IsoWeek::index);
    let new_weeks = selection.boxes.is_empty() && running_week > looked_until;
    Ok(due > 0 && (new_weeks || due * SMALL_SHARE > boxes))
}

/// Asks an opened source for what is new, lands it and records the run.
///
/// # Errors
/// [`LandingError`]; then the store's extremes are as they were.
pub async fn update_extremes(
    store: &Store,
    source: Box<dyn Source>,
    settings: &SourceSettings,
    request: &Request,
    started_by: &str,
) -> Result<(Scanned, Landed), LandingError> {
    let started_at = Utc::now();
    let updated = extremes::update(store, source, settings, request).await;
    let now = Utc::now();
    let recorded = match &updated {
        Ok((scanned, landed)) => {
            let mut facts = facts_of(landed, (now - started_at).as_seconds_f64());
            let of_fleet = request.boxes.is_empty() && *scanned != Scanned::Everything;
            let before = store.record_before(RunKind::Extremes, i64::MAX).await;
            if let (true, Ok(before)) = (of_fleet, before) {
                let measures = before.map(|before| before.facts.measures);
                facts.suspicions = suspicions(measures.as_ref(), &facts.measures, &request.runs);
            }
            let refused = landed.reports.iter().any(|part| part.refused > 0 || part.error.is_some());
            let outcome = if refused { Outcome::WithRefusals } else { Outcome::Complete };
            tell(store, None, &facts).await;
            let kind = RunKind::Extremes;
            let record =
                NewRecord { kind, of_fleet, started_by, started_at, outcome, reason: None, facts: &facts };
            store.record(&record, now).await.map(|_| ())
        }
        Err(LandingError::DataTests { failed, data }) => {
            let data = data.as_ref().clone();
            remember_stop(store, RunKind::Extremes, started_by, started_at, data, failed).await
        }
        Err(error) => remember_failure(store, started_by, started_at, error).await,
    };
    // What was landed stays, whether or not it could be written down.
    if let Err(error) = recorded {
        tracing::warn!("the run could not be recorded: {error}");
    }
    updated
}

/// Remembers an update that failed: while it ran, or because its source could not be opened.
///
/// # Errors
/// [`StoreError`].
pub async fn remember_failure(
    store: &Store,
    started_by: &str,
    started_at: chrono::DateTime<Utc>,
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

fn facts_of(landed: &Landed, seconds: f64) -> RunFacts {
    let readings = || landed.reports.iter().filter(|part| !part.holds_boxes);
    let mut facts =
        RunFacts { tests: landed.tests.clone(), data: landed.data.clone(), ..RunFacts::default() };
    facts.measures.extend([
        (Measure::Seconds, seconds),
        (Measure::Rows, readings().map(|part| part.rows).sum::<u64>() as f64),
        (Measure::RowsRefused, readings().map(|part| part.refused).sum::<u64>() as f64),
        (Measure::WeeksChanged, landed.extent.changed_weeks as f64),
        (Measure::WeeksRemoved, landed.extent.removed_weeks as f64),
        (Measure::BoxesChanged, landed.extent.changed_boxes as f64),
    ]);
    add_data(&mut facts);
    facts
}

/// The measures of the data, from their profile.
fn add_data(facts: &mut RunFacts) {
    let Some(last) = facts.data.as_ref().and_then(|data| data.weeks.last()) else { return };
    let silent = facts.data.as_ref().map_or(0, |data| data.silent_boxes);
    facts.measures.extend([
        (Measure::Readings, last.readings as f64),
        (Measure::BoxesMeasured, f64::from(last.boxes)),
        (Measure::SilentBoxes, f64::from(silent)),
    ]);
}

/// Whether the newest run ended for just this reason: a server that tries every few minutes would otherwise write the same
/// every few minutes.
async fn is_known(store: &Store, kind: RunKind, reason: &str) -> Result<bool, StoreError> {
    let newest = store.records(1).await?.into_iter().next();
    Ok(newest.is_some_and(|newest| newest.kind == kind && newest.reason.as_deref() == Some(reason)))
}

async fn remember_stop(
    store: &Store,
    kind: RunKind,
    started_by: &str,
    started_at: chrono::DateTime<Utc>,
    data: DataProfile,
    failed: &FailedDataTests,
) -> Result<(), StoreError> {
    let reason = failed.sentences().join("; ");
    announce(store, &Notice::ReadingsRefused { failed: failed.sentences() }).await;
    if is_known(store, kind, &reason).await? {
        return Ok(());
    }
    let mut facts = RunFacts { data: Some(data), tests: failed.results.clone(), ..RunFacts::default() };
    add_data(&mut facts);
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

/// The newest runs beside those before them, and forecasts beside what then happened.
///
/// # Errors
/// [`StoreError`].
pub async fn report(store: &Store, settings: &RunWatchSettings, most: u32) -> Result<RunsReport, StoreError> {
    let mut runs = Vec::new();
    for record in store.records(most).await? {
        let before =
            if record.of_fleet { store.record_before(record.kind, record.record).await? } else { None };
        let drift = before.map(|before| compare(&before.facts.measures, &record.facts.measures, settings));
        runs.push(ComparedRun { record, drift: drift.unwrap_or_default() });
    }
    Ok(RunsReport { runs, came_true: store.came_true().await? })
}

/// Completes the records of runs that are over: scores the built-in backtest, compares with the run before.
///
/// # Errors
/// [`RunError`].
pub async fn close_records(store: &Store, configuration: &Configuration) -> Result<(), RunError> {
    for record in store.unclosed_records().await? {
        close(store, configuration, record).await?;
    }
    Ok(())
}

async fn close(store: &Store, configuration: &Configuration, record: RunRecord) -> Result<(), RunError> {
    let mut facts = record.facts;
    if record.of_fleet {
        let gate = Gate { settings: configuration.data_tests.clone(), despite: true };
        let data = store.data_profile(gate.settings.impossible_beyond_capacity).await?;
        facts.tests = tests_of(&gate, &data);
        facts.data = Some(data);
        add_data(&mut facts);
        let running_week = store.running_week().await?;
        if let Some(scores) = built_in_backtest::judge_sample(store, configuration, running_week).await? {
            facts.measures.extend([
                (Measure::Pinball, scores.pinball),
                (Measure::Coverage90, scores.coverage_90),
                (Measure::Coverage70, scores.coverage_70),
            ]);
        }
        let before =
            store.record_before(record.kind, record.record).await?.map(|before| before.facts.measures);
        facts.suspicions = suspicions(before.as_ref(), &facts.measures, &configuration.runs);
        tell(store, record.run, &facts).await;
    }
    store.close_record(record.record, record.outcome, &facts, Utc::now()).await?;
    Ok(())
}

/// The results for the record; what they stop, they have stopped before.
fn tests_of(gate: &Gate, data: &DataProfile) -> Vec<DataTestResult> {
    gate.judge(data, None, Utc::now()).unwrap_or_else(|failed| failed.results)
}

/// Logs what is suspicious, and lays it down for whoever is to be told.
async fn tell(store: &Store, run: Option<i64>, facts: &RunFacts) {
    let findings: Vec<String> = facts.suspicions.iter().map(ToString::to_string).collect();
    for finding in &findings {
        tracing::warn!("unlike the run before – {finding}");
    }
    if !findings.is_empty() {
        announce(store, &Notice::RunSuspicious { run, findings }).await;
    }
}

/// What can't be announced is in the log and in the record.
async fn announce(store: &Store, notice: &Notice) {
    if let Err(error) = store.announce(notice, Utc::now()).await {
        tracing::warn!("a notice could not be laid down: {error}");
    }
}
