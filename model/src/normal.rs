//! The standard normal distribution.

use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::LazyLock;

/// 1 / √(2π).
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// φ(z) = e^(−z²/2) / √(2π).
pub(crate) fn density(z: f64) -> f64 {
    DENSITY_AT_ZERO * (-0.5 * z * z).exp()
}

/// Φ(z) = erfc(−z/√2) / 2, to full relative precision in the lower tail.
pub(crate) fn cumulative(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// 1 − Φ(z), to full relative precision in the upper tail.
pub(crate) fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z * FRAC_1_SQRT_2)
}

/// Φ⁻¹(p) for 0 < p < 1; ∓∞ at the ends.
///
/// Starts from the tail's asymptote t − (ln(2π) + 2 ln t) / (2t) with t² = −2 ln p, or from a linear guess
/// near the middle, and ends with Halley's iteration on Φ, of third order.
pub(crate) fn quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let tail = p.min(1.0 - p);
    let mut z = if tail > 0.15 {
        (tail - 0.5) / DENSITY_AT_ZERO
    } else {
        let t = (-2.0 * tail.ln()).sqrt();
        -(t - (1.837_877 + 2.0 * t.ln()) / (2.0 * t))
    };
    for _ in 0..6 {
        let step = (cumulative(z) - tail) / density(z);
        let halley = step / (1.0 + 0.5 * z * step);
        z -= halley;
        if halley.abs() < 1e-14 * (1.0 + z.abs()) {
            break;
        }
    }
    if p > 0.5 { -z } else { z }
}

/// Cells a unit of z in the table of [`fast_upper_tail`].
const CELLS_PER_UNIT: f64 = 16.0;
/// The table ends at z = 9, where 1 − Φ is 1e-19.
const CELLS: usize = 144;

/// Taylor coefficients of 1 − Φ about the middle of each cell, five powers and the constant.
static TAIL_CELLS: LazyLock<[[f64; 6]; CELLS]> = LazyLock::new(|| {
    std::array::from_fn(|cell| {
        let z = (cell as f64 + 0.5) / CELLS_PER_UNIT;
        let phi = density(z);
        // d^(k+1)(1 − Φ) = (−1)^(k+1) He_k φ.
        let hermite = [1.0, z, z * z - 1.0, z * (z * z - 3.0), (z * z - 6.0) * z * z + 3.0];
        let factorial = [1.0, 2.0, 6.0, 24.0, 120.0];
        std::array::from_fn(|power| match power {
            0 => upper_tail(z),
            odd if odd % 2 == 1 => -phi * hermite[odd - 1] / factorial[odd - 1],
            even => phi * hermite[even - 1] / factorial[even - 1],
        })
    })
});

/// The table behind [`fast_upper_tail`], fetched once before a loop.
#[derive(Clone, Copy)]
pub(crate) struct UpperTail(&'static [[f64; 6]; CELLS]);

impl UpperTail {
    pub(crate) fn table() -> Self {
        Self(&TAIL_CELLS)
    }

    /// 1 − Φ(z) from a table of Taylor polynomials: absolute error below 1e-11 everywhere, relative error
    /// below 1e-6 up to z = 9, zero beyond.
    #[inline]
    pub(crate) fn at(self, z: f64) -> f64 {
        let position = z.abs() * CELLS_PER_UNIT;
        // The cast saturates, so infinities and NaN fall outside the table.
        let cell = position as usize;
        let tail = match self.0.get(cell) {
            Some(c) => {
                let d = (position - cell as f64 - 0.5) / CELLS_PER_UNIT;
                c[0] + d * (c[1] + d * (c[2] + d * (c[3] + d * (c[4] + d * c[5]))))
            }
            None => 0.0,
        };
        if z < 0.0 { 1.0 - tail } else { tail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_invert_the_cumulative_distribution() {
        for p in [1e-300, 1e-20, 1e-9, 0.001, 0.05, 0.15, 0.16, 0.3, 0.5, 0.85, 0.95, 1.0 - 1e-9] {
            let z = quantile(p);
            assert!((cumulative(z) / p - 1.0).abs() < 1e-12, "{p} {z} {}", cumulative(z));
        }
        assert!((quantile(0.95) - 1.644_853_626_951_472_2).abs() < 1e-14);
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn the_table_agrees_with_the_complementary_error_function() {
        let table = UpperTail::table();
        for i in -9_500..9_500 {
            let z = f64::from(i) * 1e-3 + 1e-4;
            let exact = upper_tail(z);
            assert!((table.at(z) - exact).abs() < 1e-11, "{z}");
            if (0.0..8.9).contains(&z) {
                assert!((table.at(z) / exact - 1.0).abs() < 1e-6, "{z}");
            }
        }
        assert_eq!(table.at(f64::INFINITY), 0.0);
        assert_eq!(table.at(f64::NEG_INFINITY), 1.0);
    }
}
