//! The page of completeness: what is missing is shown, by area and for the boxes that lack most.

use crate::identity::{as_one_of, behind_a_proxy};
use crate::on_both_databases;
use crate::support::{TestStore, box_id, calendar, end_of, fill, metadata, tallies};

on_both_databases! {
    async fn what_is_missing_is_shown_to_operators(test: &TestStore) {
        fill(&test.store, &[300.0, 200.0], 60).await;
        // One that is silent for the last five weeks.
        test.store.save_boxes(&[metadata(2)]).await.unwrap();
        let mut import = test.store.begin_import(&calendar(), chrono::Utc::now()).await.unwrap();
        import.merge(&tallies(2, 60, 250.0)[..55]).await.unwrap();
        import.commit(Some(end_of(60))).await.unwrap();
        let (running_week, boxes) = test.store.box_readings().await.unwrap().unwrap();
        assert_eq!(boxes.len(), 3);
        let read = |n: usize| boxes.iter().find(|found| found.box_id == box_id(n)).unwrap().weeks.len();
        assert_eq!((read(0), read(1), read(2)), (26, 26, 21));
        let pages = behind_a_proxy(&test.store);
        let page = as_one_of(&pages, "ops", "GET /completeness?lang=en", "").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("1 of 3 measured transformers in service lack readings"), "{}", page.body);
        assert!(page.body.contains("Station 2") && !page.body.contains("Station 1<"));
        let last = running_week.plus(-1).number();
        assert!(page.body.contains(&format!("week\u{a0}{last}, ")), "weeks are named");
        assert_eq!(as_one_of(&pages, "read", "GET /completeness", "").await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_first_import_the_page_says_so() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let page = as_one_of(&pages, "ops", "GET /completeness?lang=nl", "").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Er is nog niets ingelezen."), "{}", page.body);
}
