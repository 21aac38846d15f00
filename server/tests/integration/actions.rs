//! What planners record of boxes: once, on top of what they saw, together with its entry in the audit.

use std::collections::BTreeSet;

use chrono::{Days, Utc};
use domain::actions::{
    ActionChange, ActionError, ActionFilter, ActionOutcome, ActionStatus, IdempotencyKey, NewAction,
};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use domain::ranking::RankingQuery;

use crate::identity::{as_one_of, behind_a_proxy};
use crate::on_both_databases;
use crate::support::{TestStore, box_id, fill, forecast};

fn person(name: &str, decides: Scope) -> Person {
    Person {
        name: name.to_owned(),
        way_in: WayIn::ReverseProxy,
        right: Right::Planner,
        decides,
        reads: Scope::All,
    }
}

fn new(n: usize, seen_version: u32, key: &str, change: ActionChange) -> NewAction {
    NewAction { box_id: box_id(n), seen_version, key: IdempotencyKey::new(key).unwrap(), change }
}

fn change(status: ActionStatus, note: &str) -> ActionChange {
    ActionChange::new(status, None, "ada", note).unwrap()
}

async fn record(test: &TestStore, person: &Person, new: &NewAction) -> ActionOutcome {
    let entry = NewAuditEntry::done(person, AuditAction::RecordAction, new.box_id.to_string());
    test.store.as_seen_by(person.clone()).record_action(new, &entry, Utc::now()).await.unwrap()
}

on_both_databases! {
    async fn an_action_is_recorded_once_and_only_on_top_of_what_was_seen(test: &TestStore) {
        fill(&test.store, &[460.0, 330.0], 120).await;
        forecast(&test.store).await;
        let (ada, grace) = (person("ada", Scope::All), person("grace", Scope::areas(["Venlo"])));
        let seen = new(0, 0, "key-of-ada-1", change(ActionStatus::Seen, "<b>look</b>\nat it"));
        let ActionOutcome::Recorded(first) = record(test, &ada, &seen).await else { panic!("recorded") };
        assert_eq!((first.version, first.person.as_str(), first.change.note()), (1, "ada", "<b>look</b>\nat it"));
        // A lost answer, sent again: the same, and nothing more.
        let ActionOutcome::Recorded(again) = record(test, &ada, &seen).await else { panic!("recorded") };
        assert_eq!((again.version, &again.change, again.person.as_str()), (1, &first.change, "ada"));
        // Somebody who has not seen it.
        let blind = new(0, 0, "key-of-ada-2", change(ActionStatus::Done, ""));
        let ActionOutcome::Conflict(theirs) = record(test, &ada, &blind).await else { panic!("a conflict") };
        assert_eq!((theirs.version, theirs.change.status()), (1, ActionStatus::Seen));
        // Somebody of another area, and a box that there isn't.
        assert_eq!(record(test, &grace, &new(0, 1, "key-of-grace", change(ActionStatus::Done, ""))).await, ActionOutcome::UnknownBox);
        assert_eq!(record(test, &ada, &new(9, 0, "key-of-none", change(ActionStatus::Done, ""))).await, ActionOutcome::UnknownBox);
        // A day that has passed.
        let gone = ActionChange::new(ActionStatus::Planned, "2020-01-01".parse().ok(), "", "").unwrap();
        assert_eq!(record(test, &ada, &new(0, 1, "key-of-past", gone)).await, ActionOutcome::Refused(ActionError::PastDay));
        let day = Utc::now().date_naive() + Days::new(30);
        let planned = ActionChange::new(ActionStatus::Planned, Some(day), "grace", "400 to 630 kVA").unwrap();
        assert!(matches!(record(test, &ada, &new(0, 1, "key-of-plan", planned)).await, ActionOutcome::Recorded(_)));

        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        let versions: Vec<_> = stored.actions.iter().map(|action| (action.version, action.change.status())).collect();
        assert_eq!(versions, [(2, ActionStatus::Planned), (1, ActionStatus::Seen)]);
        let recorded = test.store.audit_entries(None, 50).await.unwrap();
        let recorded = recorded.iter().filter(|entry| entry.action == AuditAction::RecordAction).count();
        assert_eq!(recorded, 2, "what was refused, repeated or in conflict has no entry");

        let listed = |action| RankingQuery { action: Some(action), limit: 50, ..RankingQuery::default() };
        let planned = test.store.ranking(&listed(ActionFilter::Status(ActionStatus::Planned)), chrono::Utc::now().date_naive()).await.unwrap();
        let summary = planned.rows[0].action.clone().unwrap();
        assert_eq!((planned.total, summary.version, summary.day, summary.owner.as_str()), (1, 2, Some(day), "grace"));
        assert_eq!(test.store.ranking(&listed(ActionFilter::Status(ActionStatus::New)), chrono::Utc::now().date_naive()).await.unwrap().total, 1);
    }
}

