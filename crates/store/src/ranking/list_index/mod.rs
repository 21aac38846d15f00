//! All boxes as the list shows them, in memory: one pass answers a question and counts every filter's choices.

mod changes;
mod counts;
mod filter;
mod order;
mod overview;
mod plan;

use std::collections::{HashMap, HashSet};
use std::sync::{OnceLock, PoisonError, RwLock};

use chrono::NaiveDate;
use domain::actions::ActionSummary;
use domain::identity::Scope;
use domain::overview::Overview;
use domain::plan::WeeksAtRating;
use domain::ranking::{Before, RankingPage, RankingQuery, RankingRow, SortKey};
use domain::this_week::Changes;
use model::{BoxId, IsoWeek};

use super::search;
use counts::Counts;
use filter::is_shown_by_default;

/// One box, and what a search looks through.
#[derive(Debug)]
pub(crate) struct ListedBox {
    pub(crate) row: RankingRow,
    pub(crate) searchable: String,
    /// Empty where it is not known.
    pub(crate) region: String,
    /// What the run of an earlier week said of it.
    pub(crate) before: Option<Before>,
    /// Of a box that is short of room: the expected weeks above the limit at larger ratings.
    pub(crate) weeks_at_ratings: Vec<WeeksAtRating>,
}

/// The whole list.
#[derive(Debug)]
pub(crate) struct ListIndex {
    /// Without their actions.
    boxes: Vec<ListedBox>,
    /// What was recorded of each box last: no order depends on it, so that it is renewed by itself.
    actions: RwLock<Vec<Option<ActionSummary>>>,
    /// The place of each box, as it is first asked for.
    place_of: OnceLock<HashMap<BoxId, u32>>,
    /// The area of each box, as a place among `areas`.
    area_of: Vec<u32>,
    /// Names, ascending.
    areas: Vec<String>,
    /// The region of each box, as a place among `regions`.
    region_of: Vec<u32>,
    regions: Vec<String>,
    running_week: Option<IsoWeek>,
    /// The week whose run the boxes are compared with.
    compared_with: Option<IsoWeek>,
    /// What changed in the whole fleet, as it is first asked for.
    changes: OnceLock<Changes>,
    /// The counts of the whole fleet, as they are first asked for.
    overview: OnceLock<Overview>,
    /// By key and direction, as it is first asked for: the boxes in that order.
    orders: [[OnceLock<Vec<u32>>; 2]; SortKey::ALL.len()],
}

impl ListIndex {
    /// From boxes in the order of urgency; `running_week` is the first week that isn't complete, `compared_with`
    /// that of the run whose outcome the boxes bring along.
    pub(crate) fn new(
        mut boxes: Vec<ListedBox>,
        running_week: Option<IsoWeek>,
        compared_with: Option<IsoWeek>,
    ) -> Self {
        let actions = boxes.iter_mut().map(|listed| listed.row.action.take()).collect();
        let (areas, area_of) = places(boxes.iter().map(|listed| listed.row.area.as_str()));
        let (regions, region_of) = places(boxes.iter().map(|listed| listed.region.as_str()));
        Self {
            boxes,
            actions: RwLock::new(actions),
            place_of: OnceLock::new(),
            area_of,
            areas,
            region_of,
            regions,
            running_week,
            compared_with,
            changes: OnceLock::new(),
            overview: OnceLock::new(),
            orders: Default::default(),
        }
    }

    /// Something was recorded of these boxes; those that are not in the list are skipped.
    pub(crate) fn renew_actions(&self, changed: Vec<(BoxId, Option<ActionSummary>)>) {
        let place_of = self.place_of.get_or_init(|| {
            self.boxes.iter().zip(0..).map(|(listed, place)| (listed.row.box_id.clone(), place)).collect()
        });
        let mut actions = self.actions.write().unwrap_or_else(PoisonError::into_inner);
        for (box_id, action) in changed {
            let place = place_of.get(&box_id).map(|place| *place as usize);
            if let Some(known) = place.and_then(|place| actions.get_mut(place)) {
                *known = action;
            }
        }
    }

    /// A window of the filtered and sorted list: boxes outside the scope are neither shown nor
    /// counted.
    pub(crate) fn page(&self, scope: &Scope, query: &RankingQuery, today: NaiveDate) -> RankingPage {
        let is_within = self.is_within(scope);
        let words = search::words(&query.search);
        let only: HashSet<&BoxId> = query.boxes.iter().collect();
        let actions = self.actions.read().unwrap_or_else(PoisonError::into_inner);
        let mut counts = Counts::new(self.areas.len(), self.regions.len());
        let mut matches = vec![false; self.boxes.len()];
        let mut total = 0;
        for (at, listed) in self.boxes.iter().enumerate() {
            if !is_within(at) {
                continue;
            }
            let action = actions[at].as_ref();
            let failed = self.failed((at, action), query, &words, &only, today);
            let is_shown = is_shown_by_default(&listed.row, query, &words);
            counts.add((listed, action), [self.area_of[at], self.region_of[at]], failed, is_shown, today);
            matches[at] = failed == 0;
            total += u32::from(failed == 0);
        }
        let limit = query.limit.min(RankingQuery::MAX_ROWS) as usize;
        let rows = self
            .order(query.sort, query.direction)
            .iter()
            .map(|&at| at as usize)
            .filter(|&at| matches[at])
            .skip(query.offset as usize)
            .take(limit)
            .map(|at| RankingRow { action: actions[at].clone(), ..self.boxes[at].row.clone() })
            .collect();
        let place = query.place_of.as_ref().and_then(|box_id| {
            let shown = self.order(query.sort, query.direction).iter().filter(|&&at| matches[at as usize]);
            let place = shown.into_iter().position(|&at| self.boxes[at as usize].row.box_id == *box_id)?;
            u32::try_from(place).ok()
        });
        let facets = (query.offset == 0).then(|| counts.into_facets(&self.areas, &self.regions));
        RankingPage { rows, total, place, facets }
    }

    /// Whether the box at a place is in the scope; each area is looked up once.
    fn is_within<'a>(&'a self, scope: &'a Scope) -> impl Fn(usize) -> bool + 'a {
        let by_area: Option<Vec<bool>> = match scope {
            Scope::Areas(areas) => Some(self.areas.iter().map(|area| areas.contains(area)).collect()),
            Scope::All | Scope::Boxes(_) => None,
        };
        move |at| match (&by_area, scope) {
            (Some(by_area), _) => by_area[self.area_of[at] as usize],
            (None, Scope::Boxes(boxes)) => boxes.contains(&self.boxes[at].row.box_id),
            (None, _) => true,
        }
    }
}

/// The different names, ascending, and the place of each name among them.
fn places<'a>(names: impl Iterator<Item = &'a str> + Clone) -> (Vec<String>, Vec<u32>) {
    let mut known: Vec<&str> = names.clone().collect();
    known.sort_unstable();
    known.dedup();
    let place = |name| known.binary_search(&name).map_or(0, |place| place as u32);
    let places = names.map(place).collect();
    (known.into_iter().map(str::to_owned).collect(), places)
}

#[cfg(test)]
mod tests;
