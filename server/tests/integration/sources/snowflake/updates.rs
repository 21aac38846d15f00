//! New readings are imported, corrections are applied, all else stays as it is.

use super::super::readings::{SUMLI, quarter_hours};
use super::*;

/// Five whole weeks, 2024-W46 to W50. An overlap of two weeks before the last one begins with W48.
fn five_weeks(box_id: &str) -> Vec<Reading> {
    quarter_hours(box_id, SUMLI, "2024-11-10T23:00:00Z", "2024-12-15T23:00:00Z")
}

async fn updated(test: &TestStore, account: &Account, request: &Request) -> (u64, u64, u64) {
    let ingested = update(&test.store, account, request).await.unwrap();
    (ingested.counts.changed_weeks, ingested.counts.removed_weeks, ingested.reports[0].rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn new_late_and_corrected_readings_come_in_and_nothing_else_is_touched() {
    let Some(account) = Account::start() else { return };
    for test in stores().await {
        account.execute("DELETE FROM MEASUREMENTS").await;
        insert(&account, &[five_weeks("A"), five_weeks("B")].concat()).await;
        assert_eq!(updated(&test, &account, &request()).await, (10, 0, 2 * 5 * 672));
        let first = content(&test.url).await;
        assert_eq!(
            updated(&test, &account, &request()).await,
            (0, 0, 2 * 3 * 672),
            "three weeks are looked at"
        );
        assert_eq!(content(&test.url).await, first);

        insert(&account, &quarter_hours("A", SUMLI, "2024-12-15T23:00:00Z", "2024-12-19T12:00:00Z")).await;
        let spike =
            "UPDATE MEASUREMENTS SET WAARDE = 9999 WHERE BOXID = 'B' AND DATUMTIJD = '2024-12-03T10:00:00Z'";
        account.execute(spike).await;
        let before_the_overlap = spike.replace("12-03", "11-13");
        account.execute(&before_the_overlap).await;
        assert_eq!(updated(&test, &account, &request()).await.0, 2);
        let spiked = content(&test.url).await;
        assert_eq!((spiked.max_kw("B", 3), spiked.max_kw("B", 0)), (9999.0, first.max_kw("B", 0)));
        assert_eq!((spiked.count("A"), spiked.revision("B")), (6, first.revision("B") + 1));

        account
            .execute("DELETE FROM MEASUREMENTS WHERE BOXID = 'A' AND DATUMTIJD >= '2024-12-15T23:00:00Z'")
            .await;
        account.execute("UPDATE MEASUREMENTS SET WAARDE = 0 WHERE WAARDE = 9999").await;
        assert_eq!(updated(&test, &account, &request()).await, (1, 1, 2 * 2 * 672), "W49 on");
        let unknown = update(&test.store, &account, &only("NOWHERE'; --")).await.unwrap();
        assert_eq!(unknown.silent_boxes.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_are_read_by_the_words_of_the_source_system() {
    let Some(account) = Account::start() else { return };
    insert(&account, &five_weeks("A")).await;
    account
        .execute("CREATE TABLE STATIONS (BOXID VARCHAR, VERMOGEN_NOMINAAL NUMBER(8, 1), GEBIED VARCHAR)")
        .await;
    account.execute("INSERT INTO STATIONS VALUES ('A', 630.5, 'Breda'), ('B', NULL, 'Venlo')").await;
    let test = TestStore::sqlite().await;
    let changed = "boxes = 'STATIONS'\nbox_columns = { vestiging = 'GEBIED' }";
    let mut source = open(&settings(&account, changed)).await.unwrap();
    let scope = scope_of(&test.store, &source, &request()).await.unwrap();
    let ingested = ingest(&test.store, &mut source, &scope, None).await.unwrap();
    assert_eq!((ingested.metadata_changed, ingested.reports[0].holds_boxes), (2, true));
    let stored = test.store.stored_box(&model::BoxId::new("A").unwrap()).await.unwrap().unwrap();
    assert_eq!((stored.capacity_kva, stored.station.area.as_str()), (Some(630.5), "Breda"));
}
