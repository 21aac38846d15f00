//! New readings are imported, corrections are applied, all else stays as it is.

use domain::ingest::IngestWindow;
use gridspark::extremes::{Request, ingest, scope_of};
use gridspark::sources::Source;
use model::IsoWeek;

use super::agreement::import;
use super::readings::{Reading, SUMLI, at, quarter_hours, reading};
use super::table::Database;
use super::{content, only, open, rebuild, request, update};
use crate::on_both_databases;
use crate::support::{TestStore, calendar, forecast};

/// Five whole weeks, 2024-W46 to W50. An overlap of two weeks before the last one begins with W48.
pub(super) fn five_weeks(box_id: &str) -> Vec<Reading> {
    quarter_hours(box_id, SUMLI, "2024-11-10T23:00:00Z", "2024-12-15T23:00:00Z")
}

async fn two_boxes() -> Database {
    Database::with(&[five_weeks("A"), five_weeks("B")].concat()).await
}

pub(super) fn week(text: &str) -> IsoWeek {
    text.parse().unwrap()
}

on_both_databases! {
    async fn an_update_without_news_changes_nothing_and_makes_nothing_due(test: &TestStore) {
        let database = two_boxes().await;
        let first = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((first.counts.changed_weeks, first.counts.changed_boxes), (10, 2));
        assert_eq!(first.counts.running_week, Some(week("2024-W51")));
        let before = content(&test.url).await;
        let again = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((again.counts.changed_weeks, again.counts.removed_weeks), (0, 0));
        assert_eq!(again.reports[0].rows, 2 * 3 * 672, "the last three weeks are looked at");
        assert_eq!(update(&test.store, &database, &rebuild()).await.unwrap().counts.changed_weeks, 0);
        assert_eq!(content(&test.url).await, before);
    }
}

on_both_databases! {
    async fn new_readings_end_the_running_week(test: &TestStore) {
        let mut database = two_boxes().await;
        update(&test.store, &database, &request()).await.unwrap();
        forecast(&test.store).await;
        let new_readings = quarter_hours("A", SUMLI, "2024-12-15T23:00:00Z", "2024-12-19T12:00:00Z");
        database.insert(&new_readings).await;
        let ingested = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (1, 1));
        assert_eq!(ingested.counts.running_week, Some(week("2024-W51")));
        let stored = content(&test.url).await;
        assert_eq!((stored.count("A"), stored.count("B")), (6, 5));
        assert_eq!(stored.newest, [Some(at("2024-12-19T11:45:00Z"))]);
        assert_eq!(forecast(&test.store).await.unwrap().boxes, 1, "only the box with new readings is due");
    }
}

on_both_databases! {
    async fn late_readings_and_corrections_within_the_overlap_come_in(test: &TestStore) {
        let mut database = two_boxes().await;
        database.execute("DELETE FROM measurements WHERE boxid = 'A' AND datumtijd BETWEEN '2024-11-26 01:00Z' \
             AND '2024-11-26 05:00Z'").await;
        update(&test.store, &database, &request()).await.unwrap();
        let before = content(&test.url).await;
        database.insert(&quarter_hours("A", SUMLI, "2024-11-26T01:00:00Z", "2024-11-26T05:15:00Z")).await;
        // A false spike is corrected: the maximum must come down again.
        database.execute("UPDATE measurements SET waarde = 9999 WHERE boxid = 'B' AND datumtijd = '2024-12-03 10:00Z'").await;
        assert_eq!(update(&test.store, &database, &request()).await.unwrap().counts.changed_weeks, 2);
        let spiked = content(&test.url).await;
        assert_eq!((spiked.max_kw("B", 3), spiked.revision("A")), (9999.0, before.revision("A") + 1));
        assert_eq!(spiked.weeks.iter().filter(|week| week.0 == "A" && week.6.is_some()).count(), 0, "full");
        database.execute("UPDATE measurements SET waarde = 0 WHERE waarde = 9999").await;
        let ingested = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (1, 1));
        let mended = content(&test.url).await;
        assert_eq!(mended.max_kw("B", 3), before.max_kw("B", 3));
        assert_eq!((mended.revision("A"), mended.revision("B")), (spiked.revision("A"), spiked.revision("B") + 1));
    }
}

on_both_databases! {
    async fn what_lies_before_the_overlap_waits_for_a_rebuild(test: &TestStore) {
        let mut database = two_boxes().await;
        update(&test.store, &database, &request()).await.unwrap();
        database.execute("UPDATE measurements SET waarde = 9999 WHERE boxid = 'B' AND datumtijd = '2024-11-24 22:45Z'").await;
        assert_eq!(update(&test.store, &database, &request()).await.unwrap().counts.changed_weeks, 0);
        let longer = Request { overlap_weeks: 3, ..request() };
        let source = open(&database.settings()).await.unwrap();
        assert_eq!(scope_of(&test.store, &source, &longer).await.unwrap().window, IngestWindow::From(week("2024-W47")));
        assert_eq!(update(&test.store, &database, &rebuild()).await.unwrap().counts.changed_weeks, 1);
        assert_eq!(content(&test.url).await.max_kw("B", 1), 9999.0);
    }
}

