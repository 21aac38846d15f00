//! The filters that a box passes.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::actions::ActionSummary;
use domain::ranking::{Change, RankingQuery};
use domain::urgency::Urgency;
use memchr::memmem::Finder;
use model::{Extreme, Flag, IsoWeek};

use super::super::search;
use super::ListIndex;
use super::criteria::Criteria;

// Those that have a count for each of their choices, and all others.
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

/// A place that no area and no region has.
const NOWHERE: u32 = u32::MAX;

/// What is asked of each box, with its names looked up once.
pub(super) struct Filters<'a> {
    query: &'a RankingQuery,
    area: Option<u32>,
    region: Option<u32>,
    flag: Option<usize>,
    change: Option<usize>,
    words: Vec<Finder<'static>>,
    /// The places of the boxes that were named; `None` where none was.
    only: Option<HashSet<usize>>,
    running_week: Option<IsoWeek>,
    today: NaiveDate,
}

impl<'a> Filters<'a> {
    pub(super) fn new(query: &'a RankingQuery, list: &ListIndex, today: NaiveDate) -> Self {
        let place = |names: &[String], name: &String| {
            names.binary_search(name).map_or(NOWHERE, |place| u32::try_from(place).unwrap_or(NOWHERE))
        };
        let named = || query.boxes.iter().filter_map(|box_id| list.place_of(box_id)).collect();
        Self {
            query,
            area: query.area.as_ref().map(|name| place(&list.areas, name)),
            region: query.region.as_ref().map(|name| place(&list.regions, name)),
            flag: query.flag.and_then(|flag| Flag::ALL.iter().position(|known| *known == flag)),
            change: query.change.and_then(|change| Change::ALL.iter().position(|known| *known == change)),
            words: search::words(&query.search).iter().map(|word| Finder::new(word).into_owned()).collect(),
            only: (!query.boxes.is_empty()).then(named),
            running_week: list.running_week,
            today,
        }
    }

    /// The filters that the box at a place does not pass.
    pub(super) fn failed(
        &self,
        (at, criteria): (usize, &Criteria),
        text: &str,
        recorded: Option<&ActionSummary>,
    ) -> u16 {
        let query = self.query;
        let reaches = |percent: f64, share: Option<f64>| share.is_some_and(|share| share * 100.0 >= percent);
        let has_room = |least_kw: Option<u16>, room_kw: Option<f64>| {
            least_kw.is_none_or(|least_kw| room_kw.is_some_and(|kw| kw >= f64::from(least_kw)))
        };
        // With a direction, the weeks are those of that direction.
        let is_in_time = query.peak_extreme.is_some()
            || query.within_weeks.is_none_or(|weeks| self.is_within(weeks, criteria.early_week));
        let is_other = is_in_time
            && query
                .min_probability_percent
                .is_none_or(|percent| reaches(percent.into(), criteria.overload_probability))
            && query.min_loading_percent.is_none_or(|percent| reaches(percent.into(), criteria.peak_loading))
            && has_room(query.min_import_headroom_kw, criteria.import_headroom_kw)
            && has_room(query.min_feed_in_headroom_kw, criteria.feed_in_headroom_kw)
            && self.only.as_ref().is_none_or(|only| only.contains(&at))
            && self.words.iter().all(|word| word.find(text.as_bytes()).is_some());
        let is_shown = query.urgency.is_some() || self.shows_by_default(criteria);
        let admitted = || {
            query.action.is_none_or(|action| action.admits(recorded, criteria.is_overloaded(), self.today))
        };
        let bit = |passes: bool, filter: u16| if passes { 0 } else { filter };
        bit(query.urgency.is_none_or(|urgency| urgency == criteria.urgency), URGENCY)
            | bit(is_shown, DEFAULT)
            | bit(self.area.is_none_or(|area| area == criteria.area), AREA)
            | bit(self.region.is_none_or(|region| region == criteria.region), REGION)
            | bit(self.flag.is_none_or(|flag| criteria.flags.has(flag)), FLAG)
            | bit(
                query.peak_extreme.is_none_or(|direction| self.is_towards(direction, criteria)),
                PEAK_EXTREME,
            )
            | bit(admitted(), ACTION)
            | bit(self.change.is_none_or(|change| criteria.changes.has(change)), CHANGE)
            | bit(is_other, OTHER)
    }

    /// Whether a box belongs to a direction: by its peak, or among the next so many weeks by its chance of an overload by that
    /// direction.
    pub(super) fn is_towards(&self, direction: Extreme, criteria: &Criteria) -> bool {
        match self.query.within_weeks {
            Some(weeks) => self.is_within(weeks, criteria.early_week_of(direction)),
            None => criteria.peak_extreme == Some(direction),
        }
    }

    /// Whether a week is among the next so many, the running one included.
    fn is_within(&self, weeks: u16, week: Option<IsoWeek>) -> bool {
        week.zip(self.running_week).is_some_and(|(week, running)| week - running < i32::from(weeks))
    }

    /// Whether a box is in the list without its class being chosen: those that are not measured are where a search, a
    /// flag, a change or their name asks for them.
    pub(super) fn shows_by_default(&self, criteria: &Criteria) -> bool {
        let is_asked_for = self.query.flag.is_some() || self.query.change.is_some();
        criteria.urgency != Urgency::Unmeasured
            || is_asked_for
            || self.only.is_some()
            || !self.words.is_empty()
    }
}
