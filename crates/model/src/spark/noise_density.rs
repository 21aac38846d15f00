//! The unnormalised posterior density of the noise's standard deviation σ.
//!
//! log p(y | σ) = −n/2 log 2π − (n − K) log σ − ½ Σ log(λ_j + σ²) − ρ / (2σ²) − ½ Σ c_j² / (λ_j + σ²).
//! The prior density of σ is one on (0, 1), so in x = log σ the posterior density is p(y | e^x) e^x on x < 0.
//! A null direction (λ = c = 0) contributes −log σ, which turns K into the rank by itself.

use super::factorisation::Factorisation;
use crate::additive::COEFFICIENTS;

/// ln 2π.
const LN_TAU: f64 = 1.837_877_066_409_345_5;
/// Where the search for the mass begins: e^−30 of the range, below any meter.
const LOWEST_LOG_SIGMA: f64 = -30.0;
/// The density below e^−36 of its maximum is taken as zero.
const NEGLIGIBLE: f64 = 36.0;

/// The logarithm of the density of log σ, its derivatives, mode and support.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoiseDensity<'a> {
    factorisation: &'a Factorisation,
}

impl<'a> NoiseDensity<'a> {
    pub(crate) fn new(factorisation: &'a Factorisation) -> Self {
        Self { factorisation }
    }

    /// n − K.
    fn freedom(&self) -> f64 {
        self.factorisation.observed as f64 - COEFFICIENTS as f64
    }

    /// log p(y | e^x) + x.
    pub(crate) fn log_density(&self, x: f64) -> f64 {
        let Factorisation { lambda, c_squared, residual, observed, .. } = self.factorisation;
        let variance = (2.0 * x).exp();
        // Two products instead of thirteen logarithms; seven factors can't underflow.
        let mut product = [1.0; 2];
        let mut explained = 0.0;
        for j in 0..COEFFICIENTS {
            let total = lambda[j] + variance;
            product[j % 2] *= total;
            explained += c_squared[j] / total;
        }
        let log_determinant = product[0].ln() + product[1].ln();
        x - 0.5 * (*observed as f64 * LN_TAU + log_determinant + residual / variance + explained)
            - self.freedom() * x
    }

    /// First and second derivative of [`Self::log_density`].
    fn derivatives(&self, x: f64) -> (f64, f64) {
        let Factorisation { lambda, c_squared, residual, .. } = self.factorisation;
        let variance = (2.0 * x).exp();
        let mut first = 1.0 - self.freedom() + residual / variance;
        let mut second = -2.0 * residual / variance;
        for j in 0..COEFFICIENTS {
            let total = lambda[j] + variance;
            let share = variance / total;
            let explained = c_squared[j] / total;
            first += share * (explained - 1.0);
            second += 2.0 * share * (explained * (1.0 - 2.0 * share) - (1.0 - share));
        }
        (first, second)
    }

    /// Mode and standard deviation (−log p'')^−½ of log σ by Newton's iteration, started at the residual mean
    /// square; nothing if it does not settle at a maximum below σ = 1.
    pub(crate) fn mode(&self) -> Option<(f64, f64)> {
        let mut x = 0.5 * (self.factorisation.residual / (self.freedom() - 1.0)).ln();
        for _ in 0..20 {
            let (first, second) = self.derivatives(x);
            if second.is_nan() || second >= 0.0 {
                return None;
            }
            let step = -first / second;
            x += step;
            // The mode only places the grid: a hundredth of a standard deviation is plenty.
            if step * step * -second < 1e-4 {
                return (x < 0.0).then(|| (x, (-1.0 / self.derivatives(x).1).sqrt()));
            }
        }
        None
    }

