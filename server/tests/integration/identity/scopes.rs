//! A right for some areas: every answer is limited by the query.

use chrono::Utc;
use domain::box_detail::WeekDecision;
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use domain::ranking::RankingQuery;
use domain::week_span::WeekSpan;
use model::IsoWeek;

use super::{as_one_of, behind_a_proxy};
use crate::on_both_databases;
use crate::support::{FIRST_WEEK, TestStore, box_id, fill, forecast};

fn person(reads: Scope) -> Person {
    let name = "ada".to_owned();
    Person { name, way_in: WayIn::ReverseProxy, right: Right::Planner, decides: reads.clone(), reads }
}

on_both_databases! {
    async fn a_scope_limits_list_counts_detail_and_decisions(test: &TestStore) {
        // Even numbers are in Breda, odd ones in Venlo.
        fill(&test.store, &[460.0, 440.0, 405.0, 330.0], 120).await;
        forecast(&test.store).await;
        let query = RankingQuery { limit: 50, ..RankingQuery::default() };
        let one = Scope::Boxes([box_id(3)].into());
        for (scope, expected) in [(Scope::All, vec![0, 1, 2, 3]), (Scope::areas(["Breda"]), vec![0, 2]),
            (Scope::areas(["Breda", "Venlo"]), vec![0, 1, 2, 3]), (one, vec![3]), (Scope::none(), vec![])] {
            let store = test.store.as_seen_by(person(scope.clone()));
            let page = store.ranking(&query, chrono::Utc::now().date_naive()).await.unwrap();
            let mut seen: Vec<_> = page.rows.iter().map(|row| row.box_id.clone()).collect();
            seen.sort();
            assert_eq!(seen, expected.iter().map(|n| box_id(*n)).collect::<Vec<_>>(), "{scope:?}");
            assert_eq!(page.total as usize, expected.len());
            let facets = page.facets.unwrap();
            let counted: u32 = facets.areas.iter().map(|area| area.boxes).sum();
            assert_eq!((counted as usize, facets.any_urgency as usize), (expected.len(), expected.len()));
            let overview = store.overview().await.unwrap();
            assert_eq!(overview.boxes as usize, expected.len());
            assert!(scope == Scope::All || overview.areas.iter().all(|area| area.boxes > 0), "{overview:?}");
            for n in 0..4 {
                let is_in = expected.contains(&n);
                assert_eq!(store.stored_box(&box_id(n)).await.unwrap().is_some(), is_in, "{scope:?} {n}");
                assert_eq!(!store.weeks_by_phase(&box_id(n)).await.unwrap().is_empty(), is_in, "{scope:?} {n}");
                let week = IsoWeek::from_index(FIRST_WEEK + 5);
                let decision = WeekDecision::new(WeekSpan::new(week, week), true);
                let entry = NewAuditEntry::done(&person(scope.clone()), AuditAction::DecideWeeks, "test");
                let decided = store.decide_weeks(&box_id(n), &decision, &entry, Utc::now()).await.unwrap();
                assert_eq!(decided, is_in, "{scope:?} {n}");
            }
        }
        // Each decision that was taken has its entry, and no refused one.
        assert_eq!(test.store.audit_entries(None, 50).await.unwrap().len(), 4 + 2 + 4 + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planner_of_an_area_can_neither_see_nor_decide_elsewhere() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0, 440.0], 120).await;
    forecast(&test.store).await;
    let pages = behind_a_proxy(&test.store);
    let decision = |n: usize| {
        format!(
            r#"{{"box_id": "{}", "decision": {{"first_week": "2022-W10", "last_week": "2022-W12", "left_out": true}}}}"#,
            box_id(n)
        )
    };
    let list = as_one_of(&pages, "breda", "GET /api/ranking?query[limit]=50", "").await;
    assert!(list.body.contains("ESD.000000-1") && !list.body.contains("ESD.000001-1"), "{}", list.body);
    let asked = as_one_of(&pages, "breda", "GET /api/ranking?query[limit]=50&query[area]=Venlo", "").await;
    assert_eq!(asked.json()["total"], 0);
    assert!(!as_one_of(&pages, "breda", "GET /api/overview", "").await.body.contains("Venlo"));
    assert_eq!(as_one_of(&pages, "breda", "GET /api/box?box_id=ESD.000001-1", "").await.status, 404);
    assert_eq!(as_one_of(&pages, "breda", "POST /api/weeks", &decision(0)).await.status, 200);
    assert_eq!(as_one_of(&pages, "breda", "POST /api/weeks", &decision(1)).await.status, 404);
    // With a right to read elsewhere the right to decide stays where it is.
    assert_eq!(as_one_of(&pages, "breda,read", "GET /api/box?box_id=ESD.000001-1", "").await.status, 200);
    assert_eq!(as_one_of(&pages, "breda,read", "POST /api/weeks", &decision(1)).await.status, 404);
    // The page itself is rendered with the same limits.
    let page = as_one_of(&pages, "breda", "GET /?box=ESD.000001-1", "").await;
    assert!(page.status == 404 && !page.body.contains("Station 1"), "{}", page.status);
    let entries = test.store.audit_entries(None, 10).await.unwrap();
    let decided = entries.iter().find(|entry| entry.action == AuditAction::DecideWeeks).unwrap();
    let told = (decided.person.as_str(), decided.way_in, decided.subject.as_str(), decided.detail.as_str());
    assert_eq!(told, ("ada", WayIn::ReverseProxy, "ESD.000000-1", "2022-W10 to 2022-W12 left out"));
    let withdrawn = |n: usize| format!(r#"{{"box_id": "{}", "weeks": ["2022-W10", "2022-W12"]}}"#, box_id(n));
    assert_eq!(as_one_of(&pages, "breda", "POST /api/weeks/withdraw", &withdrawn(1)).await.status, 404);
    assert_eq!(as_one_of(&pages, "breda", "POST /api/weeks/withdraw", &withdrawn(0)).await.status, 200);
    let newest = test.store.audit_entries(None, 1).await.unwrap().remove(0);
    let told = (newest.person.as_str(), newest.action, newest.detail.as_str());
    assert_eq!(told, ("ada", AuditAction::DecideWeeks, "2022-W10 to 2022-W12 as the model decides"));
    let special = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().special_weeks;
    assert_eq!(special.decisions, []);
}
