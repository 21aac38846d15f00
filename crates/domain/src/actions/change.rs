//! What a planner records, checked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ActionStatus;

/// What a planner records. Texts have no white space around them and no control characters but line feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedChange")]
pub struct ActionChange {
    status: ActionStatus,
    day: Option<NaiveDate>,
    owner: String,
    note: String,
}

#[derive(Deserialize)]
struct UncheckedChange {
    #[serde(default)]
    status: ActionStatus,
    #[serde(default)]
    day: Option<NaiveDate>,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    note: String,
}

impl TryFrom<UncheckedChange> for ActionChange {
    type Error = ActionError;

    fn try_from(unchecked: UncheckedChange) -> Result<Self, ActionError> {
        let UncheckedChange { status, day, owner, note } = unchecked;
        Self::new(status, day, &owner, &note)
    }
}

/// Why something can't be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum ActionError {
    /// The note is too long.
    #[error("a note has at most {} characters", ActionChange::MAX_NOTE_CHARACTERS)]
    LongNote,
    /// The owner's name is too long.
    #[error("an owner's name has at most {} characters", ActionChange::MAX_OWNER_CHARACTERS)]
    LongOwner,
    /// A text has control characters.
    #[error("notes and names have no control characters")]
    ControlCharacter,
    /// It isn't said until when it is left alone.
    #[error("say until which day it is left alone")]
    NoDay,
    /// The status has no day.
    #[error("only what is planned or left alone has a day")]
    NeedlessDay,
    /// The day lies in the past.
    #[error("the day lies in the past")]
    PastDay,
    /// What the person saw was never recorded here.
    #[error("there is no such version: read the box anew")]
    UnknownVersion,
    /// The day lies too far ahead to be meant.
    #[error("the day lies more than thirty years ahead")]
    FarDay,
}

impl ActionChange {
    /// The longest note.
    pub const MAX_NOTE_CHARACTERS: usize = 2_000;
    /// The longest name of an owner.
    pub const MAX_OWNER_CHARACTERS: usize = 100;
    const MAX_DAYS_AHEAD: i64 = 30 * 366;

    /// Checks what a planner records.
    ///
    /// # Errors
    /// [`ActionError`], but for days in the past: see [`Self::check_day`].
    pub fn new(
        status: ActionStatus,
        day: Option<NaiveDate>,
        owner: &str,
        note: &str,
    ) -> Result<Self, ActionError> {
        let (owner, note) = (owner.trim(), note.trim().replace("\r\n", "\n"));
        let is_control = |character: char| character.is_control() && character != '\n' && character != '\t';
        match (status, day) {
            _ if note.chars().count() > Self::MAX_NOTE_CHARACTERS => Err(ActionError::LongNote),
            _ if owner.chars().count() > Self::MAX_OWNER_CHARACTERS => Err(ActionError::LongOwner),
            _ if note.chars().any(is_control) || owner.chars().any(char::is_control) => {
                Err(ActionError::ControlCharacter)
            }
            (ActionStatus::Ignored, None) => Err(ActionError::NoDay),
            (status, Some(_)) if !status.has_day() => Err(ActionError::NeedlessDay),
            _ => Ok(Self { status, day, owner: owner.to_owned(), note }),
        }
    }

    /// Whether its day may be recorded today: not one in the past, unless it is the one that was recorded before.
    ///
    /// # Errors
    /// [`ActionError::PastDay`] and [`ActionError::FarDay`].
    pub fn check_day(&self, before: Option<&Self>, today: NaiveDate) -> Result<(), ActionError> {
        match self.day {
            Some(day) if before.is_some_and(|before| before.day == Some(day)) => Ok(()),
            // Somebody west of here may still have yesterday.
            Some(day) if day < today.pred_opt().unwrap_or(today) => Err(ActionError::PastDay),
            Some(day) if (day - today).num_days() > Self::MAX_DAYS_AHEAD => Err(ActionError::FarDay),
            _ => Ok(()),
        }
    }

    /// The status.
    pub const fn status(&self) -> ActionStatus {
        self.status
    }

    /// The day of the measure, or that until which it is left alone.
    pub const fn day(&self) -> Option<NaiveDate> {
        self.day
    }

    /// Who takes care of it; empty if nobody is named.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The note; empty if there is none.
    pub fn note(&self) -> &str {
        &self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_change_is_checked_also_when_read() {
        let new = |status, day, note: &str| ActionChange::new(status, day, " ada ", note);
        let planned = new(ActionStatus::Planned, Some(day("2027-03-01")), " more\r\nroom ").unwrap();
        assert_eq!((planned.owner(), planned.note()), ("ada", "more\nroom"));
        assert_eq!(new(ActionStatus::Ignored, None, ""), Err(ActionError::NoDay));
        assert_eq!(new(ActionStatus::Done, Some(day("2027-03-01")), ""), Err(ActionError::NeedlessDay));
        assert_eq!(new(ActionStatus::Seen, None, &"x".repeat(2_001)), Err(ActionError::LongNote));
        assert_eq!(new(ActionStatus::Seen, None, "a\u{7}"), Err(ActionError::ControlCharacter));
        assert!(new(ActionStatus::Seen, None, "<b>é</b>\tx").is_ok(), "markup is text");
        assert!(ActionChange::new(ActionStatus::Seen, None, "a\nb", "").is_err());
        for refused in [r#"{"status":"sean"}"#, r#"{"status":"ignored"}"#, r#"{"day":"tomorrow"}"#] {
            assert!(serde_json::from_str::<ActionChange>(refused).is_err(), "{refused}");
        }
        assert_eq!(serde_json::from_str::<ActionChange>("{}").unwrap(), ActionChange::default());
    }

    #[test]
    fn a_day_in_the_past_is_refused_unless_it_was_recorded_before() {
        let today = day("2026-11-30");
        let planned = |text: &str| ActionChange::new(ActionStatus::Planned, Some(day(text)), "", "").unwrap();
        assert_eq!(planned("2026-11-28").check_day(None, today), Err(ActionError::PastDay));
        assert_eq!(planned("2060-01-01").check_day(None, today), Err(ActionError::FarDay));
        assert_eq!(
            planned("2026-11-29").check_day(None, today),
            Ok(()),
            "west of here it is still yesterday"
        );
        let before = planned("2026-11-01");
        assert_eq!(planned("2026-11-01").check_day(Some(&before), today), Ok(()), "its note may be changed");
    }
}
