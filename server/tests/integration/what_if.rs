//! Questions to the model: the server's answer is the model's own, and what is proposed is kept once, by whoever may.

use std::sync::Arc;

use chrono::Utc;
use domain::actions::IdempotencyKey;
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use domain::proposals::{
    AcceptanceOutcome, ListedProposal, NewProposal, Proposal, ProposalError, ProposalName, ProposalOutcome,
    RemovalOutcome,
};
use domain::week_span::WeekSpan;
use domain::what_if::{Assumptions, InquiryBasis, WhatIfAnswer, WhatIfError, WhatIfOutcome, answer};
use gridspark::configuration::Configuration;
use gridspark::worker::{FitSettings, Selection, make_forecasts};
use model::question::Count;
use model::{IsoWeek, Quantile};
use serde::de::DeserializeOwned;
use store::Store;

use crate::identity::{as_one_of, behind_a_proxy};
use crate::on_both_databases;
use crate::support::pages::Pages;
use crate::support::{Silent, TestStore, box_id, fill, pages_of};

async fn forecast(store: &Store) {
    let settings = FitSettings::new(Configuration::default());
    make_forecasts(store, &settings, &Selection::default(), Arc::new(Silent)).await.unwrap();
}

async fn get<T: DeserializeOwned>(pages: &Pages, address: &str) -> T {
    let page = pages.get(address).await;
    assert_eq!(page.status, 200, "{address}: {}", page.body);
    serde_json::from_str(&page.body).unwrap()
}

fn numbers(answer: &WhatIfAnswer) -> Vec<f64> {
    let mut numbers = Vec::new();
    for future in [&answer.before, &answer.after] {
        for bands in [&future.minimum, &future.maximum] {
            numbers.extend(Quantile::ALL.iter().flat_map(|level| bands.get(*level).to_vec()));
        }
        numbers.extend(&future.assessment.weekly_probability);
        let room = future.assessment.ranked.unwrap().headroom.unwrap();
        numbers.extend([future.assessment.overload_probability, room.import_kw, room.feed_in_kw]);
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_is_the_model_s_own_and_before_is_what_the_page_shows() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[330.0, 250.0, 405.0, 460.0, 100.0, 300.0], 150).await;
    forecast(&test.store).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let id = box_id(0);
    let basis: Option<InquiryBasis> = get(&pages, &format!("/api/what-if/basis?box_id={id}")).await;
    let inquiry = basis.unwrap().inquiry().unwrap();
    let assumed = r#"{"chargers": 20, "heat_pumps": 8, "panels_kwp": 90.5, "homes": 12, "capacity": 500}"#;
    let assumed: Assumptions = serde_json::from_str(assumed).unwrap();
    let address = format!(
        "/api/what-if?box_id={id}&assumed[chargers]=20&assumed[heat_pumps]=8&assumed[panels_kwp]=90.5\
         &assumed[homes]=12&assumed[capacity]=500"
    );
    let WhatIfOutcome::Answered(served) = get(&pages, &address).await else { panic!("an answer") };
    let own = answer(&inquiry, &assumed).unwrap();
    assert_eq!(served.weeks, own.weeks);
    let (served_numbers, own_numbers) = (numbers(&served), numbers(&own));
    assert_eq!(served_numbers.len(), own_numbers.len());
    for (served, own) in served_numbers.iter().zip(&own_numbers) {
        assert!((served - own).abs() <= 1e-9 * own.abs().max(1.0), "{served} {own}");
    }
    let stored = test.store.stored_box(&id).await.unwrap().unwrap();
    let shown = stored.assessment.unwrap();
    let before = &served.before.assessment;
    assert!((before.overload_probability - shown.overload_probability).abs() < 1e-9);
    let stored = stored.maximum.unwrap().forecast;
    for (kw, shown) in
        served.before.maximum.get(Quantile::Q95).iter().zip(&stored.total.get(Quantile::Q95)[stored.future()])
    {
        assert!((kw - shown).abs() < 0.5, "stored forecasts are rounded: {kw} {shown}");
    }
    assert!(served.after.maximum.get(Quantile::Q50)[0] > served.before.maximum.get(Quantile::Q50)[0] + 40.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_t_be_answered_says_why() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[330.0], 150).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let id = box_id(0);
    let ask = |assumed: &str| format!("/api/what-if?box_id={id}&assumed[chargers]=1{assumed}");
    let unforecast: WhatIfOutcome = get(&pages, &ask("")).await;
    assert_eq!(unforecast, WhatIfOutcome::Refused(WhatIfError::NoHistory));
    let basis: Option<InquiryBasis> = get(&pages, &format!("/api/what-if/basis?box_id={id}")).await;
    assert_eq!(basis, None);
    forecast(&test.store).await;
    for (assumed, error) in [
        ("&assumed[from]=2020-01-01", WhatIfError::PastDay),
        ("&assumed[from]=2126-01-01", WhatIfError::FarDay),
        ("&assumed[capacity]=1e6", WhatIfError::LargeCapacity),
        ("&assumed[left_out][0][0]=2022-W10&assumed[left_out][0][1]=2022-W02", WhatIfError::WeekOrder),
        ("&assumed[left_out][0][0]=0001-W01&assumed[left_out][0][1]=9999-W52", WhatIfError::ManyWeeks),
        ("&assumed[left_out][0][0]=2019-W01&assumed[left_out][0][1]=2027-W52", WhatIfError::FewWeeks),
    ] {
        let outcome: WhatIfOutcome = get(&pages, &ask(assumed)).await;
        assert_eq!(outcome, WhatIfOutcome::Refused(error), "{assumed}");
    }
    for assumed in [
        "&assumed[heat_pumps]=-1",
        "&assumed[homes]=100001",
        "&assumed[panels_kwp]=NaN",
        "&assumed[kettles]=1",
    ] {
        assert_eq!(pages.get(&ask(assumed)).await.status, 400, "{assumed}");
    }
    for address in [
        "/api/what-if?box_id=none&assumed[homes]=1",
        "/api/what-if/basis?box_id=none",
        "/api/proposals?box_id=none",
    ] {
        assert_eq!(pages.get(address).await.status, 404, "{address}");
    }
}

