//! How many boxes each choice of a filter would show.

use model::{Extreme, Flag};
use serde::{Deserialize, Serialize};

use super::Change;
use crate::actions::ActionFilter;
use crate::urgency::Urgency;

/// The boxes of one area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaCount {
    /// The area's name; empty for boxes without one.
    pub area: String,
    /// Its boxes.
    pub boxes: u32,
}

/// The boxes of one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionCount {
    /// The region's name.
    pub region: String,
    /// Its boxes.
    pub boxes: u32,
}

/// The counts of a question's filters: each choice is counted under all the other filters of the question, but not under
/// that of its own kind, so that every count is what the list would show if it were chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// With any class.
    pub any_urgency: u32,
    /// By class, in the order of [`Urgency::ALL`].
    pub urgency: [u32; Urgency::ALL.len()],
    /// By area, by name; areas without a box are left out.
    pub areas: Vec<AreaCount>,
    /// By region, by name; regions without a box are left out, and boxes without a region.
    #[serde(default)]
    pub regions: Vec<RegionCount>,
    /// By flag, in the order of [`Flag::ALL`]; flags without a box are left out.
    pub flags: Vec<(Flag, u32)>,
    /// Whose peak is the minimum (feed-in) and the maximum (import), in the order of [`Extreme::ALL`].
    pub peak_extremes: [u32; Extreme::ALL.len()],
    /// By what was recorded, in the order of [`ActionFilter::ALL`].
    #[serde(default)]
    pub actions: [u32; ActionFilter::ALL.len()],
    /// By what changed since the run of an earlier week, in the order of [`Change::ALL`].
    #[serde(default)]
    pub changes: [u32; Change::ALL.len()],
}

impl Facets {
    /// The boxes of a class.
    pub fn of_urgency(&self, urgency: Urgency) -> u32 {
        Urgency::ALL
            .iter()
            .zip(self.urgency)
            .find(|(class, _)| **class == urgency)
            .map_or(0, |(_, boxes)| boxes)
    }

    /// The boxes with a flag.
    pub fn of_flag(&self, flag: Flag) -> u32 {
        self.flags.iter().find(|(known, _)| *known == flag).map_or(0, |(_, boxes)| *boxes)
    }

    /// The boxes of which this was recorded.
    pub fn of_action(&self, action: ActionFilter) -> u32 {
        let counted = ActionFilter::ALL.iter().zip(self.actions);
        counted.into_iter().find(|(known, _)| **known == action).map_or(0, |(_, boxes)| boxes)
    }

    /// The boxes of which this has changed.
    pub fn of_change(&self, change: Change) -> u32 {
        let counted = Change::ALL.iter().zip(self.changes);
        counted.into_iter().find(|(known, _)| **known == change).map_or(0, |(_, boxes)| boxes)
    }

    /// The boxes whose peak is this extreme.
    pub fn of_extreme(&self, extreme: Extreme) -> u32 {
        let counted = Extreme::ALL.iter().zip(self.peak_extremes);
        counted.into_iter().find(|(known, _)| **known == extreme).map_or(0, |(_, boxes)| boxes)
    }
}
