//! How many, how large, which share: numbers that a planner types or slides.

use serde::{Deserialize, Serialize};

/// A number of appliances, at most [`Count::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub struct Count(u32);

/// A count beyond what any transformer feeds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number of appliances must be at most {}, not {count}", Count::MAX.get())]
pub struct CountError {
    /// The refused number.
    pub count: u32,
}

impl Count {
    /// The largest count, far beyond one transformer.
    pub const MAX: Self = Self(100_000);

    /// Checks a count.
    ///
    /// # Errors
    /// [`CountError`] above [`Self::MAX`].
    pub fn new(count: u32) -> Result<Self, CountError> {
        if count <= Self::MAX.0 { Ok(Self(count)) } else { Err(CountError { count }) }
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Count {
    type Error = CountError;

    fn try_from(count: u32) -> Result<Self, CountError> {
        Self::new(count)
    }
}

impl From<Count> for u32 {
    fn from(count: Count) -> Self {
        count.0
    }
}

/// A rated power in kW (kWp for panels): finite, from zero to [`RatedPower::MAX`].
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct RatedPower(f64);

/// A rated power that is not a number in its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a rated power must be between 0 and {} kW, not {kw}", RatedPower::MAX.kw())]
pub struct PowerError {
    /// The refused number.
    pub kw: f64,
}

impl RatedPower {
    /// The largest rated power, far beyond one transformer: 100 MW.
    pub const MAX: Self = Self(100_000.0);

    /// Checks a rated power in kW.
    ///
    /// # Errors
    /// [`PowerError`] unless the number is finite and between zero and [`Self::MAX`].
    pub fn new(kw: f64) -> Result<Self, PowerError> {
        if (0.0..=Self::MAX.0).contains(&kw) { Ok(Self(kw)) } else { Err(PowerError { kw }) }
    }

    /// The power in kW.
    #[must_use]
    pub const fn kw(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for RatedPower {
    type Error = PowerError;

    fn try_from(kw: f64) -> Result<Self, PowerError> {
        Self::new(kw)
    }
}

impl From<RatedPower> for f64 {
    fn from(power: RatedPower) -> Self {
        power.0
    }
}

/// From which share of the capacity on a transformer counts as overloaded: above zero and at most ten; 1.0 is
/// 100 %.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Threshold(f64);

/// A threshold outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("an overload threshold must be a fraction of the capacity above 0 and at most 10, not {fraction}")]
pub struct ThresholdError {
    /// The refused fraction.
    pub fraction: f64,
}

impl Threshold {
    /// Checks a fraction of the capacity.
    ///
    /// # Errors
    /// [`ThresholdError`] unless it is above 0 and at most 10.
    pub fn new(fraction: f64) -> Result<Self, ThresholdError> {
        if fraction > 0.0 && fraction <= 10.0 { Ok(Self(fraction)) } else { Err(ThresholdError { fraction }) }
    }

    /// The fraction of the capacity.
    #[must_use]
    pub const fn fraction(self) -> f64 {
        self.0
    }
}

impl Default for Threshold {
    /// The whole capacity.
    fn default() -> Self {
        Self(1.0)
    }
}

impl TryFrom<f64> for Threshold {
    type Error = ThresholdError;

    fn try_from(fraction: f64) -> Result<Self, ThresholdError> {
        Self::new(fraction)
    }
}

impl From<Threshold> for f64 {
    fn from(threshold: Threshold) -> Self {
        threshold.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused_also_when_read() {
        assert!(Count::new(100_001).is_err() && Count::new(0).is_ok());
        assert!(serde_json::from_str::<Count>("-1").is_err());
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e6] {
            assert!(RatedPower::new(bad).is_err(), "{bad}");
        }
        for bad in [0.0, -1.0, 10.1, f64::NAN] {
            assert!(Threshold::new(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<Threshold>("0").is_err());
        assert_eq!(serde_json::from_str::<RatedPower>("11.0").unwrap().kw(), 11.0);
    }
}
