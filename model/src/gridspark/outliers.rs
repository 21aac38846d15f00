//! Values that no season explains, found by a robust fit and drawn in.
//!
//! A ridge fit on level, slope, season and a season that grows is repeated with weights 1 where a residual lies within three robust standard deviations
//! s = 1.4826 · MAD of the median, and (3s/|residual|)² beyond. Values further than 3s from the last fit are moved to
//! that distance, so that one wild week can't bend the forecast of all others.

use nalgebra::SMatrix;

use crate::FitError;
use super::design::growth_terms;
use crate::additive::{DRIFT, HARMONICS, Row};
use crate::gram;
use crate::robust::median;

/// Level and slope, the season, the growing season.
const COLUMNS: usize = 2 + SEASON + GROWING;
const SEASON: usize = 2 * HARMONICS;
const GROWING: usize = 4;
/// Penalties on each coefficient of level and slope, of the season, and of the growing season.
const PENALTY_LEVEL: f64 = 0.01;
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
    /// The values, outliers drawn in.
    pub(crate) drawn_in: Vec<f64>,
}

/// One number a column of the robust fit.
pub(crate) type RobustRow = [f64; COLUMNS];

/// [1, u, cos 1–5, sin 1–5, u cos₁, u sin₁, u cos₂, u sin₂] of a week in time.
pub(crate) fn robust_row(base: &Row) -> RobustRow {
    let mut row = [0.0; COLUMNS];
    row[..2].copy_from_slice(&base[..2]);
    row[2..2 + SEASON].copy_from_slice(&base[DRIFT..]);
    for (entry, term) in row[2 + SEASON..].iter_mut().zip(&growth_terms(base)[1..]) {
        *entry = base[1] * term;
    }
    row
}

fn penalty(column: usize) -> f64 {
    match column {
        0..2 => PENALTY_LEVEL,
        2..12 => PENALTY_SEASON,
        _ => PENALTY_GROWING,
    }
}

/// Fits scaled values robustly; `rows` and `values` are of one length.
///
/// # Errors
/// [`FitError::Numerical`] if the normal equations have no solution.
pub(crate) fn robust_fit(rows: &[RobustRow], values: &[f64]) -> Result<RobustFit, FitError> {
    let mut weights = vec![1.0; values.len()];
    let (mut residuals, mut middle, mut sd) = (Vec::new(), 0.0, 0.0);
    for _ in 0..PASSES {
        let coefficients = ridge(rows, values, &weights)?;
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
    let drawn_in = values
        .iter()
        .zip(&residuals)
        .map(|(value, residual)| {
            let allowed = residual.clamp(middle - FAR * sd, middle + FAR * sd);
            value - (residual - allowed)
        })
        .collect();
    Ok(RobustFit { residuals, drawn_in })
}

/// argmin Σ w (z − x'β)² + Σ penalty β².
fn ridge(rows: &[RobustRow], values: &[f64], weights: &[f64]) -> Result<RobustRow, FitError> {
    let weighted = rows.iter().zip(values).zip(weights).map(|((row, value), weight)| {
        let root = weight.sqrt();
        std::array::from_fn::<_, { COLUMNS + 1 }, _>(|i| {
            if i < COLUMNS { row[i] * root } else { value * root }
        })
    });
    let products = gram::products(weighted);
    let mut normal: SMatrix<f64, COLUMNS, COLUMNS> =
        SMatrix::from_fn(|i, j| products[i.max(j)][i.min(j)]);
    for i in 0..COLUMNS {
        normal[(i, i)] += penalty(i);
    }
    let projection = SMatrix::<f64, COLUMNS, 1>::from_fn(|i, _| products[COLUMNS][i]);
    let solution = normal
        .cholesky()
        .ok_or(FitError::Numerical { step: "the normal equations of the robust fit have no solution" })?
        .solve(&projection);
    Ok(std::array::from_fn(|i| solution[i]))
}

/// Σ a_i b_i.
fn dot(a: &RobustRow, b: &RobustRow) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Median and robust standard deviation.
fn spread(residuals: &[f64]) -> (f64, f64) {
    let middle = median(&mut residuals.to_vec());
    let mut distances: Vec<f64> = residuals.iter().map(|residual| (residual - middle).abs()).collect();
    (middle, (MAD_TO_SD * median(&mut distances)).max(SMALLEST_SD))
}
