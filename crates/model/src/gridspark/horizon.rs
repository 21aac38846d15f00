//! The probability of an overload within the horizon, and of the first one in each week.
//!
//! Given autocorrelation and noise the future weeks are jointly normal, N(μ, C) with C = L L'. The
//! probability that all of them stay within the limits is an integral over a box, which Genz (1992) turns
//! into one over the unit cube: with e_i = P(week i leaves its limits | the weeks before it, none of which
//! did),
//!
//! P(first in week i) = E[e_i Π_{k<i} (1 − e_k)],  P(any week) = Σ_i P(first in week i),
//!
//! where the weeks before are drawn from their distribution cut off at the limits. The expectation over the
//! mixture and the draws is the mean over a Richtmyer lattice (square roots of primes) with a tent over each
//! coordinate, moved about at random several times; the scatter of the moves is the standard error.

use std::sync::LazyLock;

use super::future_paths::{FuturePaths, Path};
use crate::lanes::{LANES, Lanes};
use crate::normal::{QuickQuantile, UpperTail};
use crate::{Limits, RANKED_WEEKS};

/// How often the lattice is moved, and its points each time.
const MOVES: usize = 8;
const POINTS: usize = 192;
/// Points of the lattice for a search: P is off by a hundredth or two.
const ROUGH_POINTS: usize = 32;
/// The moves, side by side.
const BLOCKS: usize = MOVES / LANES;
/// An expected number of overloads below this is taken for the probability of any.
const RARE: f64 = 1e-6;
/// Weeks whose probabilities add up to less than this share of the likeliest week's are left out of the
/// integral.
const IRRELEVANT: f64 = 5e-4;
/// A path that survives with less than this probability need not be followed further.
const LOST: f64 = 1e-9;
/// The share of P (1 − P) that the table of Φ and the weeks left out may be off by.
const APPROXIMATION: f64 = 5e-4;

/// The probabilities over the horizon.
pub(super) struct Joint {
    /// P(any week).
    pub(super) any_week: f64,
    /// Its standard error.
    pub(super) standard_error: f64,
    /// P(first in week i), of sum `any_week`.
    pub(super) first_week: Vec<f64>,
}

/// The probabilities over the horizon from those of the single weeks, the limits, and the joint distribution
/// of chosen weeks (ascending indices).
pub(super) fn joint<'a>(
    feed_in: &[f64],
    import: &[f64],
    limits: &Limits,
    paths: impl FnOnce(&[usize]) -> FuturePaths<'a>,
) -> Joint {
    let weekly: Vec<f64> = import.iter().zip(feed_in).map(|(p, q)| f64::min(p + q, 1.0)).collect();
    let expected: f64 = weekly.iter().sum();
    if expected < RARE {
        return Joint { any_week: expected, standard_error: 0.0, first_week: weekly };
    }
    let relevant = relevant_of_spans(&weekly);
    let mut paths = paths(&relevant);
    let weights = paths.weights();
    let mut walker = Walker::new(limits, relevant.len(), (feed_in.iter().sum(), import.iter().sum()));
    let (mut moves, mut current) = (Moves::default(), None);
    for (point, chosen) in places(&weights, POINTS).enumerate() {
        let path = match current.take() {
            Some((index, path)) if index == chosen => path,
            _ => paths.path(chosen),
        };
        moves.add(&walker.walk(&path, point), POINTS);
        current = Some((chosen, path));
    }
    let any_week = moves.mean();
    let moves: Vec<f64> = moves.0.iter().flat_map(|block| block.0).collect();
    let scatter: f64 = moves.iter().map(|sum| (sum - any_week) * (sum - any_week)).sum();
    let standard_error = (scatter / (MOVES * (MOVES - 1)) as f64).sqrt();
    let mut first_week = vec![0.0; weekly.len()];
    for (&i, first) in relevant.iter().zip(&walker.first) {
        first_week[i] = first.0.iter().flat_map(|block| block.0).sum::<f64>() / (MOVES * POINTS) as f64;
    }
    Joint {
        any_week,
        standard_error: standard_error.hypot(APPROXIMATION * any_week * (1.0 - any_week)),
        first_week,
    }
}

/// The component that each point of the lattice belongs to: the points are spread evenly over the mixture.
fn places(weights: &[f64], points: usize) -> impl Iterator<Item = usize> {
    let (mut chosen, mut reached) = (0, weights.first().copied().unwrap_or(1.0));
    (0..points).map(move |point| {
        let share = (point as f64 + 0.5) / points as f64;
        while share > reached && chosen + 1 < weights.len() {
            chosen += 1;
            reached += weights[chosen];
        }
        chosen
    })
}

/// A few paths of all weeks, for the probabilities that a search begins with.
pub(super) struct RoughPaths(Vec<Path>);

impl RoughPaths {
    /// One for each point of a thin lattice.
    pub(super) fn new(mut paths: FuturePaths<'_>) -> Self {
        let weights = paths.weights();
        Self(places(&weights, ROUGH_POINTS).map(|place| paths.path(place)).collect())
    }

    /// P(any week leaves the limits).
    pub(super) fn any_week(&self, limits: &Limits) -> f64 {
        let near = |limit_kw: f64| if limit_kw.is_finite() { 1.0 } else { 0.0 };
        let weeks = self.0.first().map_or(0, |path| path.mean_kw.len());
        let mut walker = Walker::new(limits, weeks, (near(limits.feed_in_kw), near(limits.import_kw)));
        let mut moves = Moves::default();
        for (point, path) in self.0.iter().enumerate() {
            moves.add(&walker.walk(path, point), ROUGH_POINTS);
        }
        moves.mean()
    }
}

