//! The plan: which transformers to replace first, from the run to the page, its data and its file.

use std::sync::Arc;

use chrono::Utc;
use domain::actions::{ActionChange, ActionStatus, IdempotencyKey, NewAction};
use domain::advice::StandardRatings;
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use domain::plan::{Plan, PlanCandidate};
use gridspark::configuration::Configuration;
use gridspark::worker::{FitSettings, Selection, make_forecasts};
use model::question::Question;

use crate::identity::{PROXY, as_one_of, behind_a_proxy};
use crate::on_both_databases;
use crate::support::pages::Pages;
use crate::support::{Silent, TestStore, box_id, fill, forecast, settings};

/// Boxes of 400 kVA: short, shorter, with room, too large for any rating, short.
const LEVELS_KW: [f64; 5] = [460.0, 620.0, 250.0, 1_300.0, 430.0];
const SHORT: i64 = 4;
const ADVICE: &str = "[advice]\nratings_kva = [400, 630, 1000]\nprices_euro = [15000, 19000, 27000]\n";

fn person(reads: Scope) -> Person {
    let (way_in, right) = (WayIn::ReverseProxy, Right::Planner);
    Person { name: "ada".to_owned(), way_in, right, decides: reads.clone(), reads }
}

async fn candidates(test: &TestStore, scope: Scope) -> Vec<PlanCandidate> {
    let mut found = test.store.as_seen_by(person(scope)).plan_candidates().await.unwrap();
    found.sort_by(|a, b| a.box_id.cmp(&b.box_id));
    found
}

fn with_ratings(kva: &[f64], euro: &[f64]) -> FitSettings {
    let ratings = StandardRatings::new(kva, euro).unwrap();
    FitSettings::new(Configuration { ratings, ..settings().configuration })
}

async fn due(test: &TestStore, settings: &FitSettings) -> i64 {
    test.store.due(&settings.fingerprint(), &settings.ratings()).await.unwrap().0
}

on_both_databases! {
    async fn a_run_computes_the_weeks_at_larger_ratings_and_other_ratings_make_short_boxes_alone_due(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, 150).await;
        // As before there were any: nothing is known of ratings.
        let none = with_ratings(&[], &[]);
        make_forecasts(&test.store, &none, &Selection::default(), Arc::new(Silent)).await.unwrap();
        assert_eq!(due(test, &none).await, 0);
        let found = candidates(test, Scope::All).await;
        let names: Vec<_> = found.iter().map(|found| found.box_id.clone()).collect();
        assert_eq!(names, [0, 1, 3, 4].map(box_id));
        assert!(found.iter().all(|found| found.weeks_at_ratings.is_empty()));

        assert_eq!(due(test, &settings()).await, SHORT);
        assert_eq!(forecast(&test.store).await.unwrap().boxes, SHORT);
        assert_eq!(due(test, &settings()).await, 0);
        let found = candidates(test, Scope::All).await;
        for found in &found {
            let stored = test.store.stored_box(&found.box_id).await.unwrap().unwrap();
            let both = stored.assessment.unwrap().ranked.unwrap().both;
            assert_eq!((found.expected_weeks, found.probability), (both.expected_weeks, both.probability));
            let sizes: Vec<f64> = found.weeks_at_ratings.iter().map(|at| at.capacity.kva()).collect();
            assert_eq!(sizes, [630.0, 1_000.0]);
            let weeks = found.weeks_at_ratings.iter().map(|at| at.expected_weeks);
            assert!(std::iter::once(found.expected_weeks).chain(weeks).is_sorted_by(|a, b| a >= b));
        }
        // Prices change no forecast; a new size does, of those that may need it.
        let kva = settings().configuration.ratings.capacities_kva();
        assert_eq!(due(test, &with_ratings(&kva, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])).await, 0);
        assert_eq!(due(test, &with_ratings(&[630.0, 800.0], &[])).await, SHORT);
        assert_eq!(forecast(&test.store).await, None);
        // Even numbers are in Breda.
        let breda = candidates(test, Scope::areas(["Breda"])).await;
        assert_eq!(breda.iter().map(|found| found.box_id.clone()).collect::<Vec<_>>(), [0, 4].map(box_id));
        assert_eq!(candidates(test, Scope::none()).await, []);
        assert_eq!(candidates(test, Scope::Boxes([box_id(1), box_id(2)].into())).await.len(), 1);
    }
}

