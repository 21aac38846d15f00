//! The probability that the total leaves its limits: per week, in any week, and for the first time.
//!
//! Per week it is the two tails of the mixture over σ. Over the horizon the weeks share the coefficients and σ
//! and have independent noise, so that with e_i the probability of an overload in week i given both,
//!
//! P(any week) = E[1 − Π_i (1 − e_i)],  P(first in week i) = E[e_i Π_{k<i} (1 − e_k)],
//! e_i = 1 − Φ((hi − μ_i)/σ) + Φ((lo − μ_i)/σ),  μ_i = w_i' g.
//!
//! The expectation over the 13 coefficients and σ is taken over [`POINTS`] scrambled Sobol points. Two things
//! make them do the work of many more. The coordinates are turned so that the best of them point where the
//! survival changes most (its gradient at three places, orthonormalised, by Householder reflections). And the
//! expected number of overloads Σ e_i, whose expectation is known exactly from the weekly probabilities, is
//! used as a control variate.

use std::sync::LazyLock;

use crate::normal::{self, UpperTail};
use crate::sobol::{self, DIMENSIONS};
use crate::{Limits, Overload, Part};

use super::bands::components;
use super::conditional::{Conditional, rotated};
use super::design::{COEFFICIENTS, Row, ValueScale};
use super::factorisation::Factorisation;
use super::mixture;
use super::noise::NoisePosterior;

/// Points of the integral, and the runs of them from whose scatter the standard error is told.
pub(crate) const POINTS: usize = 128;
const RUNS: usize = 8;
/// How many coordinates are turned.
const TURNED: usize = 3;
/// The coordinate that σ is drawn from: after the turned ones.
const SIGMA_COORDINATE: usize = TURNED;

/// One point: standard normal coordinates of the coefficients, and of σ.
#[derive(Clone, Copy)]
struct Draw {
    coefficients: Row,
    sigma: f64,
}

static DRAWS: LazyLock<Vec<Draw>> = LazyLock::new(|| draws(0));

fn draws(seed: u64) -> Vec<Draw> {
    let draw = |point: &[f64; DIMENSIONS]| {
        let others = |i: usize| if i < SIGMA_COORDINATE { i } else { i + 1 };
        Draw {
            coefficients: std::array::from_fn(|i| normal::quantile(point[others(i)])),
            sigma: normal::quantile(point[SIGMA_COORDINATE]),
        }
    };
    sobol::points(POINTS as u32, seed).iter().map(draw).collect()
}

/// A constant series is overloaded always or never.
pub(crate) fn flat_overload(level_kw: f64, future: usize, limits: &Limits) -> Overload {
    let certain = |overloaded: bool| if overloaded { 1.0 } else { 0.0 };
    let import = certain(level_kw > limits.import_kw);
    let feed_in = certain(level_kw < -limits.feed_in_kw);
    let any = f64::max(import, feed_in);
    Overload {
        weekly: vec![any; future],
        weekly_import: vec![import; future],
        weekly_feed_in: vec![feed_in; future],
        any_week: if future > 0 { any } else { 0.0 },
        any_week_standard_error: 0.0,
        first_week: (0..future).map(|i| if i == 0 { any } else { 0.0 }).collect(),
    }
}

/// The overload probabilities at the future rows.
pub(crate) fn overload(
    future: &[Row],
    factorisation: &Factorisation,
    noise: &NoisePosterior,
    conditionals: &[Conditional],
    scale: &ValueScale,
    limits: &Limits,
) -> Overload {
    let (low, high) = (scale.scaled(-limits.feed_in_kw), scale.scaled(limits.import_kw));
    let (mut weekly_import, mut weekly_feed_in) = (Vec::new(), Vec::new());
    for row in future {
        let mixture = components(Part::Total, row, factorisation, conditionals);
        weekly_import.push(mixture::upper_tail(&mixture, high).clamp(0.0, 1.0));
        weekly_feed_in.push(mixture::cumulative(&mixture, low).clamp(0.0, 1.0));
    }
    let weekly: Vec<f64> = weekly_import.iter().zip(&weekly_feed_in).map(|(p, q)| (p + q).min(1.0)).collect();
    let path = Path {
        rows: future.iter().map(|row| rotated(factorisation, row)).collect(),
        factorisation,
        low,
        high,
    };
    let joint = path.joint(noise, weekly.iter().sum(), &DRAWS);
    Overload {
        any_week: joint.any,
        any_week_standard_error: joint.standard_error,
        first_week: joint.first,
        weekly,
        weekly_import,
        weekly_feed_in,
    }
}

