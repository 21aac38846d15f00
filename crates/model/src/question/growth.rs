//! From when on an extra load is there.

use serde::{Deserialize, Serialize};

use crate::IsoWeek;

/// An extra load that comes evenly: none before the week `from`, all of it in the week `complete` and later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Growth {
    from: IsoWeek,
    complete: IsoWeek,
}

/// Growth that is complete before it begins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("growth from week {from} on can't be complete in the earlier week {complete}")]
pub struct GrowthError {
    /// The first week.
    pub from: IsoWeek,
    /// The refused last week.
    pub complete: IsoWeek,
}

impl Growth {
    /// Even growth from one week to another, which may be the same: then all comes at once.
    ///
    /// # Errors
    /// [`GrowthError`] if the last week lies before the first.
    pub fn new(from: IsoWeek, complete: IsoWeek) -> Result<Self, GrowthError> {
        if complete < from { Err(GrowthError { from, complete }) } else { Ok(Self { from, complete }) }
    }

    /// The first week with some of the load.
    #[must_use]
    pub const fn begins(self) -> IsoWeek {
        self.from
    }

    /// The first week with all of it.
    #[must_use]
    pub const fn completes(self) -> IsoWeek {
        self.complete
    }

    /// The share of the load that is there in a week, from zero to one.
    #[must_use]
    pub fn share(self, week: IsoWeek) -> f64 {
        let weeks = f64::from(self.complete - self.from + 1);
        (f64::from(week - self.from + 1) / weeks).clamp(0.0, 1.0)
    }
}

/// As read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    from: IsoWeek,
    complete: IsoWeek,
}

impl TryFrom<Raw> for Growth {
    type Error = GrowthError;

    fn try_from(raw: Raw) -> Result<Self, GrowthError> {
        Self::new(raw.from, raw.complete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_even_and_ends() {
        let week = |index| IsoWeek::from_index(index);
        let growth = Growth::new(week(100), week(103)).unwrap();
        let shares: Vec<f64> = (98..106).map(|index| growth.share(week(index))).collect();
        assert_eq!(shares, [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
        let at_once = Growth::new(week(100), week(100)).unwrap();
        assert_eq!((at_once.share(week(99)), at_once.share(week(100))), (0.0, 1.0));
        assert!(Growth::new(week(100), week(99)).is_err());
        assert!(serde_json::from_str::<Growth>(r#"{"from":"2027-W10","complete":"2027-W09"}"#).is_err());
    }
}
