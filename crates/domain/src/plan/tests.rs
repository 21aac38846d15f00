//! The order of the plan, its sums, and what is chosen.

use proptest::prelude::*;

use super::*;

const SIZES: [f64; 3] = [250.0, 400.0, 630.0];

fn ratings(prices_euro: &[f64]) -> StandardRatings {
    StandardRatings::new(&SIZES, prices_euro).unwrap()
}

fn kva(kva: f64) -> Capacity {
    Capacity::new(kva).unwrap()
}

fn today() -> NaiveDate {
    "2026-11-30".parse().unwrap()
}

/// A box of 160 kVA that is short of so many kW, with weeks at the three sizes.
fn candidate(name: &str, short_kw: f64, weeks_now: f64, weeks: &[f64]) -> PlanCandidate {
    PlanCandidate {
        box_id: BoxId::new(name).unwrap(),
        station_name: format!("Station {name}"),
        area: if name < "C" { "Breda" } else { "Venlo" }.to_owned(),
        capacity: kva(160.0),
        probability: 0.5,
        needed_kva: 160.0 + short_kw,
        expected_weeks: weeks_now,
        weeks_at_ratings: SIZES
            .into_iter()
            .zip(weeks)
            .map(|(size, weeks)| WeeksAtRating { capacity: kva(size), expected_weeks: *weeks })
            .collect(),
        action: None,
    }
}

fn plan(candidates: Vec<PlanCandidate>, budget_euro: Option<u64>, prices_euro: &[f64]) -> Plan {
    Plan::of(candidates, &PlanQuery { area: None, budget_euro }, &ratings(prices_euro), today())
}

fn names(plan: &Plan) -> Vec<&str> {
    plan.rows.iter().map(|row| row.box_id.as_str()).collect()
}

fn fleet() -> Vec<PlanCandidate> {
    vec![
        candidate("D", 60.0, 9.0, &[0.5, 0.0, 0.0]),
        candidate("A", 200.0, 12.0, &[11.0, 1.0, 0.0]),
        candidate("C", 60.0, 9.0, &[0.5, 0.0, 0.0]),
        candidate("B", 60.0, 26.0, &[]),
        candidate("E", 900.0, 27.0, &[27.0, 27.0, 20.0]),
        candidate("F", 600.0, 20.0, &[19.0, 18.0, 3.0]),
    ]
}

#[test]
fn rows_are_ordered_by_weeks_avoided_per_euro_and_ties_by_box() {
    let plan = plan(fleet(), Some(45_000), &[10_000.0, 15_000.0, 21_000.0]);
    // A: 11 weeks for 15,000 €; C and D: 8.5 for 10,000; F: no size does; B was not computed yet.
    assert_eq!(names(&plan), ["C", "D", "A", "B"]);
    let row = &plan.rows[2];
    assert_eq!(
        (row.rating.capacity.kva(), row.weeks_with_rating, row.weeks_avoided),
        (400.0, Some(1.0), Some(11.0))
    );
    assert!((row.weeks_avoided_per_1000_euro.unwrap() - 11.0 / 15.0).abs() < 1e-12);
    let sums: Vec<_> = plan.rows.iter().filter_map(|row| row.cumulative_euro).collect();
    assert_eq!((sums, plan.rows_within_budget()), (vec![10_000.0, 20_000.0, 35_000.0, 45_000.0], Some(4)));
    let chosen: Vec<_> = plan.rows.iter().map(|row| row.is_chosen).collect();
    assert_eq!(chosen, [true, true, true, false], "what is not known is not chosen");
    let splits: Vec<_> = plan.splits.iter().map(|row| row.box_id.as_str()).collect();
    assert_eq!(splits, ["E", "F"]);
    let areas: Vec<_> = plan.areas.iter().map(|area| (area.area.as_str(), area.boxes)).collect();
    assert_eq!(areas, [("Breda", 2), ("Venlo", 4)]);
}

#[test]
fn without_prices_the_order_is_by_weeks_avoided_and_nothing_is_chosen() {
    let plan = plan(fleet(), Some(45_000), &[]);
    assert_eq!(names(&plan), ["A", "C", "D", "B"]);
    assert!(!plan.has_prices && plan.has_ratings && plan.rows_within_budget().is_none());
    assert!(plan.rows.iter().all(|row| !row.is_chosen && row.cumulative_euro.is_none()));
    let none = Plan::of(fleet(), &PlanQuery::default(), &StandardRatings::new(&[], &[]).unwrap(), today());
    assert!(!none.has_ratings && none.rows.is_empty() && none.splits.is_empty());
}

#[test]
fn the_dearer_rating_that_avoids_more_may_be_chosen_below_the_line() {
    // For 15,000 € one of 8.5 weeks, or the one of 11 that stands below it.
    let plan = plan(fleet(), Some(15_000), &[10_000.0, 15_000.0, 21_000.0]);
    let chosen: Vec<_> =
        plan.rows.iter().filter(|row| row.is_chosen).map(|row| row.box_id.as_str()).collect();
    assert_eq!((chosen, plan.rows_within_budget()), (vec!["A"], Some(1)));
}

