//! How much a transformer carries.

use serde::{Deserialize, Serialize};

/// A transformer's nominal apparent power in kVA: finite and above zero.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Capacity(f64);

/// A capacity that is not a finite number above zero.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a capacity must be a finite number of kVA above zero, not {kva}")]
pub struct CapacityError {
    /// The refused number.
    pub kva: f64,
}

impl Capacity {
    /// Checks a capacity in kVA.
    ///
    /// # Errors
    /// [`CapacityError`] unless the number is finite and above zero.
    pub fn new(kva: f64) -> Result<Self, CapacityError> {
        if kva.is_finite() && kva > 0.0 { Ok(Self(kva)) } else { Err(CapacityError { kva }) }
    }

    /// The capacity in kVA.
    #[must_use]
    pub const fn kva(self) -> f64 {
        self.0
    }

    /// The active power in kW at which the transformer is fully loaded: capacity × power factor.
    #[must_use]
    pub fn active_kw(self, power_factor: PowerFactor) -> f64 {
        self.0 * power_factor.0
    }
}

impl TryFrom<f64> for Capacity {
    type Error = CapacityError;

    fn try_from(kva: f64) -> Result<Self, CapacityError> {
        Self::new(kva)
    }
}

impl From<Capacity> for f64 {
    fn from(capacity: Capacity) -> Self {
        capacity.0
    }
}

/// Active power over apparent power, in (0, 1]; one where nothing else is configured.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct PowerFactor(f64);

/// A power factor outside (0, 1].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a power factor must be above 0 and at most 1, not {value}")]
pub struct PowerFactorError {
    /// The refused number.
    pub value: f64,
}

impl PowerFactor {
    /// Checks a power factor.
    ///
    /// # Errors
    /// [`PowerFactorError`] unless the number is above 0 and at most 1.
    pub fn new(value: f64) -> Result<Self, PowerFactorError> {
        if value > 0.0 && value <= 1.0 { Ok(Self(value)) } else { Err(PowerFactorError { value }) }
    }

    /// The number itself.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl Default for PowerFactor {
    fn default() -> Self {
        Self(1.0)
    }
}

impl TryFrom<f64> for PowerFactor {
    type Error = PowerFactorError;

    fn try_from(value: f64) -> Result<Self, PowerFactorError> {
        Self::new(value)
    }
}

impl From<PowerFactor> for f64 {
    fn from(factor: PowerFactor) -> Self {
        factor.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_positive_capacities_exist() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Capacity::new(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<Capacity>("-400.0").is_err());
        assert_eq!(serde_json::from_str::<Capacity>("400.0").unwrap().kva(), 400.0);
    }

    #[test]
    fn power_factors_lie_above_zero_and_up_to_one() {
        for bad in [0.0, -0.5, 1.01, f64::NAN] {
            assert!(PowerFactor::new(bad).is_err(), "{bad}");
        }
        assert_eq!(PowerFactor::default().value(), 1.0);
        assert_eq!(Capacity::new(400.0).unwrap().active_kw(PowerFactor::new(0.95).unwrap()), 380.0);
    }
}
