//! What was measured comes first, and boxes that are not measured are a class of their own.

use std::sync::Arc;

use chrono::Utc;
use domain::box_detail::Peers;
use domain::ranking::RankingQuery;
use domain::urgency::Urgency;
use gridspark::configuration::Configuration;
use gridspark::worker::{FitSettings, Selection, make_forecasts};
use model::{Flag, IsoWeek};
use store::RunSummary;

use crate::on_both_databases;
use crate::support::{
    FIRST_WEEK, Silent, TestStore, box_id, calendar, end_of, fill, metadata, settings, tallies,
};

const WEEKS: i32 = 150;

async fn forecast(test: &TestStore, settings: &FitSettings) -> Option<RunSummary> {
    make_forecasts(&test.store, settings, &Selection::default(), Arc::new(Silent)).await.unwrap()
}

async fn listed(test: &TestStore, query: RankingQuery) -> Vec<(String, Urgency)> {
    let page = test
        .store
        .ranking(&RankingQuery { limit: 200, ..query }, chrono::Utc::now().date_naive())
        .await
        .unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.into_iter().map(|row| (row.box_id.to_string(), row.urgency)).collect()
}

on_both_databases! {
    async fn measured_exceedances_lead_the_list_by_how_often(test: &TestStore) {
        // The load rises towards the winter: the higher the level, the more of the last weeks are above 400 kW.
        let levels_kw = [300.0, 435.0, 250.0, 470.0, 450.0, 405.0];
        fill(&test.store, &levels_kw, WEEKS).await;
        forecast(test, &settings()).await;
        let page = test.store.ranking(&RankingQuery { limit: 50, ..RankingQuery::default() }, chrono::Utc::now().date_naive()).await.unwrap();
        let mut before = (u32::MAX, f64::INFINITY);
        let mut seen = 0;
        for row in &page.rows {
            // The truth, from the weeks themselves.
            let n: usize = row.box_id.as_str()[4..10].parse().unwrap();
            let last = tallies(n, WEEKS, levels_kw[n]).split_off(WEEKS as usize - 8);
            let beyond: Vec<f64> =
                last.iter().map(|record| record.tally.max_kw()).filter(|kw| *kw > 400.0).collect();
            assert_eq!(row.urgency == Urgency::Exceeded, !beyond.is_empty(), "{n}");
            let Some(found) = row.exceedance.filter(|found| found.is_recent()) else { continue };
            assert_eq!((found.weeks as usize, found.measured_weeks), (beyond.len(), 8));
            let highest_kw = beyond.iter().copied().fold(0.0, f64::max);
            assert!((found.peak_loading.fraction() - highest_kw / 400.0).abs() < 1e-12);
            let order = (found.weeks, found.peak_loading.fraction());
            assert!(order <= before, "{order:?} after {before:?}");
            (before, seen) = (order, seen + 1);
        }
        assert!(seen >= 3 && page.rows[..seen].iter().all(|row| row.urgency == Urgency::Exceeded));
        let overview = test.store.overview().await.unwrap();
        assert_eq!(overview.exceeded as usize, seen);
        let classes = [overview.overloaded, overview.near, overview.ample, overview.no_forecast];
        assert_eq!(classes.iter().sum::<u32>() + overview.exceeded, overview.boxes);
    }
}

on_both_databases! {
    async fn a_box_without_readings_is_in_no_count_and_in_the_list_when_asked_for(test: &TestStore) {
        fill(&test.store, &[410.0, 300.0], WEEKS).await;
        test.store.save_boxes(&[metadata(2), metadata(3)]).await.unwrap();
        forecast(test, &FitSettings::new(Configuration::default())).await;
        assert_eq!(listed(test, RankingQuery::default()).await.len(), 2);
        let asked = [
            RankingQuery { urgency: Some(Urgency::Unmeasured), ..RankingQuery::default() },
            RankingQuery { flag: Some(Flag::NoReadings), ..RankingQuery::default() },
        ];
        for query in asked {
            let found = listed(test, query).await;
            assert_eq!(found.len(), 2);
            assert!(found.iter().all(|(_, urgency)| *urgency == Urgency::Unmeasured));
        }
        let searched = RankingQuery { search: "station".to_owned(), ..RankingQuery::default() };
        let found = listed(test, searched).await;
        assert_eq!(found.len(), 4);
        assert!(found[2..].iter().all(|(_, urgency)| *urgency == Urgency::Unmeasured), "after all others");
        let overview = test.store.overview().await.unwrap();
        assert_eq!((overview.boxes, overview.unmeasured), (2, 2));
        let boxes: u32 = overview.areas.iter().map(|area| area.boxes).sum();
        assert_eq!(boxes, 2);
        let stored = test.store.stored_box(&box_id(2)).await.unwrap().unwrap();
        assert!(stored.minimum.is_none() && stored.assessment.is_none(), "no forecast box by box");
        assert_eq!((stored.flags.as_slice(), stored.peers), (&[Flag::NoReadings][..], None));
    }
}

