//! All boxes as the list shows them, in memory: one pass answers a question and counts every filter's choices.

mod changes;
mod counts;
mod criteria;
mod filter;
mod order;
mod overview;
mod plan;
mod texts;

use std::collections::HashMap;
use std::mem;
use std::sync::{OnceLock, PoisonError, RwLock};

use chrono::NaiveDate;
use domain::actions::ActionSummary;
use domain::identity::Scope;
use domain::overview::Overview;
use domain::plan::WeeksAtRating;
use domain::ranking::{Before, RankingPage, RankingQuery, RankingRow, SortKey};
use domain::this_week::Changes;
use model::{BoxId, IsoWeek};

use counts::Counts;
use criteria::Criteria;
use filter::Filters;
use texts::Texts;

/// One box, and what a search looks through.
#[derive(Debug)]
pub(crate) struct ListedBox {
    pub(crate) row: RankingRow,
    pub(crate) searchable: String,
    /// Empty where it is not known.
    pub(crate) region: String,
    /// What the run of an earlier week said of it.
    pub(crate) before: Option<Before>,
    /// The capacity at which its chance of an overload is the risk, kVA; nothing where it is no more already.
    pub(crate) needed_kva: Option<f64>,
    /// The first week by which the chance of an overload by import is above the risk.
    pub(crate) early_import_week: Option<IsoWeek>,
    /// The same by feed-in.
    pub(crate) early_feed_in_week: Option<IsoWeek>,
    /// Of a box that is short of room: the expected weeks above the limit at larger ratings.
    pub(crate) weeks_at_ratings: Vec<WeeksAtRating>,
}

/// The whole list.
#[derive(Debug)]
pub(crate) struct ListIndex {
    /// Without their actions and searchable texts.
    boxes: Vec<ListedBox>,
    /// What the filters look at of each box.
    criteria: Vec<Criteria>,
    texts: Texts,
    /// What was recorded of each box last: no order depends on it, so that it is renewed by itself.
    actions: RwLock<Vec<Option<ActionSummary>>>,
    /// The place of each box, as it is first asked for.
    place_of: OnceLock<HashMap<BoxId, u32>>,
    /// Names, ascending.
    areas: Vec<String>,
    /// Names, ascending.
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
        let texts = boxes.iter_mut().map(|listed| mem::take(&mut listed.searchable)).collect();
        let (areas, area_of) = places(boxes.iter().map(|listed| listed.row.area.as_str()));
        let (regions, region_of) = places(boxes.iter().map(|listed| listed.region.as_str()));
        let placed = boxes.iter().zip(area_of).zip(region_of);
        let criteria = placed.map(|((listed, area), region)| Criteria::of(listed, area, region)).collect();
        Self {
            boxes,
            criteria,
            texts,
            actions: RwLock::new(actions),
            place_of: OnceLock::new(),
            areas,
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
        let mut actions = self.actions.write().unwrap_or_else(PoisonError::into_inner);
        for (box_id, action) in changed {
            if let Some(known) = self.place_of(&box_id).and_then(|place| actions.get_mut(place)) {
                *known = action;
            }
        }
    }

    /// Where a box stands among all of them.
    fn place_of(&self, box_id: &BoxId) -> Option<usize> {
        let place_of = self.place_of.get_or_init(|| {
            self.boxes.iter().zip(0..).map(|(listed, place)| (listed.row.box_id.clone(), place)).collect()
        });
        place_of.get(box_id).map(|place| *place as usize)
    }

    /// A window of the filtered and sorted list: boxes outside the scope are neither shown nor
    /// counted.
    pub(crate) fn page(&self, scope: &Scope, query: &RankingQuery, today: NaiveDate) -> RankingPage {
        let is_within = self.is_within(scope);
        let filters = Filters::new(query, self, today);
        let actions = self.actions.read().unwrap_or_else(PoisonError::into_inner);
        // Later windows of a list have the counts of its first.
        let mut counts =
            (query.offset == 0).then(|| Counts::new(self.areas.len(), self.regions.len(), today));
        let mut matches = vec![false; self.boxes.len()];
        let mut total = 0;
        for (at, criteria) in self.criteria.iter().enumerate() {
            if !is_within(at) {
                continue;
            }
            let action = actions[at].as_ref();
            let failed = filters.failed((at, criteria), self.texts.of(at), action);
            if let Some(counts) = &mut counts {
                counts.add(criteria, action, failed, &filters);
            }
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
            let wanted = self.place_of(box_id)?;
            let mut shown =
                self.order(query.sort, query.direction).iter().filter(|&&at| matches[at as usize]);
            let place = shown.position(|&at| at as usize == wanted)?;
            u32::try_from(place).ok()
        });
        let facets = counts.map(|counts| counts.into_facets(&self.areas, &self.regions));
        RankingPage { rows, total, place, facets }
    }

    /// Whether the box at a place is in the scope; each area is looked up once.
    fn is_within<'a>(&'a self, scope: &'a Scope) -> impl Fn(usize) -> bool + 'a {
        let by_area: Option<Vec<bool>> = match scope {
            Scope::Areas(areas) => Some(self.areas.iter().map(|area| areas.contains(area)).collect()),
            Scope::All | Scope::Boxes(_) => None,
        };
        move |at| match (&by_area, scope) {
            (Some(by_area), _) => by_area[self.criteria[at].area as usize],
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
