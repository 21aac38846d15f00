//! How often the pages are used, by day.

use std::collections::BTreeMap;

use chrono::{Days, Utc};
use domain::usage::Use;

use crate::on_both_databases;
use crate::support::{TestStore, fill, forecast, pages_of};

on_both_databases! {
    async fn counts_of_a_day_add_up_and_old_days_are_forgotten(test: &TestStore) {
        let today = Utc::now().date_naive();
        let (yesterday, long_ago) = (today - Days::new(1), today - Days::new(401));
        let add = |counts: &[_]| {
            let counts: BTreeMap<_, _> = counts.iter().copied().collect();
            async move { test.store.add_usage(&counts).await.unwrap() }
        };
        add(&[((long_ago, Use::List), 9)]).await;
        add(&[((yesterday, Use::List), 2), ((today, Use::List), 3)]).await;
        add(&[((today, Use::List), 4), ((today, Use::Action), 1)]).await;
        let days = test.store.usage(14).await.unwrap();
        let counted: Vec<_> = days.iter().map(|used| (used.day, used.counts[0], used.counts[7])).collect();
        assert_eq!(counted, [(today, 7, 1), (yesterday, 2, 0)]);
        assert_eq!(test.store.usage(1).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_were_opened_are_counted_on_the_page_of_runs() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 120).await;
    forecast(&test.store).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    for path in [
        "/",
        "/?lang=nl",
        "/api/box?box_id=ESD.000000-1",
        "/api/box?box_id=NOWHERE",
        "/plan?budget=1",
        "/api/ranking",
    ] {
        pages.get(path).await;
    }
    let page = pages.get("/runs").await.body;
    let row = page.split("class=\"usage\"").nth(1).unwrap().split("<tbody>").nth(1).unwrap();
    let cells: Vec<&str> =
        row.split("<td>").skip(1).map(|cell| cell.split('<').next().unwrap_or_default()).collect();
    assert_eq!(cells, ["2", "1", "1", "0", "0", "0", "0", "0", "0"]);
}
