//! The filters of the list by what was recorded.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ActionStatus, ActionSummary};
use crate::UnknownWord;

/// A filter of the list by what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum ActionFilter {
    /// Its status is this; that of a box of which nothing was recorded yet is new.
    Status(ActionStatus),
    /// The day of the measure has passed, or that until which it was to be left alone.
    Overdue,
    /// The measure was taken, and still an overload is measured or forecast.
    DoneButOverloaded,
}

impl ActionFilter {
    /// Every filter.
    pub const ALL: [Self; ActionStatus::ALL.len() + 2] = {
        let mut all = [Self::Overdue; ActionStatus::ALL.len() + 2];
        let mut place = 0;
        while place < ActionStatus::ALL.len() {
            all[place] = Self::Status(ActionStatus::ALL[place]);
            place += 1;
        }
        all[place + 1] = Self::DoneButOverloaded;
        all
    };

    /// Its name in links.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status(status) => status.as_str(),
            Self::Overdue => "overdue",
            Self::DoneButOverloaded => "done-but-overloaded",
        }
    }

    /// Whether a box passes: by its newest action and whether it is overloaded, measured or forecast.
    pub fn admits(self, action: Option<&ActionSummary>, is_overloaded: bool, today: NaiveDate) -> bool {
        let status = action.map_or(ActionStatus::New, |action| action.status);
        match self {
            Self::Overdue => action.is_some_and(|action| action.is_overdue(today)),
            Self::DoneButOverloaded => status == ActionStatus::Done && is_overloaded,
            Self::Status(wanted) => wanted == status,
        }
    }
}

impl FromStr for ActionFilter {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let named = Self::ALL.into_iter().find(|filter| filter.as_str() == text);
        named.ok_or_else(|| UnknownWord::of(text))
    }
}

impl TryFrom<String> for ActionFilter {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl From<ActionFilter> for &'static str {
    fn from(filter: ActionFilter) -> Self {
        filter.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn filters_ask_for_the_status_for_what_is_overdue_and_for_what_did_not_help() {
        let today = day("2026-11-30");
        let action = |status, day| ActionSummary { version: 1, status, day, owner: String::new() };
        assert!(ActionFilter::Status(ActionStatus::New).admits(None, false, today));
        let late = action(ActionStatus::Planned, Some(day("2026-11-29")));
        assert!(ActionFilter::Overdue.admits(Some(&late), false, today));
        assert!(ActionFilter::Status(ActionStatus::Planned).admits(Some(&late), false, today));
        assert!(!ActionFilter::Overdue.admits(
            Some(&action(ActionStatus::Planned, Some(today))),
            false,
            today
        ));
        let done = action(ActionStatus::Done, None);
        assert!(ActionFilter::DoneButOverloaded.admits(Some(&done), true, today));
        assert!(!ActionFilter::DoneButOverloaded.admits(Some(&done), false, today));
    }
}
