//! How far a transformer is on a planner's desk.

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
