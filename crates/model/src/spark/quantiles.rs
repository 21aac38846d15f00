//! Five quantiles of narrow mixtures of normal distributions, several mixtures side by side.
//!
//! In standard units y = (x − M) / S the start is the Cornish-Fisher expansion up to the sixth cumulant. Then
//! one step of Halley's iteration on F: with δ_k = (y − d_k) / r_k − z, where Φ(z) = q,
//!
//! (F(y) − q) / φ(z) = Σ p_k Σ_m (−1)^m He_m(z) δ_k^(m+1) / (m + 1)!
//!
//! needs no exponential, and dy/dz of the Cornish-Fisher expansion is the slope, because F'(y) dy/dz = φ(z).
//! The components must not differ much (|δ| below [`LARGEST_SHIFT`]): where they do the caller takes the
//! careful way.

use crate::lanes::{LANES, Lanes};
use crate::mixture::Z;

/// The number of components that are treated side by side.
pub(crate) const COMPONENTS: usize = 4;
/// Terms of the expansion of Φ(z + δ).
const TERMS: usize = 9;
/// The largest |δ| for which the expansion is trusted.
const LARGEST_SHIFT: f64 = 0.7;
/// The largest correction of the start, in standard deviations, that one step is trusted with.
const LARGEST_STEP: f64 = 3e-3;

/// (−1)^m He_m(z) / (m + 1)! for m = 0 … TERMS − 1.
const fn shift_series(z: f64) -> [f64; TERMS] {
    let mut series = [0.0; TERMS];
    let (mut previous, mut hermite) = (0.0, 1.0);
    let mut factorial = 1.0;
    let mut m = 0;
    while m < TERMS {
        factorial *= (m + 1) as f64;
        series[m] = if m % 2 == 0 { hermite / factorial } else { -hermite / factorial };
        let next = z * hermite - m as f64 * previous;
        previous = hermite;
        hermite = next;
        m += 1;
    }
    series
}

const SHIFT_SERIES: [[f64; TERMS]; 5] =
    [shift_series(Z[0]), shift_series(Z[1]), shift_series(Z[2]), shift_series(Z[3]), shift_series(Z[4])];

/// Coefficients of the Cornish-Fisher expansion at one z, of y − z and of dy/dz − 1, for the cumulants
/// γ₁, γ₂, γ₁², γ₃, γ₁γ₂, γ₄, γ₂².
struct CornishFisher {
    value: [f64; 7],
    slope: [f64; 7],
}

const fn cornish_fisher(z: f64) -> CornishFisher {
    let (z2, z3, z4) = (z * z, z * z * z, z * z * z * z);
    CornishFisher {
        value: [
            (z2 - 1.0) / 6.0,
            (z3 - 3.0 * z) / 24.0,
            -(2.0 * z3 - 5.0 * z) / 36.0,
            (z4 - 6.0 * z2 + 3.0) / 120.0,
            -(z4 - 5.0 * z2 + 2.0) / 24.0,
            (z4 * z - 10.0 * z3 + 15.0 * z) / 720.0,
            -(3.0 * z4 * z - 24.0 * z3 + 29.0 * z) / 384.0,
        ],
        slope: [
            z / 3.0,
            (z2 - 1.0) / 8.0,
            -(6.0 * z2 - 5.0) / 36.0,
            (z3 - 3.0 * z) / 30.0,
            -(2.0 * z3 - 5.0 * z) / 12.0,
            (z4 - 6.0 * z2 + 3.0) / 144.0,
            -(15.0 * z4 - 72.0 * z2 + 29.0) / 384.0,
        ],
    }
}

const CORNISH_FISHER: [CornishFisher; 5] = [
    cornish_fisher(Z[0]),
    cornish_fisher(Z[1]),
    cornish_fisher(Z[2]),
    cornish_fisher(Z[3]),
    cornish_fisher(Z[4]),
];

/// Quantiles at the stored levels, and whether they can be trusted.
pub(crate) struct Quantiles {
    /// The quantiles by level.
    pub(crate) levels: [Lanes; 5],
    /// The largest |δ|, to be held against [`LARGEST_SHIFT`].
    shift: Lanes,
    /// The largest correction in standard deviations, to be held against [`LARGEST_STEP`].
    step: Lanes,
}

impl Quantiles {
    /// In which lanes the expansions hold.
    pub(crate) fn trusted(&self) -> [bool; LANES] {
        std::array::from_fn(|lane| self.shift.0[lane] < LARGEST_SHIFT && self.step.0[lane] < LARGEST_STEP)
    }
}

