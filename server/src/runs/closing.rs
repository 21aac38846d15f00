//! Completing the records of finished runs with scores and a comparison.

use chrono::Utc;
use domain::runs::{DataProfile, DataTestResult, GrowthFacts, Measure, RunRecord};
use model::{BEYOND_CAPACITY, Capacity, Extreme};
use store::{Store, StoreError};

use super::growth::{add_growth, growth_suspicions};
use super::recording::{add_data, announce_suspicions};
use super::{RunError, built_in_backtest, suspicions};
use crate::configuration::Configuration;
use crate::data_quality::Gate;

/// Completes the records of finished runs: scores of the built-in backtest, comparison with the run
/// before.
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
    facts.growth = learned_growth(store, record.run).await?;
    add_growth(&mut facts);
    if record.of_fleet {
        let gate = Gate { settings: configuration.data_tests.clone(), despite: true };
        let data = store.data_profile(gate.settings.impossible_beyond_capacity).await?;
        facts.tests = tests_of(&gate, &data);
        facts.data = Some(data);
        add_data(&mut facts);
        let running_week = store.running_week().await?;
        if let Some(scores) = built_in_backtest::backtest_sample(store, configuration, running_week).await? {
            facts.measures.extend([
                (Measure::Pinball, scores.pinball),
                (Measure::Coverage90, scores.coverage_90),
                (Measure::Coverage70, scores.coverage_70),
            ]);
        }
        let before = store.record_before(record.kind, record.record).await?.map(|before| before.facts);
        let measures = before.as_ref().map(|before| &before.measures);
        facts.suspicions = suspicions(measures, &facts.measures, &configuration.runs);
        if let Some(growth) = &facts.growth {
            let before = before.and_then(|before| before.growth);
            facts.suspicions.extend(growth_suspicions(before.as_ref(), growth, &configuration.runs));
        }
        announce_suspicions(store, record.run, &facts).await;
        renew_ledger(store, configuration).await;
    }
    store.close_record(record.record, record.outcome, &facts, Utc::now()).await?;
    Ok(())
}

/// Notes which forecasts warned, and what became of warnings. It must not keep a record from being completed: the next run
/// makes up for it.
async fn renew_ledger(store: &Store, configuration: &Configuration) {
    let limits = Capacity::new(1.0).ok().and_then(|one| configuration.forecast.limits(one).ok());
    let Some(limits) = limits else { return };
    if let Err(error) = store.renew_ledger(limits, BEYOND_CAPACITY).await {
        tracing::warn!("the ledger of warnings could not be renewed: {error}");
    }
}

/// What a run learned about the fleet's growth; `None` for a model without growth.
async fn learned_growth(store: &Store, run: Option<i64>) -> Result<Option<GrowthFacts>, StoreError> {
    let Some(run) = run else { return Ok(None) };
    let learned = match store.population(run).await {
        // A record of another version must not keep later ones from being completed.
        Err(StoreError::Corrupt(reason)) => {
            tracing::warn!("what run {run} learned of the fleet can't be read: {reason}");
            None
        }
        learned => learned?,
    };
    Ok(learned.map(|fleet| {
        let [minimum, maximum] = Extreme::ALL.map(|extreme| fleet.of(extreme).as_ref().into());
        GrowthFacts { minimum, maximum }
    }))
}

/// The results for the record; stopping runs has happened before.
fn tests_of(gate: &Gate, data: &DataProfile) -> Vec<DataTestResult> {
    gate.judge(data, None, Utc::now()).unwrap_or_else(|failed| failed.results)
}
