//! The ledger of warnings, and what is said of past forecasts.

use chrono::Utc;
use domain::identity::{Person, Right, Scope, WayIn};
use domain::ledger::{Outcome, ledger};
use domain::tally::{SeenQuarters, WeekTally};
use model::{Capacity, IsoWeek};
use store::{ScopedStore, Store, StoredWarnings, overloaded_weeks};

use crate::on_both_databases;
use crate::support::{FIRST_WEEK, TestStore, box_id, calendar, end_of, fill, pages_of, settings, tallies};
use crate::tracking::renew;

/// The first box stays far below its limit, but for one week; the second passes it every winter.
const LEVELS_KW: [f64; 2] = [250.0, 412.0];
const FIRST: i32 = 144;
/// The week in which the first box surprises.
const SURPRISE: i32 = 155;

async fn add_week(store: &Store, place: i32) {
    let mut import = store.begin_import(&calendar(), Utc::now()).await.unwrap();
    for (n, level_kw) in LEVELS_KW.into_iter().enumerate() {
        let mut week = tallies(n, place + 1, level_kw).remove(place as usize);
        if n == 0 && place == SURPRISE {
            let seen = SeenQuarters::full(calendar().quarters_in(week.week).unwrap());
            week.tally = WeekTally::new(20.0, 480.0, seen).unwrap();
        }
        import.merge(&[week]).await.unwrap();
    }
    import.commit(Some(end_of(place + 1))).await.unwrap();
}

fn seen(store: &Store, reads: Scope) -> ScopedStore {
    let decides = Scope::none();
    store.as_seen_by(Person { name: "ada".into(), way_in: WayIn::None, right: Right::Viewer, decides, reads })
}

async fn warnings_of(store: &Store, n: usize, reads: Scope) -> StoredWarnings {
    let seen = seen(store, reads);
    let stored = seen.stored_box(&box_id(n)).await.unwrap().unwrap();
    seen.stored_warnings(&stored).await.unwrap()
}

on_both_databases! {
    async fn a_warning_becomes_a_hit_and_a_surprise_a_miss(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, FIRST).await;
        renew(&test.store, false).await.unwrap().unwrap();
        let warned = warnings_of(&test.store, 1, Scope::All).await;
        assert_eq!(warned.forecasts, [IsoWeek::from_index(FIRST_WEEK + FIRST)]);
        assert_eq!(warned.warnings.len(), 1, "{warned:?}");
        assert_eq!(warned.warnings[0].week, IsoWeek::from_index(FIRST_WEEK + FIRST));
        assert!(warned.warnings[0].probability >= 0.5);
        assert_eq!(warned.area.unwrap().open, 1);

        for place in FIRST..=SURPRISE + 1 {
            add_week(&test.store, place).await;
        }
        renew(&test.store, false).await.unwrap().unwrap();
        let limits = settings().configuration.forecast.limits(Capacity::new(400.0).unwrap()).unwrap();
        let measured_to = IsoWeek::from_index(FIRST_WEEK + SURPRISE + 1);
        let mut outcomes = Vec::new();
        for n in 0..LEVELS_KW.len() {
            let stored = test.store.stored_box(&box_id(n)).await.unwrap().unwrap();
            let warned = warnings_of(&test.store, n, Scope::All).await;
            let overloads = overloaded_weeks(&stored.weeks, &warned.forecasts, &limits, 2_000.0);
            let entries = ledger(&warned.forecasts, &warned.warnings, &overloads, measured_to);
            outcomes.extend(entries.iter().map(|entry| entry.outcome));
            let sums = warned.area.unwrap();
            assert_eq!((sums.hits, sums.misses), if n == 0 { (0, 1) } else { (1, 0) }, "{sums:?}");
            if n == 1 {
                let lead = entries[0].lead_weeks().unwrap();
                assert_eq!(sums.lead_weeks, lead.unsigned_abs());
                assert!(lead > 0);
                let all = warned.all.unwrap();
                assert_eq!((all.hits, all.misses, all.open), (1, 1, 0));
                // Whoever sees one area alone gets no sum in which others are.
                let within = warnings_of(&test.store, n, Scope::areas(["Venlo"])).await;
                assert_eq!((within.area, within.all), (Some(sums), Some(sums)));
                let one = warnings_of(&test.store, n, Scope::Boxes([box_id(n)].into())).await;
                assert_eq!((one.area, one.all, one.warnings), (None, None, warned.warnings));
            }
        }
        assert_eq!(outcomes, [Outcome::Miss, Outcome::Hit]);

        // Neither its weeks nor its past forecast are anybody's who may not see it.
        for (scope, is_in) in [(Scope::All, true), (Scope::areas(["Venlo"]), true), (Scope::areas(["Breda"]), false),
            (Scope::Boxes([box_id(1)].into()), true), (Scope::Boxes([box_id(0)].into()), false), (Scope::none(), false)] {
            let seen = seen(&test.store, scope.clone());
            assert_eq!(seen.past_forecast_of(&box_id(1)).await.unwrap().is_some(), is_in, "{scope:?}");
            assert_eq!(!seen.weeks_by_phase(&box_id(1)).await.unwrap().is_empty(), is_in, "{scope:?}");
        }

        // What the pages get: the forecast of then beside what came, and the weeks as they were read.
        let pages = pages_of(&test.store, "Europe/Amsterdam");
        let accuracy = pages.get(&format!("/api/accuracy?box_id={}", box_id(1))).await.json();
        assert_eq!(accuracy["ledger"][0]["outcome"], "hit");
        assert_eq!(accuracy["past"]["maximum"].as_array().unwrap().len() as i32, SURPRISE + 2 - FIRST);
        assert_eq!(accuracy["scores"][0]["weeks"].as_i64(), Some(i64::from(SURPRISE + 2 - FIRST)));
        assert!(accuracy["scores"][0]["last_year_error_kw"].as_f64().is_some());
        let weeks = pages.get(&format!("/api/box-weeks?box_id={}", box_id(1))).await.json();
        assert_eq!(weeks["phases"][0]["phase"], "sumli");
        assert_eq!(weeks["completeness"].as_array().unwrap().len() as i32, SURPRISE + 2);
        assert_eq!(weeks["completeness"][0]["share"].as_f64(), Some(1.0));
        for path in ["accuracy", "box-weeks"] {
            assert_eq!(pages.get(&format!("/api/{path}?box_id=NOWHERE")).await.status, 404);
        }
        let page = pages.get(&format!("/?box={}&tab=accuracy", box_id(1))).await.body;
        let legends: Vec<&str> = page.split("<ul class=\"legend\">").skip(1).collect();
        assert_eq!(legends.len(), 2, "one for the maximum, one for the minimum");
        for mark in ["Measured since", "outside 9 in 10", "Median", "In 7 of 10", "In 9 of 10", "The same weeks last year"] {
            assert!(legends.iter().all(|legend| legend.split("</ul>").next().unwrap().contains(mark)), "{mark}");
        }
        let sheet = pages.get("/print?area=Venlo").await;
        assert!(sheet.status == 200 && sheet.body.contains("ESD.000001-1") && !sheet.body.contains("ESD.000000-1"));
        assert_eq!(pages.get("/print?box=NOWHERE").await.status, 404);
    }
}
