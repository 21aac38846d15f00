//! The filters of the list by what was recorded.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ActionStatus, ActionSummary};
use crate::UnknownWord;

/// A filter of the list by what was recorded.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum ActionFilter {
    /// Nothing was recorded yet, or that it is new.
    New,
    /// Its status is so.
    Seen,
    /// Its status is so.
    Investigating,
    /// Its status is so.
    Planned,
    /// Its status is so.
    Done,
    /// Its status is so.
    Ignored,
    /// The day of the measure has passed, or that until which it was to be left alone.
    Overdue,
    /// The measure was taken, and still an overload is measured or forecast.
    DoneButOverloaded,
}

impl ActionFilter {
    /// Every filter.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Seen,
        Self::Investigating,
        Self::Planned,
        Self::Done,
        Self::Ignored,
        Self::Overdue,
        Self::DoneButOverloaded,
    ];

    /// Its name in links.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The status that it asks for; nothing for the two that ask for more.
    pub const fn status(self) -> Option<ActionStatus> {
        Some(match self {
            Self::New => ActionStatus::New,
            Self::Seen => ActionStatus::Seen,
            Self::Investigating => ActionStatus::Investigating,
            Self::Planned => ActionStatus::Planned,
            Self::Done => ActionStatus::Done,
            Self::Ignored => ActionStatus::Ignored,
            Self::Overdue | Self::DoneButOverloaded => return None,
        })
    }

    /// Whether a box passes: by its newest action and whether it is overloaded, measured or forecast.
    pub fn admits(self, action: Option<&ActionSummary>, is_overloaded: bool, today: NaiveDate) -> bool {
        let status = action.map_or(ActionStatus::New, |action| action.status);
        match self {
            Self::Overdue => action.is_some_and(|action| action.is_overdue(today)),
            Self::DoneButOverloaded => status == ActionStatus::Done && is_overloaded,
            other => other.status() == Some(status),
        }
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
        assert!(ActionFilter::New.admits(None, false, today));
        let late = action(ActionStatus::Planned, Some(day("2026-11-29")));
        assert!(ActionFilter::Overdue.admits(Some(&late), false, today));
        assert!(ActionFilter::Planned.admits(Some(&late), false, today));
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
