//! Statements that take a while, results in parts, broken connections: all or nothing.

use std::time::{Duration, Instant};

use gridspark::sources::SourceError;
use serde_json::json;

use super::super::readings::three_weeks;
use super::*;

/// An account with two boxes, and a store that has their weeks.
async fn ingested() -> Option<(Account, TestStore, Content)> {
    let account = Account::start()?;
    insert(&account, &[three_weeks("A"), three_weeks("B")].concat()).await;
    let test = TestStore::sqlite().await;
    update(&test.store, &account, &request()).await.unwrap();
    let before = content(&test.url).await;
    insert(&account, &[three_weeks("C"), three_weeks("D")].concat()).await;
    account.faults(json!({ "rows_a_part": 4 })).await;
    Some((account, test, before))
}

async fn refused(account: &Account, test: &TestStore) -> SourceError {
    match update(&test.store, account, &request()).await.unwrap_err() {
        IngestError::Source(error) => error,
        error => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_waited_for_and_sent_again_without_being_run_twice() {
    let Some((account, test, _)) = ingested().await else { return };
    let before = account.seen().await;
    account.faults(json!({ "polls": 3, "lose_submissions": 1, "busy": 1 })).await;
    let ingested = update(&test.store, &account, &request()).await.unwrap();
    assert_eq!(ingested.counts.changed_weeks, 6);
    let after = account.seen().await;
    let count = |what: &str| after[what].as_u64().unwrap() - before[what].as_u64().unwrap();
    // One that checks the login, one that looks up the table, one that aggregates.
    assert_eq!((count("executed"), count("repeated")), (3, 1));
    assert_eq!(count("submitted"), 3 + 1 + 1);
    assert!(count("polled") >= 3);
    assert_eq!(after["kinds"], json!(["KEYPAIR_JWT"]));
    assert_eq!(after["cancelled"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_breaks_off_leaves_the_store_as_it_was() {
    let Some((account, test, before)) = ingested().await else { return };
    account.faults(json!({ "short_part": 1 })).await;
    let error = refused(&account, &test).await;
    assert!(error.to_string().contains("a part that lacks rows"), "{error}");
    assert_eq!(content(&test.url).await, before);

    account.faults(json!({ "short_part": null, "times_out": true })).await;
    let error = refused(&account, &test).await;
    assert!(matches!(error, SourceError::TimedOut { seconds: 1800, .. }), "{error}");
    assert!(error.to_string().contains("[source.snowflake] statement_timeout_seconds"), "{error}");
    assert_eq!(content(&test.url).await, before);

    account.faults(json!({ "times_out": false })).await;
    let ingested = update(&test.store, &account, &request()).await.unwrap();
    assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (6, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_stays_broken_is_given_up_and_nothing_was_changed() {
    let Some((account, test, before)) = ingested().await else { return };
    let mut source = source(&account).await;
    let scope = scope_of(&test.store, &source, &request()).await.unwrap();
    account.faults(json!({ "broken_from_part": 1 })).await;
    // Requests are retried while the account is unreachable; then all goes on.
    let mode = ingest(&test.store, &mut source, &scope, None);
    let mending = async {
        let deadline = Instant::now() + Duration::from_secs(60);
        while account.seen().await["polled"].as_u64().unwrap() < 4 {
            assert!(Instant::now() < deadline, "the part was not asked for again");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(content(&test.url).await, before, "half of it was imported");
        account.faults(json!({ "broken_from_part": null })).await;
    };
    let (ingested, ()) = tokio::join!(mode, mending);
    assert_eq!(ingested.unwrap().counts.changed_weeks, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_nobody_waits_for_any_more_is_cancelled() {
    let Some((account, test, before)) = ingested().await else { return };
    account.faults(json!({ "never_ends": true })).await;
    let mut source = source(&account).await;
    let scope = scope_of(&test.store, &source, &request()).await.unwrap();
    let store = test.store.clone();
    let update = tokio::spawn(async move { ingest(&store, &mut source, &scope, None).await.map(drop) });
    let seen = async |what: fn(&serde_json::Value) -> bool| {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !what(&account.seen().await) {
            assert!(Instant::now() < deadline, "{}", account.seen().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let polls = account.seen().await["polled"].as_u64().unwrap();
    assert!(polls < 20);
    seen(|seen| seen["executed"].as_u64().unwrap() >= 6).await;
    tokio::time::timeout(Duration::from_secs(30), seen(|seen| seen["polled"].as_u64().unwrap() >= 3))
        .await
        .unwrap();
    update.abort();
    seen(|seen| seen["cancelled"].as_array().unwrap().len() == 1).await;
    assert_eq!(content(&test.url).await, before);
}
