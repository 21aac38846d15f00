//! Values that no season explains, found by a robust fit and winsorised.
//!
//! A ridge fit on level, slope, season and, by [`RobustDesign`], a curvature or a season that grows is
//! repeated with weights 1 where a residual lies within three robust standard deviations s = 1.4826 · MAD of
//! the median, and (3s/|residual|)² beyond. Values further than 3s from the last fit are moved to that
//! distance, so that one extreme week can't distort the forecast of all others.

use nalgebra::SMatrix;

use super::design::{GROWTH_TERMS, growth_terms};
use crate::FitError;
use crate::additive::{DRIFT, HARMONICS, Row};
use crate::gram;
use crate::robust::median;

/// Penalties on level and slope, curvature, the season, and a season that grows.
const PENALTY_LEVEL: f64 = 0.01;
const PENALTY_CURVATURE: f64 = 1.0;
const PENALTY_SEASON: f64 = 0.05;
const PENALTY_GROWING: f64 = 1.0;
/// Passes of the robust fit.
const PASSES: usize = 6;
/// Robust standard deviations from which a value is an outlier.
const FAR: f64 = 3.0;
/// The median of |N(0, 1)| is 1 over this.
const MAD_TO_SD: f64 = 1.4826;
/// The smallest robust standard deviation, as a share of the range: below it a meter's resolution speaks.
const SMALLEST_SD: f64 = 1e-3;

/// What the robust fit found.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct RobustFit {
    /// Value less fit.
    pub(crate) residuals: Vec<f64>,
    /// The values, outliers winsorised.
    pub(crate) winsorised: Vec<f64>,
}

/// What the robust fit is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RobustDesign {
    /// Level, slope, curvature, season.
    Steady,
    /// Level, slope, season, a season that grows.
    Growing,
}

impl RobustDesign {
    /// Fits the scaled values of weeks in time robustly; both are of one length.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the normal equations have no solution.
    pub(crate) fn fit(self, weeks: &[Row], values: &[f64]) -> Result<RobustFit, FitError> {
        match self {
            Self::Steady => robust_fit(weeks, &steady_penalties(), values),
            Self::Growing => {
                let rows: Vec<_> = weeks.iter().map(growing_row).collect();
                robust_fit(&rows, &growing_penalties(), values)
            }
        }
    }
}

fn steady_penalties() -> Row {
    let mut penalties = [PENALTY_SEASON; _];
    penalties[..DRIFT].copy_from_slice(&[PENALTY_LEVEL, PENALTY_LEVEL, PENALTY_CURVATURE]);
    penalties
}

/// Columns with a season that grows.
const GROWING_COLUMNS: usize = GROWING_FROM + GROWTH_TERMS - 1;
const GROWING_FROM: usize = 2 + 2 * HARMONICS;

/// [1, u, cos 1–5, sin 1–5, u cos₁, u sin₁, u cos₂, u sin₂] of a week in time.
fn growing_row(base: &Row) -> [f64; GROWING_COLUMNS] {
    let mut row = [0.0; GROWING_COLUMNS];
    row[..2].copy_from_slice(&base[..2]);
    row[2..GROWING_FROM].copy_from_slice(&base[DRIFT..]);
    for (entry, term) in row[GROWING_FROM..].iter_mut().zip(&growth_terms(base)[1..]) {
        *entry = base[1] * term;
    }
    row
}

fn growing_penalties() -> [f64; GROWING_COLUMNS] {
    let mut penalties = [PENALTY_SEASON; GROWING_COLUMNS];
    penalties[..2].fill(PENALTY_LEVEL);
    penalties[GROWING_FROM..].fill(PENALTY_GROWING);
    penalties
}

fn robust_fit<const N: usize>(
    rows: &[[f64; N]],
    penalties: &[f64; N],
    values: &[f64],
) -> Result<RobustFit, FitError> {
    let mut weights = vec![1.0; values.len()];
    let (mut residuals, mut middle, mut sd) = (Vec::new(), 0.0, 0.0);
    for _ in 0..PASSES {
        let coefficients = ridge(rows, penalties, values, &weights)?;
        residuals = rows.iter().zip(values).map(|(row, value)| value - dot(row, &coefficients)).collect();
        (middle, sd) = spread(&residuals);
        let mut changed = false;
        for (weight, residual) in weights.iter_mut().zip(&residuals) {
            let distance = (residual - middle).abs() / sd;
            let next = if distance <= FAR { 1.0 } else { (FAR / distance).powi(2) };
            changed |= next != *weight;
            *weight = next;
        }
        if !changed {
            break;
        }
    }
    let winsorised = values
        .iter()
        .zip(&residuals)
        .map(|(value, residual)| {
            let allowed = residual.clamp(middle - FAR * sd, middle + FAR * sd);
            value - (residual - allowed)
        })
        .collect();
    Ok(RobustFit { residuals, winsorised })
}

/// argmin Σ w (z − x'β)² + Σ penalty β².
fn ridge<const N: usize>(
    rows: &[[f64; N]],
    penalties: &[f64; N],
    values: &[f64],
    weights: &[f64],
) -> Result<[f64; N], FitError> {
    let weighted = rows.iter().zip(weights).map(|(row, weight)| row.map(|entry| entry * weight.sqrt()));
    let products = gram::products(weighted);
    let mut normal: SMatrix<f64, N, N> = SMatrix::from_fn(|i, j| products[i.max(j)][i.min(j)]);
    for (i, penalty) in penalties.iter().enumerate() {
        normal[(i, i)] += penalty;
    }
    let mut projection = SMatrix::<f64, N, 1>::zeros();
    for ((row, value), weight) in rows.iter().zip(values).zip(weights) {
        for (sum, entry) in projection.iter_mut().zip(row) {
            *sum += weight * value * entry;
        }
    }
    let solution = normal
        .cholesky()
        .ok_or(FitError::Numerical { step: "the normal equations of the robust fit have no solution" })?
        .solve(&projection);
    Ok(std::array::from_fn(|i| solution[i]))
}

/// Σ a_i b_i.
fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Median and robust standard deviation.
fn spread(residuals: &[f64]) -> (f64, f64) {
    let middle = median(&mut residuals.to_vec());
    let mut distances: Vec<f64> = residuals.iter().map(|residual| (residual - middle).abs()).collect();
    (middle, (MAD_TO_SD * median(&mut distances)).max(SMALLEST_SD))
}
