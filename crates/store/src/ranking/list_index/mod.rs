//! All boxes as the list shows them, in memory: one pass answers a question and counts every filter's choices.

mod changes;
mod overview;

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::{OnceLock, PoisonError, RwLock};

use chrono::NaiveDate;
use domain::actions::{ActionFilter, ActionSummary};
use domain::identity::Scope;
use domain::overview::Overview;
use domain::ranking::{
    AreaCount, Before, Change, Direction, Facets, RankingPage, RankingQuery, RankingRow, RegionCount, SortKey,
};
use domain::this_week::Changes;
use domain::urgency::Urgency;
use model::{BoxId, Extreme, Flag, IsoWeek};

use super::search;

/// One box, and what a search looks through.
#[derive(Debug)]
pub(crate) struct ListedBox {
    pub(crate) row: RankingRow,
    pub(crate) searchable: String,
    /// Empty where it is not known.
    pub(crate) region: String,
    /// What the run of an earlier week said of it.
    pub(crate) before: Option<Before>,
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

/// The filters that have a count for each of their choices, and all others.
mod filter {
    pub(super) const URGENCY: u16 = 1;
    pub(super) const AREA: u16 = 2;
    pub(super) const FLAG: u16 = 4;
    pub(super) const PEAK_EXTREME: u16 = 8;
    pub(super) const OTHER: u16 = 16;
    /// What the list leaves out unless it is asked for.
    pub(super) const DEFAULT: u16 = 32;
    pub(super) const REGION: u16 = 64;
    pub(super) const ACTION: u16 = 128;
    pub(super) const CHANGE: u16 = 256;
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

    /// The filters that a box does not pass.
    fn failed(
        &self,
        (at, recorded): (usize, Option<&ActionSummary>),
        query: &RankingQuery,
        words: &[String],
        only: &HashSet<&BoxId>,
        today: NaiveDate,
    ) -> u16 {
        let ListedBox { row, searchable, region, before } = &self.boxes[at];
        let is_within = |weeks: u16| {
            let early = row.first_overload.and_then(|first| first.early_week);
            let Some((early, running)) = early.zip(self.running_week) else { return false };
            early - running < i32::from(weeks)
        };
        let reaches = |percent: f64, share: Option<f64>| share.is_some_and(|share| share * 100.0 >= percent);
        let has_room = |least_kw: Option<u16>, room_kw: Option<f64>| {
            least_kw.is_none_or(|least_kw| room_kw.is_some_and(|kw| kw >= f64::from(least_kw)))
        };
        let is_other = query.within_weeks.is_none_or(is_within)
            && query
                .min_probability_percent
                .is_none_or(|percent| reaches(percent.into(), row.overload_probability))
            && query.min_loading_percent.is_none_or(|percent| reaches(percent.into(), row.peak_loading))
            && has_room(query.min_import_headroom_kw, row.headroom.map(|room| room.import_kw))
            && has_room(query.min_feed_in_headroom_kw, row.headroom.map(|room| room.feed_in_kw))
            && (only.is_empty() || only.contains(&row.box_id))
            && words.iter().all(|word| searchable.contains(word.as_str()));
        let bit = |passes: bool, filter: u16| if passes { 0 } else { filter };
        let is_shown = query.urgency.is_some() || is_shown_by_default(row, query, words);
        bit(query.urgency.is_none_or(|urgency| urgency == row.urgency), filter::URGENCY)
            | bit(is_shown, filter::DEFAULT)
            | bit(query.area.as_ref().is_none_or(|area| *area == row.area), filter::AREA)
            | bit(query.region.as_ref().is_none_or(|wanted| wanted == region), filter::REGION)
            | bit(query.flag.is_none_or(|flag| row.flags.contains(&flag)), filter::FLAG)
            | bit(
                query.peak_extreme.is_none_or(|extreme| row.peak_extreme == Some(extreme)),
                filter::PEAK_EXTREME,
            )
            | bit(query.action.is_none_or(|action| admits(action, (row, recorded), today)), filter::ACTION)
            | bit(query.change.is_none_or(|change| change.admits(row, before.as_ref())), filter::CHANGE)
            | bit(is_other, filter::OTHER)
    }

