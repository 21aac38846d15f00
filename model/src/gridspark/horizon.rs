//! The probability of an overload within the horizon, and of the first one in each week.
//!
//! Given memory and noise the future weeks are jointly normal, N(μ, C) with C = L L'. The probability that all of them
//! stay within the limits is an integral over a box, which Genz (1992) turns into one over the unit cube: with
//! e_i = P(week i leaves its limits | the weeks before it, none of which did),
//!
//! P(first in week i) = E[e_i Π_{k<i} (1 − e_k)],  P(any week) = Σ_i P(first in week i),
//!
//! where the weeks before are drawn from their distribution cut off at the limits. The expectation over the mixture
//! and the draws is the mean over a Richtmyer lattice (square roots of primes) with a tent over each coordinate, moved
//! about at random several times; the scatter of the moves is the standard error.

use std::sync::LazyLock;

use crate::Limits;
use crate::normal::{QuickQuantile, UpperTail};

/// How often the lattice is moved, and its points each time.
const MOVES: usize = 8;
const POINTS: usize = 192;
/// An expected number of overloads below this is taken for the probability of any.
const RARE: f64 = 1e-9;
/// Weeks whose probability is below this share of the likeliest week's are left out of the integral.
const IRRELEVANT: f64 = 1e-5;
/// A path that survives with less than this probability need not be followed further.
const LOST: f64 = 1e-9;
/// The share of P (1 − P) that the table of Φ and the weeks left out may be off by.
const APPROXIMATION: f64 = 1e-4;

/// The joint normal distribution of some weeks, a share of a mixture.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Path {
    weight: f64,
    mean_kw: Vec<f64>,
    /// L by rows, only its lower triangle.
    factor: Vec<Vec<f64>>,
}

impl Path {
    /// From the weight, the means in kW and the covariances of weeks i ≥ j in kW².
    pub(crate) fn new(weight: f64, mean_kw: Vec<f64>, covariance: impl Fn(usize, usize) -> f64) -> Self {
        let mut factor: Vec<Vec<f64>> = Vec::with_capacity(mean_kw.len());
        for i in 0..mean_kw.len() {
            let mut row = Vec::with_capacity(i + 1);
            for (j, earlier) in factor.iter().enumerate() {
                let overlap: f64 = row.iter().zip(earlier).map(|(a, b): (&f64, &f64)| a * b).sum();
                row.push((covariance(i, j) - overlap) / earlier[j]);
            }
            let variance = covariance(i, i);
            let explained: f64 = row.iter().map(|entry| entry * entry).sum();
            // Rounding can't take away what independent noise every week has.
            row.push((variance - explained).max(1e-12 * variance).sqrt().max(f64::MIN_POSITIVE));
            factor.push(row);
        }
        Self { weight, mean_kw, factor }
    }
}

/// The probabilities over the horizon.
pub(crate) struct Joint {
    /// P(any week).
    pub(crate) any_week: f64,
    /// Its standard error.
    pub(crate) standard_error: f64,
    /// P(first in week i), of sum `any_week`.
    pub(crate) first_week: Vec<f64>,
}

/// The probabilities over the horizon from those of the single weeks, the limits, and the joint distribution of chosen
/// weeks (ascending indices).
pub(crate) fn joint(
    feed_in: &[f64],
    import: &[f64],
    limits: &Limits,
    paths: impl Fn(&[usize]) -> Vec<Path>,
) -> Joint {
    let weekly: Vec<f64> = import.iter().zip(feed_in).map(|(p, q)| f64::min(p + q, 1.0)).collect();
    let expected: f64 = weekly.iter().sum();
    if expected < RARE {
        return Joint { any_week: expected, standard_error: 0.0, first_week: weekly };
    }
    let likeliest = weekly.iter().copied().fold(0.0, f64::max);
    let relevant: Vec<usize> = (0..weekly.len()).filter(|&i| weekly[i] > IRRELEVANT * likeliest).collect();
    let paths = paths(&relevant);
    let mut first = vec![0.0; relevant.len()];
    let mut moves = [0.0; MOVES];
    let mut walker = Walker::new(limits, relevant.len(), (feed_in.iter().sum(), import.iter().sum()));
    for (index, sum) in moves.iter_mut().enumerate() {
        let mut choice = Choice::new(&paths);
        for point in 0..POINTS {
            // The points are spread evenly over the mixture.
            let path = choice.at((point as f64 + 0.5) / POINTS as f64);
            *sum += walker.walk(path, point, index, &mut first) / POINTS as f64;
        }
    }
    let any_week = moves.iter().sum::<f64>() / MOVES as f64;
    let scatter: f64 = moves.iter().map(|sum| (sum - any_week) * (sum - any_week)).sum();
    let standard_error = (scatter / (MOVES * (MOVES - 1)) as f64).sqrt();
    let mut first_week = vec![0.0; weekly.len()];
    for (&i, first) in relevant.iter().zip(&first) {
        first_week[i] = first / (MOVES * POINTS) as f64;
    }
    Joint {
        any_week,
        standard_error: standard_error.hypot(APPROXIMATION * any_week * (1.0 - any_week)),
        first_week,
    }
}

