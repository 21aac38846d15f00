//! The data of a backtest: weekly extremes of a number of boxes.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::{BoxId, Capacity, IsoWeek, WeekExtremes};
use serde::{Deserialize, Serialize};

use crate::KnownGrowth;

/// The weeks of a box.
#[derive(Clone, PartialEq, Debug)]
pub struct BoxHistory {
    /// The box.
    pub box_id: BoxId,
    /// Its capacity; without one neither overloads nor the range of its load can be evaluated.
    pub capacity: Option<Capacity>,
    /// Its weeks, ascending and distinct; missing weeks are gaps.
    pub weeks: Vec<WeekExtremes>,
}

/// The origin of a data set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSource {
    /// Measured loads.
    #[default]
    Measured,
    /// Simulated loads.
    Simulated {
        /// Whether the set was used for developing the model; otherwise it is for validation only.
        for_choosing: bool,
    },
}

impl DataSource {
    /// Whether the loads are simulated.
    #[must_use]
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Simulated { .. })
    }
}

/// A fleet of boxes that are evaluated together and from which a population is learned.
#[derive(Clone, PartialEq, Debug)]
pub struct DataSet {
    /// The name in tables.
    pub name: String,
    /// A short description.
    pub about: Option<String>,
    /// The licence, if known.
    pub licence: Option<String>,
    /// The origin of the data.
    pub source: DataSource,
    /// The true growth of minima and maxima, by last hold-out week and box, for simulated loads.
    /// Otherwise growth is measured in the training weeks.
    pub known_growth: BTreeMap<IsoWeek, BTreeMap<BoxId, [KnownGrowth; 2]>>,
    /// The boxes, ascending by name.
    pub boxes: Vec<BoxHistory>,
}

/// The description of a data set in a report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DataDescription {
    /// The data set's name.
    pub name: String,
    /// A short description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The licence, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The origin of the data.
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
    /// A data set; sorts boxes and weeks.
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

    /// The description, with size and time span.
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
