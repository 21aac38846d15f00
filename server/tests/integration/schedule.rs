//! The built-in schedule: one server per occurrence, none missed, none twice.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use gridspark::configuration::Configuration;
use gridspark::credentials::Credentials;
use gridspark::schedule::Schedule;
use gridspark::sources::ConfiguredSource;
use store::Store;

use crate::on_both_databases;
use crate::support::{Silent, TestStore, fill, settings};

const LEASE: TimeDelta = TimeDelta::seconds(60);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A server that renews forecasts every Monday at six.
fn server(store: &Store) -> Schedule {
    let text = "cron = '0 6 * * MON'";
    let schedule = Some(toml::from_str(text).unwrap());
    let configuration = Configuration { schedule, ..settings().configuration };
    Schedule::of(store, &configuration, None, true, Arc::new(Silent)).unwrap()
}

on_both_databases! {
    async fn each_occurrence_is_taken_by_one_server_and_a_new_store_has_missed_none(test: &TestStore) {
        fill(&test.store, &[300.0; 3], 110).await;
        let (one, other) = (server(&test.store), server(&test.store));
        let sunday = at("2026-11-22T12:00:00Z");
        assert_eq!(one.run_due_occurrence(sunday).await.unwrap(), None);
        let monday = at("2026-11-23T05:00:10Z");
        let (first, second) = tokio::join!(one.run_due_occurrence(monday), other.run_due_occurrence(monday));
        let taken: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().flatten().collect();
        assert_eq!(taken, [at("2026-11-23T05:00:00Z")]);
        assert_eq!(test.store.open_boxes().await.unwrap(), 0);
        assert!(test.store.overview().await.unwrap().forecast_at.is_some(), "the forecasts were made");
        assert_eq!(other.run_due_occurrence(monday + TimeDelta::hours(3)).await.unwrap(), None, "it is done");
        let next = at("2026-11-30T05:00:00Z");
        assert_eq!(other.run_due_occurrence(next).await.unwrap(), Some(next), "and so is the next one");
    }
}

on_both_databases! {
    async fn a_occurrence_that_no_server_was_there_for_is_made_up_for_once(test: &TestStore) {
        let server = server(&test.store);
        server.run_due_occurrence(at("2026-11-01T12:00:00Z")).await.unwrap();
        let back = at("2026-11-22T12:00:00Z");
        assert_eq!(server.run_due_occurrence(back).await.unwrap(), Some(at("2026-11-16T05:00:00Z")));
        assert_eq!(server.run_due_occurrence(back).await.unwrap(), None);
    }
}

on_both_databases! {
    async fn a_occurrence_whose_server_went_away_is_taken_over_when_its_lease_runs_out(test: &TestStore) {
        let (due, now) = (at("2026-11-23T05:00:00Z"), at("2026-11-23T05:00:10Z"));
        test.store.begin_occurrences(due - TimeDelta::weeks(1)).await.unwrap();
        assert!(test.store.claim_occurrence(due, now + LEASE, now).await.unwrap(), "by a server that then goes away");
        let other = server(&test.store);
        assert_eq!(other.run_due_occurrence(now + LEASE / 2).await.unwrap(), None);
        test.store.extend_occurrence(due, now + LEASE * 2).await.unwrap();
        assert_eq!(other.run_due_occurrence(now + LEASE).await.unwrap(), None, "it had shown a sign of life");
        assert_eq!(other.run_due_occurrence(now + LEASE * 2).await.unwrap(), Some(due));
    }
}

on_both_databases! {
    async fn a_occurrence_that_fails_is_taken_again_after_a_rest(test: &TestStore) {
        let schedule = Some(toml::from_str("cron = '0 6 * * MON'").unwrap());
        let source = Some(toml::from_str("kind = 'files'\nfiles = { measurements = ['/no/such/folder/*'] }").unwrap());
        let configuration = Configuration { schedule, source, ..settings().configuration };
        let source = ConfiguredSource::of(&configuration, &Credentials::of(&configuration));
        let failing = Schedule::of(&test.store, &configuration, source, true, Arc::new(Silent)).unwrap();
        failing.run_due_occurrence(at("2026-11-22T12:00:00Z")).await.unwrap();
        let (due, now) = (at("2026-11-23T05:00:00Z"), at("2026-11-23T05:00:10Z"));
        let refusal = failing.run_due_occurrence(now).await.unwrap_err().to_string();
        assert!(refusal.contains("/no/such/folder"), "{refusal}");
        failing.run_due_occurrence(now + TimeDelta::minutes(6)).await.unwrap_err();
        let records = test.store.records(5).await.unwrap();
        assert_eq!(records.len(), 1, "it is recorded once");
        assert!(records[0].reason.as_ref().unwrap().contains("/no/such/folder"), "{records:?}");
        let sound = server(&test.store);
        assert_eq!(sound.run_due_occurrence(now + TimeDelta::minutes(7)).await.unwrap(), None);
        assert_eq!(sound.run_due_occurrence(now + TimeDelta::minutes(12)).await.unwrap(), Some(due));
    }
}
