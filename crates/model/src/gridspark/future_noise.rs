//! The noise of the coming months is not quite that of the past years.
//!
//! Outliers, winsorised in the training weeks, recur; some seasons are more variable than others. The
//! variance of future noise is that of the past times K exp(2 τ x), x standard normal, which keeps the middle
//! of the bands and widens their tails. K and τ were found by rolling origins on real loads: without them 90
//! % bands hold 86 % of the weeks. A fleet that has been forecast before has a K of its own.

use serde::{Deserialize, Serialize};

/// exp(2 τ x) at the points of the three-point Gauss-Hermite rule, τ = 0.4, and their probabilities.
const SPREAD: [(f64, f64); POINTS] = [(0.250_163, 1.0 / 6.0), (1.0, 2.0 / 3.0), (3.997_386, 1.0 / 6.0)];

/// How many factors there are.
pub(crate) const POINTS: usize = 3;

/// The variance of future noise, relative to that of the past.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct FutureNoise {
    /// K, the middle of the factors.
    pub middle: f64,
}

impl Default for FutureNoise {
    fn default() -> Self {
        Self { middle: 0.78 }
    }
}

impl FutureNoise {
    /// Factors on the variance, and their probabilities.
    pub(crate) fn factors(self) -> [(f64, f64); POINTS] {
        SPREAD.map(|(factor, probability)| (self.middle * factor, probability))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factors_are_the_rule_of_a_log_normal_variance() {
        let tau = 0.4;
        for ((factor, _), x) in SPREAD.into_iter().zip([-1.0, 0.0, 1.0]) {
            let exact = f64::exp(2.0 * tau * x * 3.0_f64.sqrt());
            assert!((factor - exact).abs() < 1e-5, "{factor} {exact}");
        }
        let probability: f64 = SPREAD.iter().map(|(_, p)| p).sum();
        assert!((probability - 1.0).abs() < 1e-15);
    }
}
