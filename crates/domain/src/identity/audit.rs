//! What the audit records.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Person, WayIn};
use crate::UnknownWord;

/// The subject of an export of the list for printing.
pub const PRINTED_LIST: &str = "list on paper";

/// The subject of an export of the plan.
pub const EXPORTED_PLAN: &str = "plan";

/// What was done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum AuditAction {
    /// A session was begun.
    SignIn,
    /// A session was ended by its person.
    SignOut,
    /// Somebody asked for what they may not have.
    Refusal,
    /// A decision on weeks of a box.
    DecideWeeks,
    /// A status and what belongs to it was recorded of a box.
    RecordAction,
    /// A proposal for a box was saved.
    SaveProposal,
    /// Forecasts of a box count on a proposal.
    AcceptProposal,
    /// They no longer count on it.
    WithdrawAcceptance,
    /// A proposal for a box was removed.
    RemoveProposal,
    /// A run was started by hand.
    StartRun,
    /// Data were exported.
    Export,
    /// A person's rights were not the same as at their last request.
    ChangeRights,
    /// A key was created.
    CreateKey,
    /// A key was revoked.
    RevokeKey,
    /// An embed token was minted.
    MintEmbedToken,
    /// Sessions were ended by an operator.
    RevokeSessions,
    /// A frame in a portal's page began to show what an embed token is for.
    BeginEmbedding,
}

impl AuditAction {
    /// Every action.
    pub const ALL: [Self; 17] = [
        Self::SignIn,
        Self::SignOut,
        Self::Refusal,
        Self::DecideWeeks,
        Self::RecordAction,
        Self::SaveProposal,
        Self::AcceptProposal,
        Self::WithdrawAcceptance,
        Self::RemoveProposal,
        Self::StartRun,
        Self::Export,
        Self::ChangeRights,
        Self::CreateKey,
        Self::RevokeKey,
        Self::MintEmbedToken,
        Self::RevokeSessions,
        Self::BeginEmbedding,
    ];

    /// Its name in the store and exports.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Whether it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditOutcome {
    /// It was.
    Done,
    /// It was refused.
    Refused,
}

impl AuditOutcome {
    /// Its name in the store and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// An entry to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// Who; empty where nobody was known.
    pub person: String,
    /// By which way in.
    pub way_in: WayIn,
    /// From which address, where it came over the network.
    pub address: Option<String>,
    /// What.
    pub action: AuditAction,
    /// Whether it was done.
    pub outcome: AuditOutcome,
    /// To what: a box, a key, a route.
    pub subject: String,
    /// The rest; never a secret.
    pub detail: String,
}

impl NewAuditEntry {
    /// Something that a person has done.
    pub fn done(person: &Person, action: AuditAction, subject: impl Into<String>) -> Self {
        Self {
            person: person.name.clone(),
            way_in: person.way_in,
            address: None,
            action,
            outcome: AuditOutcome::Done,
            subject: subject.into(),
            detail: String::new(),
        }
    }

    /// With more about it.
    #[must_use]
    pub fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// From this address.
    #[must_use]
    pub fn from(self, address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..self }
    }
}

/// A recorded entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, ascending.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; empty where nobody was known.
    pub person: String,
    /// By which way in.
    pub way_in: WayIn,
    /// From which address.
    pub address: Option<String>,
    /// What.
    pub action: AuditAction,
    /// Whether it was done.
    pub outcome: AuditOutcome,
    /// To what.
    pub subject: String,
    /// The rest.
    pub detail: String,
}