/// Chooses the path for ascending shares of the mixture.
struct Choice<'a> {
    paths: &'a [Path],
    current: usize,
    /// The mass of the mixture up to the current path's end.
    reached: f64,
}

impl<'a> Choice<'a> {
    fn new(paths: &'a [Path]) -> Self {
        Self { paths, current: 0, reached: paths.first().map_or(0.0, |path| path.weight) }
    }

    fn at(&mut self, share: f64) -> &'a Path {
        while share > self.reached && self.current + 1 < self.paths.len() {
            self.current += 1;
            self.reached += self.paths[self.current].weight;
        }
        &self.paths[self.current]
    }
}

/// Follows one path after another.
struct Walker {
    low_kw: f64,
    high_kw: f64,
    /// Whether a limit is near enough to be looked at.
    near_low: bool,
    near_high: bool,
    generators: Vec<f64>,
    drawn: Vec<f64>,
    table: UpperTail,
    quantile: QuickQuantile,
}

impl Walker {
    fn new(limits: &Limits, weeks: usize, (feed_in, import): (f64, f64)) -> Self {
        Self {
            near_low: feed_in > RARE,
            near_high: import > RARE,
            low_kw: -limits.feed_in_kw,
            high_kw: limits.import_kw,
            generators: generators(weeks),
            drawn: vec![0.0; weeks],
            table: UpperTail::table(),
            quantile: QuickQuantile::table(),
        }
    }

    /// Adds P(first in week i) along one point of the lattice; returns P(any week) there.
    fn walk(&mut self, path: &Path, point: usize, moved: usize, first: &mut [f64]) -> f64 {
        let (mut survival, mut overloaded) = (1.0, 0.0);
        for (i, row) in path.factor.iter().enumerate() {
            let known: f64 = row.iter().zip(&self.drawn[..i]).map(|(a, b)| a * b).sum();
            let mean = path.mean_kw[i] + known;
            let precision = 1.0 / row[i];
            let tail = |distance_kw: f64| self.table.at(distance_kw * precision);
            let under = if self.near_low { tail(mean - self.low_kw) } else { 0.0 };
            let over = if self.near_high { tail(self.high_kw - mean) } else { 0.0 };
            let leaves = (under + over).min(1.0);
            let passage = survival * leaves;
            first[i] += passage;
            overloaded += passage;
            survival -= passage;
            if survival < LOST {
                break;
            }
            let place = tent(point as f64 * self.generators[i] + SHIFTS[moved][i % SHIFTED]);
            self.drawn[i] = self.quantile.at(under + place * (1.0 - leaves));
        }
        overloaded
    }
}

/// Fractional part folded to a tent, which makes the integrand periodic.
fn tent(x: f64) -> f64 {
    (2.0 * (x - x.floor()) - 1.0).abs()
}

/// Coordinates with moves of their own; beyond them the moves repeat, with other generators.
const SHIFTED: usize = 64;

/// The moves of the lattice, from the golden ratio's multiples hashed.
static SHIFTS: LazyLock<[[f64; SHIFTED]; MOVES]> = LazyLock::new(|| {
    std::array::from_fn(|moved| {
        std::array::from_fn(|i| {
            let mut x = ((moved * SHIFTED + i + 1) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        })
    })
});

/// Square roots of the first primes.
fn generators(count: usize) -> Vec<f64> {
    let mut primes: Vec<u32> = Vec::with_capacity(count);
    let mut candidate = 2;
    while primes.len() < count {
        if primes.iter().take_while(|&&prime| prime * prime <= candidate).all(|prime| candidate % prime != 0)
        {
            primes.push(candidate);
        }
        candidate += 1;
    }
    primes.into_iter().map(|prime| f64::from(prime).sqrt()).collect()
}
