//! The grid of σ, and what a grid point's likelihood is on it.

use crate::lanes::{LANES, Lanes};
use crate::quadrature::{Node, gauss_rule};

/// Points of the grid: its step in log σ is at most about a posterior standard deviation, where the trapezoid
/// is exact to eight digits.
const POINTS: usize = 90;
const BLOCKS: usize = POINTS.div_ceil(LANES);
/// σ as shares of the scale's unit, from the smallest noise of a meter to noise larger than the signal.
const OF_OWN_RANGE: (f64, f64) = (0.008, 1.2);
const OF_POPULATION: (f64, f64) = (0.002, 0.8);
/// 2π.
const LN_TAU: f64 = 1.837_877_066_409_345_3;

/// A grid point with a smaller share of the posterior is dropped.
const NEGLIGIBLE: f64 = 1e-5;
/// A standard deviation of log σ up to which two points represent a grid point's measure: of their next
/// moment, the fourth, less than 1e-4 is left.
const NARROW: f64 = 0.1;
/// Logarithms of densities this far below the largest one count as nothing.
const NOTHING: f64 = -60.0;

/// Points of log σ at equal distances.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct NoiseGrid {
    log_sigma: [f64; POINTS],
    /// σ² side by side, filled up with ones.
    variance: [Lanes; BLOCKS],
    step: f64,
    /// ln of the prior's density in σ.
    log_prior: f64,
}

/// Several grid points on one grid of σ.
pub(crate) struct Weighed {
    /// ln p(z).
    pub(crate) log_evidence: f64,
    /// The densities of each grid point, as shares of the largest, and their sum over all.
    masses: Vec<Vec<f64>>,
    total: f64,
}

impl Weighed {
    /// The place of the most probable grid point.
    pub(crate) fn most_probable(&self) -> usize {
        let mass = |grid_point: &Vec<f64>| grid_point.iter().sum::<f64>();
        let grid_points = self.masses.iter().map(mass).enumerate();
        grid_points.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(place, _)| place)
    }
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
        let log_sigma: [f64; POINTS] = std::array::from_fn(|i| smallest.ln() + step * i as f64);
        let variance = |i: usize| log_sigma.get(i).map_or(1.0, |log_sigma| (2.0 * log_sigma).exp());
        Self {
            log_sigma,
            variance: std::array::from_fn(|block| {
                Lanes(std::array::from_fn(|lane| variance(block * LANES + lane)))
            }),
            step,
            log_prior: -(largest - smallest).ln(),
        }
    }

    /// The part of ln p(z, log σ) at every point that does not depend on z, beside `constant`: the prior of σ
    /// is flat, so that of log σ has a factor σ.
    pub(crate) fn log_determinants(&self, weeks: usize, lambda: &[f64], constant: f64) -> Vec<f64> {
        let n = weeks as f64;
        let constant = constant + self.log_prior - 0.5 * n * LN_TAU;
        let freedom = n - lambda.len() as f64 - 1.0;
        let mut logs = Vec::with_capacity(POINTS);
        for (block, &variance) in self.variance.iter().enumerate() {
            let product =
                lambda.iter().fold(Lanes::splat(1.0), |product, &lambda| product * (variance + lambda));
            for lane in 0..LANES.min(POINTS - block * LANES) {
                let log_sigma = self.log_sigma[block * LANES + lane];
                logs.push(constant - 0.5 * product.0[lane].ln() - freedom * log_sigma);
            }
        }
        logs
    }

    /// ln p(z, log σ) at every point, from [`Self::log_determinants`], c and |z̃|².
    pub(crate) fn log_density(
        &self,
        determinants: &[f64],
        lambda: &[f64],
        c: &[f64],
        total: f64,
    ) -> Vec<f64> {
        let mut densities = Vec::with_capacity(POINTS);
        for (block, &variance) in self.variance.iter().enumerate() {
            let mut explained = Lanes::ZERO;
            for (&lambda, &c) in lambda.iter().zip(c) {
                explained += Lanes::splat(c * c) / (variance + lambda);
            }
            let rest = (Lanes::splat(total) - explained).max(Lanes::ZERO) / variance;
            for (lane, &log) in determinants[block * LANES..].iter().take(LANES).enumerate() {
                densities.push(log - 0.5 * rest.0[lane]);
            }
        }
        densities
    }

    /// Normalises the densities of several grid points over the common grid.
    pub(crate) fn weigh(&self, log_densities: &[&[f64]]) -> Weighed {
        let peak = log_densities
            .iter()
            .flat_map(|grid_point| grid_point.iter())
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let mass = |&log_density: &f64| {
            let below = log_density - peak;
            if below > NOTHING { below.exp() } else { 0.0 }
        };
        let masses: Vec<Vec<f64>> =
            log_densities.iter().map(|grid_point| grid_point.iter().map(mass).collect()).collect();
        let total: f64 = masses.iter().flatten().sum();
        Weighed { log_evidence: peak + (total * self.step).ln(), masses, total }
    }

    /// The measure of log σ of each grid point, compressed to a few points, if all grid points together have
    /// a share of the posterior; none where a grid point's own share is negligible.
    pub(crate) fn measures(&self, weighed: &Weighed, share: f64) -> Vec<Vec<Node>> {
        let total = weighed.total / share;
        let mut measures: Vec<Vec<Node>> =
            weighed.masses.iter().map(|grid_point| self.compressed(grid_point, total)).collect();
        let kept: f64 = measures.iter().flatten().map(|node| node.weight).sum();
        measures.iter_mut().flatten().for_each(|node| node.weight *= share / kept);
        measures
    }

    /// The distribution of σ over all grid points: each point's σ and probability, ascending.
    pub(crate) fn sigma(&self, weighed: &Weighed) -> Vec<(f64, f64)> {
        let probability =
            |i: usize| weighed.masses.iter().map(|grid_point| grid_point[i]).sum::<f64>() / weighed.total;
        self.log_sigma.iter().enumerate().map(|(i, x)| (x.exp(), probability(i))).collect()
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
            share if share > 0.05 => 4,
            share if share > 0.01 => 3,
            share if share > 1e-3 => 2,
            _ => 1,
        };
        gauss_rule(&measure, if is_narrow(&measure) { points.min(2) } else { points })
    }
}

/// Whether σ is known well.
fn is_narrow(measure: &[Node]) -> bool {
    let mass: f64 = measure.iter().map(|node| node.weight).sum();
    let mean = measure.iter().map(|node| node.weight * node.x).sum::<f64>() / mass;
    let square: f64 = measure.iter().map(|node| node.weight * (node.x - mean) * (node.x - mean)).sum();
    square <= NARROW * NARROW * mass
}
