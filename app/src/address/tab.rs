//! The tabs of the detail.

use std::str::FromStr;

use domain::UnknownWord;
use model::Extreme;

/// What the detail shows of a box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// History and forecast of both extremes in one picture.
    #[default]
    Forecast,
    /// What the maximum is made of.
    Maximum,
    /// What the minimum is made of.
    Minimum,
}

impl Tab {
    /// All tabs in their order on the page.
    pub(crate) const ALL: [Self; 3] = [Self::Forecast, Self::Maximum, Self::Minimum];

    /// The word in links.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Maximum => "maximum",
            Self::Minimum => "minimum",
        }
    }

    /// The extreme that the tab breaks down, if it does.
    pub(crate) fn extreme(self) -> Option<Extreme> {
        match self {
            Self::Forecast => None,
            Self::Maximum => Some(Extreme::Max),
            Self::Minimum => Some(Extreme::Min),
        }
    }

    /// The tab after (1) or before (−1) this one, round and round.
    pub(crate) fn step(self, by: isize) -> Self {
        let place = (self as isize + by).rem_euclid(Self::ALL.len() as isize);
        Self::ALL[place.unsigned_abs()]
    }
}

impl FromStr for Tab {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|tab| tab.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_go_round() {
        assert_eq!(Tab::Forecast.step(-1), Tab::Minimum);
        assert_eq!(Tab::Minimum.step(1), Tab::Forecast);
    }
}