    fn order(&self, key: SortKey, direction: Direction) -> &[u32] {
        let place = SortKey::ALL.iter().position(|known| *known == key).unwrap_or_default();
        let is_down = direction == Direction::Descending;
        self.orders[place][usize::from(is_down)].get_or_init(|| {
            let mut order: Vec<u32> = (0..self.boxes.len() as u32).collect();
            // The sort is stable: boxes that are equal stay in the order of urgency.
            match key {
                SortKey::Urgency => {
                    order.sort_by(|&a, &b| self.compare(a, b, is_down, |row| Some(row.rank), Ord::cmp))
                }
                SortKey::BoxId => self.sort_by_text(&mut order, is_down, |row| row.box_id.as_str()),
                SortKey::Station => self.sort_by_text(&mut order, is_down, |row| &row.station_name),
                SortKey::Area => self.sort_by_text(&mut order, is_down, |row| &row.area),
                SortKey::Capacity => self.sort_by_number(&mut order, is_down, |row| row.capacity_kva),
                SortKey::PeakLoading => self.sort_by_number(&mut order, is_down, |row| row.peak_loading),
                SortKey::OverloadProbability => {
                    self.sort_by_number(&mut order, is_down, |row| row.overload_probability);
                }
                SortKey::PeakWeek => {
                    order.sort_by(|&a, &b| self.compare(a, b, is_down, |row| row.peak_week, Ord::cmp));
                }
                SortKey::OverloadWeek => {
                    let likeliest = |row: &RankingRow| row.first_overload?.likeliest_week;
                    order.sort_by(|&a, &b| self.compare(a, b, is_down, likeliest, Ord::cmp));
                }
                SortKey::ImportHeadroom => {
                    self.sort_by_number(&mut order, is_down, |row| Some(row.headroom?.import_kw));
                }
                SortKey::FeedInHeadroom => {
                    self.sort_by_number(&mut order, is_down, |row| Some(row.headroom?.feed_in_kw));
                }
                // The fuller box is the more urgent one.
                SortKey::Bands => order.sort_by(|&a, &b| {
                    let week = self.compare(a, b, is_down, |row| row.overload_week, Ord::cmp);
                    week.then_with(|| self.compare(a, b, !is_down, |row| row.peak_loading, f64::total_cmp))
                }),
            }
            order
        })
    }

    fn sort_by_number(&self, order: &mut [u32], is_down: bool, value: fn(&RankingRow) -> Option<f64>) {
        order.sort_by(|&a, &b| self.compare(a, b, is_down, value, f64::total_cmp));
    }

    /// Names without regard to case and accents; boxes without a name come last.
    fn sort_by_text(&self, order: &mut [u32], is_down: bool, text: fn(&RankingRow) -> &str) {
        let folded: Vec<String> = self.boxes.iter().map(|listed| search::folded(text(&listed.row))).collect();
        let value = |at: u32| Some(folded[at as usize].as_str()).filter(|text| !text.is_empty());
        order.sort_by(|&a, &b| ordered(value(a), value(b), is_down, Ord::cmp));
    }

