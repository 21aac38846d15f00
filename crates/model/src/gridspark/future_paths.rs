//! The joint distribution of future weeks: a mixture of normal distributions of whole paths.
//!
//! One for each grid point, at its typical σ, and each factor on the future noise, whose spread is far larger
//! than what is not known of σ. They are worked out one at a time, when they are asked for.

use super::basis;
use super::design::{GROWTH_COLUMNS, Regime};
use super::future_noise::POINTS;
use super::grid_point::Conditional;
use super::solution::{Branch, Mixture};
use crate::IsoWeek;
use crate::additive::{COEFFICIENTS, Row};

/// Some future weeks under every autocorrelation and factor.
pub(super) struct FuturePaths<'a> {
    weeks: Vec<Week>,
    /// The grid points with weight at their typical σ.
    grid_points: Vec<(&'a Branch, Conditional)>,
    /// By regime.
    factors: Vec<[(f64, f64); POINTS]>,
    /// What the last path was made of, and the place of its grid point.
    parts: Option<(usize, Parts)>,
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

    /// Column j from the diagonal on.
    fn of_column(&self, j: usize) -> &[f64] {
        &self.entries[j * self.size + j..(j + 1) * self.size]
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
        let typical = |branch: &'a Branch| Some((branch, branch.grid_point.typical()?));
        let grid_points = mixture.branches.iter().filter_map(typical).collect();
        let factors = mixture.regimes.iter().map(|regime| regime.future_noise.factors()).collect();
        Self { weeks: weeks.map(week).collect(), grid_points, factors, parts: None }
    }

    /// The weights of all paths.
    pub(super) fn weights(&self) -> Vec<f64> {
        let of_cell = |(branch, given): &(&Branch, Conditional)| {
            self.factors[branch.regime].map(|(_, probability)| given.weight * probability)
        };
        self.grid_points.iter().flat_map(of_cell).collect()
    }

    /// The path at a place among the weights.
    pub(super) fn path(&mut self, index: usize) -> Path {
        let grid_point = index / POINTS;
        let parts = match self.parts.take() {
            Some((place, parts)) if place == grid_point => parts,
            _ => self.parts_of(grid_point),
        };
        let (factor, _) = self.factors[self.grid_points[grid_point].0.regime][index % POINTS];
        let path = parts.path(factor);
        self.parts = Some((grid_point, parts));
        path
    }

    /// The distribution of a grid point's paths before the factor on the noise.
    fn parts_of(&self, grid_point: usize) -> Parts {
        let (Branch { grid_point, scale, regime }, given) = &self.grid_points[grid_point];
        let size = self.weeks.len();
        let (mut known, mut noise) = (Triangle::zero(size), Triangle::zero(size));
        let mut mean_kw = Vec::with_capacity(size);
        // What the rotated coefficients do, direction by direction, in kW a standard deviation.
        let mut shared = vec![0.0; COEFFICIENTS * size];
        let deviation_kw: Row = given.spread.map(|spread| spread.sqrt() * scale.unit_kw);
        for (i, week) in self.weeks.iter().enumerate() {
            let (row, relative, _) = &week.regimes[*regime];
            let form = grid_point.with_autocorrelation(&grid_point.form(row), week.lead, *relative);
            mean_kw.push(scale.kw(given.component(&form, 0.0).mean) + week.added_kw);
            for j in 0..COEFFICIENTS {
                shared[j * size + i] = form.gradient[j] * deviation_kw[j];
            }
        }
        shared.chunks_exact(size.max(1)).for_each(|direction| known.add_square(direction));
        for direction in 0..GROWTH_COLUMNS {
            let by_kw: Vec<f64> =
                self.weeks.iter().map(|week| week.regimes[*regime].2[direction] * scale.unit_kw).collect();
            if by_kw.iter().any(|kw| *kw != 0.0) {
                known.add_square(&by_kw);
            }
        }
        let noise_kw = given.variance.sqrt() * scale.unit_kw;
        let of_week_kw: Vec<f64> =
            self.weeks.iter().map(|week| noise_kw * week.regimes[*regime].1.sqrt()).collect();
        let (autocorrelation, fresh) = (grid_point.autocorrelation(), grid_point.independent_variance());
        for (j, earlier) in self.weeks.iter().enumerate() {
            let carried = grid_point.autocorrelated_variance(earlier.lead);
            let column = noise.column(j);
            column[0] = of_week_kw[j] * of_week_kw[j] * fresh;
            if carried > 0.0 {
                let mut decayed = carried * of_week_kw[j];
                let mut lead = earlier.lead;
                for ((entry, later), later_kw) in
                    column.iter_mut().zip(&self.weeks[j..]).zip(&of_week_kw[j..])
                {
                    if later.lead > lead {
                        decayed *= autocorrelation.decay(later.lead - lead);
                        lead = later.lead;
                    }
                    *entry += decayed * later_kw;
                }
            }
        }
        Parts { mean_kw, known, noise }
    }
}

/// The distribution of a grid point's weeks: N(μ, known + factor × noise).
struct Parts {
    /// μ, kW.
    mean_kw: Vec<f64>,
    /// The covariance of what is known of level, growth and season, kW².
    known: Triangle,
    /// That of the noise, kW².
    noise: Triangle,
}

impl Parts {
    fn path(&self, factor: f64) -> Path {
        let size = self.mean_kw.len();
        let mut covariance = Triangle::zero(size);
        for j in 0..size {
            let (known, noise) = (self.known.of_column(j), self.noise.of_column(j));
            for ((entry, known), noise) in covariance.column(j).iter_mut().zip(known).zip(noise) {
                *entry = known + factor * noise;
            }
        }
        let lower = covariance.factorised();
        let at = |i: usize, j: usize| lower.entries[j * size + i];
        let mut factor = Vec::with_capacity(size * size.saturating_sub(1) / 2);
        for i in 0..size {
            factor.extend((0..i).map(|j| at(i, j)));
        }
        Path { mean_kw: self.mean_kw.clone(), factor, precision: (0..size).map(|i| 1.0 / at(i, i)).collect() }
    }
}
