//! The probability of an overload within the horizon, and of the first one in each week.
//!
//! The weeks share the coefficients and σ and have independent noise, so that with e_i the probability of an
//! overload in week i given both,
//!
//! P(any week) = E[1 − Π_i (1 − e_i)],  P(first in week i) = E[e_i Π_{k<i} (1 − e_k)],
//! e_i = 1 − Φ((hi − μ_i)/σ) + Φ((lo − μ_i)/σ),  μ_i = w_i' g.
//!
//! The expectation over the 13 coefficients and σ is the mean over [`POINTS`] scrambled Sobol points. Two
//! things make them do the work of many more. The coordinates are turned so that the first of them, which
//! fill the cube best, point where the survival changes most: along its gradient at three places. And the
//! expected number of overloads Σ e_i, whose expectation is known from the weekly probabilities, corrects the
//! mean (a control variate): P − b (mean of Σ e_i − Σ P_i) with b = (1 − P)¹², which is nearly one where
//! overloads are rare and any two exclude each other, and vanishes where they are not.

use std::sync::LazyLock;

use crate::lanes::{LANES, Lanes};
use crate::normal::{self, UpperTail};
use crate::sobol::{self, DIMENSIONS};

use super::conditional::rotated;
use super::factorisation::Factorisation;
use super::log_sigma::LogSigma;
use super::noise::NoisePosterior;
use super::reflections::Reflections;
use crate::additive::{COEFFICIENTS, Row, dot};

/// Points of the integral, and the number of randomised runs whose scatter gives the standard error.
const POINTS: u32 = 512;
const RUNS: usize = 8;
/// How many coordinates are turned; σ is drawn from the one after them.
const TURNED: usize = 3;
/// An expected number of overloads below this is taken for the probability of any: they differ by less than
/// its square.
const RARE: f64 = 1e-9;

/// Weeks whose probability is below this share of the likeliest week's are left out of the integral.
const IRRELEVANT: f64 = 1e-6;
/// The share of P (1 − P) that the approximate distribution of σ and the table of Φ may be off by.
const APPROXIMATION: f64 = 1e-3;

/// One point: standard normal coordinates of the coefficients, and of σ.
struct Draw {
    coefficients: Row,
    sigma: f64,
}

static DRAWS: LazyLock<Vec<Draw>> = LazyLock::new(|| draws(0));

fn draws(seed: u64) -> Vec<Draw> {
    let draw = |point: &[f64; DIMENSIONS]| {
        let coordinate = |i: usize| normal::quantile(point[if i < TURNED { i } else { i + 1 }]);
        Draw { coefficients: std::array::from_fn(coordinate), sigma: normal::quantile(point[TURNED]) }
    };
    sobol::points(POINTS, seed).iter().map(draw).collect()
}

/// The probabilities over the horizon.
pub(crate) struct Joint {
    /// P(any week).
    pub(crate) any_week: f64,
    /// Its standard error: the scatter of the runs, which overstates it, because the runs complement each
    /// other, and [`APPROXIMATION`].
    pub(crate) standard_error: f64,
    /// P(first in week i), of sum `any_week`.
    pub(crate) first_week: Vec<f64>,
}

/// The probabilities over the horizon from the rows w of the future weeks, the scaled limits, and the
/// probabilities of the single weeks for import and for feed-in.
pub(crate) fn joint(
    future: &[Row],
    factorisation: &Factorisation,
    noise: &NoisePosterior,
    (low, high): (f64, f64),
    import: &[f64],
    feed_in: &[f64],
) -> Joint {
    let weekly: Vec<f64> = import.iter().zip(feed_in).map(|(p, q)| p + q).collect();
    let expected: f64 = weekly.iter().sum();
    if expected < RARE {
        return Joint { any_week: expected, standard_error: 0.0, first_week: weekly };
    }
    let likeliest = weekly.iter().copied().fold(0.0, f64::max);
    let relevant: Vec<usize> = (0..weekly.len()).filter(|&i| weekly[i] > IRRELEVANT * likeliest).collect();
    let path = Path::new(relevant.iter().map(|&i| &future[i]), factorisation, low, high);

    // Nearly always one of the two limits is far away and can be skipped.
    let table = UpperTail::table();
    let over = |mean: f64, precision: f64| table.at((high - mean) * precision);
    let under = |mean: f64, precision: f64| table.at((mean - low) * precision);
    let mut joint = if feed_in.iter().sum::<f64>() < RARE {
        path.integrated(noise, expected, &DRAWS, over)
    } else if import.iter().sum::<f64>() < RARE {
        path.integrated(noise, expected, &DRAWS, under)
    } else {
        path.integrated(noise, expected, &DRAWS, |mean, precision| {
            (over(mean, precision) + under(mean, precision)).min(1.0)
        })
    };
    let mut first_week = vec![0.0; weekly.len()];
    for (&i, &first) in relevant.iter().zip(&joint.first_week) {
        first_week[i] = first;
    }
    joint.first_week = first_week;
    joint
}

/// The future weeks as functions of the rotated coefficients.
struct Path<'a> {
    factorisation: &'a Factorisation,
    rows: Vec<Row>,
    /// The same side by side, coefficient by coefficient; missing weeks at the end are zero.
    blocks: Vec<[Lanes; COEFFICIENTS]>,
    low: f64,
    high: f64,
}

