//! The urgency class of a box.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// The urgency class of a box, for text, shape and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// A stored band reaches the limit within the horizon.
    Overload,
    /// The peak loading is at or above the configured share of the capacity.
    Near,
    /// Below that.
    Ample,
    /// No forecast: the flags say why.
    NoForecast,
}

impl Urgency {
    /// Every class, most urgent first.
    pub const ALL: [Self; 4] = [Self::Overload, Self::Near, Self::Ample, Self::NoForecast];

    /// Its name in links, the store and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overload => "overload",
            Self::Near => "near",
            Self::Ample => "ample",
            Self::NoForecast => "no-forecast",
        }
    }
}

impl FromStr for Urgency {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|class| class.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}