fn person(name: &str, decides: Scope) -> Person {
    let (way_in, right, reads) = (WayIn::ReverseProxy, Right::Planner, Scope::All);
    Person { name: name.to_owned(), way_in, right, decides, reads }
}

fn new(n: usize, key: &str, name: &str, chargers: u32) -> NewProposal {
    NewProposal {
        box_id: box_id(n),
        key: IdempotencyKey::new(key).unwrap(),
        name: ProposalName::new(name).unwrap(),
        assumed: Assumptions { chargers: Count::new(chargers).unwrap(), ..Assumptions::default() },
    }
}

async fn save(test: &TestStore, person: &Person, new: &NewProposal) -> ProposalOutcome {
    let entry = NewAuditEntry::done(person, AuditAction::SaveProposal, new.box_id.to_string());
    let entry = entry.with(new.name.as_str());
    test.store.as_seen_by(person.clone()).save_proposal(new, &entry, Utc::now()).await.unwrap()
}

async fn remove(test: &TestStore, person: &Person, n: usize, number: u32) -> RemovalOutcome {
    let entry = NewAuditEntry::done(person, AuditAction::RemoveProposal, box_id(n).to_string());
    let seen = test.store.as_seen_by(person.clone());
    seen.remove_proposal((&box_id(n), number), entry, Utc::now()).await.unwrap()
}

async fn names(test: &TestStore, person: &Person) -> Vec<(u32, String)> {
    let listed = test.store.as_seen_by(person.clone()).proposals(&box_id(0)).await.unwrap();
    listed.into_iter().map(|listed| (listed.number, listed.name.as_str().to_owned())).collect()
}

