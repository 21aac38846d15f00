//! The weekly digest: once a week, after a run of the fleet, with the changes.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::box_metadata::BoxMetadata;
use gridspark::credentials::webhook_credentials;
use gridspark::notification::Notifier;
use gridspark::worker::{Selection, make_forecasts};
use model::Capacity;
use serde_json::Value;
use store::Store;

use super::{at, configuration, notifier, webhook};
use crate::on_both_databases;
use crate::support::receiver::Receiver;
use crate::support::{Silent, TestStore, box_id, fill, forecast, metadata, settings};

/// 400 kVA each: two are overloaded, one is near its limit, two have ample room.
const LEVELS_KW: [f64; 5] = [450.0, 430.0, 386.0, 200.0, 210.0];

/// Gives a box another transformer.
async fn change_transformer(store: &Store, n: usize, kva: f64) {
    let changed = BoxMetadata { capacity: Capacity::new(kva).ok(), ..metadata(n) };
    store.save_boxes(&[changed]).await.unwrap();
}

async fn run(store: &Store, boxes: &[usize]) {
    let boxes = boxes.iter().map(|&n| box_id(n).to_string()).collect();
    let selection = Selection { boxes, force: true, ..Selection::default() };
    make_forecasts(store, &settings(), &selection, Arc::new(Silent)).await.unwrap().unwrap();
}

/// The digests delivered by one check of the outbox.
async fn digests(notifier: &Notifier, receiver: &Receiver, now: DateTime<Utc>) -> Vec<Value> {
    let before = receiver.received().len();
    notifier.deliver_due(now).await.unwrap();
    let all = receiver.received();
    let notices = all[before..].iter().map(|received| received.json()["data"]["notice"].clone());
    // More than a week passes between two runs of these tests.
    notices.filter(|notice| notice["kind"] != "run-late").collect()
}

