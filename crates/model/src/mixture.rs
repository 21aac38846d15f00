//! Mixtures of normal distributions: Σ_k p_k N(μ_k, s_k²).
//!
//! The careful way, for any mixture: distribution function by erfc, quantile by a bracketed Newton iteration.
//! The quick way, for mixtures one after the other that resemble each other: from a table, starting where the
//! last one ended.

use crate::Quantile;
use crate::normal::{self, UpperTail};

/// One normal distribution of a mixture.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Component {
    /// p, the weights of a mixture sum to one.
    pub(crate) weight: f64,
    /// μ.
    pub(crate) mean: f64,
    /// s, above zero.
    pub(crate) sd: f64,
}

/// F(x) = Σ p_k Φ((x − μ_k) / s_k).
pub(crate) fn cumulative(mixture: &[Component], x: f64) -> f64 {
    mixture.iter().map(|c| c.weight * normal::cumulative((x - c.mean) / c.sd)).sum()
}

/// 1 − F(x), accurate in the upper tail.
pub(crate) fn upper_tail(mixture: &[Component], x: f64) -> f64 {
    mixture.iter().map(|c| c.weight * normal::upper_tail((x - c.mean) / c.sd)).sum()
}

/// Mean and standard deviation, by the law of total variance.
pub(crate) fn moments(mixture: &[Component]) -> (f64, f64) {
    let mean: f64 = mixture.iter().map(|c| c.weight * c.mean).sum();
    let variance: f64 =
        mixture.iter().map(|c| c.weight * (c.sd * c.sd + (c.mean - mean) * (c.mean - mean))).sum();
    (mean, variance.max(0.0).sqrt())
}

/// The root x of F(x) = q, where `z` = Φ⁻¹(q).
///
/// F lies between the components' distribution functions, so the root lies between the smallest and the
/// largest μ_k + s_k z: a bracket that Newton's iteration never leaves.
pub(crate) fn quantile(mixture: &[Component], q: f64, z: f64) -> f64 {
    let roots = || mixture.iter().map(|c| c.mean + c.sd * z);
    let (mut low, mut high) =
        (roots().fold(f64::INFINITY, f64::min), roots().fold(f64::NEG_INFINITY, f64::max));
    let (mean, sd) = moments(mixture);
    let mut x = (mean + sd * z).clamp(low, high);
    let tolerance = 1e-13 * sd;
    for _ in 0..200 {
        let (mut excess, mut slope) = (-q, 0.0);
        for c in mixture {
            let z = (x - c.mean) / c.sd;
            excess += c.weight * normal::cumulative(z);
            slope += c.weight * normal::density(z) / c.sd;
        }
        if excess > 0.0 {
            high = x
        } else {
            low = x
        }
        let newton = x - excess / slope;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let step = (next - x).abs();
        x = next;
        if step <= tolerance || high - low <= tolerance {
            break;
        }
    }
    x
}

/// Φ⁻¹ of the stored levels.
pub(crate) const Z: [f64; 5] = [
    -1.644_853_626_951_472_2,
    -1.036_433_389_493_789_8,
    0.0,
    1.036_433_389_493_789_8,
    1.644_853_626_951_472_2,
];
/// The change of a quantile, in standard deviations, after which Halley's iteration, of third order, is
/// within 1e-6 of probability.
const SETTLED: f64 = 1e-2;

/// The largest change of a quantile, in standard deviations, that is taken to go on.
const LARGEST_TREND: f64 = 0.02;

/// Solves the stored quantiles of one mixture after another.
#[derive(Clone, Debug)]
pub(crate) struct QuantileSolver {
    /// The last roots in standard deviations from the mean, and the change from those before.
    roots: [f64; 5],
    trend: [f64; 5],
    table: UpperTail,
}

impl QuantileSolver {
    pub(crate) fn new() -> Self {
        Self { roots: Z, trend: [0.0; 5], table: UpperTail::table() }
    }

    /// The quantiles at the levels of [`Quantile::ALL`], to about 1e-6 of probability.
    pub(crate) fn quantiles(&mut self, mixture: &[Component]) -> [f64; 5] {
        let (mean, sd) = moments(mixture);
        Quantile::ALL.map(|level| {
            let i = level.index();
            let start = mean + sd * (self.roots[i] + self.trend[i]);
            let root = self
                .halley(mixture, level.level(), start, sd)
                .unwrap_or_else(|| quantile(mixture, level.level(), Z[i]));
            let standard = if sd > 0.0 { (root - mean) / sd } else { Z[i] };
            self.trend[i] = (standard - self.roots[i]).clamp(-LARGEST_TREND, LARGEST_TREND);
            self.roots[i] = standard;
            root
        })
    }

    /// The last quantiles in standard deviations from the mean.
    pub(crate) fn roots(&self) -> [f64; 5] {
        self.roots
    }

    /// Halley's iteration on F, of third order; nothing if it does not settle at once.
    fn halley(&self, mixture: &[Component], q: f64, start: f64, sd: f64) -> Option<f64> {
        let mut x = start;
        for _ in 0..5 {
            let (mut above, mut slope, mut bend) = (0.0, 0.0, 0.0);
            for c in mixture {
                let precision = 1.0 / c.sd;
                let z = (x - c.mean) * precision;
                let (tail, density) = self.table.with_density(z);
                let share = c.weight * precision * density;
                above += c.weight * tail;
                slope += share;
                bend -= share * z * precision;
            }
            let newton = (1.0 - q - above) / slope;
            let step = newton / (1.0 - 0.5 * newton * bend / slope);
            if !step.is_finite() || step.abs() > sd {
                return None;
            }
            x -= step;
            if step.abs() < SETTLED * sd {
                return Some(x);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIXTURE: [Component; 3] = [
        Component { weight: 0.2, mean: -1.0, sd: 0.01 },
        Component { weight: 0.5, mean: 0.5, sd: 0.3 },
        Component { weight: 0.3, mean: 0.6, sd: 20.0 },
    ];

    #[test]
    fn quantiles_are_roots_even_where_newton_alone_would_run_away() {
        for q in [1e-6, 0.05, 0.15, 0.3, 0.5, 0.85, 0.95, 0.999] {
            let x = quantile(&MIXTURE, q, normal::quantile(q));
            assert!((cumulative(&MIXTURE, x) - q).abs() < 1e-11, "{q}");
            assert!((upper_tail(&MIXTURE, x) - (1.0 - q)).abs() < 1e-11, "{q}");
        }
    }

    #[test]
    fn one_component_is_the_normal_distribution() {
        let normal = [Component { weight: 1.0, mean: 3.0, sd: 2.0 }];
        assert!(
            (quantile(&normal, 0.95, normal::quantile(0.95)) - (3.0 + 2.0 * 1.644_853_626_951_472)).abs()
                < 1e-12
        );
        assert_eq!(moments(&normal), (3.0, 2.0));
    }
}
