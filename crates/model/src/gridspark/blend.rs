//! The posterior of the coefficients as a few normal distributions, for the bands of history.
//!
//! Of the hundred points over autocorrelation and σ those with a similar uncertainty of the level are merged,
//! keeping weight, mean and covariance. All linear forms of the coefficients keep their mean and variance
//! exactly, and their quantiles to better than a hundredth of probability, at a tenth of the cost.

use super::grid_point::GridPoint;
use crate::additive::{COEFFICIENTS, DRIFT, Row, dot};
use crate::mixture::Component;

/// How many normal distributions.
const GROUPS: usize = 24;

/// One normal distribution of the coefficients, and the noise's variance given them.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Blend {
    weight: f64,
    mean: Row,
    covariance: [Row; COEFFICIENTS],
    /// σ², autocorrelation included.
    variance: f64,
}

/// Merges the points of all grid points.
pub(crate) fn blends<'a>(grid_points: impl Iterator<Item = &'a GridPoint>) -> Vec<Blend> {
    let mut points: Vec<Blend> = grid_points
        .flat_map(|grid_point| {
            grid_point.conditionals().map(|given| {
                let (mean, covariance) = grid_point.coefficients(&given);
                Blend { weight: given.weight, mean, covariance, variance: given.variance }
            })
        })
        .collect();
    points.sort_by(|a, b| (a.covariance[0][0] * a.variance).total_cmp(&(b.covariance[0][0] * b.variance)));
    let mut merged: Vec<Vec<Blend>> = (0..GROUPS).map(|_| Vec::new()).collect();
    let mut reached = 0.0;
    for point in points {
        let middle = reached + 0.5 * point.weight;
        reached += point.weight;
        merged[((middle * GROUPS as f64) as usize).min(GROUPS - 1)].push(point);
    }
    merged.iter().filter(|group| !group.is_empty()).map(|group| Blend::of(group)).collect()
}

impl Blend {
    /// One normal distribution with the weight, mean and covariance of several.
    pub(crate) fn of(group: &[Self]) -> Self {
        let weight: f64 = group.iter().map(|point| point.weight).sum();
        let average = |f: &dyn Fn(&Self) -> f64| -> f64 {
            group.iter().map(|point| point.weight * f(point)).sum::<f64>() / weight
        };
        let mean: Row = std::array::from_fn(|i| average(&|point| point.mean[i]));
        let mut covariance = [[0.0; COEFFICIENTS]; COEFFICIENTS];
        for point in group {
            let share = point.weight / weight;
            let off: Row = std::array::from_fn(|i| point.mean[i] - mean[i]);
            for i in 0..COEFFICIENTS {
                for j in 0..COEFFICIENTS {
                    covariance[i][j] += share * (point.covariance[i][j] + off[i] * off[j]);
                }
            }
        }
        Self { weight, mean, covariance, variance: average(&|point| point.variance) }
    }

    /// Drift, yearly and total (with noise of relative variance D), scaled, for the rows of drift and of the
    /// whole.
    pub(crate) fn parts(&self, drift: &Row, whole: &Row, relative_variance: f64) -> [Component; 3] {
        let season: Row = std::array::from_fn(|i| whole[i] - drift[i]);
        // The rows of the covariance weighted by a row; that of drift is zero from the season on, that of the
        // season at the level.
        let weighted = |row: &Row, rows: std::ops::Range<usize>| -> Row {
            let mut sum = [0.0; COEFFICIENTS];
            for i in rows {
                for (entry, covariance) in sum.iter_mut().zip(&self.covariance[i]) {
                    *entry += row[i] * covariance;
                }
            }
            sum
        };
        let by_drift = weighted(drift, 0..DRIFT);
        let by_season = weighted(&season, 1..COEFFICIENTS);
        let (drift_variance, yearly_variance) = (dot(&by_drift, drift), dot(&by_season, &season));
        let total = drift_variance + yearly_variance + 2.0 * dot(&by_drift, &season);
        let (drift_mean, yearly_mean) = (dot(drift, &self.mean), dot(&season, &self.mean));
        let component = |mean: f64, variance: f64| Component {
            weight: self.weight,
            mean,
            sd: variance.max(0.0).sqrt().max(f64::MIN_POSITIVE),
        };
        [
            component(drift_mean, drift_variance),
            component(yearly_mean, yearly_variance),
            component(drift_mean + yearly_mean, total.max(0.0) + relative_variance * self.variance),
        ]
    }
}