fn ids(changed: &Value) -> Vec<&str> {
    changed["first"].as_array().unwrap().iter().map(|found| found["box_id"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn a_digest_reports_what_has_changed_since_the_one_before_and_there_is_one_a_week(test: &TestStore) {
        let store = &test.store;
        fill(store, &LEVELS_KW, 150).await;
        let receiver = Receiver::start().await;
        let notifier = notifier(store, &webhook("a", "json", &receiver.address));
        // Runs are finished by the clock of this machine; the weeks below are those that follow.
        let week = |weeks: i64| Utc::now() + TimeDelta::weeks(weeks);
        assert_eq!(digests(&notifier, &receiver, week(0)).await, [] as [Value; 0], "no run yet");

        run(store, &[]).await;
        let [first] = &digests(&notifier, &receiver, week(0)).await[..] else { panic!("one digest") };
        assert_eq!((first["exceeded"].as_u64(), first["overloaded"].as_u64(), first["near"].as_u64()), (Some(2), Some(0), Some(1)), "{first}");
        assert_eq!(ids(&first["newly_exceeded"]).len(), 2);
        assert!(first["since"].is_null());
        assert_eq!(first["newly_exceeded"]["first"][0]["town"], "Tilburg");
        assert!(first["newly_exceeded"]["first"][0]["probability"].as_f64().unwrap() > 0.5);

        change_transformer(store, 0, 800.0).await;
        change_transformer(store, 3, 200.0).await;
        run(store, &[]).await;
        assert_eq!(digests(&notifier, &receiver, week(0)).await, [] as [Value; 0], "one a week");

        // Next week: planners have a box fitted anew, which is no run of the fleet; then comes one.
        let begun = Utc::now() - TimeDelta::days(1);
        // By the clocks of the zone, where it may be Monday already.
        let next = model::IsoWeek::containing(week(1).with_timezone(&chrono_tz::Europe::Amsterdam).date_naive());
        run(store, &[4]).await;
        assert!(store.announce_weekly_digest(next, begun, true, week(1)).await.unwrap().is_some(), "of the run before");
        let shown = notifier.deliver_due(week(1)).await.unwrap();
        assert_eq!(shown.arrived, 1);
        let second = receiver.received().last().unwrap().json()["data"]["notice"].clone();
        assert_eq!(ids(&second["newly_overloaded"]), [box_id(3).as_str()], "{second}");
        assert_eq!(ids(&second["relieved"]), [box_id(0).as_str()]);
        assert_eq!(second["newly_near"]["count"], 0);
        assert!(!second["since"].is_null());

        // Nothing changes any more: by default the digest says so, or there is none.
        run(store, &[]).await;
        let after = next.plus(1);
        assert_eq!(store.announce_weekly_digest(after, begun, false, week(2)).await.unwrap(), None);
        run(store, &[]).await;
        let third = store.announce_weekly_digest(after, begun, true, week(2)).await.unwrap().unwrap();
        assert!(third.is_unchanged() && third.exceeded + third.overloaded == 2);
    }
}

on_both_databases! {
    async fn a_occurrence_that_is_not_done_in_time_is_reported_once(test: &TestStore) {
        let receiver = Receiver::start().await;
        let lines = webhook("a", "json", &receiver.address) + "language = 'nl'\n";
        let schedule = Some(toml::from_str("cron = '0 6 * * MON'").unwrap());
        let configuration = gridspark::configuration::Configuration { schedule, ..configuration(&lines) };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let notifier = Notifier::new(Some(test.store.clone()), &configuration, &webhook_credentials(&configuration.notification), &Default::default()).unwrap();
        let due = at("2026-11-23T05:00:00Z");
        assert_eq!(notifier.deliver_due(due + TimeDelta::hours(5)).await.unwrap().arrived, 0, "a new store has missed nothing");
        test.store.begin_occurrences(due - TimeDelta::weeks(1)).await.unwrap();
        assert!(test.store.claim_occurrence(due, due + TimeDelta::hours(9), due).await.unwrap());
        assert_eq!(notifier.deliver_due(due + TimeDelta::minutes(239)).await.unwrap().arrived, 0);
        assert_eq!(notifier.deliver_due(due + TimeDelta::minutes(241)).await.unwrap().arrived, 1);
        assert_eq!(notifier.deliver_due(due + TimeDelta::minutes(300)).await.unwrap().arrived, 0);
        let shown = receiver.received()[0].json();
        assert_eq!(shown["data"]["identity"], format!("run-late/{}", due.timestamp()));
        assert!(shown["data"]["text"].as_str().unwrap().contains("23-11-2026 om 06:00"), "by the clocks of the zone: {shown}");
    }
}

on_both_databases! {
    async fn a_run_that_nobody_has_started_for_more_than_a_week_is_reported_where_others_keep_the_time(test: &TestStore) {
        let receiver = Receiver::start().await;
        let notifier = notifier(&test.store, &webhook("a", "json", &receiver.address));
        let mut now = Utc::now();
        assert_eq!(notifier.deliver_due(now).await.unwrap().arrived, 0, "a new store has missed nothing");
        fill(&test.store, &[300.0; 3], 150).await;
        forecast(&test.store).await.unwrap();
        now = Utc::now();
        let kinds = || receiver.received().iter().map(|shown| shown.json()["type"].clone()).collect::<Vec<_>>();
        notifier.deliver_due(now + TimeDelta::days(7)).await.unwrap();
        assert!(!kinds().contains(&"gridspark.run-late".into()), "{:?}", kinds());
        notifier.deliver_due(now + TimeDelta::days(9)).await.unwrap();
        notifier.deliver_due(now + TimeDelta::days(10)).await.unwrap();
        assert_eq!(kinds().iter().filter(|kind| **kind == "gridspark.run-late").count(), 1, "{:?}", kinds());
        let shown = receiver.received().last().unwrap().json();
        assert!(shown["data"]["text"].as_str().unwrap().contains("should have been done by"), "{shown}");
    }
}
