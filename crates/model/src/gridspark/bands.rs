//! The bands over the weeks of a series and its future.
//!
//! The future is solved from every point of the mixture: mean and standard deviation of every week are exact,
//! the quantiles in standard deviations are solved at every second week and interpolated by cubics (to 2e-4
//! of probability); of short histories, whose distributions change their shape from week to week, at every
//! one. In history, where a hundredth of probability is enough, mean and standard deviation of every week are
//! exact, while the quantiles in standard deviations, which hardly change from week to week, are solved from
//! the merged posterior at every few weeks and interpolated between them.

use super::OWN_HISTORY_WEEKS;
use super::basis;
use super::blend::{Blend, blends};
use super::design::Regime;
use super::outlook::Outlook;
use super::solution::{Branch, Mixture};
use crate::additive::Row;
use crate::mixture::{self, Component, QuantileSolver};
use crate::scale::ValueScale;
use crate::{Bands, IsoWeek, Part};

/// Rows of history from one solved week to the next.
const STRIDE: usize = 8;

/// The levels of drift, yearly and total over the weeks.
type Levels = [[Vec<f64>; 5]; 3];

/// The bands of all parts; the first `history` weeks are past.
pub(super) fn bands(mixture: &Mixture, weeks: &[IsoWeek], history: usize) -> [Bands; 3] {
    let mut levels: Levels = std::array::from_fn(|_| std::array::from_fn(|_| vec![0.0; weeks.len()]));
    past(mixture, &weeks[..history], &mut levels);
    future(mixture, weeks, history, &mut levels);
    levels.map(Bands::of_one_length)
}

/// The future: quantiles solved at knots, and in standard deviations interpolated between them.
fn future(mixture: &Mixture, weeks: &[IsoWeek], history: usize, levels: &mut Levels) {
    // Solved afresh, so that the future is the same to the last bit however much of history is shown.
    let mut solvers = [QuantileSolver::new(), QuantileSolver::new(), QuantileSolver::new()];
    let outlook = Outlook::new(mixture);
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    let is_long = mixture.window.as_ref().is_some_and(|window| window.span_weeks() >= OWN_HISTORY_WEEKS);
    let knots = if is_long { knots(weeks.len() - history) } else { (0..weeks.len() - history).collect() };
    let mut roots: Vec<[[f64; 5]; 3]> = Vec::with_capacity(knots.len());
    let mut moments: Vec<[(f64, f64); 3]> = Vec::with_capacity(weeks.len() - history);
    for (place, &week) in weeks[history..].iter().enumerate() {
        outlook.parts(week, true, &mut parts);
        moments.push(parts.each_ref().map(|components| mixture::moments(components)));
        if knots.binary_search(&place).is_ok() {
            let mut of_week = [[0.0; 5]; 3];
            for ((roots, solver), components) in of_week.iter_mut().zip(&mut solvers).zip(&parts) {
                solver.quantiles(components);
                *roots = solver.roots();
            }
            roots.push(of_week);
        }
    }
    for (place, moments) in moments.iter().enumerate() {
        let (from, weights) = lagrange(&knots, place);
        for (part, (mean, sd)) in moments.iter().enumerate() {
            for level in 0..5 {
                let root: f64 = weights
                    .iter()
                    .zip(&roots[from..])
                    .map(|(weight, roots)| weight * roots[part][level])
                    .sum();
                levels[part][level][history + place] = mean + sd * root;
            }
        }
    }
}

/// The future weeks whose quantiles are solved, out of `n`: close together at first, where the
/// autocorrelation fades.
fn knots(weeks: usize) -> Vec<usize> {
    let mut knots: Vec<usize> = (0..7).chain((8..weeks).step_by(2)).collect();
    knots.retain(|&place| place < weeks);
    if knots.last().is_some_and(|&last| last + 1 < weeks) {
        knots.push(weeks - 1);
    }
    knots
}

/// The weights of the polynomial through up to four knots around a place: the first of them, and one each.
fn lagrange(knots: &[usize], place: usize) -> (usize, Vec<f64>) {
    let above = knots.partition_point(|&knot| knot < place);
    if knots.get(above) == Some(&place) {
        return (above, vec![1.0]);
    }
    let from = above.saturating_sub(2).min(knots.len().saturating_sub(4));
    let around = &knots[from..(from + 4).min(knots.len())];
    let weight = |&knot: &usize| -> f64 {
        let others = around.iter().filter(|&&other| other != knot);
        others.map(|&other| (place as f64 - other as f64) / (knot as f64 - other as f64)).product()
    };
    (from, around.iter().map(weight).collect())
}

