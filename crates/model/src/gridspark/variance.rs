//! The noise's variance over the season and the years, learned over a fleet.
//!
//! D(k) = exp(F(k) γ − norm) exp(δ min(u, ¼)), F two harmonics of the year, the first factor of mean one over
//! the year, u the years after the last training week. γ and δ are from one regression, pooled over all
//! boxes, of ln(e² + 0.05), less its mean over the box, on F and u, where e are a box's residuals less their
//! moving mean over a quarter, divided by their robust standard deviation and clipped. Where loads grow their
//! scatter grows, too; it is not taken to grow further than to the middle of a horizon of half a year.

use nalgebra::SMatrix;
use serde::{Deserialize, Serialize};

use crate::additive::{DRIFT, HARMONICS, Row};
use crate::gram;
use crate::robust::median;

/// Cosines and sines of two harmonics.
const TERMS: usize = 4;
/// The ridge on γ; δ has none.
const RIDGE: f64 = 20.0;
/// δ lies within this, to either side of zero.
const LARGEST_TREND: f64 = 0.5;
/// The years after the last training week from which on the variance stays.
const TREND_ENDS: f64 = 0.25;
/// The place of u among the regression's columns, and that of the logarithm.
const TREND: usize = TERMS;
const LOGARITHM: usize = TERMS + 1;
/// Weeks of the moving mean, to either side.
const HALF_WINDOW: usize = 6;
/// Added to a squared residual, so that a residual near zero has little influence.
const SOFTENING: f64 = 0.05;
/// The largest residual in robust standard deviations.
const LARGEST: f64 = 4.0;

/// The noise's variance over the year, relative to its mean over the last training year.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct VarianceProfile {
    gamma: [f64; TERMS],
    norm: f64,
    /// δ, a year.
    #[serde(default)]
    trend: f64,
}

impl Default for VarianceProfile {
    /// The same variance all year.
    fn default() -> Self {
        Self { gamma: [0.0; TERMS], norm: 0.0, trend: 0.0 }
    }
}

/// The harmonics of a row of the design that the profile is made of.
fn terms(row: &Row) -> [f64; TERMS] {
    [row[DRIFT], row[DRIFT + 1], row[DRIFT + HARMONICS], row[DRIFT + HARMONICS + 1]]
}

impl VarianceProfile {
    /// D at a week in time, see [`basis::row`](super::basis::row).
    pub(crate) fn at(&self, base: &Row) -> f64 {
        (self.season(base) - self.norm + self.trend * base[1].min(TREND_ENDS)).exp()
    }

    fn season(&self, base: &Row) -> f64 {
        terms(base).iter().zip(self.gamma).map(|(term, gamma)| term * gamma).sum()
    }
}

/// Gathers residuals box by box.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct ProfileLearner {
    /// The season's terms; u and the logarithm, less the box's means.
    rows: Vec<[f64; TERMS + 2]>,
    /// How much each row counts.
    weights: Vec<f64>,
}

impl ProfileLearner {
    /// Takes in the residuals of one series of successive weeks, and the weeks in time.
    ///
    /// `weight` is how much the series counts, from zero to one.
    pub(crate) fn add(&mut self, rows: &[Row], residuals: &[f64], weight: f64) {
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
        let first = self.rows.len();
        let entries = rows.iter().zip(&quick).map(|(row, residual)| {
            let size = (residual / sd).clamp(-LARGEST, LARGEST);
            let [a, b, c, d] = terms(row);
            [a, b, c, d, row[1], (size * size + SOFTENING).ln()]
        });
        self.rows.extend(entries);
        centre(&mut self.rows[first..], TREND..=LOGARITHM);
        self.weights.resize(self.rows.len(), weight);
    }

