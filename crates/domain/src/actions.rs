//! What planners do about a transformer: the status that they give it, and the history of it.

use chrono::{DateTime, NaiveDate, Utc};
use model::BoxId;
use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// How far a transformer is on a planner's desk.
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
pub enum ActionStatus {
    /// Nobody has looked at it.
    #[default]
    New,
    /// Somebody has.
    Seen,
    /// It is being looked into.
    Investigating,
    /// A measure is planned, perhaps for a day.
    Planned,
    /// The measure was taken.
    Done,
    /// It is to be left alone until a day.
    Ignored,
}

impl ActionStatus {
    /// Every status, in the order of the work.
    pub const ALL: [Self; 6] =
        [Self::New, Self::Seen, Self::Investigating, Self::Planned, Self::Done, Self::Ignored];

    /// Its name in links, in the store and for programs.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether a day belongs to it: that of the measure, or that until which it is left alone.
    pub const fn has_day(self) -> bool {
        matches!(self, Self::Planned | Self::Ignored)
    }
}

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

/// A key by which what was sent twice is recorded once: 8 to 64 letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdempotencyKey(String);

/// A text that is no idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 8 to 64 letters, digits and hyphens")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// Checks a key.
    ///
    /// # Errors
    /// [`IdempotencyKeyError`].
    pub fn new(text: impl Into<String>) -> Result<Self, IdempotencyKeyError> {
        let text = text.into();
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_plain && (8..=64).contains(&text.len()) { Ok(Self(text)) } else { Err(IdempotencyKeyError) }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = IdempotencyKeyError;

    fn try_from(text: String) -> Result<Self, IdempotencyKeyError> {
        Self::new(text)
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
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

    #[test]
    fn keys_are_plain() {
        for refused in ["", "short", "with space", &"x".repeat(65)] {
            assert_eq!(IdempotencyKey::new(refused), Err(IdempotencyKeyError), "{refused}");
        }
        assert!(IdempotencyKey::new("0b9a7f4e-1c5d").is_ok());
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