on_both_databases! {
    async fn boxes_like_it_are_counted_from_the_forecasts_of_measured_ones(test: &TestStore) {
        let levels_kw: Vec<f64> = (0..24).map(|n| 300.0 + 7.0 * f64::from(n)).collect();
        fill(&test.store, &levels_kw, WEEKS).await;
        let other = domain::box_metadata::BoxMetadata {
            capacity: model::Capacity::new(630.0).ok(),
            ..metadata(25)
        };
        test.store.save_boxes(&[metadata(24), other]).await.unwrap();
        forecast(test, &settings()).await;
        let (mut boxes, mut expected, mut until) = (0, 0.0, None);
        for n in 0..24 {
            let stored = test.store.stored_box(&box_id(n)).await.unwrap().unwrap();
            let Some(assessment) = stored.assessment else { continue };
            boxes += 1;
            expected += assessment.overload_probability;
            until = Some(assessment.ranked.unwrap().until);
        }
        for (n, capacity_kva) in [(24, Some(400.0)), (25, None)] {
            let shown: Peers = test.store.stored_box(&box_id(n)).await.unwrap().unwrap().peers.unwrap();
            assert_eq!((shown.capacity_kva, shown.boxes, Some(shown.until)), (capacity_kva, boxes, until));
            assert!((shown.expected_overloads - expected).abs() < 1e-9, "{shown:?} instead of {expected}");
        }
    }
}

on_both_databases! {
    async fn a_box_whose_readings_ended_is_looked_at_anew_each_week_and_ends_as_not_measured(test: &TestStore) {
        fill(&test.store, &[300.0, 460.0], WEEKS).await;
        assert_eq!(forecast(test, &settings()).await.unwrap().boxes, 2);
        assert!(forecast(test, &settings()).await.is_none(), "nothing is due");
        // Box 0 goes on, box 1 is silent.
        let go_on = async |weeks: i32| {
            let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
            import.merge(&tallies(0, weeks, 300.0)).await.unwrap();
            import.commit(Some(end_of(weeks))).await.unwrap();
            forecast(test, &settings()).await.unwrap().boxes
        };
        for (weeks, urgency, flags) in [
            (WEEKS + 3, Urgency::Exceeded, &[][..]),
            (WEEKS + 52, Urgency::Overload, &[Flag::Silent][..]),
            (WEEKS + 53, Urgency::Unmeasured, &[Flag::Silent, Flag::Outdated][..]),
        ] {
            assert_eq!(go_on(weeks).await, 2, "both are due");
            let silent = test.store.stored_box(&box_id(1)).await.unwrap().unwrap();
            assert_eq!((silent.urgency, silent.flags.as_slice()), (urgency, flags), "{weeks}");
            if let Some(found) = silent.exceedance {
                assert!(found.measured_weeks == 5 && found.weeks <= 5, "{found:?}");
                assert_eq!(found.until, IsoWeek::from_index(FIRST_WEEK + weeks - 1));
            }
            let begins = silent.maximum.map(|maximum| maximum.forecast.weeks[maximum.forecast.history]);
            assert!(begins.is_none_or(|week| week == IsoWeek::from_index(FIRST_WEEK + weeks)), "{begins:?}");
        }
        assert_eq!(go_on(WEEKS + 54).await, 1, "one that is not measured is not looked at every week");
    }
}
