//! Five quantiles of mixtures that resemble one already solved.
//!
//! Along the rows of a series the standardised mixtures hardly change. With the reference's roots y* and
//! z*_k = y*/r*_k − c*_k, the mixture next to it has δ_k = y*/r_k − c_k − z*_k, which is small, and
//!
//! e = (F(y*) − q) / φ(z) = Σ p_k φ(z*_k)/φ(z) (δ_k − z*_k δ_k²/2 + (z*_k² − 1) δ_k³/6 − (z*_k³ − 3z*_k)
//! δ_k⁴/24),
//!
//! whose slope s in y is to be had from the same terms. Halley's step −(e − z e²/2)/s ends at the root. Where
//! the mixtures have drifted too far apart a new reference is solved.

use crate::lanes::{LANES, Lanes};

use super::quantiles::{COMPONENTS, quantiles};
use crate::mixture::Z;

/// Terms of the expansion about the reference.
const TERMS: usize = 4;
/// The largest |δ| at which the left-out terms are below 1e-7 standard deviations.
const LARGEST_SHIFT: f64 = 0.06;
/// The largest |z| of the stored levels, rounded up.
const LARGEST_Z: f64 = 1.7;

/// A solved mixture; numbers are spread over the lanes beforehand.
struct Reference {
    /// 1 / r*_k and c*_k.
    scales: [Lanes; COMPONENTS],
    offsets: [Lanes; COMPONENTS],
    levels: [Level; 5],
}

/// One level of a solved mixture.
struct Level {
    /// y*.
    root: Lanes,
    /// z*_k, and the coefficients of δ_k, δ_k² …
    z: [Lanes; COMPONENTS],
    series: [[Lanes; TERMS]; COMPONENTS],
}

/// Solves mixtures with the same weights one after the other.
pub(crate) struct Neighbours {
    weights: [f64; COMPONENTS],
    reference: Option<Reference>,
}

/// The mixtures of one block in standard units.
struct Standardised {
    mean: Lanes,
    sd: Lanes,
    /// 1 / r_k and c_k = d_k / r_k.
    scales: [Lanes; COMPONENTS],
    offsets: [Lanes; COMPONENTS],
}

impl Neighbours {
    pub(crate) fn new(weights: [f64; COMPONENTS]) -> Self {
        Self { weights, reference: None }
    }

    /// The quantiles by level, and in which lanes they can be trusted.
    #[inline]
    pub(crate) fn quantiles(
        &mut self,
        means: &[Lanes; COMPONENTS],
        variances: &[Lanes; COMPONENTS],
    ) -> ([Lanes; 5], [bool; LANES]) {
        let mixture = self.standardised(means, variances);
        if let Some(reference) = &self.reference
            && reference.is_near(&mixture)
        {
            return (reference.solve(&mixture), [true; LANES]);
        }
        self.renewed(&mixture, means, variances)
    }

    /// The quantiles by expansion about the normal distribution, and a new reference from them.
    #[cold]
    fn renewed(
        &mut self,
        mixture: &Standardised,
        means: &[Lanes; COMPONENTS],
        variances: &[Lanes; COMPONENTS],
    ) -> ([Lanes; 5], [bool; LANES]) {
        let solved = quantiles(&self.weights, means, variances);
        let trusted = solved.trusted();
        self.reference = trusted[0].then(|| Reference::new(&self.weights, mixture, &solved.levels));
        (solved.levels, trusted)
    }

    #[inline]
    fn standardised(&self, means: &[Lanes; COMPONENTS], variances: &[Lanes; COMPONENTS]) -> Standardised {
        let mut mean = Lanes::ZERO;
        for (&of_component, weight) in means.iter().zip(self.weights) {
            mean += of_component * weight;
        }
        let mut total = Lanes::ZERO;
        let mut offsets = *means;
        for k in 0..COMPONENTS {
            offsets[k] = means[k] - mean;
            total += (variances[k] + offsets[k] * offsets[k]) * self.weights[k];
        }
        let sd = total.sqrt();
        let mut scales = offsets;
        for k in 0..COMPONENTS {
            let inverse = Lanes::splat(1.0) / variances[k].sqrt();
            scales[k] = sd * inverse;
            offsets[k] = offsets[k] * inverse;
        }
        Standardised { mean, sd, scales, offsets }
    }
}

impl Reference {
    /// From the first lane of solved mixtures.
    fn new(weights: &[f64; COMPONENTS], mixture: &Standardised, roots: &[Lanes; 5]) -> Self {
        let first = |lanes: Lanes| lanes.0[0];
        let level = |level: usize| {
            let root = (first(roots[level]) - first(mixture.mean)) / first(mixture.sd);
            let z = |k: usize| root * first(mixture.scales[k]) - first(mixture.offsets[k]);
            let series = |k: usize| {
                let x = z(k);
                let share = weights[k] * (0.5 * (Z[level] * Z[level] - x * x)).exp();
                let terms = [1.0, -x / 2.0, (x * x - 1.0) / 6.0, -x * (x * x - 3.0) / 24.0];
                terms.map(|term| Lanes::splat(share * term))
            };
            Level {
                root: Lanes::splat(root),
                z: std::array::from_fn(|k| Lanes::splat(z(k))),
                series: std::array::from_fn(series),
            }
        };
        Self {
            scales: mixture.scales.map(|scale| Lanes::splat(first(scale))),
            offsets: mixture.offsets.map(|offset| Lanes::splat(first(offset))),
            levels: std::array::from_fn(level),
        }
    }

    /// Whether no δ can exceed [`LARGEST_SHIFT`] in any lane.
    #[inline]
    fn is_near(&self, mixture: &Standardised) -> bool {
        let mut shift = Lanes::ZERO;
        for k in 0..COMPONENTS {
            let scale = (mixture.scales[k] - self.scales[k]).abs();
            shift = shift.max(scale * LARGEST_Z + (mixture.offsets[k] - self.offsets[k]).abs());
        }
        shift.0.iter().all(|&shift| shift < LARGEST_SHIFT)
    }

    #[inline]
    fn solve(&self, mixture: &Standardised) -> [Lanes; 5] {
        let mut out = [Lanes::ZERO; 5];
        for (index, level) in self.levels.iter().enumerate() {
            let mut excess = Lanes::ZERO;
            let mut slope = Lanes::ZERO;
            for k in 0..COMPONENTS {
                let [c1, c2, c3, c4] = level.series[k];
                let delta = mixture.scales[k] * level.root - mixture.offsets[k] - level.z[k];
                let curved = delta * c2;
                excess += delta * (delta * (delta * (delta * c4 + c3)) + curved + c1);
                slope += mixture.scales[k] * (delta * (delta * c3) * 3.0 + curved + curved + c1);
            }
            let step = excess * (excess * (-0.5 * Z[index]) + 1.0) / slope;
            out[index] = mixture.mean + mixture.sd * (level.root - step);
        }
        out
    }
}
