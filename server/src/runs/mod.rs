//! Complete runs: data tests and verification before, scores and comparison after.
//!
//! The work itself is done by [`extremes`](crate::extremes) and [`worker`](crate::worker). The
//! process that started a run may be gone when its last box is done; the next process then
//! completes the record.

mod built_in_backtest;
mod closing;
mod comparison;
mod growth;
mod recording;
mod started_by;
mod stored_backtest;
mod update;
mod verification;

use std::sync::Arc;

use chrono::Utc;
use domain::calendar::Calendar;
use domain::runs::{ComparedRun, RunKind, RunsReport};
use store::{RunSummary, Store, StoreError};

pub use built_in_backtest::data_set;
pub use closing::close_records;
pub use comparison::{compare, suspicions};
pub use started_by::started_by;
pub use stored_backtest::{newest_backtest, store_backtest};
pub use update::{record_failure, record_import, update_extremes};

use crate::configuration::{Configuration, RunWatchSettings};
use crate::data_quality::{FailedDataTests, Gate};
use crate::retry::retry_while_unavailable;
use crate::worker::{FitSettings, Progress, Selection, await_forecasts, make_forecasts};
use recording::record_stopped_run;

/// A run of less than one in this many boxes does not change the fleet's state.
const SMALL_SHARE: i64 = 20;

/// Who fits the boxes of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fitting {
    /// This process, and any workers.
    Here,
    /// Workers in other processes.
    Elsewhere,
}

/// Why a run was stopped or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The data failed a test.
    #[error(transparent)]
    DataTests(#[from] FailedDataTests),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tests the data, verifies past forecasts, fits and assesses what is due, and completes the
/// record. `None` if nothing was due.
///
/// # Errors
/// [`RunError`]; where the data failed a test, nothing was changed.
pub async fn update_forecasts(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
    fitting: Fitting,
    despite_data_tests: bool,
    progress: Arc<dyn Progress>,
) -> Result<Option<RunSummary>, RunError> {
    let configuration = &settings.configuration;
    complete_records(store, configuration).await;
    let gate = Gate { settings: configuration.data_tests.clone(), despite: despite_data_tests };
    if retry_while_unavailable(|| changes_the_fleet(store, settings, selection)).await? {
        let started_at = Utc::now();
        let beyond = gate.settings.impossible_beyond_capacity;
        let data = retry_while_unavailable(|| store.data_profile(beyond)).await?;
        if let Err(failed) = gate.judge(&data, None, started_at) {
            let kind = RunKind::Forecasts;
            record_stopped_run(store, kind, &selection.started_by, started_at, data, &failed).await;
            return Err(failed.into());
        }
        // Before the end of the run prunes the forecasts to verify.
        let calendar = Calendar::new(configuration.time_zone);
        let judged = verification::verify_forecasts(store, configuration, &calendar, started_at).await;
        if let Err(error) = judged {
            tracing::warn!("past forecasts could not be verified: {error}");
        }
    }
    let summary = match fitting {
        Fitting::Here => make_forecasts(store, settings, selection, progress).await,
        Fitting::Elsewhere => await_forecasts(store, settings, selection, progress).await,
    };
    match summary {
        Ok(summary) => {
            complete_records(store, configuration).await;
            Ok(summary)
        }
        Err(error) => {
            // Then the run under way is another's.
            let is_others = matches!(error, StoreError::RunUnderWay { .. } | StoreError::RunGivenUp { .. });
            if !is_others && let Err(second) = store.note_failure(&error.to_string()).await {
                tracing::debug!("the failure could not be noted: {second}");
            }
            Err(error.into())
        }
    }
}

/// A record must not stop a run: the next run completes what can't be completed now.
async fn complete_records(store: &Store, configuration: &Configuration) {
    if let Err(error) = close_records(store, configuration).await {
        tracing::warn!("the records of runs could not be completed: {error}");
    }
}

/// Whether a run would cover new weeks, or more than a few boxes.
async fn changes_the_fleet(
    store: &Store,
    settings: &FitSettings,
    selection: &Selection,
) -> Result<bool, StoreError> {
    let (due, boxes, looked_until) = store.due(&settings.fingerprint(), &settings.ratings()).await?;
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

/// The newest runs compared with those before them, and the verification of past forecasts.
///
/// # Errors
/// [`StoreError`].
pub async fn report(
    store: &Store,
    settings: &RunWatchSettings,
    limit: u32,
) -> Result<RunsReport, StoreError> {
    let mut runs = Vec::new();
    for record in store.records(limit).await? {
        let before =
            if record.of_fleet { store.record_before(record.kind, record.record).await? } else { None };
        let drift = before.map(|before| compare(&before.facts.measures, &record.facts.measures, settings));
        runs.push(ComparedRun { record, drift: drift.unwrap_or_default() });
    }
    Ok(RunsReport { runs, verification: store.verification_summaries().await? })
}
