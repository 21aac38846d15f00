//! The share of growing boxes.

use std::fmt;
use std::str::FromStr;

/// Share of the boxes at which solar power, vehicles or heat pumps grow at some time of the
/// history, 0 to 1.
///
/// The default of 0.5 is an assumption: nobody publishes that share for distribution transformers.
/// It is in line with national statistics, all of them orders of magnitude:
/// - Solar power in the Netherlands rose from about 1 GW in 2014 to more than 20 GW in 2023 and
///   then flattened (CBS). About one home in three has panels, up from less than one in ten,
///   unevenly spread over neighbourhoods (CBS, Netbeheer Nederland).
/// - Fully electric cars rose from about 1 % of all cars in 2019 to about 6 % in 2025 (RVO), with a
///   few times as many expected within ten years (ElaadNL).
/// - Around 2023 a hundred thousand or more homes a year got a heat pump, fewer in 2024 (CBS, RVO).
///
/// So a neighbourhood with much of any of them has grown recently, and one with little of each has
/// not. Shares of 0.03, 0.15, 0.5 and 0.97 cover what a forecast may meet elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct GrowingShare(f64);

/// Why a share is invalid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// Outside of 0 to 1.
    #[error("the share of growing boxes must lie between 0 and 1, not {0}")]
    Range(f64),
    /// Not a number.
    #[error("the share of growing boxes must be a number between 0 and 1, such as 0.15, not {0:?}")]
    Number(String),
}

impl GrowingShare {
    /// A share from 0 (no box grows) to 1 (all do).
    ///
    /// # Errors
    /// [`ShareError::Range`] outside of that or for NaN.
    pub fn new(share: f64) -> Result<Self, ShareError> {
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err(ShareError::Range(share)) }
    }

    /// The share, 0 to 1.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for GrowingShare {
    fn default() -> Self {
        Self(0.5)
    }
}

impl FromStr for GrowingShare {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        Self::new(text.trim().parse().map_err(|_| ShareError::Number(text.to_owned()))?)
    }
}

impl fmt::Display for GrowingShare {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_from_0_to_1() {
        assert_eq!("0.15".parse::<GrowingShare>().unwrap().get(), 0.15);
        assert_eq!("1".parse::<GrowingShare>().unwrap().get(), 1.0);
        assert_eq!("1.01".parse::<GrowingShare>(), Err(ShareError::Range(1.01)));
        assert_eq!("-0.1".parse::<GrowingShare>(), Err(ShareError::Range(-0.1)));
        assert!(matches!("NaN".parse::<GrowingShare>(), Err(ShareError::Range(_))));
        assert_eq!("15 %".parse::<GrowingShare>(), Err(ShareError::Number("15 %".into())));
    }
}
