//! Beside what is short stands who has room nearby, as far as the person may see.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::box_metadata::BoxMetadata;
use domain::identity::{Person, Right, Scope, WayIn};
use domain::neighbours::Position;
use gridspark::configuration::Configuration;
use gridspark::worker::{FitSettings, Selection, make_forecasts};

use crate::identity::{as_one_of, behind_a_proxy};
use crate::on_both_databases;
use crate::support::{Silent, TestStore, box_id, fill, metadata};

/// Degrees of latitude in a metre.
const DEGREES: f64 = 1.0 / 111_195.0;

on_both_databases! {
    async fn the_nearest_that_the_person_may_see_and_that_have_room_are_named(test: &TestStore) {
        // One that is short; near it one without room, two of its own area with room, one of another area, one too far away.
        let places = [(460.0, 0.0), (395.0, 50.0), (120.0, 400.0), (100.0, 30.0), (110.0, 100.0), (100.0, 20.0), (90.0, 600.0)];
        fill(&test.store, &places.map(|(level_kw, _)| level_kw), 150).await;
        let placed = |(n, (_, metres)): (usize, &(f64, f64))| BoxMetadata {
            latitude: Some(51.5 + metres * DEGREES),
            ..metadata(n)
        };
        let boxes: Vec<BoxMetadata> = places.iter().enumerate().map(placed).collect();
        test.store.save_boxes(&boxes).await.unwrap();
        let settings = FitSettings::new(Configuration::default());
        make_forecasts(&test.store, &settings, &Selection::default(), Arc::new(Silent)).await.unwrap();
        let pages = behind_a_proxy(&test.store);
        let named = async |person: &str, n: usize| {
            let answer = as_one_of(&pages, person, &format!("GET /api/box?box_id={}", box_id(n)), "").await;
            let detail: BoxDetail = serde_json::from_str(&answer.body).unwrap();
            let named = detail.neighbours.into_iter();
            named.map(|found| (found.station_name, found.distance_m.round())).collect::<Vec<_>>()
        };
        let station = |n: usize, metres: f64| (format!("Station {n}"), metres);
        assert_eq!(named("read", 0).await, [station(5, 20.0), station(3, 30.0), station(4, 100.0)]);
        assert_eq!(named("read", 2).await, [], "nothing is short");
        // Who sees one area alone: by the store, as nobody of the test's groups is one of them.
        let reads = Scope::areas(["Breda"]);
        let (way_in, right, decides) = (WayIn::ReverseProxy, Right::Viewer, reads.clone());
        let person = Person { name: "ada".to_owned(), way_in, right, decides, reads };
        let here = Position { latitude: 51.5, longitude: 5.0 };
        let near = test.store.as_seen_by(person).neighbours((&box_id(0), here), 500.0).await.unwrap();
        let mut ids: Vec<_> = near.into_iter().map(|found| found.box_id).collect();
        ids.sort();
        assert_eq!(ids, [box_id(2), box_id(4)]);
    }
}