on_both_databases! {
    async fn a_proposal_is_saved_once_under_a_name_of_its_own_and_removed_once(test: &TestStore) {
        fill(&test.store, &[460.0, 330.0], 120).await;
        forecast(&test.store).await;
        let (ada, grace) = (person("ada", Scope::All), person("grace", Scope::areas(["Venlo"])));
        let first = new(0, "key-of-ada-1", "20 <b>chargers</b>", 20);
        let ProposalOutcome::Saved(saved) = save(test, &ada, &first).await else { panic!("saved") };
        assert_eq!((saved.number, saved.person.as_str(), &saved.assumed), (1, "ada", &first.assumed));
        // A lost answer, sent again: the same, and nothing more.
        let ProposalOutcome::Saved(again) = save(test, &ada, &first).await else { panic!("saved") };
        assert_eq!((again.number, &again.name), (1, &first.name));
        let ProposalOutcome::NameTaken(theirs) = save(test, &ada, &new(0, "key-of-ada-2", "20 <b>chargers</b>", 5)).await
        else { panic!("the name is taken") };
        assert_eq!((theirs.number, theirs.person.as_str()), (1, "ada"));
        assert_eq!(save(test, &ada, &new(0, "key-of-ada-3", "none", 0)).await, ProposalOutcome::Refused(ProposalError::NothingAssumed));
        let past = NewProposal {
            assumed: Assumptions { from: "2020-01-01".parse().ok(), ..first.assumed.clone() },
            ..new(0, "key-of-ada-4", "past", 1)
        };
        assert_eq!(save(test, &ada, &past).await, ProposalOutcome::Refused(ProposalError::Assumed(WhatIfError::PastDay)));
        // Somebody of another area, and a box that there isn't.
        assert_eq!(save(test, &grace, &new(0, "key-of-grace", "hers", 1)).await, ProposalOutcome::UnknownBox);
        assert_eq!(save(test, &ada, &new(9, "key-of-none", "x", 1)).await, ProposalOutcome::UnknownBox);
        assert_eq!(remove(test, &grace, 0, 1).await, RemovalOutcome::UnknownBox);
        assert!(matches!(save(test, &ada, &new(0, "key-of-ada-5", "second", 5)).await, ProposalOutcome::Saved(_)));
        assert_eq!(names(test, &ada).await, [(2, "second".to_owned()), (1, "20 <b>chargers</b>".to_owned())]);

        assert_eq!(remove(test, &ada, 0, 1).await, RemovalOutcome::Removed);
        assert_eq!(remove(test, &ada, 0, 1).await, RemovalOutcome::Gone);
        assert_eq!(remove(test, &ada, 0, 77).await, RemovalOutcome::Gone);
        // Its name is free again, its number isn't; a late retry doesn't bring it back.
        let ProposalOutcome::Saved(third) = save(test, &ada, &new(0, "key-of-ada-6", "20 <b>chargers</b>", 6)).await
        else { panic!("saved") };
        assert_eq!(third.number, 3);
        let ProposalOutcome::Saved(late) = save(test, &ada, &first).await else { panic!("known by its key") };
        assert_eq!(late.number, 1);
        assert_eq!(names(test, &ada).await.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 2]);
        let entries = test.store.audit_entries(None, 50).await.unwrap();
        let of = |action| entries.iter().filter(|entry| entry.action == action).map(|entry| entry.detail.as_str()).collect::<Vec<_>>();
        assert_eq!(of(AuditAction::SaveProposal), ["20 <b>chargers</b>", "second", "20 <b>chargers</b>"]);
        assert_eq!(of(AuditAction::RemoveProposal), ["20 <b>chargers</b>"]);
    }
}

async fn accept(
    test: &TestStore,
    person: &Person,
    (n, number): (usize, u32),
    yes: bool,
) -> AcceptanceOutcome {
    let action = if yes { AuditAction::AcceptProposal } else { AuditAction::WithdrawAcceptance };
    let entry = NewAuditEntry::done(person, action, box_id(n).to_string());
    let seen = test.store.as_seen_by(person.clone());
    seen.accept_proposal((&box_id(n), number, yes), entry, Utc::now()).await.unwrap()
}

/// The chance of an overload, the largest amount that is added, and the highest weekly maximum, kW.
async fn stored_of(test: &TestStore, n: usize) -> (f64, f64, f64) {
    let stored = test.store.stored_box(&box_id(n)).await.unwrap().unwrap();
    let maximum = stored.maximum.unwrap();
    let future = maximum.forecast.future();
    let highest = maximum.forecast.total.get(Quantile::Q95)[future].iter().copied().fold(f64::MIN, f64::max);
    let added = maximum.added_kw.iter().copied().fold(0.0, f64::max);
    (stored.assessment.unwrap().overload_probability, added, highest)
}

