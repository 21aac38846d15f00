//! The ranked list: its query (filter, order, window) and its answer.

use model::{BoxId, Exceedance, Extreme, Flag, Headroom, IsoWeek, RankedOverload};
use serde::{Deserialize, Serialize};

mod change;
mod facets;
mod weeks_ahead;

use crate::UnknownWord;
use crate::actions::{ActionFilter, ActionSummary};
use crate::urgency::Urgency;
pub use change::{Before, Change};
pub use facets::{AreaCount, Facets, RegionCount};
pub use weeks_ahead::WeeksAhead;

/// The column that orders the list.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum SortKey {
    /// Most urgent first, by [`RankingOrder`].
    #[default]
    Urgency,
    /// The identifier of the box.
    BoxId,
    /// The station's name.
    Station,
    /// The area.
    Area,
    /// The nominal capacity.
    Capacity,
    /// The peak loading over the horizon.
    PeakLoading,
    /// The week of the peak loading.
    PeakWeek,
    /// The likeliest week of the first overload.
    OverloadWeek,
    /// The probability of an overload within the ranked weeks.
    OverloadProbability,
    /// The room for more import.
    ImportHeadroom,
    /// The room for more feed-in.
    FeedInHeadroom,
    /// By the stored bands: the first week in which one reaches the limit, then the peak loading.
    Bands,
}

impl SortKey {
    /// Every key, in the order of the columns.
    pub const ALL: [Self; 12] = [
        Self::Urgency,
        Self::BoxId,
        Self::Station,
        Self::Area,
        Self::Capacity,
        Self::PeakLoading,
        Self::PeakWeek,
        Self::OverloadWeek,
        Self::OverloadProbability,
        Self::ImportHeadroom,
        Self::FeedInHeadroom,
        Self::Bands,
    ];

    /// Its name in links.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What makes a box urgent: the order of the ranks. Boxes that are overloaded already come first in either, by the number of
/// weeks; those without a forecast come last, and those that are not measured after them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RankingOrder {
    /// By the median week of the first overload, then by the probability of one, then by peak loading.
    #[default]
    FirstOverload,
    /// By the first week in which a stored band reaches the limit, then by peak loading.
    Bands,
}

/// The direction of the order. Boxes without the value come last either way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The column's natural order: A before Z; for urgency the most urgent first.
    #[default]
    Ascending,
    /// The reverse.
    Descending,
}

/// One window of the ranked list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RankingQuery {
    /// Words that must all occur in box, station, street, town, postcode, municipality, area, region or function, in any
    /// order and case and without regard to accents; empty for all.
    #[serde(default)]
    pub search: String,
    /// Only this area.
    #[serde(default)]
    pub area: Option<String>,
    /// Only this region.
    #[serde(default)]
    pub region: Option<String>,
    /// Only these boxes, at most [`RankingQuery::MAX_ROWS`]; empty for all.
    #[serde(default)]
    pub boxes: Vec<BoxId>,
    /// Only this class. Boxes that are not measured are in the list where they are asked for: by their class, by a search, by a
    /// flag or by a change.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// Only boxes with this flag.
    #[serde(default)]
    pub flag: Option<Flag>,
    /// Only boxes whose peak is feed-in (minimum) or import (maximum); with [`Self::within_weeks`], those whose chance of an
    /// overload by that direction passes the risk in time.
    #[serde(default)]
    pub peak_extreme: Option<Extreme>,
    /// Only boxes whose chance of an overload passes the risk within the next so many weeks, the running one included.
    #[serde(default)]
    pub within_weeks: Option<u16>,
    /// Only boxes with at least this probability of an overload, percent.
    #[serde(default)]
    pub min_probability_percent: Option<u8>,
    /// Only boxes with at least this peak loading, percent of the capacity.
    #[serde(default)]
    pub min_loading_percent: Option<u16>,
    /// Only boxes with at least this room for more import at the risk, kW.
    #[serde(default)]
    pub min_import_headroom_kw: Option<u16>,
    /// Only boxes with at least this room for more feed-in at the risk, kW.
    #[serde(default)]
    pub min_feed_in_headroom_kw: Option<u16>,
    /// Only boxes of which this was recorded.
    #[serde(default)]
    pub action: Option<ActionFilter>,
    /// Only boxes of which a run says otherwise than the one of an earlier week.
    #[serde(default)]
    pub change: Option<Change>,
    /// The ordering column.
    #[serde(default)]
    pub sort: SortKey,
    /// Its direction.
    #[serde(default)]
    pub direction: Direction,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows wanted, at most [`RankingQuery::MAX_ROWS`].
    #[serde(default)]
    pub limit: u32,
    /// A box whose place among the rows is wanted as well.
    #[serde(default)]
    pub place_of: Option<BoxId>,
}

impl RankingQuery {
    /// The most rows that the server returns at once.
    pub const MAX_ROWS: u32 = 200;
}

