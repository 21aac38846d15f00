//! The distribution of the coefficients over a fleet, by expectation and maximisation.
//!
//! Series are scaled by their size (see [`scale`]) and each is held at its most probable autocorrelation.
//! Expectation: mean E and covariance V of each series' coefficients β, averaged over σ, under the present
//! N(m, C). Maximisation: m = mean of E, T = Σ (E − m)(E − m)' + V, C = (T + diag(T)/n) / (n + 1), which
//! shrinks the correlations a little towards zero. The growth beside the slope stays off where the fleet has
//! none.

use std::sync::Arc;

use nalgebra::SMatrix;
use serde::{Deserialize, Serialize};

use super::super::Gridspark;
use super::super::autocorrelation::Autocorrelation;
use super::super::basis::{CoefficientPrior, deviations};
use super::super::design::{Design, Regime};
use super::super::grid_point::{self, GridPoint};
use super::super::noise_grid::NoiseGrid;
use super::super::whitening::{Gains, Whitened, whiten};
use super::super::window::Window;
use super::MIN_SERIES;
use crate::additive::{COEFFICIENTS, Row};
use crate::robust::median;
use crate::scale::ValueScale;

/// A series, whitened.
type Series = Whitened<{ COEFFICIENTS + 1 }>;

type Matrix = SMatrix<f64, COEFFICIENTS, COEFFICIENTS>;

/// Rounds of the iteration.
const ROUNDS: usize = 10;
/// The weight of independence, in series, that the correlations are shrunk towards.
const DRAWN_IN: f64 = 1.0;
/// The variance of a column of growth that a fleet does not have.
const NO_GROWTH_VARIANCE: f64 = 1e-8;
/// The place of the growth beside the slope among the coefficients.
const GROWTH: usize = 2;

/// N(m, C) of the coefficients of values scaled by their size, and the typical noise.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PopulationCoefficients {
    /// m.
    mean: Row,
    /// C by rows.
    covariance: [Row; COEFFICIENTS],
    /// The typical σ, as a share of the size.
    pub(super) sigma: f64,
}

impl PopulationCoefficients {
    /// Learns from training windows; nothing from fewer than a handful.
    pub(super) fn learn(windows: &[&Window], model: &Gridspark, regime: &Regime) -> Option<Self> {
        let design = &regime.design;
        let grid = NoiseGrid::of_population();
        let mut prior = starting_prior(design);
        let students: Vec<Series> =
            windows.iter().filter_map(|window| most_probable(window, model, regime, &prior, &grid)).collect();
        if students.len() < MIN_SERIES {
            return None;
        }
        let mut sigmas = Vec::new();
        for _ in 0..ROUNDS {
            sigmas.clear();
            let mut learned = Vec::with_capacity(students.len());
            for student in &students {
                // A series whose computation fails is left out.
                let Ok((conditions, projected)) = grid_point::solve(student, &prior, 1.0, &grid) else {
                    continue;
                };
                let weighed = grid.weigh(&[&projected.log_density]);
                let Some(noise) = grid.measures(&weighed, 1.0).pop() else { continue };
                sigmas.push(noise.iter().map(|node| node.weight * node.x).sum::<f64>().exp());
                let grid_point = GridPoint::new(Arc::new(conditions), &projected, noise);
                learned.push((grid_point.mean(), grid_point.covariance()));
            }
            prior = maximised(&learned, design.is_steady())?;
        }
        let covariance = prior.factor * prior.factor.transpose();
        Some(Self {
            mean: prior.mean,
            covariance: std::array::from_fn(|i| std::array::from_fn(|j| covariance[(i, j)])),
            sigma: median(&mut sigmas),
        })
    }

    /// As a prior.
    pub(super) fn prior(&self) -> Option<CoefficientPrior> {
        let covariance = Matrix::from_fn(|i, j| self.covariance[i][j]);
        CoefficientPrior::correlated(self.mean, covariance)
    }
}

/// The scale on which series of different sizes are alike: zero stays zero, and one is the larger of the
/// median |value| and half the distance of the 5 % and 95 % quantiles. Nothing for values that are all zero.
pub(in super::super) fn scale(values_kw: &[f64]) -> Option<ValueScale> {
    let mut sizes: Vec<f64> = values_kw.iter().map(|kw| kw.abs()).collect();
    if sizes.is_empty() {
        return None;
    }
    let middle = median(&mut sizes);
    let mut sorted = values_kw.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |level: f64| {
        let place = level * (sorted.len() - 1) as f64;
        let (below, share) = (place.floor() as usize, place.fract());
        let above = (below + 1).min(sorted.len() - 1);
        sorted[below] * (1.0 - share) + sorted[above] * share
    };
    let unit_kw = middle.max(0.5 * (at(0.95) - at(0.05)));
    (unit_kw > 0.0 && unit_kw.is_finite()).then_some(ValueScale { offset_kw: 0.0, unit_kw })
}

/// Where the iteration starts: level 0.7 ± 0.4 of the size, slope ± 0.08 a year, growth as the fleet's if
/// there is any, a smooth season.
fn starting_prior(design: &Design) -> CoefficientPrior {
    let mut mean = [0.0; COEFFICIENTS];
    mean[0] = 0.7;
    let growth = if design.is_steady() { NO_GROWTH_VARIANCE.sqrt() } else { 1.0 };
    CoefficientPrior::independent(mean, deviations([0.4, 0.08, growth], [0.2, 0.1, 0.06, 0.04, 0.03]))
}

/// A series whitened by the autocorrelation that is most probable under the starting prior.
fn most_probable(
    window: &Window,
    model: &Gridspark,
    regime: &Regime,
    prior: &CoefficientPrior,
    grid: &NoiseGrid,
) -> Option<Series> {
    let scale = scale(&window.values_kw)?;
    let values = model.training_values(window, &scale).ok()?;
    let (observed, steps) = (window.observed_values(regime, &values), window.steps());
    let evidence = |whitened: Series, probability: f64| {
        let (_, projected) = grid_point::solve(&whitened, prior, probability, grid).ok()?;
        Some((grid.weigh(&[&projected.log_density]).log_evidence, whitened))
    };
    Autocorrelation::grid()
        .filter_map(|(autocorrelation, probability)| {
            evidence(whiten(&observed, autocorrelation, &Gains::new(&steps, autocorrelation)), probability)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, whitened)| whitened)
}

/// The maximisation step.
fn maximised(learned: &[(Row, Matrix)], is_steady: bool) -> Option<CoefficientPrior> {
    let n = learned.len() as f64;
    let mean: Row = std::array::from_fn(|i| learned.iter().map(|(mean, _)| mean[i]).sum::<f64>() / n);
    let mut scatter = Matrix::zeros();
    for (of_one, covariance) in learned {
        scatter += covariance;
        for i in 0..COEFFICIENTS {
            for j in 0..COEFFICIENTS {
                scatter[(i, j)] += (of_one[i] - mean[i]) * (of_one[j] - mean[j]);
            }
        }
    }
    let mut covariance = scatter / (n + DRAWN_IN);
    for i in 0..COEFFICIENTS {
        covariance[(i, i)] += DRAWN_IN * scatter[(i, i)] / (n * (n + DRAWN_IN));
    }
    let mut mean = mean;
    if is_steady {
        for i in 0..COEFFICIENTS {
            (covariance[(i, GROWTH)], covariance[(GROWTH, i)]) = (0.0, 0.0);
        }
        covariance[(GROWTH, GROWTH)] = NO_GROWTH_VARIANCE;
        mean[GROWTH] = 0.0;
    }
    CoefficientPrior::correlated(mean, covariance)
}