/// The future weeks as functions of the rotated coefficients.
struct Path<'a> {
    rows: Vec<Row>,
    factorisation: &'a Factorisation,
    low: f64,
    high: f64,
}

struct Joint {
    any: f64,
    standard_error: f64,
    first: Vec<f64>,
}

impl Path<'_> {
    fn joint(&self, noise: &NoisePosterior, expected_overloads: f64, draws: &[Draw]) -> Joint {
        let table = UpperTail::table();
        let turn = self.turn(noise);
        let log_sigma = LogSigma::new(noise);
        let mut first = vec![0.0; self.rows.len()];
        let mut any = Vec::with_capacity(draws.len());
        let mut counts = Vec::with_capacity(draws.len());
        for draw in draws {
            let sigma = log_sigma.at(draw.sigma).exp();
            let u = self.coefficients(sigma * sigma, &turn.apply(&draw.coefficients));
            let precision = 1.0 / sigma;
            let (mut survival, mut overloaded, mut count) = (1.0, 0.0, 0.0);
            for (row, first) in self.rows.iter().zip(&mut first) {
                let mean = dot(row, &u);
                let e = (table.at((self.high - mean) * precision) + table.at((mean - self.low) * precision))
                    .min(1.0);
                let passage = survival * e;
                *first += passage;
                overloaded += passage;
                count += e;
                survival -= passage;
            }
            any.push(overloaded);
            counts.push(count);
        }
        let number = draws.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (mean_any, mean_count) = (mean(&any), mean(&counts));
        let (mut covariance, mut variance) = (0.0, 0.0);
        for (any, count) in any.iter().zip(&counts) {
            covariance += (any - mean_any) * (count - mean_count);
            variance += (count - mean_count) * (count - mean_count);
        }
        let control = if variance > 0.0 { covariance / variance } else { 0.0 };
        let corrected = mean_any - control * (mean_count - expected_overloads);
        let any_week = corrected.clamp(0.0, 1.0);

        let run = draws.len() / RUNS;
        let run_means: Vec<f64> = any
            .chunks(run)
            .zip(counts.chunks(run))
            .map(|(any, counts)| mean(any) - control * mean(counts))
            .collect();
        let grand = mean(&run_means);
        let scatter: f64 = run_means.iter().map(|m| (m - grand) * (m - grand)).sum();
        let standard_error = (scatter / ((RUNS - 1) * RUNS) as f64).sqrt();

        // The distribution of the first week keeps its shape and takes the corrected mass.
        let rescale = if mean_any > 0.0 { any_week / mean_any } else { 0.0 };
        first.iter_mut().for_each(|p| *p *= rescale / number);
        Joint { any: any_week, standard_error, first }
    }

    /// u = m + √w ξ at one σ².
    fn coefficients(&self, variance: f64, normal: &Row) -> Row {
        std::array::from_fn(|j| {
            let inverse = 1.0 / (self.factorisation.lambda[j] + variance);
            self.factorisation.z[j] * inverse + (variance * inverse).sqrt() * normal[j]
        })
    }

    /// Turns the first coordinates towards the gradients of the log survival.
    fn turn(&self, noise: &NoisePosterior) -> Turn {
        let sigma = noise.rule.iter().map(|node| node.weight * node.x).sum::<f64>().exp();
        let mut turn = Turn { reflections: Vec::with_capacity(TURNED) };
        let mut coordinates = [0.0; COEFFICIENTS];
        for k in 0..TURNED {
            match k {
                1 => coordinates[0] = 1.0,
                2 => coordinates[0] = -1.0,
                _ => {}
            }
            let gradient = turn.transpose(&self.gradient(sigma, &turn.apply(&coordinates)));
            if !turn.push(k, gradient) {
                break;
            }
        }
        turn
    }

    /// −∇ Σ_i log(1 − e_i) with respect to the standard normal coordinates.
    fn gradient(&self, sigma: f64, normal: &Row) -> Row {
        let variance = sigma * sigma;
        let u = self.coefficients(variance, normal);
        let mut gradient = [0.0; COEFFICIENTS];
        for row in &self.rows {
            let mean = dot(row, &u);
            let (over, under) = ((self.high - mean) / sigma, (mean - self.low) / sigma);
            let within = (normal::cumulative(over) - normal::upper_tail(under)).max(1e-30);
            let slope = (normal::density(over) - normal::density(under)) / within;
            for j in 0..COEFFICIENTS {
                gradient[j] += slope * row[j];
            }
        }
        std::array::from_fn(|j| gradient[j] * (variance / (self.factorisation.lambda[j] + variance)).sqrt())
    }
}

