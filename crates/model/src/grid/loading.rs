//! How full a transformer is.

use serde::{Deserialize, Serialize};

/// |active power| / (capacity × power factor), a fraction at or above zero that is never clipped.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Loading(f64);

/// A loading that is not a finite number at or above zero.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a loading must be a finite fraction at or above zero, not {fraction}")]
pub struct LoadingError {
    /// The refused fraction.
    pub fraction: f64,
}

impl Loading {
    /// Checks a fraction; 1.0 is full load.
    ///
    /// # Errors
    /// [`LoadingError`] unless the number is finite and at or above zero.
    pub fn new(fraction: f64) -> Result<Self, LoadingError> {
        if fraction.is_finite() && fraction >= 0.0 {
            Ok(Self(fraction))
        } else {
            Err(LoadingError { fraction })
        }
    }

    /// The loading at `kw` (either sign) of a transformer that is full at `capacity_kw`, see
    /// [`Capacity::active_kw`](crate::Capacity::active_kw).
    ///
    /// # Errors
    /// [`LoadingError`] if the quotient is not finite or the capacity is negative.
    pub fn of(kw: f64, capacity_kw: f64) -> Result<Self, LoadingError> {
        Self::new(kw.abs() / capacity_kw)
    }

    /// The loading as a fraction of the capacity.
    #[must_use]
    pub const fn fraction(self) -> f64 {
        self.0
    }

    /// The loading in per cent, unclipped.
    #[must_use]
    pub const fn percent(self) -> f64 {
        self.0 * 100.0
    }
}

impl TryFrom<f64> for Loading {
    type Error = LoadingError;

    fn try_from(fraction: f64) -> Result<Self, LoadingError> {
        Self::new(fraction)
    }
}

impl From<Loading> for f64 {
    fn from(loading: Loading) -> Self {
        loading.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loadings_count_feed_in_like_import_and_are_not_clipped() {
        assert_eq!(Loading::of(-500.0, 400.0).unwrap().percent(), 125.0);
        assert_eq!(Loading::of(100.0, 400.0).unwrap().fraction(), 0.25);
        assert!(Loading::of(1.0, 0.0).is_err());
        assert!(Loading::of(f64::NAN, 400.0).is_err());
        assert!(Loading::new(-0.1).is_err());
    }
}
