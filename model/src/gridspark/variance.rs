//! How the noise's variance goes with the season, learned over a fleet.
//!
//! D(k) = exp(F(k) γ − norm), F two harmonics of the year, of mean one over the year. γ is from one regression, pooled
//! over all boxes, of ln(e² + 0.05) on F, where e are a box's residuals less their moving mean over a quarter, divided
//! by their robust standard deviation and clipped.

use nalgebra::SMatrix;
use serde::{Deserialize, Serialize};

use crate::additive::{DRIFT, HARMONICS, Row, YEAR_WEEKS};
use crate::gram;
use crate::robust::median;

/// Cosines and sines of two harmonics.
const TERMS: usize = 4;
/// The ridge on γ.
const RIDGE: f64 = 20.0;
/// Weeks of the moving mean, to either side.
const HALF_WINDOW: usize = 6;
/// Added to a squared residual, so that a week right on the fit says little.
const SOFTENING: f64 = 0.05;
/// The largest residual in robust standard deviations.
const LARGEST: f64 = 4.0;

/// The noise's variance over the year, relative to its mean.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct VarianceProfile {
    gamma: [f64; TERMS],
    norm: f64,
}

impl Default for VarianceProfile {
    /// The same variance all year.
    fn default() -> Self {
        Self { gamma: [0.0; TERMS], norm: 0.0 }
    }
}

/// The harmonics of a row of the design that the profile is made of.
fn terms(row: &Row) -> [f64; TERMS] {
    [row[DRIFT], row[DRIFT + 1], row[DRIFT + HARMONICS], row[DRIFT + HARMONICS + 1]]
}

impl VarianceProfile {
    /// D at a row of the design.
    pub(crate) fn at(&self, row: &Row) -> f64 {
        (self.exponent(row) - self.norm).exp()
    }

    fn exponent(&self, row: &Row) -> f64 {
        terms(row).iter().zip(self.gamma).map(|(term, gamma)| term * gamma).sum()
    }
}

/// Gathers residuals box by box.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct ProfileLearner {
    /// Terms and the logarithm, less the box's means.
    rows: Vec<[f64; TERMS + 1]>,
}

impl ProfileLearner {
    /// Takes in the residuals of one series of successive weeks and its rows of the design.
    pub(crate) fn add(&mut self, rows: &[Row], residuals: &[f64]) {
        let moving = |k: usize| {
            let window =
                &residuals[k.saturating_sub(HALF_WINDOW)..(k + HALF_WINDOW + 1).min(residuals.len())];
            window.iter().sum::<f64>() / window.len() as f64
        };
        let quick: Vec<f64> = (0..residuals.len()).map(|k| residuals[k] - moving(k)).collect();
        let mut sizes: Vec<f64> = quick.iter().map(|residual| residual.abs()).collect();
        if sizes.is_empty() {
            return;
        }
        let sd = 1.4826 * median(&mut sizes);
        if sd <= 0.0 {
            return;
        }
        let entries = rows.iter().zip(&quick).map(|(row, residual)| {
            let size = (residual / sd).clamp(-LARGEST, LARGEST);
            let [a, b, c, d] = terms(row);
            [a, b, c, d, (size * size + SOFTENING).ln()]
        });
        self.rows.extend(entries);
    }

    /// The profile of all that was taken in; the same variance all year if that was nothing.
    pub(crate) fn learned(mut self) -> VarianceProfile {
        let n = self.rows.len() as f64;
        if self.rows.is_empty() {
            return VarianceProfile::default();
        }
        // Centred columns spare the intercept, which the norm replaces.
        for column in 0..=TERMS {
            let mean = self.rows.iter().map(|row| row[column]).sum::<f64>() / n;
            self.rows.iter_mut().for_each(|row| row[column] -= mean);
        }
        let products = gram::products(self.rows.into_iter());
        let mut normal: SMatrix<f64, TERMS, TERMS> = SMatrix::from_fn(|i, j| products[i.max(j)][i.min(j)]);
        for i in 0..TERMS {
            normal[(i, i)] += RIDGE;
        }
        let projection = SMatrix::<f64, TERMS, 1>::from_fn(|i, _| products[TERMS][i]);
        let Some(cholesky) = normal.cholesky() else { return VarianceProfile::default() };
        let solution = cholesky.solve(&projection);
        let raw = VarianceProfile { gamma: std::array::from_fn(|i| solution[i]), norm: 0.0 };
        let days = 365;
        let mean = (0..days)
            .map(|day| {
                let weeks = f64::from(day) / f64::from(days) * YEAR_WEEKS;
                let angle = std::f64::consts::TAU * weeks / YEAR_WEEKS;
                let mut row = [0.0; 13];
                (row[DRIFT], row[DRIFT + 1]) = (angle.cos(), (2.0 * angle).cos());
                (row[DRIFT + HARMONICS], row[DRIFT + HARMONICS + 1]) = (angle.sin(), (2.0 * angle).sin());
                raw.exponent(&row).exp()
            })
            .sum::<f64>()
            / f64::from(days);
        VarianceProfile { norm: mean.ln(), ..raw }
    }
}
