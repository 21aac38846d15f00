//! Which of a week's two extremes a value is.

use serde::{Deserialize, Serialize};

/// A week's minimum or maximum.
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
#[strum(serialize_all = "kebab-case", parse_err_ty = ParseExtremeError, parse_err_fn = ParseExtremeError::of, ascii_case_insensitive)]
pub enum Extreme {
    /// The smallest reading of the week: deep feed-in is a strongly negative minimum.
    Min,
    /// The largest reading of the week.
    Max,
}

/// A text that names no extreme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an extreme: expected min or max")]
pub struct ParseExtremeError {
    /// The text as it was given.
    pub text: String,
}

impl ParseExtremeError {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl Extreme {
    /// Both extremes.
    pub const ALL: [Self; 2] = [Self::Min, Self::Max];

    /// The name in files, addresses and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for extreme in Extreme::ALL {
            assert_eq!(extreme.as_str().parse(), Ok(extreme));
        }
        assert!("mean".parse::<Extreme>().is_err());
    }
}