/// A store with the forecasts of the page's own model, and the dashboard behind a proxy with prices.
async fn planned(test: &TestStore) -> Pages {
    fill(&test.store, &LEVELS_KW, 150).await;
    let ratings = StandardRatings::new(&[400.0, 630.0, 1_000.0], &[]).unwrap();
    let settings = FitSettings::new(Configuration { ratings, ..Configuration::default() });
    make_forecasts(&test.store, &settings, &Selection::default(), Arc::new(Silent)).await.unwrap();
    Pages::configured(&test.store, &format!("{PROXY}{ADVICE}"))
}

async fn plan(pages: &Pages, groups: &str, query: &str) -> Plan {
    let page = as_one_of(pages, groups, &format!("GET /api/plan{query}"), "").await;
    assert_eq!(page.status, 200, "{}", page.body);
    serde_json::from_str(&page.body).unwrap()
}

fn names(plan: &Plan) -> Vec<String> {
    plan.rows.iter().map(|row| row.box_id.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_plan_is_ordered_by_weeks_avoided_per_euro_as_the_model_answers() {
    let test = TestStore::sqlite().await;
    let pages = planned(&test).await;
    let plan = plan(&pages, "read", "?budget_euro=50000").await;
    assert!(plan.has_prices && plan.rows.len() == 3 && plan.splits.len() == 1, "{plan:?}");
    assert_eq!(plan.splits[0].box_id, box_id(3));
    let per_euro: Vec<f64> = plan.rows.iter().map(|row| row.weeks_avoided_per_1000_euro.unwrap()).collect();
    assert!(per_euro.is_sorted_by(|a, b| a >= b), "{per_euro:?}");
    for row in &plan.rows {
        let address = format!("GET /api/what-if/basis?box_id={}", row.box_id);
        let basis = as_one_of(&pages, "read", &address, "").await;
        let basis: domain::what_if::InquiryBasis = serde_json::from_str(&basis.body).unwrap();
        let question = Question { capacity: Some(row.rating.capacity), ..Question::default() };
        let answer = basis.inquiry().unwrap().ask(&question).unwrap();
        let [with, now] =
            [&answer.assessment, &answer.unasked].map(|found| found.ranked.unwrap().both.expected_weeks);
        assert!((row.weeks_with_rating.unwrap() - with).abs() < 1e-9, "{row:?} {with}");
        assert!((row.weeks_avoided.unwrap() - (now - with)).abs() < 1e-9, "{row:?} {now} {with}");
    }
    let euro: f64 =
        plan.rows.iter().filter(|row| row.is_chosen).filter_map(|row| row.rating.price_euro).sum();
    assert!(euro > 0.0 && euro <= 50_000.0, "{plan:?}");
    // Without prices the order is another, and nothing is chosen.
    let without = plan_of_default(&test).await;
    assert!(!without.has_prices && without.rows.iter().all(|row| !row.is_chosen));
    let avoided: Vec<f64> = without.rows.iter().filter_map(|row| row.weeks_avoided).collect();
    assert!(avoided.is_sorted_by(|a, b| a >= b), "{avoided:?}");
}

async fn plan_of_default(test: &TestStore) -> Plan {
    plan(&behind_a_proxy(&test.store), "read", "?budget_euro=50000").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_has_the_rows_of_the_plan_in_its_order_and_everybody_their_own() {
    let test = TestStore::sqlite().await;
    let pages = planned(&test).await;
    for (groups, query) in
        [("read", ""), ("read", "?budget_euro=40000"), ("read", "?area=Venlo"), ("breda", "")]
    {
        let expected = plan(&pages, groups, query).await;
        let file = as_one_of(&pages, groups, &format!("GET /api/plan.csv{query}"), "").await;
        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(file.header("content-disposition").contains("gridspark-plan.csv"));
        let mut reader = csv::Reader::from_reader(file.body.as_bytes());
        let lines: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        let splits = expected.splits.iter().map(|row| row.box_id.to_string());
        let boxes: Vec<_> = names(&expected).into_iter().chain(splits).collect();
        assert_eq!(lines.iter().map(|line| line[1].to_owned()).collect::<Vec<_>>(), boxes, "{query}");
        assert_eq!(lines.last().map_or("0", |line| &line[0]), boxes.len().to_string());
        for (line, row) in lines.iter().zip(&expected.rows) {
            assert_eq!(line[11].parse::<f64>().ok(), row.weeks_avoided);
            assert_eq!(line[13].parse::<f64>().ok(), row.cumulative_euro);
            assert_eq!(&line[14], row.is_chosen.to_string());
        }
    }
    assert_eq!(names(&plan(&pages, "breda", "").await).len(), 2);
    assert_eq!(plan(&pages, "breda", "?area=Venlo").await.rows, []);
    let entry = test.store.audit_entries(None, 1).await.unwrap().remove(0);
    assert_eq!(
        (entry.action, entry.subject.as_str(), entry.detail.as_str()),
        (AuditAction::Export, "plan", "")
    );
    for query in ["?budget_euro=-5", "?budget_euro=much", "?budget_euro=1e5"] {
        for path in ["/api/plan", "/api/plan.csv"] {
            let refused = as_one_of(&pages, "read", &format!("GET {path}{query}"), "").await;
            assert_eq!(refused.status, 400, "{path}{query}: {}", refused.body);
            assert!(refused.json()["BadRequest"].is_string(), "{}", refused.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_the_line_of_the_budget_and_says_what_it_can_t_read() {
    let test = TestStore::sqlite().await;
    let pages = planned(&test).await;
    let ask =
        async |groups: &str, query: &str| as_one_of(&pages, groups, &format!("GET /plan{query}"), "").await;
    let page = ask("plan", "?budget=40000").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("The budget of €\u{a0}40,000 reaches down to here"), "{}", page.body);
    assert!(page.body.contains("plan-record") && page.body.contains("Split the load"));
    assert!(page.body.contains("href=\"/api/plan.csv?budget_euro=40000\""), "{}", page.body);
    let viewer = ask("read", "?budget=40000").await;
    assert!(viewer.status == 200 && !viewer.body.contains("plan-record"));
    assert!(!ask("breda", "").await.body.contains("Station 1<"), "another area's");
    for (query, said) in [
        ("?budget=-5&lang=en", "“-5” is no budget"),
        ("?budget=all&lang=nl", "“all” is geen budget"),
        ("?area=Atlantis&lang=nl", "Er is geen gebied “Atlantis”"),
    ] {
        let page = ask("read", query).await;
        assert_eq!(page.status, 404, "{query}");
        assert!(page.body.contains(said) && page.body.contains("<h1>Plan</h1>"), "{query}: {}", page.body);
    }
    let without = as_one_of(&behind_a_proxy(&test.store), "read", "GET /plan?lang=nl", "").await;
    assert!(without.status == 200 && without.body.contains("prices_euro"), "{}", without.body);
    assert!(!without.body.contains("name=\"budget\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_recorded_as_planned_takes_from_the_budget() {
    let test = TestStore::sqlite().await;
    let pages = planned(&test).await;
    let before = plan(&pages, "plan", "?budget_euro=19000").await;
    let chosen = before.rows.iter().find(|row| row.is_chosen).unwrap();
    let change = ActionChange::new(ActionStatus::Planned, None, "ada", "Plan: 400 → 630 kVA").unwrap();
    let key = IdempotencyKey::new("key-of-the-plan").unwrap();
    let new = NewAction { box_id: chosen.box_id.clone(), seen_version: 0, key, change };
    let ada = person(Scope::All);
    let entry = NewAuditEntry::done(&ada, AuditAction::RecordAction, new.box_id.to_string());
    test.store.as_seen_by(ada).record_action(&new, &entry, Utc::now()).await.unwrap();
    let after = plan(&pages, "plan", "?budget_euro=19000").await;
    assert_eq!((names(&after), after.planned_euro), (names(&before), 19_000.0));
    assert!(after.rows.iter().all(|row| !row.is_chosen));
    let row = after.rows.iter().find(|row| row.box_id == chosen.box_id).unwrap();
    assert_eq!(row.action.as_ref().map(|action| action.status), Some(ActionStatus::Planned));
}
