//! Shares of the capacity.

use std::fmt;

/// A share of a transformer's capacity, above 0 and at most 10.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Threshold(f64);

impl Threshold {
    /// The whole capacity.
    pub const CAPACITY: Self = Self(1.0);

    /// A share; `None` unless it is above 0 and at most 10.
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share <= 10.0).then_some(Self(share))
    }

    /// The share.
    pub const fn share(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