on_both_databases! {
    async fn the_next_run_counts_on_what_was_accepted_and_is_the_answer_to_the_same_question(test: &TestStore) {
        fill(&test.store, &[330.0, 300.0], 150).await;
        forecast(&test.store).await;
        let (ada, grace) = (person("ada", Scope::All), person("grace", Scope::areas(["Venlo"])));
        let pages = pages_of(&test.store, "Europe/Amsterdam");
        let before = stored_of(test, 0).await;
        let assumed = format!("box_id={}&assumed[chargers]=40&assumed[heat_pumps]=10", box_id(0));
        let WhatIfOutcome::Answered(asked) = get(&pages, &format!("/api/what-if?{assumed}")).await else { panic!("an answer") };
        let heat_pumps = Count::new(10).unwrap();
        let chargers = new(0, "key-of-chargers", "chargers", 40);
        save(test, &ada, &NewProposal { assumed: Assumptions { heat_pumps, ..chargers.assumed.clone() }, ..chargers }).await;
        assert_eq!(accept(test, &grace, (0, 1), true).await, AcceptanceOutcome::UnknownBox);
        assert_eq!(accept(test, &ada, (0, 7), true).await, AcceptanceOutcome::Gone);
        forecast(&test.store).await;
        assert_eq!(stored_of(test, 0).await, before, "nothing is accepted yet");

        assert_eq!(accept(test, &ada, (0, 1), true).await, AcceptanceOutcome::Recorded);
        assert_eq!(accept(test, &ada, (0, 1), true).await, AcceptanceOutcome::Recorded, "once");
        forecast(&test.store).await;
        let after = stored_of(test, 0).await;
        assert!((after.0 - asked.after.assessment.overload_probability).abs() < 1e-9, "{after:?}");
        let highest = asked.after.maximum.get(Quantile::Q95).iter().copied().fold(f64::MIN, f64::max);
        assert!(after.1 > 40.0 && (after.2 - highest).abs() < 0.5, "stored forecasts are rounded: {after:?} {highest}");
        // A question about it is asked on top, and the proposal isn't counted twice.
        let WhatIfOutcome::Answered(again) =
            get(&pages, &format!("/api/what-if?box_id={}&assumed[homes]=1", box_id(0))).await else { panic!("an answer") };
        assert!((again.before.assessment.overload_probability - after.0).abs() < 1e-9);
        for (kw, was) in again.before.maximum.get(Quantile::Q50).iter().zip(asked.after.maximum.get(Quantile::Q50)) {
            assert!((kw - was).abs() < 1e-9 * was.abs().max(1.0));
        }
        let listed: Vec<ListedProposal> = get(&pages, &format!("/api/proposals?box_id={}", box_id(0))).await;
        assert_eq!(listed[0].proposal.accepted.as_ref().unwrap().person, "ada");
        assert_eq!(listed[0].effect, None);

        // Whether it is accepted no longer or removed: the forecast is what it was.
        assert_eq!(accept(test, &ada, (0, 1), false).await, AcceptanceOutcome::Recorded);
        forecast(&test.store).await;
        assert_eq!(stored_of(test, 0).await, before);
        accept(test, &ada, (0, 1), true).await;
        forecast(&test.store).await;
        assert_eq!(remove(test, &ada, 0, 1).await, RemovalOutcome::Removed);
        forecast(&test.store).await;
        assert_eq!(stored_of(test, 0).await, before);
        let entries = test.store.audit_entries(None, 50).await.unwrap();
        let of = |action| entries.iter().filter(|entry| entry.action == action).count();
        assert_eq!((of(AuditAction::AcceptProposal), of(AuditAction::WithdrawAcceptance)), (2, 1));
    }
}

on_both_databases! {
    async fn weeks_that_an_accepted_proposal_leaves_out_are_left_out_of_the_fit(test: &TestStore) {
        fill(&test.store, &[330.0], 150).await;
        forecast(&test.store).await;
        let ada = person("ada", Scope::All);
        let week = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().weeks[100].week;
        let weeks = WeekSpan::new(week, IsoWeek::from_index(week.index() + 1));
        let plain = new(0, "key-of-weeks", "weeks", 0);
        save(test, &ada, &NewProposal { assumed: Assumptions { left_out: vec![weeks], ..Assumptions::default() }, ..plain }).await;
        accept(test, &ada, (0, 1), true).await;
        forecast(&test.store).await;
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        assert_eq!(stored.special_weeks.left_out, [weeks]);
        assert!(stored.special_weeks.decisions.is_empty(), "a proposal is no decision");
    }
}