/// One transformer in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankingRow {
    /// Place in the order of urgency over all boxes, from 1; it does not change with filter or
    /// sort.
    pub rank: u32,
    /// The measuring box.
    pub box_id: BoxId,
    /// The station's name, or empty.
    pub station_name: String,
    /// Street and house number, or empty.
    pub address: String,
    /// Town, or empty.
    pub town: String,
    /// Area, or empty.
    pub area: String,
    /// Nominal capacity in kVA.
    pub capacity_kva: Option<f64>,
    /// The class.
    pub urgency: Urgency,
    /// What was measured beyond the limit in the last weeks.
    #[serde(default)]
    pub exceedance: Option<Exceedance>,
    /// Peak loading over the ranked weeks as a fraction, never clipped; none without a forecast.
    pub peak_loading: Option<f64>,
    /// The week of the peak.
    pub peak_week: Option<IsoWeek>,
    /// Whether the minimum (feed-in) or the maximum sets the peak.
    pub peak_extreme: Option<Extreme>,
    /// The first week in which a stored band reaches the limit.
    pub overload_week: Option<IsoWeek>,
    /// Probability of at least one overload within the ranked weeks, 0 to 1.
    pub overload_probability: Option<f64>,
    /// What else is known of the first overload; none without a forecast, or with one of an earlier version.
    #[serde(default)]
    pub first_overload: Option<FirstOverload>,
    /// The room for a constant load at the risk; none without a forecast, or with one of an earlier version.
    #[serde(default)]
    pub headroom: Option<Headroom>,
    /// What planners do about it; none where nothing was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionSummary>,
    /// What a planner should know about the data.
    pub flags: Vec<Flag>,
    /// The coming weeks beside the limit; none without a forecast.
    #[serde(default)]
    pub weeks_ahead: Option<WeeksAhead>,
}

impl RankingRow {
    /// Below this chance of an overload its week says nothing.
    const WORTH_A_WEEK: f64 = 0.01;

    /// Whether the box has stopped reporting.
    pub fn is_silent(&self) -> bool {
        self.flags.contains(&Flag::Silent)
    }

    /// The likeliest week of the first overload and its side, where the chance is worth a week.
    pub fn first_overload_week(&self) -> Option<(IsoWeek, Extreme)> {
        self.overload_probability.filter(|chance| *chance >= Self::WORTH_A_WEEK)?;
        let first = self.first_overload.as_ref()?;
        Some((first.likeliest_week?, first.extreme))
    }
}

/// The first overload of a box within the ranked weeks, by either side, as the chance beside it is: see
/// [`model::OverloadFigures`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FirstOverload {
    /// The side that is likelier to be overloaded in the likeliest week: minimum (feed-in) or maximum (import).
    pub extreme: Extreme,
    /// The week in which the first overload is most probable.
    pub likeliest_week: Option<IsoWeek>,
    /// The week by which an overload is more probable than not.
    pub median_week: Option<IsoWeek>,
    /// The week by which an overload is more probable than the risk.
    pub early_week: Option<IsoWeek>,
    /// The expected number of weeks above the limit.
    pub expected_weeks: f64,
    /// How far the largest value lies beyond its limit at the risk, kW.
    pub shortfall_kw: Option<f64>,
}

impl FirstOverload {
    /// The row's share of a verdict.
    pub fn of(ranked: &RankedOverload) -> Self {
        let both = &ranked.both;
        Self {
            extreme: ranked.likeliest_first_extreme.unwrap_or_else(|| ranked.likelier()),
            likeliest_week: both.likeliest_first_week,
            median_week: both.median_first_week,
            early_week: both.early_first_week,
            expected_weeks: both.expected_weeks,
            shortfall_kw: both.shortfall_kw,
        }
    }
}

/// A window of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RankingPage {
    /// The rows from the query's offset on.
    pub rows: Vec<RankingRow>,
    /// How many boxes match the filter.
    pub total: u32,
    /// The place, from 0, of the box whose place was asked for; none where the filter keeps it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// How many boxes each choice of each filter would show; with the first window only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}

#[cfg(test)]
mod tests {
    use model::{OverloadFigures, Risk};

    use super::*;

    #[test]
    fn chance_and_weeks_of_a_row_are_of_either_side_and_its_arrow_is_of_the_week() {
        let week = IsoWeek::from_index;
        let figures = |probability, likeliest: i32| OverloadFigures {
            probability,
            likeliest_first_week: Some(week(likeliest)),
            median_first_week: None,
            early_first_week: Some(week(likeliest + 1)),
            heaviest_week: week(likeliest),
            heaviest_week_probability: probability,
            expected_weeks: 1.0,
            shortfall_kw: None,
        };
        let first = FirstOverload::of(&RankedOverload {
            until: week(3_026),
            risk: Risk::default(),
            minimum: figures(0.4, 3_015),
            maximum: figures(0.3, 3_006),
            both: figures(0.58, 3_007),
            likeliest_first_extreme: Some(Extreme::Max),
            headroom: None,
        });
        assert_eq!((first.extreme, first.likeliest_week), (Extreme::Max, Some(week(3_007))));
        assert_eq!(first.early_week, Some(week(3_008)));
    }
}
