//! Weeks are imported once, however often they are delivered.

use chrono::Utc;
use domain::calendar::Calendar;
use domain::ranking::RankingQuery;
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use model::IsoWeek;
use store::{Store, StoreError};

use crate::on_both_databases;
use crate::support::{FIRST_WEEK, TestStore, box_id, calendar, end_of, fill, forecast, metadata, tallies};

/// Imports tallies as one file; returns how many weeks changed.
async fn import(store: &Store, batch: &[TallyRecord], weeks: i32) -> u64 {
    let mut import = store.begin_import(&calendar(), Utc::now()).await.unwrap();
    import.merge(batch).await.unwrap();
    import.commit(Some(end_of(weeks))).await.unwrap().changed_weeks
}

/// The same week with its first half of the quarter-hours, or its second.
fn half(record: &TallyRecord, second: bool) -> TallyRecord {
    let mut seen = SeenQuarters::default();
    for quarter in if second { 336..672 } else { 0..336 } {
        seen.insert(quarter);
    }
    TallyRecord {
        tally: WeekTally::new(record.tally.min_kw(), record.tally.max_kw(), seen).unwrap(),
        ..record.clone()
    }
}

on_both_databases! {
    async fn importing_again_changes_nothing(test: &TestStore) {
        let batch = tallies(0, 120, 300.0);
        assert_eq!(import(&test.store, &batch, 120).await, 120);
        assert_eq!(import(&test.store, &batch, 120).await, 0);
        assert_eq!(import(&test.store, &batch[40..80], 80).await, 0);
    }
}

on_both_databases! {
    async fn two_halves_of_a_week_make_a_full_one(test: &TestStore) {
        let whole = tallies(0, 1, 300.0);
        assert_eq!(import(&test.store, &[half(&whole[0], false)], 1).await, 1);
        assert_eq!(import(&test.store, &[half(&whole[0], true)], 1).await, 1);
        assert_eq!(import(&test.store, &whole, 1).await, 0, "the union equals the full week");
    }
}

on_both_databases! {
    async fn the_running_week_is_held_back_until_it_is_over(test: &TestStore) {
        let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        import.merge(&tallies(0, 120, 300.0)).await.unwrap();
        let middle_of_the_last_week = end_of(120) - chrono::TimeDelta::days(3);
        let extent = import.commit(Some(middle_of_the_last_week)).await.unwrap();
        assert_eq!(extent.running_week, Some(IsoWeek::from_index(FIRST_WEEK + 119)));
        let held_back = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        assert_eq!(held_back.weeks.len(), 119);

        assert!(forecast(&test.store).await.is_some());
        assert!(forecast(&test.store).await.is_none(), "nothing is due");
        let import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        import.commit(Some(end_of(120))).await.unwrap();
        let complete = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        assert_eq!(complete.weeks.len(), 120);
        assert!(forecast(&test.store).await.is_some(), "the completed week makes its box due");
    }
}

on_both_databases! {
    async fn a_dropped_import_changes_nothing(test: &TestStore) {
        let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        import.merge(&tallies(0, 120, 300.0)).await.unwrap();
        drop(import);
        assert!(test.store.stored_box(&box_id(0)).await.unwrap().is_none());
        assert_eq!(test.store.overview().await.unwrap().measured_to, None);
    }
}

on_both_databases! {
    async fn weeks_of_another_time_zone_are_refused(test: &TestStore) {
        fill(&test.store, &[300.0], 10).await;
        let elsewhere = Calendar::new(chrono_tz::America::Los_Angeles);
        let refused = test.store.begin_import(&elsewhere, Utc::now()).await;
        assert!(matches!(refused.err(), Some(StoreError::OtherTimeZone { .. })));
    }
}

on_both_databases! {
    async fn metadata_comes_in_once_and_a_change_makes_its_box_due(test: &TestStore) {
        fill(&test.store, &[300.0, 300.0], 120).await;
        forecast(&test.store).await;
        assert_eq!(test.store.save_boxes(&[metadata(0), metadata(1)]).await.unwrap(), 0);
        assert!(forecast(&test.store).await.is_none());
        let larger = domain::box_metadata::BoxMetadata { capacity: model::Capacity::new(630.0).ok(), ..metadata(1) };
        assert_eq!(test.store.save_boxes(&[metadata(0), larger]).await.unwrap(), 1);
        assert_eq!(forecast(&test.store).await.unwrap().boxes, 1);
    }
}

on_both_databases! {
    async fn several_programs_may_open_a_store_at_once(test: &TestStore) {
        let opened = tokio::join!(
            Store::open(&test.url), Store::open(&test.url), Store::open(&test.url), Store::open(&test.url)
        );
        for store in [opened.0, opened.1, opened.2, opened.3] {
            let page = store.unwrap().ranking(&RankingQuery { limit: 10, ..RankingQuery::default() }, chrono::Utc::now().date_naive()).await.unwrap();
            assert_eq!(page.total, 0);
        }
    }
}