on_both_databases! {
    async fn weeks_that_the_source_no_longer_reports_go_in_the_overlap_and_stay_before_it(test: &TestStore) {
        let mut database = two_boxes().await;
        update(&test.store, &database, &request()).await.unwrap();
        // Box A loses its last week, box B all of them; and the source keeps no readings of before
        // W48.
        database.execute("DELETE FROM measurements WHERE boxid = 'A' AND datumtijd >= '2024-12-08 23:00Z'").await;
        database.execute("DELETE FROM measurements WHERE boxid = 'B'").await;
        database.execute("DELETE FROM measurements WHERE datumtijd < '2024-11-24 23:00Z'").await;
        let ingested = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((ingested.counts.removed_weeks, ingested.counts.changed_boxes), (1 + 3, 2));
        let stored = content(&test.url).await;
        assert_eq!((stored.count("A"), stored.count("B")), (4, 2));
        assert_eq!(update(&test.store, &database, &rebuild()).await.unwrap().counts.removed_weeks, 0);
        assert_eq!(content(&test.url).await, stored);
    }
}

on_both_databases! {
    async fn a_value_corrected_to_nothing_takes_its_week_away(test: &TestStore) {
        let alone = reading("A", SUMLI, 5.0, "2024-12-03T10:00:00Z");
        let mut database = Database::with(&[vec![alone], five_weeks("B")].concat()).await;
        update(&test.store, &database, &request()).await.unwrap();
        database.execute("UPDATE measurements SET waarde = 'NaN' WHERE boxid = 'A'").await;
        let ingested = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((ingested.counts.removed_weeks, ingested.reports[0].refused), (1, 1));
        assert_eq!(content(&test.url).await.count("A"), 0);
    }
}

on_both_databases! {
    async fn an_update_of_some_boxes_leaves_the_others_to_the_next_update(test: &TestStore) {
        let mut database = two_boxes().await;
        update(&test.store, &database, &request()).await.unwrap();
        // Ten weeks later than an overlap would reach back.
        let now = at("2025-03-01T12:00:00Z");
        for box_id in ["A", "B"] {
            database.insert(&quarter_hours(box_id, SUMLI, "2024-12-15T23:00:00Z", "2025-02-23T23:00:00Z")).await;
        }
        let ingested = update(&test.store, &database, &Request { now, ..only("A") }).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (10, 1));
        assert_eq!(content(&test.url).await.newest, [Some(at("2024-12-15T22:45:00Z"))]);
        let ingested = update(&test.store, &database, &Request { now, ..request() }).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (10, 1));
        assert_eq!(content(&test.url).await.count("B"), 15);

        let unknown = update(&test.store, &database, &Request { now, ..only("NOWHERE") }).await.unwrap();
        assert_eq!(unknown.silent_boxes.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["NOWHERE"]);
        assert_eq!(unknown.counts.removed_weeks, 0);
    }
}

on_both_databases! {
    async fn an_update_that_was_overtaken_changes_nothing(test: &TestStore) {
        let database = two_boxes().await;
        let mut source = open(&database.settings()).await.unwrap();
        let scope = scope_of(&test.store, &source, &request()).await.unwrap();
        let import = test.store.begin_import(&calendar(), at("2024-12-20T12:00:00Z")).await.unwrap();
        import.commit(Some(at("2024-12-01T00:00:00Z"))).await.unwrap();
        let before = content(&test.url).await;
        let error = ingest(&test.store, &mut source, &scope, None).await.unwrap_err().to_string();
        assert!(error.contains("another import"), "{error}");
        assert_eq!(content(&test.url).await, before);
    }
}

on_both_databases! {
    async fn each_source_has_its_own_watermark_and_an_import_moves_none(test: &TestStore) {
        let mut database = two_boxes().await;
        database.execute("CREATE TABLE other AS SELECT * FROM measurements WHERE datumtijd < '2024-11-17 23:00Z'").await;
        update(&test.store, &database, &request()).await.unwrap();
        // Files bring ten newer weeks of A, and a box that the source doesn't have.
        let now = at("2025-03-01T12:00:00Z");
        let newer = quarter_hours("A", SUMLI, "2024-12-15T23:00:00Z", "2025-02-23T23:00:00Z");
        import(&test.store, &newer, now).await;
        // The source follows a week behind, far before the overlap of what was imported.
        database.insert(&quarter_hours("B", SUMLI, "2024-12-15T23:00:00Z", "2024-12-22T23:00:00Z")).await;
        let ingested = update(&test.store, &database, &Request { now, ..request() }).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.removed_weeks), (1, 0));
        let stored = content(&test.url).await;
        assert_eq!((stored.count("A"), stored.count("B")), (15, 6), "what was imported stays");

        // Another table of the same server has delivered nothing yet: it is queried for everything,
        // and removes nothing.
        database.toml = "measurements = \"other\"".to_owned();
        let source = open(&database.settings()).await.unwrap();
        let name = source.name().unwrap();
        assert!(name.starts_with("postgres /tmp/") && name.ends_with("/other") && !name.contains('@'), "{name}");
        assert_eq!(scope_of(&test.store, &source, &request()).await.unwrap().window, IngestWindow::Everything);
        let ingested = update(&test.store, &database, &Request { now, ..request() }).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.removed_weeks), (0, 0));
        assert_eq!(content(&test.url).await, stored);
        assert_eq!(scope_of(&test.store, &source, &request()).await.unwrap().window, IngestWindow::From(week("2024-W44")));
    }
}