on_both_databases! {
    async fn of_many_at_once_none_is_doubled_and_no_box_has_more_than_are_kept(test: &TestStore) {
        fill(&test.store, &[460.0], 120).await;
        forecast(&test.store).await;
        let ada = person("ada", Scope::All);
        let sent: Vec<NewProposal> = (0..Proposal::MOST + 4)
            .map(|n| new(0, &format!("at-once-{n}"), &format!("proposal {n}"), 1 + n))
            .collect();
        let twice = sent.iter().chain(&sent).map(|new| save(test, &ada, new));
        let outcomes = futures_util::future::join_all(twice).await;
        let refused = ProposalOutcome::Refused(ProposalError::TooMany);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == refused).count(), 8);
        let mut kept: Vec<u32> = names(test, &ada).await.into_iter().map(|(number, _)| number).collect();
        kept.sort_unstable();
        assert_eq!(kept, (1..=Proposal::MOST).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planners_save_and_viewers_see_what_a_proposal_would_change() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[330.0, 440.0], 120).await;
    forecast(&test.store).await;
    let pages = behind_a_proxy(&test.store);
    let body = |n: usize, key: &str, rest: &str| {
        format!(r#"{{"proposal": {{"box_id": "{}", "key": "{key}", {rest}}}}}"#, box_id(n))
    };
    let good = r#""name": "more", "assumed": {"chargers": 60}"#;
    let saved = as_one_of(&pages, "breda", "POST /api/proposals/save", &body(0, "key-0000-1", good)).await;
    assert_eq!((saved.status, &saved.json()["saved"]["number"]), (200, &1.into()), "{}", saved.body);
    assert_eq!(
        as_one_of(&pages, "read", "POST /api/proposals/save", &body(0, "key-0000-2", good)).await.status,
        403
    );
    let elsewhere =
        as_one_of(&pages, "breda", "POST /api/proposals/save", &body(1, "key-0000-3", good)).await;
    assert_eq!(elsewhere.json(), "unknown-box");
    let long = format!(r#""name": "{}", "assumed": {{"chargers": 1}}"#, "x".repeat(81));
    for refused in [
        r#""name": "", "assumed": {"chargers": 1}"#,
        r#""name": "a\u0007", "assumed": {"chargers": 1}"#,
        r#""name": "a", "assumed": {"chargers": -1}"#,
        r#""name": "a", "assumed": {"capacity": 0}"#,
        &long,
    ] {
        let answer =
            as_one_of(&pages, "breda", "POST /api/proposals/save", &body(0, "key-0000-4", refused)).await;
        assert_eq!(answer.status, 400, "{refused}: {}", answer.body);
    }
    let list = format!("GET /api/proposals?box_id={}", box_id(0));
    let listed = as_one_of(&pages, "read", &list, "").await;
    let listed: Vec<ListedProposal> = serde_json::from_str(&listed.body).unwrap();
    let effect = listed[0].effect.unwrap();
    assert!(effect.after.both.probability > effect.before.both.probability);
    assert_eq!((listed.len(), listed[0].proposal.name.as_str()), (1, "more"));
    let acceptance = format!(r#"{{"box_id": "{}", "number": 1, "accepted": true}}"#, box_id(0));
    assert_eq!(as_one_of(&pages, "read", "POST /api/proposals/accept", &acceptance).await.status, 403);
    assert_eq!(
        as_one_of(&pages, "breda", "POST /api/proposals/accept", &acceptance).await.json(),
        "recorded"
    );
    let removal = format!(r#"{{"box_id": "{}", "number": 1}}"#, box_id(0));
    assert_eq!(as_one_of(&pages, "read", "POST /api/proposals/remove", &removal).await.status, 403);
    assert_eq!(as_one_of(&pages, "breda", "POST /api/proposals/remove", &removal).await.json(), "removed");
    assert_eq!(as_one_of(&pages, "breda", "POST /api/proposals/remove", &removal).await.json(), "gone");
}
