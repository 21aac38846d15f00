//! What a planner does with the plan in this tab: which rows are ticked, and what was recorded meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::actions::{Action, ActionStatus, ActionSummary};
use domain::plan::{Plan, PlanRow};
use leptos::prelude::*;
use model::BoxId;

/// The plan, its ticks, and the newest actions that are known of its rows.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    plan: StoredValue<Arc<Plan>>,
    ticked: RwSignal<BTreeSet<BoxId>>,
    recorded: RwSignal<BTreeMap<BoxId, ActionSummary>>,
}

impl Desk {
    /// With the rows ticked that the budget chooses.
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let chosen = plan.rows.iter().filter(|row| row.is_chosen).map(|row| row.box_id.clone());
        Self {
            ticked: RwSignal::new(chosen.collect()),
            plan: StoredValue::new(plan),
            recorded: RwSignal::new(BTreeMap::new()),
        }
    }

    pub(super) fn plan(self) -> Arc<Plan> {
        self.plan.get_value()
    }

    /// How many are ticked; a reactive value.
    pub(super) fn ticked_count(self) -> usize {
        self.ticked.with(BTreeSet::len)
    }

    /// Whether a row is ticked; a reactive value.
    pub(super) fn is_ticked(self, box_id: &BoxId) -> bool {
        self.ticked.with(|ticked| ticked.contains(box_id))
    }

    pub(super) fn tick(self, box_id: &BoxId, is_ticked: bool) {
        self.ticked.update(|ticked| {
            if is_ticked {
                ticked.insert(box_id.clone());
            } else {
                ticked.remove(box_id);
            }
        });
    }

    /// Reads the rows that are ticked, in their order; a reactive value.
    pub(super) fn with_ticked<T>(self, read: impl FnOnce(&[&PlanRow]) -> T) -> T {
        let plan = self.plan();
        self.ticked.with(|ticked| {
            let rows: Vec<&PlanRow> = plan.rows.iter().filter(|row| ticked.contains(&row.box_id)).collect();
            read(&rows)
        })
    }

    /// Reads the rows that are to be ordered, in their order: those that are ticked and, where these are ordered, too, those
    /// beside them that are recorded as planned; a reactive value.
    pub(super) fn with_orders<T>(self, with_planned: bool, read: impl FnOnce(&[&PlanRow]) -> T) -> T {
        let plan = self.plan();
        let is_planned = |row: &PlanRow| {
            with_planned && self.action(row).is_some_and(|action| action.status == ActionStatus::Planned)
        };
        self.ticked.with(|ticked| {
            let is_ordered = |row: &&PlanRow| ticked.contains(&row.box_id) || is_planned(row);
            read(&plan.rows.iter().filter(is_ordered).collect::<Vec<_>>())
        })
    }

    /// What was recorded last of a row, as far as this page knows; a reactive value.
    pub(super) fn action(self, row: &PlanRow) -> Option<ActionSummary> {
        self.recorded.with(|recorded| recorded.get(&row.box_id).cloned()).or_else(|| row.action.clone())
    }

    /// Something was recorded, by this planner or another.
    pub(super) fn learn(self, box_id: &BoxId, action: &Action) {
        let change = &action.change;
        let summary = ActionSummary {
            version: action.version,
            status: change.status(),
            day: change.day(),
            owner: change.owner().to_owned(),
        };
        self.recorded.update(|recorded| drop(recorded.insert(box_id.clone(), summary)));
    }
}

#[cfg(test)]
mod tests {
    use domain::actions::ActionChange;
    use domain::advice::StandardRating;
    use model::Capacity;

    use super::*;

    pub(crate) fn row(name: &str, is_chosen: bool) -> PlanRow {
        let capacity = |kva| Capacity::new(kva).unwrap();
        PlanRow {
            box_id: BoxId::new(name).unwrap(),
            station_name: String::new(),
            area: "Breda".to_owned(),
            capacity_kva: capacity(250.0),
            overload_probability: 0.6,
            needed_kva: 331.0,
            rating: StandardRating { capacity: capacity(400.0), price_euro: Some(15_000.0) },
            weeks_now: 9.0,
            weeks_with_rating: Some(1.0),
            weeks_avoided: Some(8.0),
            weeks_avoided_per_1000_euro: Some(8.0 / 15.0),
            cumulative_euro: Some(15_000.0),
            is_chosen,
            action: None,
        }
    }

    #[test]
    fn what_the_budget_chooses_is_ticked_and_what_is_recorded_is_known() {
        Owner::new().with(|| {
            let rows = vec![row("B1", true), row("B2", false), row("B3", true)];
            let desk = Desk::new(Arc::new(Plan { rows: rows.clone(), ..Plan::default() }));
            let names =
                || desk.with_ticked(|rows| rows.iter().map(|row| row.box_id.to_string()).collect::<String>());
            assert_eq!((names().as_str(), desk.ticked_count()), ("B1B3", 2));
            desk.tick(&rows[1].box_id, true);
            desk.tick(&rows[0].box_id, false);
            assert!(desk.is_ticked(&rows[1].box_id) && !desk.is_ticked(&rows[0].box_id));
            assert_eq!((names().as_str(), desk.action(&rows[1])), ("B2B3", None));
            let change = ActionChange::new(ActionStatus::Planned, None, "ada", "").unwrap();
            let action =
                Action { version: 3, change, person: "ada".to_owned(), at: chrono::DateTime::default() };
            desk.learn(&rows[1].box_id, &action);
            assert_eq!(desk.action(&rows[1]).map(|action| action.version), Some(3));
            let orders = |with_planned| {
                desk.with_orders(with_planned, |rows| {
                    rows.iter().map(|row| row.box_id.to_string()).collect::<String>()
                })
            };
            // What is ticked and planned is ordered once.
            assert_eq!((orders(false).as_str(), orders(true).as_str()), ("B2B3", "B2B3"));
            desk.tick(&rows[1].box_id, false);
            assert_eq!((orders(false).as_str(), orders(true).as_str()), ("B3", "B2B3"));
            desk.tick(&rows[2].box_id, false);
            assert_eq!((orders(false).as_str(), orders(true).as_str()), ("", "B2"), "not the whole list");
        });
    }
}
