//! Who may do what.

use std::collections::BTreeSet;

use domain::identity::Right;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::configuration::ConfigurationError;

/// A right of a group. Whoever is in several groups has all their rights.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantSettings {
    /// The group or role as the way in names it; `*` for everyone.
    pub group: String,
    /// The right.
    pub right: GrantedRight,
    /// Only in these areas; everywhere where it is left out.
    #[serde(default)]
    pub areas: Option<BTreeSet<String>>,
}

/// A right that people can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GrantedRight {
    /// Reads.
    Viewer,
    /// Also decides.
    Planner,
    /// Also sees runs and the audit, and manages keys and sessions.
    Operator,
}

impl From<GrantedRight> for Right {
    fn from(right: GrantedRight) -> Self {
        match right {
            GrantedRight::Viewer => Self::Viewer,
            GrantedRight::Planner => Self::Planner,
            GrantedRight::Operator => Self::Operator,
        }
    }
}

impl GrantSettings {
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, expected| {
            Err(ConfigurationError::Value { name, value: format!("{:?}", self.group), expected })
        };
        if self.group.trim().is_empty() {
            return refuse("identity.grant.group", "the name of a group, or *");
        }
        if self.areas.as_ref().is_some_and(BTreeSet::is_empty) {
            return refuse("identity.grant.areas of", "at least one area; leave it out for all");
        }
        if self.right == GrantedRight::Operator && self.areas.is_some() {
            return refuse("identity.grant.areas of", "no areas: an operator sees the whole grid");
        }
        Ok(())
    }
}