on_both_databases! {
    /// Eight at once on one box, each twice: nothing is doubled, nothing is lost.
    async fn of_many_at_once_each_is_recorded_or_told_whose_stands(test: &TestStore) {
        fill(&test.store, &[460.0], 120).await;
        forecast(&test.store).await;
        let ada = person("ada", Scope::All);
        let sent: Vec<NewAction> = (0..8)
            .map(|n| new(0, 0, &format!("at-once-{n}"), change(ActionStatus::Seen, &n.to_string())))
            .collect();
        let twice = sent.iter().chain(&sent).map(|new| record(test, &ada, new));
        let outcomes = futures_util::future::join_all(twice).await;
        let recorded: BTreeSet<String> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                ActionOutcome::Recorded(action) => Some(action.change.note().to_owned()),
                _ => None,
            })
            .collect();
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().actions;
        assert_eq!((stored.len(), recorded.len()), (1, 1), "{outcomes:?}");
        assert!(recorded.contains(stored[0].change.note()));
        assert_eq!(outcomes.iter().filter(|it| matches!(it, ActionOutcome::Conflict(_))).count(), 14);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_planners_record_and_bad_input_is_refused_whole() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0, 440.0], 120).await;
    forecast(&test.store).await;
    let pages = behind_a_proxy(&test.store);
    let body = |n: usize, key: &str, change: &str| {
        format!(
            r#"{{"actions": [{{"box_id": "{}", "seen_version": 0, "key": "{key}", "change": {change}}}]}}"#,
            box_id(n)
        )
    };
    let good = r#"{"status": "seen", "note": "x"}"#;
    let recorded = as_one_of(&pages, "breda", "POST /api/actions", &body(0, "key-0000-1", good)).await;
    assert_eq!(
        (recorded.status, &recorded.json()[0]["recorded"]["version"]),
        (200, &1.into()),
        "{}",
        recorded.body
    );
    let elsewhere = as_one_of(&pages, "breda", "POST /api/actions", &body(1, "key-0000-2", good)).await;
    assert_eq!(elsewhere.json()[0], "unknown-box");
    assert_eq!(
        as_one_of(&pages, "read", "POST /api/actions", &body(0, "key-0000-3", good)).await.status,
        403
    );
    let long = format!(r#"{{"status": "seen", "note": "{}"}}"#, "x".repeat(2_001));
    let refused = [
        r#"{"status": "sean"}"#,
        r#"{"status": "ignored"}"#,
        r#"{"status": "done", "day": "2027-01-01"}"#,
        r#"{"status": "planned", "day": "soon"}"#,
        &long,
    ];
    for change in refused {
        let answer = as_one_of(&pages, "breda", "POST /api/actions", &body(0, "key-0000-4", change)).await;
        assert_eq!(answer.status, 400, "{change}: {}", answer.body);
    }
    assert_eq!(as_one_of(&pages, "breda", "POST /api/actions", &body(0, "short", good)).await.status, 400);
    assert_eq!(test.store.stored_box(&box_id(0)).await.unwrap().unwrap().actions.len(), 1);
}
