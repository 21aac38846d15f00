//! What is new since the run of an earlier week: what a planner looks at first on a Monday.

use chrono::{DateTime, Utc};
use model::{BoxId, IsoWeek};
use serde::{Deserialize, Serialize};

use crate::actions::Action;

/// Boxes of a kind, now and by the run of an earlier week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowAndBefore {
    /// Now.
    pub now: u32,
    /// By the run of [`Changes::compared_with`]; nothing without one.
    pub before: Option<u32>,
}

/// Boxes whose first overload is likeliest in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstOverloads {
    /// The week.
    pub week: IsoWeek,
    /// By import.
    pub import: u32,
    /// By feed-in.
    pub feed_in: u32,
}

/// How many boxes changed since the run of an earlier week: each count is what the list shows under the filter of its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The running week of the run that is compared with; nothing before the second week with a run.
    pub compared_with: Option<IsoWeek>,
    /// In the class `exceeded`.
    pub exceeded: NowAndBefore,
    /// In the class `overload`.
    pub overloaded: NowAndBefore,
    /// With the flag `silent`.
    pub silent: NowAndBefore,
    /// In one of these two classes, and in neither before.
    pub newly_overloaded: u32,
    /// In the class `overload` now and before, and sooner: [`crate::ranking::Change::Earlier`].
    pub earlier: u32,
    /// In one of the two classes before, and by a forecast in neither now.
    pub cleared: u32,
    /// With the flag `silent`, and without it before.
    pub newly_silent: u32,
    /// The boxes of the class `overload` by the likeliest week of the first overload, from the first such week to the last.
    pub first_overloads: Vec<FirstOverloads>,
}

/// Something that was recorded of a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedAction {
    /// The box.
    pub box_id: BoxId,
    /// The station's name, or empty.
    pub station_name: String,
    /// What was recorded, by whom and when.
    #[serde(flatten)]
    pub action: Action,
}

/// What was recorded of boxes lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedLately {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often.
    pub count: u32,
    /// The newest, newest first.
    pub newest: Vec<RecordedAction>,
}

/// What is new since the run of an earlier week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThisWeek {
    /// By the runs.
    #[serde(flatten)]
    pub changes: Changes,
    /// Boxes whose recorded day has passed.
    pub overdue: u32,
    /// Boxes whose measure was taken and that are overloaded still, as measured or as forecast.
    pub done_but_overloaded: u32,
    /// By planners.
    pub recorded: RecordedLately,
}
