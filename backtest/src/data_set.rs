//! What a backtest looks at: the weekly extremes of a number of boxes.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::{BoxId, Capacity, IsoWeek, WeekExtremes};
use serde::{Deserialize, Serialize};

use crate::KnownGrowth;

/// One box's weeks.
#[derive(Clone, PartialEq, Debug)]
pub struct BoxHistory {
    /// The box.
    pub box_id: BoxId,
    /// Its capacity; without one neither overloads nor the size of its swing can be judged.
    pub capacity: Option<Capacity>,
    /// Its weeks, ascending, each once; weeks that are absent are gaps.
    pub weeks: Vec<WeekExtremes>,
}

/// Where the weeks of a data set come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSource {
    /// Somebody measured them.
    #[default]
    Measured,
    /// A program drew them.
    Simulated {
        /// Whether a part of the model was chosen with them in view; otherwise they only confirm.
        for_choosing: bool,
    },
}

impl DataSource {
    /// Whether a program drew them.
    #[must_use]
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Simulated { .. })
    }
}

/// Boxes that are judged together: a fleet, from which a population is learned.
#[derive(Clone, PartialEq, Debug)]
pub struct DataSet {
    /// The name in tables.
    pub name: String,
    /// What it is, in a few words.
    pub about: Option<String>,
    /// Under which licence it may be used, as far as known.
    pub licence: Option<String>,
    /// Where the weeks come from.
    pub source: DataSource,
    /// The growth of minima and maxima that is known beforehand, by last hold-out week and box; for simulated loads.
    /// Elsewhere it is measured in what may be seen.
    pub known_growth: BTreeMap<IsoWeek, BTreeMap<BoxId, [KnownGrowth; 2]>>,
    /// The boxes, ascending by name.
    pub boxes: Vec<BoxHistory>,
}

/// What a result says of the data that it was made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DataDescription {
    /// The data set's name.
    pub name: String,
    /// What it is, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Under which licence it may be used, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where the weeks come from.
    #[serde(default)]
    pub source: DataSource,
    /// The number of boxes.
    pub boxes: usize,
    /// The number of weeks of all boxes.
    pub weeks: usize,
    /// The Monday of the first week of any box.
    pub first_week: Option<NaiveDate>,
    /// The Monday of the last week of any box.
    pub last_week: Option<NaiveDate>,
}

impl DataSet {
    /// A data set whose boxes and weeks are in order.
    #[must_use]
    pub fn new(name: impl Into<String>, mut boxes: Vec<BoxHistory>) -> Self {
        for history in &mut boxes {
            history.weeks.sort_by_key(|week| week.week);
        }
        boxes.sort_by(|a, b| a.box_id.cmp(&b.box_id));
        Self {
            name: name.into(),
            about: None,
            licence: None,
            source: DataSource::Measured,
            known_growth: BTreeMap::new(),
            boxes,
        }
    }

    /// Size and span.
    #[must_use]
    pub fn description(&self) -> DataDescription {
        let weeks = || self.boxes.iter().flat_map(|history| &history.weeks).map(|week| week.week);
        DataDescription {
            name: self.name.clone(),
            about: self.about.clone(),
            licence: self.licence.clone(),
            source: self.source,
            boxes: self.boxes.len(),
            weeks: weeks().count(),
            first_week: weeks().min().map(model::IsoWeek::monday),
            last_week: weeks().max().map(model::IsoWeek::monday),
        }
    }
}
