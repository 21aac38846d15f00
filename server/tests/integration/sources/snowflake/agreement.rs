//! A table in Snowflake yields the same weeks as a file of the same readings.

use super::super::agreement::{
    assert_counts_agree, channels_of_every_shape, implausible, import, readings_beyond_capacities,
    rows_that_cannot_be_used, save_capacities, weeks_with_both_changes_of_the_clocks,
};
use super::*;

async fn assert_agrees(account: &Account, readings: &[Reading]) {
    account.execute("DELETE FROM MEASUREMENTS").await;
    insert(account, readings).await;
    let imported = TestStore::sqlite().await;
    let report = import(&imported.store, readings, super::super::now()).await;
    let theirs = content(&imported.url).await;
    assert!(!theirs.weeks.is_empty());
    for test in stores().await {
        let ingested = update(&test.store, account, &rebuild()).await.unwrap();
        let ours = content(&test.url).await;
        assert_eq!((ours.weeks, ours.newest), (theirs.weeks.clone(), theirs.newest.clone()));
        assert_counts_agree(&ingested.reports[0], &report);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn weeks_with_both_changes_of_the_clocks_are_the_same_to_the_bit() {
    let Some(account) = Account::start() else { return };
    let readings = weeks_with_both_changes_of_the_clocks();
    assert_agrees(&account, &readings).await;
    // The same in parts, none of which ends where a box ends.
    account.faults(serde_json::json!({ "rows_a_part": 5 })).await;
    assert_agrees(&account, &readings).await;
    assert!(account.seen().await["parts"].as_u64().unwrap() >= 2 * 6);
    // Numbers of another type, and a time in the zone of the session.
    account.execute("CREATE VIEW \"Waarden\" AS SELECT BOXID AS \"Box\", CHANNELID, WAARDE, DATUMTIJD FROM MEASUREMENTS").await;
    let changed = "measurements = 'PUBLIC.Waarden'\nmeasurement_columns = { boxid = 'Box' }";
    let test = TestStore::sqlite().await;
    let mut source = open(&settings(&account, changed)).await.unwrap();
    let scope = scope_of(&test.store, &source, &only("ESD.7")).await.unwrap();
    let ingested = ingest(&test.store, &mut source, &scope, None).await.unwrap();
    assert_eq!((ingested.counts.changed_boxes, ingested.counts.changed_weeks), (1, 4 * 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_every_kind_are_judged_alike() {
    let Some(account) = Account::start() else { return };
    assert_agrees(&account, &channels_of_every_shape()).await;
    assert_agrees(&account, &rows_that_cannot_be_used()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_beyond_a_capacity_are_left_out_one_by_one() {
    let Some(account) = Account::start() else { return };
    let readings = readings_beyond_capacities();
    insert(&account, &readings).await;
    let imported = TestStore::sqlite().await;
    save_capacities(&imported.store).await;
    let report = import(&imported.store, &readings, super::super::now()).await;
    for test in stores().await {
        save_capacities(&test.store).await;
        let ingested = update(&test.store, &account, &rebuild()).await.unwrap();
        assert_counts_agree(&ingested.reports[0], &report);
        let (ours, theirs) = (content(&test.url).await, content(&imported.url).await);
        assert_eq!((ours.weeks, ours.newest), (theirs.weeks, theirs.newest));
        assert_eq!(implausible(&test.store).await, implausible(&imported.store).await);
    }
}
