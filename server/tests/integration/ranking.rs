//! The ranked list: order, filter, search, window.

use domain::ranking::{Direction, RankingPage, RankingQuery, SortKey};
use domain::urgency::Urgency;

use crate::on_both_databases;
use crate::support::{TestStore, fill, forecast};

/// Overload ahead, ample, overloaded already, near, too small.
const LEVELS_KW: [f64; 5] = [405.0, 250.0, 460.0, 384.0, 100.0];

async fn ask(test: &TestStore, query: RankingQuery) -> RankingPage {
    test.store
        .ranking(
            &RankingQuery { limit: if query.limit == 0 { 50 } else { query.limit }, ..query },
            chrono::Utc::now().date_naive(),
        )
        .await
        .unwrap()
}

fn names(page: &RankingPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.box_id.as_str()).collect()
}

async fn filled(test: &TestStore) {
    fill(&test.store, &LEVELS_KW, 150).await;
    forecast(&test.store).await;
}

on_both_databases! {
    async fn the_most_urgent_comes_first_and_those_without_a_forecast_last(test: &TestStore) {
        filled(test).await;
        let page = ask(test, RankingQuery::default()).await;
        let classes: Vec<Urgency> = page.rows.iter().map(|row| row.urgency).collect();
        let expected =
            [Urgency::Exceeded, Urgency::Overload, Urgency::Near, Urgency::Ample, Urgency::NoForecast];
        assert_eq!(classes, expected);
        assert_eq!(names(&page)[0], "ESD.000002-1");
        assert_eq!(page.rows.iter().map(|row| row.rank).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert!(page.rows[0].peak_loading.unwrap() > 1.0, "never clipped");
        assert_eq!(page.rows[4].flags, [model::Flag::TooSmall]);
    }
}

on_both_databases! {
    async fn every_column_sorts_both_ways_with_empty_values_last(test: &TestStore) {
        filled(test).await;
        for sort in SortKey::ALL {
            let up = ask(test, RankingQuery { sort, ..RankingQuery::default() }).await;
            let down = ask(test, RankingQuery { sort, direction: Direction::Descending, ..RankingQuery::default() }).await;
            assert_eq!((up.rows.len(), down.rows.len()), (5, 5), "{sort:?}");
            if matches!(sort, SortKey::PeakLoading | SortKey::PeakWeek | SortKey::OverloadProbability) {
                assert_eq!(up.rows[4].urgency, Urgency::NoForecast, "{sort:?}");
                assert_eq!(down.rows[4].urgency, Urgency::NoForecast, "{sort:?}");
            }
            if sort == SortKey::PeakLoading {
                let loadings: Vec<_> = up.rows[..4].iter().map(|row| row.peak_loading.unwrap()).collect();
                assert!(loadings.is_sorted(), "{loadings:?}");
                assert_eq!(names(&down)[..4], names(&up)[..4].iter().rev().copied().collect::<Vec<_>>());
            }
        }
    }
}

on_both_databases! {
    async fn filters_and_search_narrow_the_list_and_its_total(test: &TestStore) {
        filled(test).await;
        let venlo = ask(test, RankingQuery { area: Some("Venlo".to_owned()), ..RankingQuery::default() }).await;
        assert_eq!((venlo.total, names(&venlo)), (2, vec!["ESD.000003-1", "ESD.000001-1"]));
        let near = ask(test, RankingQuery { urgency: Some(Urgency::Near), ..RankingQuery::default() }).await;
        assert_eq!(names(&near), ["ESD.000003-1"]);
        let small = ask(test, RankingQuery { flag: Some(model::Flag::TooSmall), ..RankingQuery::default() }).await;
        assert_eq!(names(&small), ["ESD.000004-1"]);
        let found = ask(test, RankingQuery { search: "heuvelRING station 2".to_owned(), ..RankingQuery::default() }).await;
        assert_eq!(names(&found), ["ESD.000002-1"]);
        let literal = ask(test, RankingQuery { search: "%".to_owned(), ..RankingQuery::default() }).await;
        assert_eq!(literal.total, 0);
    }
}

on_both_databases! {
    async fn windows_put_together_are_the_whole_list(test: &TestStore) {
        filled(test).await;
        let whole = ask(test, RankingQuery::default()).await;
        let mut rows = Vec::new();
        for offset in [0, 2, 4, 6] {
            let window = ask(test, RankingQuery { offset, limit: 2, ..RankingQuery::default() }).await;
            assert_eq!(window.total, 5);
            rows.extend(window.rows);
        }
        assert_eq!(rows, whole.rows);
    }
}

on_both_databases! {
    async fn the_overview_counts_each_box_once(test: &TestStore) {
        filled(test).await;
        let overview = test.store.overview().await.unwrap();
        assert_eq!(
            (overview.boxes, overview.exceeded, overview.overloaded, overview.near, overview.ample, overview.no_forecast),
            (5, 1, 1, 1, 1, 1)
        );
        let areas: Vec<_> = overview.areas.iter().map(|area| (area.area.as_str(), area.boxes, area.exceeded, area.overloaded)).collect();
        assert_eq!(areas, [("Breda", 3, 1, 1), ("Venlo", 2, 0, 0)]);
        assert!(overview.forecast_at.is_some());
    }
}
