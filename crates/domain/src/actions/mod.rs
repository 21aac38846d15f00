//! What planners do about a transformer: the status that they give it, and the history of it.

mod change;
mod filter;
mod key;
mod status;

use chrono::{DateTime, NaiveDate, Utc};
use model::BoxId;
use serde::{Deserialize, Serialize};

pub use self::change::{ActionChange, ActionError};
pub use self::filter::ActionFilter;
pub use self::key::{IdempotencyKey, IdempotencyKeyError};
pub use self::status::ActionStatus;

/// What was recorded of a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Counts the actions of its box, from 1.
    pub version: u32,
    /// What was recorded.
    #[serde(flatten)]
    pub change: ActionChange,
    /// Who recorded it.
    pub person: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Something to be recorded of a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAction {
    /// The box.
    pub box_id: BoxId,
    /// The version that the person saw: 0 where nothing was recorded yet.
    pub seen_version: u32,
    /// Sent again, it is recorded once.
    pub key: IdempotencyKey,
    /// What to record.
    pub change: ActionChange,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionOutcome {
    /// It is recorded, by this request or an earlier one of the same key.
    Recorded(Action),
    /// Somebody recorded something else meanwhile: this. Nothing was changed.
    Conflict(Action),
    /// It can't be recorded.
    Refused(ActionError),
    /// There is no such box among those that the person decides about.
    UnknownBox,
}

/// What the list shows of the newest action of a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionSummary {
    /// Its version.
    pub version: u32,
    /// Its status.
    pub status: ActionStatus,
    /// Its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// Its owner.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
}

impl ActionSummary {
    /// Whether its day has passed.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.status.has_day() && self.day.is_some_and(|day| day < today)
    }
}
