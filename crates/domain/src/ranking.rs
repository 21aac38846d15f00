//! The ranked list: the question (filter, order, window) and its answer.

use std::str::FromStr;

use model::{BoxId, Exceedance, Extreme, Flag, IsoWeek};
use serde::{Deserialize, Serialize};

use crate::UnknownWord;
use crate::urgency::Urgency;

/// The column that orders the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SortKey {
    /// Most urgent first: those overloaded already by the number of weeks, then those with an overload ahead by its first
    /// week, then by peak loading.
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
    /// The first overloaded week.
    OverloadWeek,
    /// The probability of an overload within the horizon.
    OverloadProbability,
}

impl SortKey {
    /// Every key, in the order of the columns.
    pub const ALL: [Self; 9] = [
        Self::Urgency,
        Self::BoxId,
        Self::Station,
        Self::Area,
        Self::Capacity,
        Self::PeakLoading,
        Self::PeakWeek,
        Self::OverloadWeek,
        Self::OverloadProbability,
    ];

    /// The word in links.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Urgency => "urgency",
            Self::BoxId => "box-id",
            Self::Station => "station",
            Self::Area => "area",
            Self::Capacity => "capacity",
            Self::PeakLoading => "peak-loading",
            Self::PeakWeek => "peak-week",
            Self::OverloadWeek => "overload-week",
            Self::OverloadProbability => "overload-probability",
        }
    }
}

impl FromStr for SortKey {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|key| key.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
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
    /// Words that must all occur in box, station, street or town; any case; empty for all.
    #[serde(default)]
    pub search: String,
    /// Only this area.
    #[serde(default)]
    pub area: Option<String>,
    /// Only this class. Boxes that are not measured are in the list where they are asked for: by their class, by a search or
    /// by a flag.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// Only boxes with this flag.
    #[serde(default)]
    pub flag: Option<Flag>,
    /// The ordering column.
    #[serde(default)]
    pub sort: SortKey,
    /// Its direction.
    #[serde(default)]
    pub direction: Direction,
    /// Rows to pass over.
    #[serde(default)]
    pub offset: u32,
    /// Rows wanted, at most [`RankingQuery::MOST_ROWS`].
    #[serde(default)]
    pub limit: u32,
}

impl RankingQuery {
    /// The largest window that the server hands out at once.
    pub const MOST_ROWS: u32 = 200;
}

/// One transformer in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankingRow {
    /// Place in the order of urgency over all boxes, from 1; it does not change with filter or sort.
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
    /// Peak loading over the horizon as a fraction, never clipped; none without a forecast.
    pub peak_loading: Option<f64>,
    /// The week of the peak.
    pub peak_week: Option<IsoWeek>,
    /// Whether the minimum (feed-in) or the maximum sets the peak.
    pub peak_extreme: Option<Extreme>,
    /// The first week in which a stored band reaches the limit.
    pub overload_week: Option<IsoWeek>,
    /// Probability of at least one overload within the horizon, 0 to 1.
    pub overload_probability: Option<f64>,
    /// What a planner should know about the data.
    pub flags: Vec<Flag>,
}

/// A window of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RankingPage {
    /// The rows from the query's offset on.
    pub rows: Vec<RankingRow>,
    /// How many boxes the filter lets through.
    pub total: u32,
}
