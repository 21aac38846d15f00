//! A table in Snowflake yields the same weeks as a file of the same readings.

use super::super::agreement::{
    assert_counts_agree, boxes_of_several_spellings, channels_of_every_shape, implausible, import,
    readings_beyond_capacities, rows_that_cannot_be_used, save_capacities, times_a_hair_short,
    weeks_with_both_changes_of_the_clocks,
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
    assert_agrees(&account, &times_a_hair_short()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spellings_of_a_box_are_one_box_whatever_lies_between_them() {
    let Some(account) = Account::start() else { return };
    let readings = boxes_of_several_spellings();
    assert_agrees(&account, &readings).await;
    let [test, _] = stores().await;
    update(&test.store, &account, &rebuild()).await.unwrap();
    let again = update(&test.store, &account, &Request { rebuild: true, ..only("0017") }).await.unwrap();
    assert_eq!((again.counts.changed_weeks, again.counts.removed_weeks, again.reports[0].rows), (0, 0, 12));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_capacities_of_other_units_are_refused() {
    let Some(account) = Account::start() else { return };
    let readings: Vec<_> = ["A", "B"].into_iter().flat_map(super::super::readings::three_weeks).collect();
    insert(&account, &readings).await;
    for statement in [
        "CREATE TABLE WITH_UNITS AS SELECT BOXID, CHANNELID, WAARDE, DATUMTIJD, \
         CASE BOXID WHEN 'A' THEN ' [KW] ' ELSE 'MW' END AS EENHEID FROM MEASUREMENTS",
        "CREATE TABLE STATIONS (BOXID VARCHAR, VERMOGEN_NOMINAAL VARCHAR, UNIT VARCHAR)",
        "INSERT INTO STATIONS VALUES ('A', '630,0', 'kVA'), ('B', '1.000', 'MVA')",
    ] {
        account.execute(statement).await;
    }
    let changed = "measurements = 'WITH_UNITS'\nboxes = 'STATIONS'";
    let test = TestStore::sqlite().await;
    let mut source = open(&settings(&account, changed)).await.unwrap();
    let scope = scope_of(&test.store, &source, &rebuild()).await.unwrap();
    let ingested = ingest(&test.store, &mut source, &scope, None).await.unwrap();
    let [boxes, weeks] = &ingested.reports[..] else { panic!("metadata and readings") };
    assert_eq!((weeks.accepted, weeks.refused_by_reason["other-unit"]), (3 * 672, 3 * 672));
    assert_eq!((boxes.capacities_refused, boxes.boxes_with_capacity), (1, Some(1)));
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
