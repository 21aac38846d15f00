//! How much the pages are used: counted by day, without whoever used them.

use chrono::NaiveDate;
use serde::Serialize;

use crate::UnknownWord;

/// What is counted.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum Use {
    /// The list was opened.
    List,
    /// A transformer was looked at.
    Transformer,
    /// The plan.
    Plan,
    /// The page about the model.
    Model,
    /// A sheet for paper.
    Print,
    /// The page of runs.
    Runs,
    /// The audit.
    Audit,
    /// Something was recorded of transformers.
    Action,
    /// A decision on weeks was taken or withdrawn.
    Weeks,
}

impl Use {
    /// Everything that is counted, in the order of the columns.
    pub const ALL: [Self; 9] = [
        Self::List,
        Self::Transformer,
        Self::Plan,
        Self::Model,
        Self::Print,
        Self::Runs,
        Self::Audit,
        Self::Action,
        Self::Weeks,
    ];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A day and how often each was used, in the order of [`Use::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UsedOn {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// How often.
    pub counts: [u64; Use::ALL.len()],
}
