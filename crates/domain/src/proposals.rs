//! What planners propose of a box: what they assume of it, under a name.

use chrono::{DateTime, Utc};
use model::question::ExtraLoad;
use model::{BoxId, RankedOverload};
use serde::{Deserialize, Serialize};

use crate::actions::IdempotencyKey;
use crate::box_detail::WeekDecision;
use crate::week_span::WeekSpan;
use crate::what_if::{Assumptions, WhatIfError};

/// A proposal's name: 1 to [`ProposalName::MAX_CHARACTERS`] characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProposalName(String);

/// Why something can't be saved as a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalError {
    /// It has no name.
    #[error("a proposal needs a name")]
    NoName,
    /// Its name is too long.
    #[error("a name has at most {} characters", ProposalName::MAX_CHARACTERS)]
    LongName,
    /// Its name has control characters.
    #[error("a name has no control characters")]
    ControlCharacter,
    /// Nothing is assumed.
    #[error("nothing is assumed")]
    NothingAssumed,
    /// The box has as many as are kept.
    #[error("a box has at most {} proposals", Proposal::MOST)]
    TooMany,
    /// What is assumed has no answer.
    #[error(transparent)]
    Assumed(WhatIfError),
}

impl ProposalName {
    /// The longest name.
    pub const MAX_CHARACTERS: usize = 80;

    /// Checks a name; white space around it is left out.
    ///
    /// # Errors
    /// [`ProposalError::NoName`], [`ProposalError::LongName`] and [`ProposalError::ControlCharacter`].
    pub fn new(text: &str) -> Result<Self, ProposalError> {
        match text.trim() {
            "" => Err(ProposalError::NoName),
            name if name.chars().count() > Self::MAX_CHARACTERS => Err(ProposalError::LongName),
            name if name.chars().any(char::is_control) => Err(ProposalError::ControlCharacter),
            name => Ok(Self(name.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProposalName {
    type Error = ProposalError;

    fn try_from(text: String) -> Result<Self, ProposalError> {
        Self::new(&text)
    }
}

impl From<ProposalName> for String {
    fn from(name: ProposalName) -> Self {
        name.0
    }
}

/// A saved proposal. It is never changed, only accepted or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Counts the proposals of its box, from 1.
    pub number: u32,
    /// Its name, which no other proposal of the box has.
    pub name: ProposalName,
    /// What is assumed.
    pub assumed: Assumptions,
    /// Who saved it.
    pub person: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who lets forecasts count on it; nothing while nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

/// Who has accepted a proposal, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Who.
    pub person: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What forecasts of a box count on: its accepted proposals together. Their capacities don't count before the metadata
/// have them, as nothing leaves the list because of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AcceptedProposals {
    /// Loads that come on top of the forecast.
    pub loads: Vec<ExtraLoad>,
    /// Weeks that the fit leaves out.
    pub left_out: Vec<WeekSpan>,
}

impl AcceptedProposals {
    /// The weeks left out as decisions on them.
    pub fn decisions(&self) -> impl Iterator<Item = WeekDecision> {
        self.left_out.iter().map(|&weeks| WeekDecision::new(weeks, true))
    }
}

impl FromIterator<Assumptions> for AcceptedProposals {
    fn from_iter<I: IntoIterator<Item = Assumptions>>(accepted: I) -> Self {
        let mut together = Self::default();
        for assumed in accepted {
            together.loads.extend(assumed.extra_loads());
            together.left_out.extend(assumed.left_out);
        }
        together
    }
}

impl Proposal {
    /// How many proposals a box may have at a time.
    pub const MOST: u32 = 20;
}

/// A proposal to be saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewProposal {
    /// The box.
    pub box_id: BoxId,
    /// Sent again, it is saved once.
    pub key: IdempotencyKey,
    /// Its name.
    pub name: ProposalName,
    /// What is assumed.
    pub assumed: Assumptions,
}

/// What became of a proposal that was to be saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalOutcome {
    /// It is saved, by this request or an earlier one of the same key.
    Saved(Proposal),
    /// Another one of the box has this name. Nothing was changed.
    NameTaken(Proposal),
    /// It can't be saved.
    Refused(ProposalError),
    /// There is no such box among those that the person decides about.
    UnknownBox,
}

/// What became of a proposal that was to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemovalOutcome {
    /// It is removed.
    Removed,
    /// There is none of this number, or not any more.
    Gone,
    /// There is no such box among those that the person decides about.
    UnknownBox,
}

/// What became of a proposal that forecasts were to count on, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcceptanceOutcome {
    /// It is recorded: the next run does so.
    Recorded,
    /// There is none of this number, or not any more.
    Gone,
    /// There is no such box among those that the person decides about.
    UnknownBox,
}

/// A proposal with what it would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedProposal {
    /// The proposal.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// What it would change; nothing where forecasts count on it, or the model has no answer any more.
    pub effect: Option<Effect>,
}

/// The verdicts without and with what is assumed, from the newest forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The transformer as it is.
    pub before: RankedOverload,
    /// As it is assumed to be.
    pub after: RankedOverload,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_texts_also_when_read() {
        assert_eq!(ProposalName::new("  40 chargers <b> "), Ok(ProposalName("40 chargers <b>".to_owned())));
        assert_eq!(ProposalName::new(" \t "), Err(ProposalError::NoName));
        assert_eq!(ProposalName::new(&"é".repeat(81)), Err(ProposalError::LongName));
        assert!(ProposalName::new(&"é".repeat(80)).is_ok());
        assert_eq!(ProposalName::new("a\u{7}b"), Err(ProposalError::ControlCharacter));
        assert!(serde_json::from_str::<ProposalName>(r#""""#).is_err());
    }
}