/// A week whose quantiles were solved.
struct Knot {
    week: IsoWeek,
    /// The quantiles of each part in standard deviations from its mean.
    roots: [[f64; 5]; 3],
}

/// History, one scale being enough for it.
fn past(mixture: &Mixture, weeks: &[IsoWeek], levels: &mut Levels) {
    let Some(Branch { scale, .. }) = mixture.branches.first().filter(|_| !weeks.is_empty()) else { return };
    let blends: Vec<(&Regime, Vec<Blend>)> = mixture
        .regimes
        .iter()
        .enumerate()
        .map(|(place, regime)| {
            let grid_points = mixture.branches.iter().filter(|branch| branch.regime == place);
            (regime, blends(grid_points.map(|branch| &branch.grid_point)))
        })
        .filter(|(_, blends)| !blends.is_empty())
        .collect();
    let whole: Vec<(&Regime, Blend)> =
        blends.iter().map(|(regime, blends)| (*regime, Blend::of(blends))).collect();
    // Each quantile is solved from its neighbour's, in the order of time rather than of the rows.
    let mut order: Vec<usize> = (0..weeks.len()).collect();
    order.sort_by_key(|&row| weeks[row]);
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    let mut solvers = [QuantileSolver::new(), QuantileSolver::new(), QuantileSolver::new()];
    let mut solve = |week: IsoWeek| {
        let row = basis::row(week, mixture.last);
        parts.iter_mut().for_each(Vec::clear);
        for (Regime { design, profile, .. }, blends) in &blends {
            let (rows, relative) = ((design.drift(&row), design.row(&row)), profile.at(&row));
            for blend in blends {
                for (into, component) in parts.iter_mut().zip(blend.parts(&rows.0, &rows.1, relative)) {
                    into.push(component);
                }
            }
        }
        let mut roots = [[0.0; 5]; 3];
        for ((roots, solver), components) in roots.iter_mut().zip(&mut solvers).zip(&parts) {
            solver.quantiles(components);
            *roots = solver.roots();
        }
        Knot { week, roots }
    };
    let mut left = solve(weeks[order[0]]);
    for stretch in order.chunks(STRIDE) {
        let end = stretch.last().map_or(left.week, |&row| weeks[row]);
        let right = solve(end);
        for &place in stretch {
            let row = basis::row(weeks[place], mixture.last);
            let share = match right.week - left.week {
                0 => 0.0,
                span => f64::from(weeks[place] - left.week) / f64::from(span),
            };
            let components = merged_parts(&whole, &row);
            for (index, (part, component)) in Part::ALL.into_iter().zip(components).enumerate() {
                let Component { mean, sd, .. } = in_kw(part, component, scale);
                for (level, levels) in levels[index].iter_mut().enumerate() {
                    let (from, to) = (left.roots[index][level], right.roots[index][level]);
                    levels[place] = mean + sd * (from + share * (to - from));
                }
            }
        }
        left = right;
    }
}

/// Drift, yearly and total of a past week, each as one distribution with the mean and variance of all
/// regimes.
fn merged_parts(whole: &[(&Regime, Blend)], base: &Row) -> [Component; 3] {
    let of = |(Regime { design, profile, .. }, blend): &(&Regime, Blend)| {
        blend.parts(&design.drift(base), &design.row(base), profile.at(base))
    };
    if let [only] = whole {
        return of(only);
    }
    let all: Vec<[Component; 3]> = whole.iter().map(of).collect();
    std::array::from_fn(|part| {
        let (mean, sd) = mixture::moments(&all.iter().map(|parts| parts[part]).collect::<Vec<_>>());
        Component { weight: 1.0, mean, sd }
    })
}

/// A scaled distribution in kW; the season has no offset.
fn in_kw(part: Part, scaled: Component, scale: &ValueScale) -> Component {
    let offset_kw = if part == Part::Yearly { 0.0 } else { scale.offset_kw };
    Component {
        weight: scaled.weight,
        mean: scaled.mean * scale.unit_kw + offset_kw,
        sd: scaled.sd * scale.unit_kw,
    }
}
