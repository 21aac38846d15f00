//! The grid of σ, and what a cell's likelihood is on it.

use crate::additive::{COEFFICIENTS, Row};
use crate::quadrature::{Node, gauss_rule};

/// Points of the grid: its step in log σ is at most about a posterior standard deviation, where the trapezoid is
/// exact to eight digits.
const POINTS: usize = 90;
/// σ as shares of the scale's unit, from the smallest noise of a meter to noise larger than the signal.
const OF_OWN_RANGE: (f64, f64) = (0.008, 1.2);
const OF_POPULATION: (f64, f64) = (0.002, 0.8);
/// 2π.
const LN_TAU: f64 = 1.837_877_066_409_345_3;

/// A cell with a smaller share of the posterior is dropped.
const NEGLIGIBLE: f64 = 1e-6;

/// Points of log σ at equal distances.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct NoiseGrid {
    log_sigma: [f64; POINTS],
    step: f64,
    /// ln of the prior's density in σ.
    log_prior: f64,
}

impl NoiseGrid {
    /// For values scaled to [0, 1].
    pub(crate) fn of_own_range() -> Self {
        Self::between(OF_OWN_RANGE)
    }

    /// For values scaled by the population's measure of size.
    pub(crate) fn of_population() -> Self {
        Self::between(OF_POPULATION)
    }

    fn between((smallest, largest): (f64, f64)) -> Self {
        let step = (largest / smallest).ln() / (POINTS - 1) as f64;
        Self {
            log_sigma: std::array::from_fn(|i| smallest.ln() + step * i as f64),
            step,
            log_prior: -(largest - smallest).ln(),
        }
    }

    /// ln p(z, log σ) at every point, up to `constant`: the prior of σ is flat, so that of log σ has a factor σ.
    pub(crate) fn log_density(
        &self,
        weeks: usize,
        lambda: &Row,
        c: &Row,
        total: f64,
        constant: f64,
    ) -> Vec<f64> {
        let n = weeks as f64;
        let constant = constant + self.log_prior - 0.5 * n * LN_TAU;
        let at = |&log_sigma: &f64| {
            let variance = (2.0 * log_sigma).exp();
            let (mut product, mut explained) = (1.0, 0.0);
            for j in 0..COEFFICIENTS {
                let sum = lambda[j] + variance;
                product *= sum;
                explained += c[j] * c[j] / sum;
            }
            let freedom = n - COEFFICIENTS as f64 - 1.0;
            constant
                - 0.5 * product.ln()
                - freedom * log_sigma
                - 0.5 * (total - explained).max(0.0) / variance
        };
        self.log_sigma.iter().map(at).collect()
    }

    /// Normalises the densities of several cells over the common grid: each cell's measure of log σ, compressed to a
    /// few points (none where its share is negligible), and ln p(z).
    pub(crate) fn measures(&self, log_densities: &[&[f64]]) -> (Vec<Vec<Node>>, f64) {
        let peak =
            log_densities.iter().flat_map(|cell| cell.iter()).copied().fold(f64::NEG_INFINITY, f64::max);
        let masses: Vec<Vec<f64>> = log_densities
            .iter()
            .map(|cell| cell.iter().map(|log_density| (log_density - peak).exp()).collect())
            .collect();
        let total: f64 = masses.iter().flatten().sum();
        let mut measures: Vec<Vec<Node>> = masses.iter().map(|cell| self.compressed(cell, total)).collect();
        let kept: f64 = measures.iter().flatten().map(|node| node.weight).sum();
        measures.iter_mut().flatten().for_each(|node| node.weight /= kept);
        (measures, peak + (total * self.step).ln())
    }

    fn compressed(&self, masses: &[f64], total: f64) -> Vec<Node> {
        let share = masses.iter().sum::<f64>() / total;
        if share < NEGLIGIBLE {
            return Vec::new();
        }
        let measure: Vec<Node> = masses
            .iter()
            .zip(self.log_sigma)
            .filter(|&(&mass, _)| mass > 1e-12 * share * total)
            .map(|(&mass, x)| Node { x, weight: mass / total })
            .collect();
        let points = match share {
            share if share > 0.02 => 4,
            share if share > 1e-3 => 3,
            share if share > 2e-5 => 2,
            _ => 1,
        };
        gauss_rule(&measure, points)
    }

    /// The distribution of σ over all cells: each point's σ and probability, ascending.
    pub(crate) fn marginal(&self, log_densities: &[&[f64]]) -> Vec<(f64, f64)> {
        let peak =
            log_densities.iter().flat_map(|cell| cell.iter()).copied().fold(f64::NEG_INFINITY, f64::max);
        let mass = |i: usize| log_densities.iter().map(|cell| (cell[i] - peak).exp()).sum::<f64>();
        let total: f64 = (0..POINTS).map(mass).sum();
        self.log_sigma.iter().enumerate().map(|(i, x)| (x.exp(), mass(i) / total)).collect()
    }
}
