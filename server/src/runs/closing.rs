//! Runs that are over: their records are completed with scores and with a comparison.

use app::api::runs::{DataProfile, DataTestResult, Measure, RunRecord};
use chrono::Utc;

use super::memory::{add_data, tell};
use super::{RunError, built_in_backtest, suspicions};
use crate::configuration::Configuration;
use crate::data_tests::Gate;
use crate::store::Store;

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