impl<'a> Path<'a> {
    fn new(
        future: impl Iterator<Item = &'a Row>,
        factorisation: &'a Factorisation,
        low: f64,
        high: f64,
    ) -> Self {
        let rows: Vec<Row> = future.map(|row| rotated(factorisation, row)).collect();
        let block = |rows: &[Row]| -> [Lanes; COEFFICIENTS] {
            std::array::from_fn(|j| {
                Lanes(std::array::from_fn(|lane| rows.get(lane).map_or(0.0, |row| row[j])))
            })
        };
        let blocks = rows.chunks(LANES).map(block).collect();
        Self { factorisation, rows, blocks, low, high }
    }

    /// The integral for e as a function of μ and 1/σ.
    fn integrated(
        &self,
        noise: &NoisePosterior,
        expected: f64,
        draws: &[Draw],
        probability: impl Fn(f64, f64) -> f64,
    ) -> Joint {
        let turn = self.turn(noise);
        let log_sigma = LogSigma::new(noise);
        let mut first_week = vec![0.0; self.rows.len()];
        let (mut any, mut counts) = ([0.0; RUNS], [0.0; RUNS]);
        let run_length = draws.len() / RUNS;
        for (run, draws) in draws.chunks_exact(run_length).enumerate() {
            for draw in draws {
                let sigma = log_sigma.at(draw.sigma).exp();
                let u = self.coefficients(sigma * sigma, &turn.apply(&draw.coefficients));
                let (overloaded, count) =
                    self.passages(&u, |mean| probability(mean, 1.0 / sigma), &mut first_week);
                any[run] += overloaded / run_length as f64;
                counts[run] += count / run_length as f64;
            }
        }
        let mean = |values: &[f64; RUNS]| values.iter().sum::<f64>() / RUNS as f64;
        let mean_any = mean(&any);
        let control = (1.0 - mean_any).max(0.0).powi(12);
        let corrected: [f64; RUNS] = std::array::from_fn(|run| any[run] - control * (counts[run] - expected));
        let grand = mean(&corrected);
        let scatter: f64 = corrected.iter().map(|mean| (mean - grand) * (mean - grand)).sum();
        let any_week = grand.clamp(0.0, 1.0);

        // The distribution of the first week keeps its shape and takes the corrected mass.
        let sum: f64 = first_week.iter().sum();
        let factor = if sum > 0.0 { any_week / sum } else { 0.0 };
        first_week.iter_mut().for_each(|first| *first *= factor);
        let standard_error = (scatter / (RUNS * (RUNS - 1)) as f64).sqrt();
        let standard_error = standard_error.hypot(APPROXIMATION * any_week * (1.0 - any_week));
        Joint { any_week, standard_error, first_week }
    }

    /// Adds P(first in week i) at one point; returns P(any week) and the expected number of overloads there.
    #[inline]
    fn passages(&self, u: &Row, probability: impl Fn(f64) -> f64, first_week: &mut [f64]) -> (f64, f64) {
        let u = u.map(Lanes::splat);
        let (mut survival, mut overloaded, mut count) = (1.0, 0.0, 0.0);
        for (block, first_week) in self.blocks.iter().zip(first_week.chunks_mut(LANES)) {
            let (mut even, mut odd) = (block[0] * u[0], Lanes::ZERO);
            for pair in 0..COEFFICIENTS / 2 {
                odd += block[2 * pair + 1] * u[2 * pair + 1];
                even += block[2 * pair + 2] * u[2 * pair + 2];
            }
            let mean = even + odd;
            let e: [f64; LANES] = std::array::from_fn(|lane| probability(mean.0[lane]));
            for (first, e) in first_week.iter_mut().zip(e) {
                let passage = survival * e;
                *first += passage;
                overloaded += passage;
                count += e;
                survival -= passage;
            }
        }
        (overloaded, count)
    }

    /// u = m + √w ξ at one σ².
    #[inline]
    fn coefficients(&self, variance: f64, normal: &Row) -> Row {
        let mut u = [0.0; COEFFICIENTS];
        for j in 0..COEFFICIENTS {
            let inverse = 1.0 / (self.factorisation.lambda[j] + variance);
            u[j] = self.factorisation.z[j] * inverse + (variance * inverse).sqrt() * normal[j];
        }
        u
    }

    /// Turns the first coordinates towards the gradients of the log survival at the origin and at a standard
    /// deviation to either side of it along the first gradient.
    fn turn(&self, noise: &NoisePosterior) -> Reflections {
        let sigma = noise.rule.iter().map(|node| node.weight * node.x).sum::<f64>().exp();
        let mut turn = Reflections::default();
        let mut coordinates = [0.0; COEFFICIENTS];
        for (k, place) in [0.0, 1.0, -1.0].into_iter().enumerate().take(TURNED) {
            coordinates[0] = place;
            let gradient = turn.transpose(&self.gradient(sigma, &turn.apply(&coordinates)));
            if !turn.push(k, gradient) {
                break;
            }
        }
        turn
    }

    /// −∇ Σ_i log(1 − e_i) with respect to the standard normal coordinates.
    fn gradient(&self, sigma: f64, normal: &Row) -> Row {
        let table = UpperTail::table();
        let variance = sigma * sigma;
        let u = self.coefficients(variance, normal);
        let mut gradient = [0.0; COEFFICIENTS];
        for row in &self.rows {
            let mean = dot(row, &u);
            let (over, under) = ((self.high - mean) / sigma, (mean - self.low) / sigma);
            let within = (1.0 - table.at(over) - table.at(under)).max(1e-30);
            let slope = (normal::density(over) - normal::density(under)) / within;
            for j in 0..COEFFICIENTS {
                gradient[j] += slope * row[j];
            }
        }
        for (gradient, lambda) in gradient.iter_mut().zip(self.factorisation.lambda) {
            *gradient *= (variance / (lambda + variance)).sqrt();
        }
        gradient
    }
}
