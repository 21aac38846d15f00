//! Readings that no transformer can have had: not counted, told, and forgotten when they are
//! believed after all.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Utc;
use domain::implausible::{BelievedPower, ImplausibleReadings};
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use model::{BoxId, Capacity, Flag, IsoWeek};

use crate::on_both_databases;
use crate::support::{FIRST_WEEK, TestStore, box_id, calendar, end_of, fill, forecast, metadata, tallies};

const ERROR_KW: f64 = -9_999.0;

fn found(box_id: BoxId) -> HashMap<BoxId, ImplausibleReadings> {
    HashMap::from([(box_id, ImplausibleReadings::one(IsoWeek::from_index(FIRST_WEEK + 20), ERROR_KW))])
}

/// Weeks of box 0 come in again, as part of something larger.
async fn merge_again(test: &TestStore) {
    let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
    import.merge(&tallies(0, 150, 300.0)).await.unwrap();
    import.commit(Some(end_of(150))).await.unwrap();
}

on_both_databases! {
    async fn a_box_says_what_was_not_counted_until_its_capacity_allows_for_it(test: &TestStore) {
        fill(&test.store, &[300.0, 200.0], 150).await;
        forecast(&test.store).await.unwrap();
        let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        import.save_implausible(&found(box_id(0))).await.unwrap();
        import.commit(Some(end_of(150))).await.unwrap();
        assert_eq!(forecast(&test.store).await.unwrap().boxes, 1, "the box with news is due");
        let stored = async || test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        let told = stored().await;
        assert_eq!(told.implausible, found(box_id(0)).remove(&box_id(0)));
        assert!(told.flags.contains(&Flag::ErrorValues), "{:?}", told.flags);
        assert!(told.maximum.is_some());

        merge_again(test).await;
        assert!(stored().await.implausible.is_some(), "the capacity does not allow for it");
        let corrected = domain::box_metadata::BoxMetadata { capacity: Capacity::new(2_000.0).ok(), ..metadata(0) };
        test.store.save_boxes(&[corrected]).await.unwrap();
        assert!(stored().await.implausible.is_some(), "the readings were not read again");
        merge_again(test).await;
        assert!(stored().await.implausible.is_none());
        forecast(&test.store).await.unwrap();
        assert!(!stored().await.flags.contains(&Flag::ErrorValues));
        assert!(test.store.stored_box(&box_id(1)).await.unwrap().unwrap().implausible.is_none());
    }
}

on_both_databases! {
    async fn what_a_source_no_longer_delivers_is_forgotten(test: &TestStore) {
        fill(&test.store, &[300.0], 150).await;
        let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        import.save_implausible(&found(box_id(0))).await.unwrap();
        import.commit(Some(end_of(150))).await.unwrap();
        let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        let window = domain::ingest::IngestWindow::From(IsoWeek::from_index(FIRST_WEEK + 10));
        import.replace(&tallies(0, 150, 300.0)[10..], window, None).await.unwrap();
        import.commit(Some(end_of(150))).await.unwrap();
        assert!(test.store.stored_box(&box_id(0)).await.unwrap().unwrap().implausible.is_none());
    }
}

/// Box 0 with an error code in its 20th week, stored before its capacity was known.
async fn store_error_code(test: &TestStore) {
    let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
    let mut weeks = tallies(0, 150, 300.0);
    let week = &mut weeks[20];
    week.tally = WeekTally::new(ERROR_KW, week.tally.max_kw(), *week.tally.seen()).unwrap();
    import.merge(&weeks).await.unwrap();
    import.commit(Some(end_of(150))).await.unwrap();
    test.store.save_boxes(&[metadata(0)]).await.unwrap();
    assert_eq!(minimum(test).await, Some(ERROR_KW));
}

/// The minimum of the 20th week.
async fn minimum(test: &TestStore) -> Option<f64> {
    let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
    let week = stored.weeks.iter().find(|week| week.week.index() == FIRST_WEEK + 20)?;
    Some(week.min_kw)
}

async fn believing(test: &TestStore) -> store::ImportTransaction {
    let believed = Arc::new(BelievedPower::of(test.store.capacities().await.unwrap()));
    test.store.begin_import(&calendar(), Utc::now()).await.unwrap().believing(believed)
}

on_both_databases! {
    async fn an_error_code_stored_before_the_capacity_was_known_gives_way_to_the_rest_of_its_week(test: &TestStore) {
        store_error_code(test).await;
        let good = &tallies(0, 150, 300.0)[20];
        let mut seen = SeenQuarters::default();
        (1..20).for_each(|quarter| assert!(seen.insert(quarter)));
        let rest = TallyRecord {
            tally: WeekTally::new(good.tally.min_kw(), good.tally.max_kw(), seen).unwrap(),
            ..good.clone()
        };
        let mut import = believing(test).await;
        import.merge(&[rest]).await.unwrap();
        import.save_implausible(&found(box_id(0))).await.unwrap();
        let counts = import.commit(None).await.unwrap();
        assert_eq!((counts.changed_weeks, counts.removed_weeks), (1, 0));
        assert_eq!(minimum(test).await, Some(good.tally.min_kw()));
    }
}

on_both_databases! {
    async fn a_week_of_which_nothing_is_believed_any_more_is_removed(test: &TestStore) {
        store_error_code(test).await;
        let mut import = believing(test).await;
        import.save_implausible(&found(box_id(0))).await.unwrap();
        let counts = import.commit(None).await.unwrap();
        assert_eq!((counts.changed_weeks, counts.removed_weeks), (0, 1));
        assert_eq!(minimum(test).await, None);
    }
}
