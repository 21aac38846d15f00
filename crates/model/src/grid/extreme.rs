//! Which of a week's two extremes a value is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A week's minimum or maximum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

impl Extreme {
    /// Both extremes.
    pub const ALL: [Self; 2] = [Self::Min, Self::Max];

    /// The name in files, addresses and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

impl fmt::Display for Extreme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Extreme {
    type Err = ParseExtremeError;

    /// Reads an extreme's name in any case.
    fn from_str(text: &str) -> Result<Self, ParseExtremeError> {
        Self::ALL
            .into_iter()
            .find(|extreme| extreme.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ParseExtremeError { text: text.to_owned() })
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