    /// The profile of all that was taken in; the same variance all year if that was nothing. Without a trend
    /// δ is zero.
    pub(crate) fn learned(mut self, with_trend: bool) -> VarianceProfile {
        let total: f64 = self.weights.iter().sum();
        if total <= 0.0 {
            return VarianceProfile::default();
        }
        // Centred columns spare the intercept, which the norm replaces.
        for column in 0..TERMS {
            let sum: f64 =
                self.rows.iter().zip(&self.weights).map(|(row, weight)| weight * row[column]).sum();
            self.rows.iter_mut().for_each(|row| row[column] -= sum / total);
        }
        for (row, weight) in self.rows.iter_mut().zip(&self.weights) {
            let root = weight.sqrt();
            row.iter_mut().for_each(|entry| *entry *= root);
        }
        let products = gram::products(self.rows.into_iter());
        let mut normal: SMatrix<f64, LOGARITHM, LOGARITHM> =
            SMatrix::from_fn(|i, j| products[i.max(j)][i.min(j)]);
        for i in 0..TERMS {
            normal[(i, i)] += RIDGE;
        }
        // Windows of a single week tell no trend.
        normal[(TREND, TREND)] += if with_trend { f64::EPSILON } else { f64::MAX.sqrt() };
        let projection = SMatrix::<f64, LOGARITHM, 1>::from_fn(|i, _| products[LOGARITHM][i]);
        let Some(cholesky) = normal.cholesky() else { return VarianceProfile::default() };
        let solution = cholesky.solve(&projection);
        if !solution.iter().all(|value| value.is_finite()) {
            return VarianceProfile::default();
        }
        VarianceProfile {
            gamma: std::array::from_fn(|i| solution[i]),
            norm: 0.0,
            trend: solution[TREND].clamp(-LARGEST_TREND, LARGEST_TREND),
        }
        .of_mean_one()
    }
}

impl VarianceProfile {
    /// With the norm that makes its mean over the days of a year one.
    fn of_mean_one(self) -> Self {
        let days = 365;
        let factor = |day: i32| {
            let angle = std::f64::consts::TAU * f64::from(day) / f64::from(days);
            let mut row: Row = [0.0; _];
            (row[DRIFT], row[DRIFT + 1]) = (angle.cos(), (2.0 * angle).cos());
            (row[DRIFT + HARMONICS], row[DRIFT + HARMONICS + 1]) = (angle.sin(), (2.0 * angle).sin());
            self.season(&row).exp()
        };
        let mean = (0..days).map(factor).sum::<f64>() / f64::from(days);
        Self { norm: mean.ln(), ..self }
    }
}

/// Takes the means off some columns.
fn centre(rows: &mut [[f64; TERMS + 2]], columns: std::ops::RangeInclusive<usize>) {
    let n = rows.len() as f64;
    for column in columns {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / n;
        rows.iter_mut().for_each(|row| row[column] -= mean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IsoWeek;
    use crate::gridspark::basis;

    /// Residuals of one size that alternate, times a factor for each week.
    fn learned(factor: impl Fn(&Row) -> f64) -> VarianceProfile {
        let last = IsoWeek::from_index(2_900);
        let rows: Vec<Row> = (0..208).map(|back| basis::row(last.plus(back - 207), last)).collect();
        let mut learner = ProfileLearner::default();
        for box_ in 0..30 {
            // Sizes spread as in nature; neighbours differ, so that the moving mean is small.
            let size = |i: usize| 1.0 + 0.5 * (((i * 7 + box_ * 3) % 11) as f64 / 11.0);
            let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
            let residuals: Vec<f64> =
                rows.iter().enumerate().map(|(i, row)| sign(i) * size(i) * factor(row)).collect();
            learner.add(&rows, &residuals, 1.0);
        }
        learner.learned(true)
    }

    #[test]
    fn noise_that_grows_by_the_year_is_found_and_stops_growing_after_a_quarter() {
        let profile = learned(|row| (0.5 * 0.3 * row[1]).exp());
        assert!((profile.trend - 0.3).abs() < 0.05, "{}", profile.trend);
        let at = |years: f64| {
            let mut row = [0.0; _];
            row[1] = years;
            profile.at(&row)
        };
        assert_eq!(at(0.25), at(0.5));
        assert!(at(0.25) > at(0.0) && at(0.0) > at(-1.0));
    }

    #[test]
    fn steady_noise_has_no_trend_and_a_mean_of_one() {
        let profile = learned(|row| (0.5 * 0.4 * row[DRIFT]).exp());
        assert!(profile.trend.abs() < 0.03, "{}", profile.trend);
        assert!((profile.gamma[0] - 0.4).abs() < 0.08, "{:?}", profile.gamma);
        let last = IsoWeek::from_index(2_900);
        let year = (0..365).map(|day| {
            let mut row = basis::row(last, last);
            let angle = std::f64::consts::TAU * f64::from(day) / 365.0;
            (row[DRIFT], row[DRIFT + HARMONICS]) = (angle.cos(), angle.sin());
            (row[DRIFT + 1], row[DRIFT + HARMONICS + 1]) = ((2.0 * angle).cos(), (2.0 * angle).sin());
            profile.at(&row)
        });
        assert!((year.sum::<f64>() / 365.0 - 1.0).abs() < 1e-9);
    }
}
