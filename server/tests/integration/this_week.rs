//! What is new since the run of an earlier week: as the list shows it, and within what a person may see.

use std::sync::Arc;

use chrono::{Days, Utc};
use domain::actions::{ActionChange, ActionStatus, IdempotencyKey, NewAction};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use domain::ranking::{Change, RankingQuery};
use domain::this_week::{NowAndBefore, ThisWeek};
use gridspark::worker::{Selection, make_forecasts};
use model::IsoWeek;
use store::ScopedStore;

use crate::on_both_databases;
use crate::support::{
    FIRST_WEEK, Silent, TestStore, box_id, calendar, end_of, fill, forecast, pages_of, settings, tallies,
};

const WEEKS: i32 = 140;
/// Beyond four weeks without readings a box is silent.
const LATER: i32 = WEEKS + 6;
/// The load of the first box grows beyond its limit, the others stay; the last one falls silent.
const LEVELS_KW: [f64; 4] = [250.0, 460.0, 300.0, 300.0];

fn seen(test: &TestStore, scope: Scope) -> ScopedStore {
    let (reads, decides) = (scope.clone(), scope);
    let person =
        Person { name: "ada".to_owned(), way_in: WayIn::ReverseProxy, right: Right::Planner, decides, reads };
    test.store.as_seen_by(person)
}

async fn this_week(test: &TestStore, scope: Scope) -> ThisWeek {
    seen(test, scope).this_week(Utc::now(), Utc::now().date_naive()).await.unwrap()
}

async fn listed(test: &TestStore, change: Change) -> Vec<String> {
    let query = RankingQuery { change: Some(change), limit: 50, ..RankingQuery::default() };
    let page = test.store.ranking(&query, chrono::Utc::now().date_naive()).await.unwrap();
    assert_eq!(page.facets.unwrap().of_change(change), page.total);
    page.rows.into_iter().map(|row| row.box_id.to_string()).collect()
}

async fn record(test: &TestStore, n: usize) {
    let change = ActionChange::new(ActionStatus::Seen, None, "ada", &format!("looked at {n}")).unwrap();
    let key = IdempotencyKey::new(format!("key-of-box-{n}")).unwrap();
    let new = NewAction { box_id: box_id(n), seen_version: 0, key, change };
    let person = Person {
        name: "ada".to_owned(),
        way_in: WayIn::ReverseProxy,
        right: Right::Planner,
        decides: Scope::All,
        reads: Scope::All,
    };
    let entry = NewAuditEntry::done(&person, AuditAction::RecordAction, new.box_id.to_string());
    test.store.as_seen_by(person).record_action(&new, &entry, Utc::now()).await.unwrap();
}

on_both_databases! {
    async fn what_changed_is_told_against_the_run_of_an_earlier_week(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, WEEKS).await;
        forecast(&test.store).await.unwrap();
        let first = this_week(test, Scope::All).await.changes;
        assert_eq!((first.compared_with, first.exceeded.before), (None, None));
        assert_eq!((first.newly_overloaded, first.cleared, first.newly_silent), (0, 0, 0));

        let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
        for (n, level_kw) in [(0, 640.0), (1, 460.0), (2, 300.0)] {
            import.merge(&tallies(n, LATER, level_kw)[WEEKS as usize..]).await.unwrap();
        }
        import.commit(Some(end_of(LATER))).await.unwrap();
        forecast(&test.store).await.unwrap();
        let new = this_week(test, Scope::All).await.changes;
        assert_eq!(new.compared_with, Some(IsoWeek::from_index(FIRST_WEEK + WEEKS)));
        assert_eq!(listed(test, Change::NewlyOverloaded).await, [box_id(0).to_string()]);
        assert_eq!(listed(test, Change::NewlySilent).await, [box_id(3).to_string()]);
        assert_eq!((new.newly_overloaded, new.newly_silent), (1, 1));
        assert_eq!(new.silent, NowAndBefore { now: 1, before: Some(0) });
        assert_eq!(new.cleared as usize, listed(test, Change::Cleared).await.len());
        let overloaded = |count: NowAndBefore| (count.now, count.before.unwrap());
        let (exceeded, expected) = (overloaded(new.exceeded), overloaded(new.overloaded));
        assert_eq!(exceeded.0 + expected.0, exceeded.1 + expected.1 + new.newly_overloaded - new.cleared);

        // Another run of the same week is compared with the same earlier one.
        let again = Selection { force: true, ..Selection::default() };
        make_forecasts(&test.store, &settings(), &again, Arc::new(Silent)).await.unwrap().unwrap();
        assert_eq!(this_week(test, Scope::All).await.changes, new);

        // Whoever sees one area gets the counts of that area.
        let venlo = this_week(test, Scope::areas(["Venlo"])).await.changes;
        assert_eq!((venlo.newly_overloaded, venlo.newly_silent), (0, 1));
        assert_eq!(this_week(test, Scope::none()).await.changes.silent, NowAndBefore { now: 0, before: Some(0) });
    }
}

on_both_databases! {
    async fn what_was_recorded_lately_is_told_to_those_who_see_the_box(test: &TestStore) {
        fill(&test.store, &LEVELS_KW[..2], 120).await;
        forecast(&test.store).await.unwrap();
        for n in 0..2 {
            record(test, n).await;
        }
        let recorded = this_week(test, Scope::All).await.recorded;
        let boxes: Vec<_> = recorded.newest.iter().map(|it| (it.box_id.clone(), it.action.change.note())).collect();
        assert_eq!((recorded.count, boxes), (2, vec![(box_id(1), "looked at 1"), (box_id(0), "looked at 0")]));
        let venlo = this_week(test, Scope::areas(["Venlo"])).await.recorded;
        assert_eq!((venlo.count, venlo.newest.len()), (1, 1));
        assert_eq!(venlo.newest[0].box_id, box_id(1));
        let later = Utc::now() + Days::new(8);
        let next_week = seen(test, Scope::All).this_week(later, later.date_naive()).await.unwrap().recorded;
        assert_eq!((next_week.count, next_week.newest), (0, Vec::new()));

        let answer = pages_of(&test.store, "Europe/Amsterdam").get("/api/this-week").await.json();
        assert_eq!((&answer["recorded"]["count"], &answer["recorded"]["newest"][0]["person"]), (&2.into(), &"ada".into()));
    }
}