fn dot(a: &Row, b: &Row) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// An orthogonal map as a product of Householder reflections.
struct Turn {
    /// v with reflection 1 − 2 v v', v of unit length and zero before its index.
    reflections: Vec<Row>,
}

impl Turn {
    /// H η = H_0 (H_1 (… η)).
    fn apply(&self, coordinates: &Row) -> Row {
        let mut x = *coordinates;
        for v in self.reflections.iter().rev() {
            reflect(v, &mut x);
        }
        x
    }

    /// H' ξ.
    fn transpose(&self, coordinates: &Row) -> Row {
        let mut x = *coordinates;
        for v in &self.reflections {
            reflect(v, &mut x);
        }
        x
    }

    /// Adds the reflection that maps coordinate `k` to the direction, of which only the coordinates from `k` on
    /// count; false if there is no direction left.
    fn push(&mut self, k: usize, mut direction: Row) -> bool {
        direction[..k].fill(0.0);
        let scale = direction.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        if scale.is_nan() || scale <= 0.0 || scale.is_infinite() {
            return false;
        }
        direction.iter_mut().for_each(|x| *x /= scale);
        let length = dot(&direction, &direction).sqrt();
        // The sign that does not cancel; the direction's sense does not matter.
        direction[k] += length.copysign(direction[k]);
        let norm = dot(&direction, &direction).sqrt();
        self.reflections.push(direction.map(|x| x / norm));
        true
    }
}

fn reflect(v: &Row, x: &mut Row) {
    let projection = 2.0 * dot(v, x);
    for (x, v) in x.iter_mut().zip(v) {
        *x -= projection * v;
    }
}

/// log σ as a function of a standard normal coordinate: the inverse distribution function between the nodes of
/// the grid, where it is nearly linear.
struct LogSigma {
    knots: Vec<(f64, f64)>,
}

impl LogSigma {
    fn new(noise: &NoisePosterior) -> Self {
        let grid = &noise.grid;
        let mut below = 0.0;
        let mut knots = Vec::with_capacity(grid.len());
        for (i, node) in grid.iter().enumerate() {
            let mut level = below + 0.5 * node.weight;
            if noise.is_narrow {
                // Euler and Maclaurin's correction of the trapezoid's partial sums, h² p' / 12.
                let weight = |k: Option<usize>| k.and_then(|k| grid.get(k)).map_or(0.0, |node| node.weight);
                level -= (weight(i.checked_add(1)) - weight(i.checked_sub(1))) / 24.0;
            }
            below += node.weight;
            if level > 1e-7 && level < 1.0 - 1e-7 {
                knots.push((normal::quantile(level), node.x));
            }
        }
        Self { knots }
    }

    fn at(&self, z: f64) -> f64 {
        let after = self.knots.partition_point(|knot| knot.0 < z).clamp(1, self.knots.len().max(2) - 1);
        match (self.knots.get(after - 1), self.knots.get(after)) {
            (Some(&(z0, x0)), Some(&(z1, x1))) if z1 > z0 => (x0 + (x1 - x0) * (z - z0) / (z1 - z0)).min(0.0),
            (Some(&(_, x)), _) => x,
            _ => f64::NEG_INFINITY,
        }
    }
}
