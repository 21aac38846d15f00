//! Who asks, by which way in, and what they may do.

mod audit;
mod scope;

use serde::{Deserialize, Serialize};

use crate::UnknownWord;
pub use audit::{AuditAction, AuditEntry, AuditOutcome, EXPORTED_PLAN, NewAuditEntry, PRINTED_LIST};
pub use scope::Scope;

/// What somebody may do. Each right includes those before it.
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
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum Right {
    /// Reads the list and the boxes of its scope inside another site's page.
    Embed,
    /// Reads everything about the grid.
    Viewer,
    /// Also decides.
    Planner,
    /// Also sees runs, usage and the audit, and manages keys and sessions.
    Operator,
}

impl Right {
    /// Every right, the least first.
    pub const ALL: [Self; 4] = [Self::Embed, Self::Viewer, Self::Planner, Self::Operator];

    /// Its name in settings, the store and exports.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// How somebody got in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum WayIn {
    /// Without identity, from the host itself.
    None,
    /// Named by a reverse proxy.
    ReverseProxy,
    /// Signed in at an OpenID provider.
    OpenidConnect,
    /// With an API key.
    ApiKey,
    /// With an embed token.
    EmbedToken,
    /// On the command line of a host.
    CommandLine,
}

impl WayIn {
    /// Every way in.
    pub const ALL: [Self; 6] = [
        Self::None,
        Self::ReverseProxy,
        Self::OpenidConnect,
        Self::ApiKey,
        Self::EmbedToken,
        Self::CommandLine,
    ];

    /// Its name in settings, the store and exports.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Somebody who was let in: a person, or a program with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name in the audit.
    pub name: String,
    /// How they got in.
    pub way_in: WayIn,
    /// The highest right they have.
    pub right: Right,
    /// The boxes they may read about.
    pub reads: Scope,
    /// The boxes they may decide about.
    pub decides: Scope,
}

impl Person {
    /// Whoever asks where everyone may do everything.
    pub fn anyone() -> Self {
        Self {
            name: "anyone".to_owned(),
            way_in: WayIn::None,
            right: Right::Operator,
            reads: Scope::All,
            decides: Scope::All,
        }
    }
}

/// What the page shows of whoever uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name.
    pub name: String,
    /// How they got in.
    pub way_in: WayIn,
    /// The highest right.
    pub right: Right,
    /// Whether the page can sign them out; where a proxy names people it cannot.
    pub can_sign_out: bool,
}

impl Account {
    /// Whether the page offers decisions.
    pub fn may_decide(&self) -> bool {
        self.right >= Right::Planner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_rights_are_in_their_order() {
        for right in Right::ALL {
            assert_eq!(right.as_str().parse(), Ok(right));
        }
        for way in WayIn::ALL {
            assert_eq!(way.as_str().parse(), Ok(way));
        }
        assert!(Right::ALL.is_sorted() && "root".parse::<Right>().is_err());
    }
}
