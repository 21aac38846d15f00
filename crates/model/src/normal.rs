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

/// Leading bits of a double: sign, exponent and this many bits of the fraction choose a cell of
/// [`QuickQuantile`].
const QUANTILE_SHIFT: u32 = 48;
/// The cells end where p is about 1e-18.
const QUANTILE_FIRST: usize = (f64::to_bits(8.673_617_379_884_035e-19) >> QUANTILE_SHIFT) as usize;
const QUANTILE_LAST: usize = (f64::to_bits(0.5) >> QUANTILE_SHIFT) as usize;

/// Taylor coefficients of Φ⁻¹(p) about the middle of each cell, a sixteenth of an octave wide, in units of
/// that middle; the middle's inverse comes first.
static QUANTILE_TABLE: LazyLock<Vec<[f64; 5]>> = LazyLock::new(|| {
    let cell = |cell: usize| {
        let edge = |cell: usize| f64::from_bits((cell as u64) << QUANTILE_SHIFT);
        let middle = 0.5 * (edge(cell) + edge(cell + 1));
        let z = quantile(middle);
        let slope = middle / density(z);
        let square = slope * slope;
        [1.0 / middle, z, slope, 0.5 * z * square, (1.0 + 2.0 * z * z) / 6.0 * square * slope]
    };
    (QUANTILE_FIRST..=QUANTILE_LAST).map(cell).collect()
});

/// Φ⁻¹ from a table to about 1e-6: for points of an integral, not for results.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuickQuantile(&'static [[f64; 5]]);

impl QuickQuantile {
    /// The table, fetched once before a loop.
    pub(crate) fn table() -> Self {
        Self(&QUANTILE_TABLE)
    }

    /// Φ⁻¹(p), clamped to where p or 1 − p is 1e-18.
    #[inline]
    pub(crate) fn at(self, p: f64) -> f64 {
        let tail = f64::max(p.min(1.0 - p), 8.673_617_379_884_035e-19);
        let cell = (tail.to_bits() >> QUANTILE_SHIFT) as usize - QUANTILE_FIRST;
        let [inverse, c0, c1, c2, c3] = self.0[cell.min(QUANTILE_LAST - QUANTILE_FIRST)];
        let d = tail * inverse - 1.0;
        let z = c0 + d * (c1 + d * (c2 + d * c3));
        if p > 0.5 { -z } else { z }
    }
}

/// Cells of the table of [`UpperTail`], a power of two: from −[`LAST_CELL`] to it, in two's complement.
const CELLS: usize = 256;
const LAST_CELL: f64 = 127.0;
/// The table ends at |z| = 9, where the tail is 1e-19.
const CELLS_PER_UNIT: f64 = LAST_CELL / 9.0;
/// Coefficients a cell.
const TERMS: usize = 5;
/// Adding it to a small number rounds that to the nearest integer, which then stands in the lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// Taylor coefficients of 1 − Φ about the middle of each cell, in units of its width.
static TAIL_CELLS: LazyLock<[[f64; TERMS]; CELLS]> = LazyLock::new(|| {
    std::array::from_fn(|cell| {
        let signed = if cell < CELLS / 2 { cell as f64 } else { cell as f64 - CELLS as f64 };
        let (z, h) = (signed / CELLS_PER_UNIT, 1.0 / CELLS_PER_UNIT);
        let phi = density(z);
        // The (k + 1)th derivative of 1 − Φ is (−1)^(k+1) He_k φ.
        [
            upper_tail(z),
            -phi * h,
            phi * z / 2.0 * h.powi(2),
            -phi * (z * z - 1.0) / 6.0 * h.powi(3),
            phi * z * (z * z - 3.0) / 24.0 * h.powi(4),
        ]
    })
});

/// 1 − Φ(z) from a table, for sums that need not be exact to the last digit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UpperTail(&'static [[f64; TERMS]; CELLS]);

impl UpperTail {
    /// The table, fetched once before a loop.
    pub(crate) fn table() -> Self {
        Self(&TAIL_CELLS)
    }

    /// 1 − Φ(z): absolute error below 2e-9 everywhere, relative error below 1e-4 up to z = 9, constant
    /// beyond.
    #[inline]
    pub(crate) fn at(self, z: f64) -> f64 {
        let position = (z * CELLS_PER_UNIT).clamp(-LAST_CELL, LAST_CELL);
        let rounded = position + ROUNDER;
        let d = position - (rounded - ROUNDER);
        let c = &self.0[rounded.to_bits() as usize & (CELLS - 1)];
        c[0] + d * (c[1] + d * (c[2] + d * (c[3] + d * c[4])))
    }

    /// 1 − Φ(z) and φ(z), the latter to an absolute error of 2e-7.
    #[inline]
    pub(crate) fn with_density(self, z: f64) -> (f64, f64) {
        let position = (z * CELLS_PER_UNIT).clamp(-LAST_CELL, LAST_CELL);
        let rounded = position + ROUNDER;
        let d = position - (rounded - ROUNDER);
        let c = &self.0[rounded.to_bits() as usize & (CELLS - 1)];
        let tail = c[0] + d * (c[1] + d * (c[2] + d * (c[3] + d * c[4])));
        let slope = c[1] + d * (2.0 * c[2] + d * (3.0 * c[3] + d * (4.0 * c[4])));
        (tail, -slope * CELLS_PER_UNIT)
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
    fn quick_quantiles_are_near_the_exact_ones() {
        let table = QuickQuantile::table();
        for i in 1..40_000 {
            let p = f64::from(i) / 40_000.0;
            assert!((table.at(p) - quantile(p)).abs() < 1e-6, "{p}");
        }
        for p in [1e-17, 1e-12, 1e-6, 1.0 - 1e-6] {
            assert!((table.at(p) - quantile(p)).abs() < 1e-5, "{p}");
        }
        assert!(table.at(0.0) < -8.0 && table.at(1.0) > 8.0);
    }

    #[test]
    fn the_table_agrees_with_the_complementary_error_function() {
        let table = UpperTail::table();
        for i in -9_500..9_500 {
            let z = f64::from(i) * 1e-3 + 1e-4;
            let exact = upper_tail(z);
            assert!((table.at(z) - exact).abs() < 2e-9, "{z}");
            if (0.0..8.9).contains(&z) {
                assert!((table.at(z) / exact - 1.0).abs() < 1e-4, "{z}");
            }
        }
        for i in -800..800 {
            let z = f64::from(i) * 1e-2 + 1e-3;
            let (tail, slope) = table.with_density(z);
            assert!((tail - upper_tail(z)).abs() < 2e-9 && (slope - density(z)).abs() < 2e-7, "{z}");
        }
        assert!(table.at(f64::INFINITY) < 1e-18);
        assert_eq!(table.at(f64::NEG_INFINITY), 1.0);
        assert!(table.at(f64::NAN).is_nan());
    }
}
