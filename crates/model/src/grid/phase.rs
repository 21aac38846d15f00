//! The phases a box measures.

use serde::{Deserialize, Serialize};

/// Which phase a value belongs to; the sum of the three is what is forecast.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "kebab-case", parse_err_ty = ParsePhaseError, parse_err_fn = ParsePhaseError::of, ascii_case_insensitive)]
pub enum Phase {
    /// The sum of the three phases.
    Sumli,
    /// The first phase.
    L1,
    /// The second phase.
    L2,
    /// The third phase.
    L3,
}

/// A text that names no phase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a phase: expected sumli, l1, l2 or l3")]
pub struct ParsePhaseError {
    /// The text as it was given.
    pub text: String,
}

impl ParsePhaseError {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl Phase {
    /// All phases in the order of [`Self::index`].
    pub const ALL: [Self; 4] = [Self::Sumli, Self::L1, Self::L2, Self::L3];

    /// The name in files, addresses and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The position in [`Self::ALL`], 0 to 3.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_in_any_case() {
        for (index, phase) in Phase::ALL.into_iter().enumerate() {
            assert_eq!(phase.index(), index);
            assert_eq!(phase.as_str().to_uppercase().parse(), Ok(phase));
            assert_eq!(serde_json::to_string(&phase).unwrap(), format!("{:?}", phase.as_str()));
        }
        assert!("l4".parse::<Phase>().is_err());
    }
}
