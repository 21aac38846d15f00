//! Data that fail a test never enter the store, unless a person overrules it.

use domain::runs::{DataTest, Outcome, RunKind, Severity, Verdict};
use gridspark::configuration::source::{SourceKind, SourceSettings};
use gridspark::credentials::SourceCredentials;
use gridspark::data_quality::Gate;
use gridspark::extremes::IngestError;
use gridspark::runs::update_extremes;
use gridspark::sources::ConfiguredSource;

use super::readings::{Reading, SUMLI, quarter_hours};
use super::table::Database;
use super::{content, request};
use crate::on_both_databases;
use crate::support::TestStore;

const BOXES: usize = 24;

fn readings(boxes: usize, from: &str, until: &str) -> Vec<Reading> {
    (0..boxes).flat_map(|n| quarter_hours(&format!("B{n:02}"), SUMLI, from, until)).collect()
}

/// Four whole weeks of a small fleet.
async fn fleet() -> Database {
    Database::with(&readings(BOXES, "2024-11-10T23:00:00Z", "2024-12-08T23:00:00Z")).await
}

async fn refresh(test: &TestStore, database: &Database, gate: Gate) -> Result<Vec<Verdict>, IngestError> {
    let settings =
        SourceSettings { postgres: database.settings(), ..SourceSettings::of_kind(SourceKind::Postgres) };
    let credentials = SourceCredentials::of(&settings);
    let configured = ConfiguredSource { settings, credentials };
    let source = configured.open().await?;
    let request = gridspark::extremes::Request { gate, ..request() };
    let (_, ingested) = update_extremes(&test.store, source, &configured, &request, "a test").await?;
    Ok(ingested.tests.iter().map(|result| result.verdict).collect())
}

on_both_databases! {
    async fn a_week_that_lacks_most_boxes_is_stopped_before_it_overwrites_anything(test: &TestStore) {
        let mut database = fleet().await;
        assert!(refresh(test, &database, Gate::default()).await.unwrap().contains(&Verdict::Passed));
        let before = content(&test.url).await;
        // Of the next week only five boxes arrive, and what was measured before is corrected for
        // one of them.
        database.insert(&readings(5, "2024-12-08T23:00:00Z", "2024-12-15T23:00:00Z")).await;
        database.execute("UPDATE measurements SET waarde = 77 WHERE boxid = 'B00' AND datumtijd < '2024-12-09'").await;
        let error = refresh(test, &database, Gate::default()).await.unwrap_err();
        let IngestError::DataTests { failed, .. } = &error else { panic!("{error}") };
        let stopping = failed.results.iter().filter(|result| result.verdict == Verdict::Failed);
        let stopping: Vec<_> = stopping.filter(|result| result.severity == Severity::Stop).map(|result| result.test).collect();
        assert_eq!(stopping, [DataTest::Volume, DataTest::SilentBoxes]);
        assert!(error.to_string().contains("19 of 24 boxes had no readings in week 2024-W50"), "{error}");
        assert_eq!(content(&test.url).await, before, "nothing was changed");

        let records = test.store.records(10).await.unwrap();
        let outcomes: Vec<_> = records.iter().map(|record| (record.kind, record.outcome)).collect();
        assert_eq!(outcomes, [(RunKind::Extremes, Outcome::Stopped), (RunKind::Extremes, Outcome::Complete)]);
        assert!(records[0].reason.as_ref().unwrap().starts_with("volume: week 2024-W50 holds 20.8 %"), "{records:?}");
        // The same failure again is not announced again.
        refresh(test, &database, Gate::default()).await.unwrap_err();
        assert_eq!(test.store.records(10).await.unwrap().len(), 2);

        let despite = Gate { despite: true, ..Gate::default() };
        assert!(refresh(test, &database, despite).await.unwrap().contains(&Verdict::Failed));
        assert_ne!(content(&test.url).await, before);
    }
}

on_both_databases! {
    async fn rows_that_cannot_be_used_stop_an_update_where_they_are_many(test: &TestStore) {
        let mut database = fleet().await;
        database.execute("UPDATE measurements SET waarde = 'NaN' WHERE boxid < 'B03'").await;
        let error = refresh(test, &database, Gate::default()).await.unwrap_err().to_string();
        assert!(error.contains("refused_rows: 8064 of 64512 rows could not be used (12.5 %"), "{error}");
        assert_eq!(content(&test.url).await.newest, [], "nothing has come in");
        let mut gate = Gate::default();
        gate.settings.refused_rows = Severity::Warn;
        refresh(test, &database, gate).await.unwrap();
        assert_eq!(test.store.records(1).await.unwrap()[0].outcome, Outcome::WithRefusals);
    }
}
