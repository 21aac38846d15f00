//! The urgency class of a box.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// The urgency class of a box, for text, shape and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// The measured extremes passed the limit in the last weeks.
    Exceeded,
    /// A stored band reaches the limit within the horizon.
    Overload,
    /// The peak loading is at or above the configured share of the capacity.
    Near,
    /// Below that.
    Ample,
    /// No forecast: the flags say why.
    NoForecast,
    /// No readings, or none of the last year: nothing is said of the box itself, and it has no place in the order.
    Unmeasured,
}

impl Urgency {
    /// Every class, most urgent first.
    pub const ALL: [Self; 6] =
        [Self::Exceeded, Self::Overload, Self::Near, Self::Ample, Self::NoForecast, Self::Unmeasured];

    /// Its name in links, the store and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exceeded => "exceeded",
            Self::Overload => "overload",
            Self::Near => "near",
            Self::Ample => "ample",
            Self::NoForecast => "no-forecast",
            Self::Unmeasured => "unmeasured",
        }
    }
}

impl FromStr for Urgency {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|class| class.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}