/// The quantiles of mixtures with the given weights, means and variances.
pub(crate) fn quantiles(
    weights: &[f64; COMPONENTS],
    means: &[Lanes; COMPONENTS],
    variances: &[Lanes; COMPONENTS],
) -> Quantiles {
    let mut mean = Lanes::ZERO;
    for k in 0..COMPONENTS {
        mean += means[k] * weights[k];
    }
    let mut total = Lanes::ZERO;
    let mut offsets = *means;
    for k in 0..COMPONENTS {
        offsets[k] = means[k] - mean;
        total += (variances[k] + offsets[k] * offsets[k]) * weights[k];
    }
    let sd = total.sqrt();
    let precision = Lanes::splat(1.0) / total;
    let inverse_sd = sd * precision;

    // Central moments of the standardised mixture: third to sixth.
    let mut moments = [Lanes::ZERO; 4];
    let mut inverse_scales = [Lanes::ZERO; COMPONENTS];
    for k in 0..COMPONENTS {
        let d = offsets[k] * inverse_sd;
        let v = variances[k] * precision;
        let d2 = d * d;
        let v2 = v * v;
        moments[0] += d * (v * 3.0 + d2) * weights[k];
        moments[1] += (v2 * 3.0 + d2 * (v * 6.0 + d2)) * weights[k];
        moments[2] += d * (v2 * 15.0 + d2 * (v * 10.0 + d2)) * weights[k];
        moments[3] += (v2 * v * 15.0 + d2 * (v2 * 45.0 + d2 * (v * 15.0 + d2))) * weights[k];
        inverse_scales[k] = Lanes::splat(1.0) / v.sqrt();
        offsets[k] = d * inverse_scales[k];
    }
    let gamma1 = moments[0];
    let gamma2 = moments[1] + -3.0;
    let gamma3 = moments[2] - gamma1 * 10.0;
    let gamma4 = moments[3] - gamma2 * 15.0 - gamma1 * gamma1 * 10.0 + -15.0;
    let cumulants = [gamma1, gamma2, gamma1 * gamma1, gamma3, gamma1 * gamma2, gamma4, gamma2 * gamma2];

    let mut out = Quantiles { levels: [Lanes::ZERO; 5], shift: Lanes::ZERO, step: Lanes::ZERO };
    for level in 0..5 {
        let z = Z[level];
        let expansion = &CORNISH_FISHER[level];
        let mut y = Lanes::splat(z);
        let mut slope = Lanes::splat(1.0);
        for (i, &cumulant) in cumulants.iter().enumerate() {
            y += cumulant * expansion.value[i];
            slope += cumulant * expansion.slope[i];
        }
        let mut excess = Lanes::ZERO;
        for k in 0..COMPONENTS {
            let delta = y * inverse_scales[k] - offsets[k] + -z;
            let series = &SHIFT_SERIES[level];
            let mut polynomial = Lanes::splat(series[TERMS - 1]);
            for &coefficient in series[..TERMS - 1].iter().rev() {
                polynomial = polynomial * delta + coefficient;
            }
            excess += polynomial * delta * weights[k];
            out.shift = out.shift.max(delta.abs());
        }
        // Φ⁻¹(q + φ(z) e) − z = e + z e² / 2 + …
        let step = slope * excess * (excess * (0.5 * z) + 1.0);
        out.step = out.step.max(step.abs());
        out.levels[level] = mean + sd * (y - step);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quantile;
    use crate::mixture::{Component, quantile};

    #[test]
    fn the_constants_belong_to_the_stored_levels() {
        for level in Quantile::ALL {
            assert!((crate::normal::quantile(level.level()) - Z[level.index()]).abs() < 1e-14);
        }
    }

    #[test]
    fn narrow_mixtures_agree_with_the_careful_way() {
        // The four-point Gauss rule of a normal log σ.
        let nodes = [-2.334_414, -0.741_964, 0.741_964, 2.334_414];
        let weights = [0.045_876, 0.454_124, 0.454_124, 0.045_876];
        for spread in [0.0, 0.02, 0.05, 0.08] {
            for tilt in [-0.05, 0.0, 0.1] {
                let sd = |k: usize| 0.1 * f64::exp(spread * nodes[k]);
                let mean = |k: usize| 0.7 + 0.1 * tilt * nodes[k];
                let fast = quantiles(
                    &weights,
                    &std::array::from_fn(|k| Lanes::splat(mean(k))),
                    &std::array::from_fn(|k| Lanes::splat(sd(k) * sd(k))),
                );
                let mixture: Vec<Component> = (0..COMPONENTS)
                    .map(|k| Component { weight: weights[k], mean: mean(k), sd: sd(k) })
                    .collect();
                for level in Quantile::ALL {
                    let careful = quantile(&mixture, level.level(), Z[level.index()]);
                    let error = (fast.levels[level.index()].0[0] - careful).abs();
                    assert!(error < 2e-8, "{spread} {tilt} {level:?}: {error:e}");
                }
                assert!(fast.trusted()[0]);
            }
        }
    }
}