#[test]
fn what_is_planned_or_done_takes_from_the_budget_and_is_not_chosen_again() {
    let prices = [10_000.0, 15_000.0, 21_000.0];
    let action = |status, day: Option<&str>| {
        let day = day.map(|day| day.parse().unwrap());
        Some(ActionSummary { version: 1, status, day, owner: String::new() })
    };
    let chosen = |of_c, budget| {
        let mut fleet = fleet();
        fleet[2].action = of_c;
        let plan = plan(fleet, Some(budget), &prices);
        let chosen: Vec<_> =
            plan.rows.iter().filter(|row| row.is_chosen).map(|row| row.box_id.to_string()).collect();
        (chosen.concat(), plan.planned_euro)
    };
    assert_eq!(chosen(None, 20_000), ("CD".to_owned(), 0.0));
    assert_eq!(chosen(action(ActionStatus::Planned, Some("2027-03-01")), 20_000), ("D".to_owned(), 10_000.0));
    assert_eq!(chosen(action(ActionStatus::Planned, None), 10_000), (String::new(), 10_000.0));
    assert_eq!(chosen(action(ActionStatus::Done, None), 20_000), ("D".to_owned(), 10_000.0));
    assert_eq!(chosen(action(ActionStatus::Ignored, Some("2027-03-01")), 20_000), ("A".to_owned(), 0.0));
    assert_eq!(chosen(action(ActionStatus::Ignored, Some("2026-11-01")), 20_000), ("CD".to_owned(), 0.0));
    assert_eq!(chosen(action(ActionStatus::Investigating, None), 20_000), ("CD".to_owned(), 0.0));
}

#[test]
fn where_more_is_planned_and_done_than_budgeted_no_row_is_the_last_that_it_pays_for() {
    let prices = [10_000.0, 15_000.0, 21_000.0];
    let action = |status| Some(ActionSummary { version: 1, status, day: None, owner: String::new() });
    let of = |budget| {
        let mut fleet = fleet();
        (fleet[0].action, fleet[2].action) = (action(ActionStatus::Planned), action(ActionStatus::Done));
        let plan = plan(fleet, Some(budget), &prices);
        let chosen = plan.rows.iter().filter(|row| row.is_chosen).count();
        (plan.planned_euro, plan.beyond_budget_euro(), plan.rows_within_budget(), chosen)
    };
    assert_eq!(of(20_000), (20_000.0, None, Some(2), 0));
    assert_eq!(of(19_000), (20_000.0, Some(1_000.0), None, 0));
}

#[test]
fn an_area_has_its_own_sums() {
    let query = PlanQuery { area: Some("Venlo".to_owned()), budget_euro: Some(20_000) };
    let prices = ratings(&[10_000.0, 15_000.0, 21_000.0]);
    let plan = Plan::of(fleet(), &query, &prices, today());
    assert_eq!((names(&plan), plan.areas.len(), plan.splits.len()), (vec!["C", "D"], 2, 2));
    let orders = by_size(plan.rows.iter());
    assert_eq!(orders, [(kva(250.0), OrderLine { count: 2, cost_euro: Some(20_000.0) })]);
    assert_eq!(by_area(plan.rows.iter()), [("Venlo".to_owned(), orders[0].1)]);
    assert_eq!(OrderLine::of([].into_iter()), OrderLine::default());
}

proptest! {
    /// However the store lists the boxes, the plan is the same.
    #[test]
    fn the_order_and_what_is_chosen_do_not_depend_on_how_boxes_come_in(
        drawn in prop::collection::vec((0_u8..4, 0_u8..5, 0_u8..3), 0..40).prop_shuffle(),
        budget in 0_u64..400_000,
        turn in 0_usize..40,
    ) {
        let box_of = |(place, (now, short, with)): (usize, &(u8, u8, u8))| {
            let now = f64::from(*now);
            let weeks = [now, now.min(f64::from(*with)), 0.0];
            candidate(&format!("B{place:02}"), 30.0 + 70.0 * f64::from(*short), now, &weeks)
        };
        let boxes: Vec<_> = drawn.iter().enumerate().map(box_of).collect();
        let mut turned = boxes.clone();
        turned.rotate_left(turn.min(boxes.len()));
        turned.reverse();
        let prices = [10_000.0, 15_000.0, 21_000.0];
        let expected = plan(boxes, Some(budget), &prices);
        prop_assert_eq!(&plan(turned, Some(budget), &prices), &expected);
        let per_euro: Vec<_> = expected.rows.iter().map(|row| row.weeks_avoided_per_1000_euro.unwrap()).collect();
        prop_assert!(per_euro.is_sorted_by(|a, b| a >= b));
        let chosen = expected.rows.iter().filter(|row| row.is_chosen);
        let cost: f64 = chosen.filter_map(|row| row.rating.price_euro).sum();
        prop_assert!(cost <= budget as f64);
    }
}
