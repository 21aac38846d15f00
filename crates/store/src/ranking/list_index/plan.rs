//! The transformers that are short of room: what the plan is made of.

use std::sync::PoisonError;

use domain::identity::Scope;
use domain::plan::PlanCandidate;
use model::Capacity;

use super::ListIndex;

impl ListIndex {
    /// The boxes in the scope that are short of room, in the order of urgency.
    pub(crate) fn plan_candidates(&self, scope: &Scope) -> Vec<PlanCandidate> {
        let is_within = self.is_within(scope);
        let actions = self.actions.read().unwrap_or_else(PoisonError::into_inner);
        let candidate = |(at, listed): (usize, &super::ListedBox)| {
            let row = &listed.row;
            let needed_kva = listed.needed_kva?;
            let capacity = row.capacity_kva.and_then(|kva| Capacity::new(kva).ok())?;
            is_within(at).then_some(())?;
            Some(PlanCandidate {
                box_id: row.box_id.clone(),
                station_name: row.station_name.clone(),
                area: row.area.clone(),
                capacity,
                probability: row.overload_probability?,
                needed_kva,
                expected_weeks: row.first_overload?.expected_weeks,
                weeks_at_ratings: listed.weeks_at_ratings.clone(),
                action: actions[at].clone(),
            })
        };
        self.boxes.iter().enumerate().filter_map(candidate).collect()
    }
}