    /// The interval of log σ, cut at σ = 1, outside of which the density is negligible.
    pub(crate) fn support(&self) -> (f64, f64) {
        const STEPS: usize = 120;
        let at = |i: usize| LOWEST_LOG_SIGMA * (1.0 - i as f64 / STEPS as f64);
        let values: Vec<f64> = (0..=STEPS).map(|i| self.log_density(at(i))).collect();
        let peak = (0..=STEPS).fold(0, |best, i| if values[i] > values[best] { i } else { best });
        let threshold = self.maximum(at(peak.saturating_sub(1)), at((peak + 1).min(STEPS))) - NEGLIGIBLE;
        let first = (0..peak).find(|&i| values[i] > threshold).unwrap_or(peak);
        let last = (peak..=STEPS).rev().find(|&i| values[i] > threshold).unwrap_or(peak);
        let from = match first {
            0 => at(0),
            // A peak narrower than the steps: its grid point itself may be below the threshold.
            _ => self.crossing(at(first - 1), at((first + 1).min(STEPS)).min(0.0), threshold),
        };
        let to = match last {
            STEPS => 0.0,
            _ => self.crossing(at(last + 1), at(last.saturating_sub(1)), threshold),
        };
        (from, to)
    }

    /// The largest log density within an interval, by golden sections.
    fn maximum(&self, mut from: f64, mut to: f64) -> f64 {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        for _ in 0..40 {
            let (a, b) = (to - GOLDEN * (to - from), from + GOLDEN * (to - from));
            if self.log_density(a) > self.log_density(b) { to = b } else { from = a }
        }
        self.log_density(0.5 * (from + to))
    }

    /// Where the log density crosses a threshold on the way from below it to above it; stops at the first
    /// point seen above, so that a narrow peak within the interval is not stepped over to its far side.
    fn crossing(&self, mut below: f64, above: f64, threshold: f64) -> f64 {
        const PARTS: usize = 64;
        let step = (above - below) / PARTS as f64;
        for _ in 0..PARTS {
            if self.log_density(below + step) > threshold {
                return below;
            }
            below += step;
        }
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factorisation(observed: usize, residual: f64) -> Factorisation {
        Factorisation {
            observed,
            lambda: std::array::from_fn(|j| 30.0 / (1.0 + j as f64)),
            rotation: [[0.0; COEFFICIENTS]; COEFFICIENTS],
            z: [0.0; COEFFICIENTS],
            c_squared: std::array::from_fn(|j| 0.4 / (1.0 + j as f64)),
            residual,
        }
    }

    #[test]
    fn derivatives_are_those_of_the_density() {
        let factorisation = factorisation(160, 0.9);
        let density = NoiseDensity::new(&factorisation);
        for x in [-6.0, -2.5, -0.1] {
            let h = 1e-4;
            let (f, before, after) =
                (density.log_density(x), density.log_density(x - h), density.log_density(x + h));
            let (first, second) = density.derivatives(x);
            assert!(((after - before) / (2.0 * h) / first - 1.0).abs() < 1e-5, "{x}");
            assert!(((after - 2.0 * f + before) / (h * h) / second - 1.0).abs() < 1e-3, "{x}");
        }
    }

    #[test]
    fn the_support_holds_the_mode_and_ends_where_nothing_is_left() {
        for (observed, residual) in [(160, 0.9), (30, 1e-3), (5_000, 50.0)] {
            let factorisation = factorisation(observed, residual);
            let density = NoiseDensity::new(&factorisation);
            let (mode, sd) = density.mode().unwrap();
            let (from, to) = density.support();
            assert!(from < mode - 4.0 * sd && mode + 4.0 * sd < to);
            for end in [from, to] {
                let depth = density.log_density(mode) - density.log_density(end);
                assert!((30.0..400.0).contains(&depth), "{observed}: {depth}");
            }
        }
    }

    #[test]
    fn a_density_that_rises_to_sigma_one_is_cut_there() {
        let factorisation = factorisation(14, 30.0);
        let density = NoiseDensity::new(&factorisation);
        assert_eq!(density.mode(), None);
        assert_eq!(density.support().1, 0.0);
    }
}
