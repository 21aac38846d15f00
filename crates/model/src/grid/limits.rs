//! From which active power on a transformer counts as overloaded.

use serde::{Deserialize, Serialize};

use super::{Capacity, PowerFactor};
use crate::Extreme;

/// The two limits of a transformer in kW, both as magnitudes: overloaded is v > import or v < −feed-in.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// The largest admissible import (v > 0), kW, at or above zero.
    pub import_kw: f64,
    /// The largest admissible feed-in (v < 0) as a magnitude, kW, at or above zero.
    pub feed_in_kw: f64,
}

/// A threshold that is not a finite number above zero.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("an overload threshold must be a finite fraction above zero, not {threshold}")]
pub struct LimitsError {
    /// The refused fraction of the capacity.
    pub threshold: f64,
}

impl Limits {
    /// limit = capacity × power factor × threshold, separately for import and feed-in.
    ///
    /// The thresholds are fractions of the capacity: 1.0 is 100 %.
    ///
    /// # Errors
    /// [`LimitsError`] if a threshold is not a finite number above zero.
    pub fn of(
        capacity: Capacity,
        power_factor: PowerFactor,
        import_threshold: f64,
        feed_in_threshold: f64,
    ) -> Result<Self, LimitsError> {
        let full_kw = capacity.active_kw(power_factor);
        let limit = |threshold: f64| {
            let kw = full_kw * threshold;
            if kw.is_finite() && threshold > 0.0 { Ok(kw) } else { Err(LimitsError { threshold }) }
        };
        Ok(Self { import_kw: limit(import_threshold)?, feed_in_kw: limit(feed_in_threshold)? })
    }

    /// The limit of one direction alone, which an extreme is judged by: that of feed-in for the minimum, that of import for the
    /// maximum. A week whose minimum lies above the import limit has its maximum there too, so that nothing is missed.
    #[must_use]
    pub const fn in_direction(self, extreme: Extreme) -> Self {
        match extreme {
            Extreme::Min => Self { import_kw: f64::INFINITY, ..self },
            Extreme::Max => Self { feed_in_kw: f64::INFINITY, ..self },
        }
    }

    /// The limits of a capacity so many times as large.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { import_kw: self.import_kw * factor, feed_in_kw: self.feed_in_kw * factor }
    }

    /// Whether an active power (kW, negative is feed-in) lies beyond its limit.
    #[must_use]
    pub fn exceeded_by(&self, kw: f64) -> bool {
        kw > self.import_kw || kw < -self.feed_in_kw
    }

    /// Whether an active power (kW, negative is feed-in) reaches its limit.
    #[must_use]
    pub fn reached_by(&self, kw: f64) -> bool {
        kw >= self.import_kw || kw <= -self.feed_in_kw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_fractions_of_the_active_capacity() {
        let capacity = Capacity::new(400.0).unwrap();
        let limits = Limits::of(capacity, PowerFactor::new(0.5).unwrap(), 1.0, 0.8).unwrap();
        assert_eq!((limits.import_kw, limits.feed_in_kw), (200.0, 160.0));
        assert!(limits.reached_by(200.0) && limits.reached_by(-160.0) && !limits.reached_by(-159.0));
        assert!(limits.exceeded_by(200.1) && limits.exceeded_by(-160.1));
        assert!(!limits.exceeded_by(200.0) && !limits.exceeded_by(-160.0));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MAX] {
            assert!(Limits::of(capacity, PowerFactor::default(), bad, 1.0).is_err(), "{bad}");
        }
    }
}
