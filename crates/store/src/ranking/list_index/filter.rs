//! The filters that a box passes.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::actions::{ActionFilter, ActionSummary};
use domain::ranking::{RankingQuery, RankingRow};
use domain::urgency::Urgency;
use model::BoxId;

use super::{ListIndex, ListedBox};

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

impl ListIndex {
    /// The filters that a box does not pass.
    pub(super) fn failed(
        &self,
        (at, recorded): (usize, Option<&ActionSummary>),
        query: &RankingQuery,
        words: &[String],
        only: &HashSet<&BoxId>,
        today: NaiveDate,
    ) -> u16 {
        let ListedBox { row, searchable, region, before, .. } = &self.boxes[at];
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
        bit(query.urgency.is_none_or(|urgency| urgency == row.urgency), URGENCY)
            | bit(is_shown, DEFAULT)
            | bit(query.area.as_ref().is_none_or(|area| *area == row.area), AREA)
            | bit(query.region.as_ref().is_none_or(|wanted| wanted == region), REGION)
            | bit(query.flag.is_none_or(|flag| row.flags.contains(&flag)), FLAG)
            | bit(query.peak_extreme.is_none_or(|extreme| row.peak_extreme == Some(extreme)), PEAK_EXTREME)
            | bit(query.action.is_none_or(|action| admits(action, (row, recorded), today)), ACTION)
            | bit(query.change.is_none_or(|change| change.admits(row, before.as_ref())), CHANGE)
            | bit(is_other, OTHER)
    }
}

/// Whether a box is in the list without its class being chosen: those that are not measured are where a search, a flag, a
/// change or their name asks for them.
pub(super) fn is_shown_by_default(row: &RankingRow, query: &RankingQuery, words: &[String]) -> bool {
    let is_asked_for = query.flag.is_some() || query.change.is_some();
    row.urgency != Urgency::Unmeasured || is_asked_for || !query.boxes.is_empty() || !words.is_empty()
}

/// Whether a box passes the filter by what was recorded of it.
pub(super) fn admits(
    action: ActionFilter,
    (row, recorded): (&RankingRow, Option<&ActionSummary>),
    today: NaiveDate,
) -> bool {
    let is_overloaded = matches!(row.urgency, Urgency::Exceeded | Urgency::Overload);
    action.admits(recorded, is_overloaded, today)
}