    fn compare<T>(
        &self,
        a: u32,
        b: u32,
        is_down: bool,
        value: fn(&RankingRow) -> Option<T>,
        compare: fn(&T, &T) -> Ordering,
    ) -> Ordering {
        let value = |at: u32| value(&self.boxes[at as usize].row);
        ordered(value(a), value(b), is_down, compare)
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

/// Whether a box is in the list without its class being chosen: those that are not measured are where a search, a flag, a
/// change or their name asks for them.
fn is_shown_by_default(row: &RankingRow, query: &RankingQuery, words: &[String]) -> bool {
    let is_asked_for = query.flag.is_some() || query.change.is_some();
    row.urgency != Urgency::Unmeasured || is_asked_for || !query.boxes.is_empty() || !words.is_empty()
}

/// Whether a box passes the filter by what was recorded of it.
fn admits(
    action: ActionFilter,
    (row, recorded): (&RankingRow, Option<&ActionSummary>),
    today: NaiveDate,
) -> bool {
    let is_overloaded = matches!(row.urgency, Urgency::Exceeded | Urgency::Overload);
    action.admits(recorded, is_overloaded, today)
}

/// The order of two values; those that are absent come last either way.
fn ordered<T>(a: Option<T>, b: Option<T>, is_down: bool, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_down => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Boxes by each filter's choices.
struct Counts {
    any_urgency: u32,
    urgency: [u32; Urgency::ALL.len()],
    areas: Vec<u32>,
    regions: Vec<u32>,
    flags: [u32; Flag::ALL.len()],
    peak_extremes: [u32; Extreme::ALL.len()],
    actions: [u32; ActionFilter::ALL.len()],
    changes: [u32; Change::ALL.len()],
}

impl Counts {
    fn new(areas: usize, regions: usize) -> Self {
        Self {
            any_urgency: 0,
            urgency: Default::default(),
            areas: vec![0; areas],
            regions: vec![0; regions],
            flags: Default::default(),
            peak_extremes: Default::default(),
            actions: Default::default(),
            changes: Default::default(),
        }
    }

    /// Counts a box for every filter that alone keeps it from the list, and for all of them if none does.
    fn add(
        &mut self,
        (listed, recorded): (&ListedBox, Option<&ActionSummary>),
        [area, region]: [u32; 2],
        failed: u16,
        is_shown: bool,
        today: NaiveDate,
    ) {
        let row = &listed.row;
        if failed & !(filter::URGENCY | filter::DEFAULT) == 0 {
            self.any_urgency += u32::from(is_shown);
            let place = Urgency::ALL.iter().position(|class| *class == row.urgency);
            place.into_iter().for_each(|place| self.urgency[place] += 1);
        }
        if failed & !filter::AREA == 0 {
            self.areas[area as usize] += 1;
        }
        if failed & !filter::REGION == 0 {
            self.regions[region as usize] += 1;
        }
        if failed & !(filter::FLAG | filter::DEFAULT) == 0 {
            for (flag, boxes) in Flag::ALL.iter().zip(&mut self.flags) {
                *boxes += u32::from(row.flags.contains(flag));
            }
        }
        if failed & !filter::ACTION == 0 {
            for (action, boxes) in ActionFilter::ALL.iter().zip(&mut self.actions) {
                *boxes += u32::from(admits(*action, (row, recorded), today));
            }
        }
        if failed & !(filter::CHANGE | filter::DEFAULT) == 0 {
            for (change, boxes) in Change::ALL.iter().zip(&mut self.changes) {
                *boxes += u32::from(change.admits(row, listed.before.as_ref()));
            }
        }
        if failed & !filter::PEAK_EXTREME == 0 {
            for (extreme, boxes) in Extreme::ALL.iter().zip(&mut self.peak_extremes) {
                *boxes += u32::from(row.peak_extreme == Some(*extreme));
            }
        }
    }

    fn into_facets(self, areas: &[String], regions: &[String]) -> Facets {
        let counted = areas.iter().zip(self.areas).filter(|(_, boxes)| *boxes > 0);
        let known = regions.iter().zip(self.regions).filter(|(name, boxes)| *boxes > 0 && !name.is_empty());
        Facets {
            any_urgency: self.any_urgency,
            urgency: self.urgency,
            areas: counted.map(|(area, boxes)| AreaCount { area: area.clone(), boxes }).collect(),
            regions: known.map(|(region, boxes)| RegionCount { region: region.clone(), boxes }).collect(),
            flags: Flag::ALL.into_iter().zip(self.flags).filter(|(_, boxes)| *boxes > 0).collect(),
            peak_extremes: self.peak_extremes,
            actions: self.actions,
            changes: self.changes,
        }
    }
}

#[cfg(test)]
mod tests;
