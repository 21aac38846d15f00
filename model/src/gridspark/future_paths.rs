//! The joint distribution of future weeks: a mixture of normal distributions of whole paths.
//!
//! One for each cell, at its typical σ, and each factor on the future noise, whose spread is far larger than what is not
//! known of σ. They are worked out one at a time, when they are asked for.

use super::basis;
use super::cell::Conditional;
use super::design::{GROWTH_COLUMNS, Regime};
use super::future_noise::POINTS;
use super::posterior::{Branch, Mixture};
use crate::IsoWeek;
use crate::additive::{COEFFICIENTS, Row};

/// Some future weeks under every memory and factor.
pub(super) struct FuturePaths<'a> {
    weeks: Vec<Week>,
    /// The cells with weight at their typical σ.
    cells: Vec<(&'a Branch, Conditional)>,
    /// By regime.
    factors: Vec<[(f64, f64); POINTS]>,
}

/// One future week.
struct Week {
    /// The row and D of each regime, and what changed growth does.
    regimes: Vec<(Row, f64, [f64; GROWTH_COLUMNS])>,
    lead: i32,
    /// Load that is added to the forecast, kW.
    added_kw: f64,
}

/// The joint normal distribution of the weeks at one point of the mixture: N(μ, L L').
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Path {
    /// μ, kW.
    pub(super) mean_kw: Vec<f64>,
    /// L less its diagonal, by rows one after the other.
    pub(super) factor: Vec<f64>,
    /// 1 / L_ii.
    pub(super) precision: Vec<f64>,
}

/// A lower triangle column by column: entry (i, j) stands at j × size + i.
struct Triangle {
    size: usize,
    entries: Vec<f64>,
}

impl Triangle {
    fn zero(size: usize) -> Self {
        Self { size, entries: vec![0.0; size * size] }
    }

    /// Column j from the diagonal on.
    fn column(&mut self, j: usize) -> &mut [f64] {
        &mut self.entries[j * self.size + j..(j + 1) * self.size]
    }

    /// Adds v v'.
    fn add_square(&mut self, v: &[f64]) {
        for j in 0..self.size {
            for (entry, other) in self.column(j).iter_mut().zip(&v[j..]) {
                *entry += v[j] * other;
            }
        }
    }

    /// L for this = L L', column by column.
    fn factorised(mut self) -> Self {
        let size = self.size;
        for j in 0..size {
            let (before, rest) = self.entries.split_at_mut(j * size);
            let column = &mut rest[j..size];
            let variance = column.first().copied().unwrap_or(0.0);
            for earlier in before.chunks_exact(size) {
                let share = earlier[j];
                for (entry, earlier) in column.iter_mut().zip(&earlier[j..]) {
                    *entry -= share * earlier;
                }
            }
            // Rounding can't take away what independent noise every week has.
            let pivot = column.first().copied().unwrap_or(0.0).max(1e-12 * variance).sqrt();
            let pivot = pivot.max(f64::MIN_POSITIVE);
            let inverse = 1.0 / pivot;
            column.iter_mut().for_each(|entry| *entry *= inverse);
            column[0] = pivot;
        }
        self
    }
}

impl<'a> FuturePaths<'a> {
    /// Weeks in ascending order, each with the load in kW that is added to it.
    pub(super) fn new(mixture: &'a Mixture, weeks: impl Iterator<Item = (IsoWeek, f64)>) -> Self {
        let week = |(week, added_kw)| {
            let base = basis::row(week, mixture.last);
            let of =
                |regime: &Regime| (regime.design.row(&base), regime.profile.at(&base), regime.changes(&base));
            let regimes = mixture.regimes.iter().map(of).collect();
            Week { regimes, lead: week - mixture.last, added_kw }
        };
        let typical = |branch: &'a Branch| Some((branch, branch.cell.typical()?));
        let cells = mixture.branches.iter().filter_map(typical).collect();
        let factors = mixture.regimes.iter().map(|regime| regime.future_noise.factors()).collect();
        Self { weeks: weeks.map(week).collect(), cells, factors }
    }

    /// The weights of all paths.
    pub(super) fn weights(&self) -> Vec<f64> {
        let of_cell = |(branch, given): &(&Branch, Conditional)| {
            self.factors[branch.regime].map(|(_, probability)| given.weight * probability)
        };
        self.cells.iter().flat_map(of_cell).collect()
    }

    /// The path at a place among the weights.
    pub(super) fn path(&self, index: usize) -> Path {
        let (Branch { cell, scale, regime }, given) = &self.cells[index / POINTS];
        let (factor, _) = self.factors[*regime][index % POINTS];
        let size = self.weeks.len();
        let mut covariance = Triangle::zero(size);
        let mut mean_kw = Vec::with_capacity(size);
        // What the rotated coefficients do, direction by direction, in kW a standard deviation.
        let mut shared = vec![0.0; COEFFICIENTS * size];
        let deviation_kw: Row = given.spread.map(|spread| spread.sqrt() * scale.unit_kw);
        for (i, week) in self.weeks.iter().enumerate() {
            let (row, relative, _) = &week.regimes[*regime];
            let form = cell.with_memory(&cell.form(row), week.lead, *relative);
            mean_kw.push(scale.kw(given.component(&form, 0.0).mean) + week.added_kw);
            for j in 0..COEFFICIENTS {
                shared[j * size + i] = form.gradient[j] * deviation_kw[j];
            }
        }
        shared.chunks_exact(size.max(1)).for_each(|direction| covariance.add_square(direction));
        for direction in 0..GROWTH_COLUMNS {
            let by_kw: Vec<f64> =
                self.weeks.iter().map(|week| week.regimes[*regime].2[direction] * scale.unit_kw).collect();
            if by_kw.iter().any(|kw| *kw != 0.0) {
                covariance.add_square(&by_kw);
            }
        }
        let noise_kw = (factor * given.variance).sqrt() * scale.unit_kw;
        for (j, earlier) in self.weeks.iter().enumerate() {
            let earlier_kw = noise_kw * earlier.regimes[*regime].1.sqrt();
            let remembered = cell.memory_variance(earlier.lead);
            let column = covariance.column(j);
            column[0] += earlier_kw * earlier_kw * cell.fresh_variance();
            if remembered > 0.0 {
                for (entry, later) in column.iter_mut().zip(&self.weeks[j..]) {
                    let later_kw = noise_kw * later.regimes[*regime].1.sqrt();
                    let decay = cell.memory().decay(later.lead - earlier.lead);
                    *entry += earlier_kw * later_kw * decay * remembered;
                }
            }
        }
        let lower = covariance.factorised();
        let at = |i: usize, j: usize| lower.entries[j * size + i];
        Path {
            mean_kw,
            factor: (0..size).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| at(i, j)).collect(),
            precision: (0..size).map(|i| 1.0 / at(i, i)).collect(),
        }
    }
}