/// The weeks that matter, ascending, of the ranked ones and of those after them, so that the probabilities of
/// the ranked weeks don't depend on how many come after.
fn relevant_of_spans(weekly: &[f64]) -> Vec<usize> {
    let (ranked, later) = weekly.split_at(weekly.len().min(RANKED_WEEKS));
    let mut weeks = relevant(ranked);
    let likeliest = |span: &[f64]| span.iter().copied().fold(0.0, f64::max);
    if likeliest(later) > IRRELEVANT * likeliest(ranked) {
        weeks.extend(relevant(later).into_iter().map(|place| place + ranked.len()));
    }
    weeks
}

/// The weeks that matter, ascending: without the least likely ones whose probabilities add up to next to
/// nothing.
fn relevant(weekly: &[f64]) -> Vec<usize> {
    let likeliest = weekly.iter().copied().fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..weekly.len()).collect();
    order.sort_by(|&a, &b| weekly[a].total_cmp(&weekly[b]));
    let mut left_out = 0.0;
    let is_left_out = |&&i: &&usize| {
        left_out += weekly[i];
        left_out <= IRRELEVANT * likeliest
    };
    let count = order.iter().take_while(is_left_out).count();
    let mut relevant = order.split_off(count);
    relevant.sort_unstable();
    relevant
}

/// A number for each move of the lattice.
#[derive(Clone, Copy)]
struct Moves([Lanes; BLOCKS]);

impl Default for Moves {
    fn default() -> Self {
        Self([Lanes::ZERO; BLOCKS])
    }
}

impl Moves {
    /// Adds one of so many points.
    fn add(&mut self, point: &Self, points: usize) {
        for (sum, value) in self.0.iter_mut().zip(point.0) {
            *sum += value * (1.0 / points as f64);
        }
    }

    fn mean(&self) -> f64 {
        self.0.iter().flat_map(|block| block.0).sum::<f64>() / MOVES as f64
    }
}

/// Follows one path after another, all moves of the lattice side by side.
struct Walker {
    low_kw: f64,
    high_kw: f64,
    /// Whether a limit is near enough to matter.
    near_low: bool,
    near_high: bool,
    generators: Vec<f64>,
    drawn: Vec<Moves>,
    /// Σ P(first in week i) so far.
    first: Vec<Moves>,
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
            drawn: vec![Moves::default(); weeks],
            first: vec![Moves::default(); weeks],
            table: UpperTail::table(),
            quantile: QuickQuantile::table(),
        }
    }

    /// Adds P(first in week i) along one point of the lattice; returns P(any week) there.
    fn walk(&mut self, path: &Path, point: usize) -> Moves {
        let (mut survival, mut overloaded) = ([Lanes::splat(1.0); BLOCKS], Moves::default());
        let mut rest = path.factor.as_slice();
        for (i, (&mean_kw, &precision)) in path.mean_kw.iter().zip(&path.precision).enumerate() {
            let (row, later) = rest.split_at(i);
            rest = later;
            let mut mean = [Lanes::splat(mean_kw); BLOCKS];
            for (entry, drawn) in row.iter().zip(&self.drawn) {
                for (mean, &drawn) in mean.iter_mut().zip(&drawn.0) {
                    *mean += drawn * *entry;
                }
            }
            let place = point as f64 * self.generators[i];
            let mut is_lost = true;
            for (block, mean) in mean.into_iter().enumerate() {
                let tail = |distance: Lanes| distance.map(|z| self.table.at(z));
                let under = if self.near_low { tail((mean + -self.low_kw) * precision) } else { Lanes::ZERO };
                let over = if self.near_high {
                    tail((Lanes::splat(self.high_kw) - mean) * precision)
                } else {
                    Lanes::ZERO
                };
                let leaves = (under + over).map(|leaves| leaves.min(1.0));
                let passage = survival[block] * leaves;
                self.first[i].0[block] += passage;
                overloaded.0[block] += passage;
                survival[block] = survival[block] - passage;
                is_lost &= survival[block].0.iter().all(|&survival| survival < LOST);
                let place = tent(SHIFTS[i % SHIFTED][block] + place);
                let within = under + place * (Lanes::splat(1.0) - leaves);
                self.drawn[i].0[block] = within.map(|p| self.quantile.at(p));
            }
            if is_lost {
                break;
            }
        }
        overloaded
    }
}

/// The distance to the nearest whole number, from one there to zero half-way: a tent, which makes the
/// integrand periodic.
fn tent(x: Lanes) -> Lanes {
    // Adding a large number rounds to a whole one.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    let distance = (x - ((x + ROUNDER) + -ROUNDER)).abs();
    distance * -2.0 + 1.0
}

/// Coordinates with moves of their own; beyond them the moves repeat, with other generators.
const SHIFTED: usize = 64;

/// The moves of the lattice by coordinate, from the golden ratio's multiples hashed.
static SHIFTS: LazyLock<[[Lanes; BLOCKS]; SHIFTED]> = LazyLock::new(|| {
    let shift = |moved: usize, i: usize| {
        let mut x = ((moved * SHIFTED + i + 1) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    std::array::from_fn(|i| {
        std::array::from_fn(|block| Lanes(std::array::from_fn(|lane| shift(block * LANES + lane, i))))
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
