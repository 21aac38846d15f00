//! Variance, autocorrelation and correlation of the residuals of both extremes.

use crate::robust::{TO_DEVIATION, median};

/// Pairs with a value beyond this many standard deviations are left out of the autocorrelation.
const ORDINARY: f64 = 3.0;
/// The bias correction of the autocorrelation of residuals from a fitted baseline.
const LOST_MEMORY: f64 = 0.05;
const LARGEST_MEMORY: f64 = 0.95;
const LARGEST_CORRELATION: f64 = 0.9;

/// First-order autocorrelation from one week to the next, the mean of both extremes' (0 to 0.95).
///
/// `residuals` are in standard deviations, by observed week; `positions` are those that count.
pub(super) fn autocorrelation(residuals: &[Vec<f64>; 2], weeks: &[i32], positions: &[usize]) -> f64 {
    let of = |residuals: &[f64]| {
        let (mut product, mut earlier, mut later) = (0.0, 1e-9, 1e-9);
        for pair in positions.windows(2) {
            let (from, to) = (residuals[pair[0]], residuals[pair[1]]);
            if weeks[pair[1]] - weeks[pair[0]] == 1 && from.abs() <= ORDINARY && to.abs() <= ORDINARY {
                product += from * to;
                earlier += from * from;
                later += to * to;
            }
        }
        product / f64::sqrt(earlier * later)
    };
    let mean = 0.5 * (of(&residuals[0]) + of(&residuals[1]));
    (mean + LOST_MEMORY).clamp(0.0, LARGEST_MEMORY)
}

/// A symmetric 2 × 2 matrix.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Symmetric {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) both: f64,
}

/// Standard deviations of the innovations of both extremes, by their median.
pub(super) fn deviations(innovations: &[Vec<f64>; 2]) -> [f64; 2] {
    innovations.each_ref().map(|values| {
        let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
        // Exact data leave next to nothing; their floor is already in the unit.
        (TO_DEVIATION * median(&mut sizes)).max(0.3)
    })
}

/// The inverse correlation of the innovations, given in standard deviations.
pub(super) fn inverse_correlation(innovations: &[Vec<f64>; 2]) -> Symmetric {
    let (mut product, mut low, mut high) = (0.0, 1e-9, 1e-9);
    for (x, y) in innovations[0].iter().zip(&innovations[1]) {
        if x.abs() <= ORDINARY && y.abs() <= ORDINARY {
            product += x * y;
            low += x * x;
            high += y * y;
        }
    }
    let correlation = (product / f64::sqrt(low * high)).clamp(-LARGEST_CORRELATION, LARGEST_CORRELATION);
    let rest = 1.0 - correlation * correlation;
    Symmetric { min: 1.0 / rest, max: 1.0 / rest, both: -correlation / rest }
}
