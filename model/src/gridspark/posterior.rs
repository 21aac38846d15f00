//! What a fit knows, and what can be asked of it.

use super::cell::{Cell, Conditional, Form};
use super::future_noise::FACTORS;
use super::horizon::{Path, joint};
use super::memory_curve;
use super::variance::VarianceProfile;
use super::window::Window;
use super::{basis, blend};
use crate::additive::{DRIFT, NAMES, Row};
use crate::mixture::{self, Component, QuantileSolver};
use crate::scale::ValueScale;
use crate::{
    Bands, Coefficient, Forecast, IsoWeek, Limits, Moments, Observation, Overload, Part, SigmaSummary,
};

/// The posterior of a series under the `gridspark` model, exact up to the grid over memory and noise.
#[derive(Clone, PartialEq, Debug)]
pub struct GridsparkPosterior {
    pub(super) weeks: Vec<IsoWeek>,
    pub(super) observed_kw: Vec<Option<f64>>,
    pub(super) basis: Basis,
    pub(super) solution: Solution,
}

/// What the posterior stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The box's own history.
    OwnHistory,
    /// A short history, with the population's coefficients as the prior.
    Population,
    /// The population alone, scaled to the capacity: there is no history.
    Capacity,
    /// All values are equal: a flat line.
    Constant,
}

/// The solved problem.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Solution {
    /// All values are equal, kW.
    Constant(f64),
    /// A mixture over memory, noise and, without a history, size.
    Mixture(Box<Mixture>),
}

/// A mixture of cells, each on its scale.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Mixture {
    pub(super) cells: Vec<(Cell, ValueScale)>,
    /// The origin of the drift, and the week that the memory was left in.
    pub(super) last: IsoWeek,
    pub(super) profile: VarianceProfile,
    pub(super) window: Option<Window>,
    /// The training values, kW, outliers drawn in; and the weeks whose values were.
    pub(super) drawn_in_kw: Vec<f64>,
    pub(super) outliers: Vec<IsoWeek>,
    /// σ and its probability, as shares of the scale's unit.
    pub(super) sigma: Vec<(f64, f64)>,
    pub(super) log_evidence: Option<f64>,
}

impl GridsparkPosterior {
    /// A flat line.
    pub(super) fn flat(history: &[Observation], future: &[IsoWeek], level_kw: f64) -> Self {
        Self::new(history, future, Basis::Constant, Solution::Constant(level_kw))
    }

    pub(super) fn new(history: &[Observation], future: &[IsoWeek], basis: Basis, solution: Solution) -> Self {
        Self {
            weeks: history.iter().map(|row| row.week).chain(future.iter().copied()).collect(),
            observed_kw: history.iter().map(|row| row.value_kw).collect(),
            basis,
            solution,
        }
    }

    /// What the posterior stands on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// Whether all values are equal, so that the forecast is a flat line.
    #[must_use]
    pub fn is_degenerate(&self) -> bool {
        self.basis == Basis::Constant
    }

    fn mixture(&self) -> Option<&Mixture> {
        match &self.solution {
            Solution::Constant(_) => None,
            Solution::Mixture(mixture) => Some(mixture),
        }
    }

    /// The weeks whose values were drawn in as outliers, ascending.
    #[must_use]
    pub fn outliers(&self) -> &[IsoWeek] {
        self.mixture().map_or(&[], |mixture| &mixture.outliers)
    }

    /// The kW of one unit of σ and of the coefficients; zero for a flat line.
    #[must_use]
    pub fn unit_kw(&self) -> f64 {
        self.mixture().and_then(|mixture| mixture.cells.first()).map_or(0.0, |(_, scale)| scale.unit_kw)
    }

    /// The noise's standard deviation (memory included) as a share of [`Self::unit_kw`]; zero for a flat line.
    #[must_use]
    pub fn sigma(&self) -> SigmaSummary {
        let empty: &[(f64, f64)] = &[];
        let grid = self.mixture().map_or(empty, |mixture| &mixture.sigma);
        let mean: f64 = grid.iter().map(|(sigma, p)| sigma * p).sum();
        let variance: f64 = grid.iter().map(|(sigma, p)| (sigma - mean) * (sigma - mean) * p).sum();
        let quantile = |level: f64| {
            // Each point stands for half a step of log σ to either side.
            let mut below = 0.0;
            for (i, &(sigma, p)) in grid.iter().enumerate() {
                if below + p >= level || i + 1 == grid.len() {
                    let step = grid.get(1).map_or(0.0, |(next, _)| (next / grid[0].0).ln());
                    let share = if p > 0.0 { (level - below) / p } else { 0.5 };
                    return sigma * ((share.clamp(0.0, 1.0) - 0.5) * step).exp();
                }
                below += p;
            }
            0.0
        };
        SigmaSummary {
            mean,
            sd: variance.max(0.0).sqrt(),
            q05: quantile(0.05),
            q15: quantile(0.15),
            q50: quantile(0.5),
            q85: quantile(0.85),
            q95: quantile(0.95),
        }
    }

    /// Posterior means and standard deviations of the coefficients of the scaled model; none for a flat line.
    #[must_use]
    pub fn coefficients(&self) -> Vec<Coefficient> {
        let Some(mixture) = self.mixture() else { return Vec::new() };
        let unit = |i: usize| -> Row { std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 }) };
        (0..NAMES.len())
            .map(|i| {
                let components: Vec<Component> = mixture
                    .cells
                    .iter()
                    .flat_map(|(cell, _)| {
                        let form = cell.form(&unit(i));
                        cell.conditionals().map(move |conditional| conditional.component(&form, 0.0))
                    })
                    .collect();
                let (mean, sd) = mixture::moments(&components);
                Coefficient { name: NAMES[i], mean, sd }
            })
            .collect()
    }

    /// ln p(z) of the scaled training values, outliers drawn in; nothing without a history of one's own.
    #[must_use]
    pub fn log_marginal_likelihood(&self) -> Option<f64> {
        self.mixture().and_then(|mixture| mixture.log_evidence)
    }

    /// The posterior means of share and weekly correlation of the noise's memory; zero for a flat line.
    #[must_use]
    pub fn memory(&self) -> (f64, f64) {
        let Some(mixture) = self.mixture() else { return (0.0, 0.0) };
        mixture.cells.iter().fold((0.0, 0.0), |(share, correlation), (cell, _)| {
            let weight: f64 = cell.noise.iter().map(|node| node.weight).sum();
            (share + weight * cell.memory.share, correlation + weight * cell.memory.correlation)
        })
    }

    /// What the memory adds to drift and season, kW: smoothed over the training weeks, fading in the future, and zero
    /// elsewhere; a value for each week of [`Self::forecast`].
    #[must_use]
    pub fn memory_kw(&self) -> Vec<f64> {
        match self.mixture() {
            Some(mixture) => memory_curve::curve(mixture, &self.weeks, self.observed_kw.len()),
            None => vec![0.0; self.weeks.len()],
        }
    }

    /// The bands of all parts over the rows of the series, in their order, and the future weeks.
    ///
    /// In history the total is the distribution of a week's value by drift, season and noise, whatever the weeks
    /// beside it were; in the future it knows what the memory carries over.
    #[must_use]
    pub fn forecast(&self) -> Forecast {
        let history = self.observed_kw.len();
        let [drift, yearly, total] = match &self.solution {
            Solution::Constant(kw) => [*kw, 0.0, *kw]
                .map(|kw| Bands::of_one_length(std::array::from_fn(|_| vec![kw; self.weeks.len()]))),
            Solution::Mixture(mixture) => mixture.bands(&self.weeks, history),
        };
        let mut observed_kw = self.observed_kw.clone();
        observed_kw.resize(self.weeks.len(), None);
        Forecast { weeks: self.weeks.clone(), observed_kw, history, drift, yearly, total }
    }

    /// Mean and standard deviation of a part over the rows of the series and the future weeks.
    #[must_use]
    pub fn moments(&self, part: Part) -> Moments {
        let (mean_kw, sd_kw) = match &self.solution {
            Solution::Constant(kw) => {
                let level_kw = if part == Part::Yearly { 0.0 } else { *kw };
                (vec![level_kw; self.weeks.len()], vec![0.0; self.weeks.len()])
            }
            Solution::Mixture(mixture) => {
                let conditionals = mixture.conditionals();
                let history = self.observed_kw.len();
                let at = |(row, &week): (usize, &IsoWeek)| {
                    let parts = mixture.components(&conditionals, week, row >= history);
                    mixture::moments(&parts[part as usize])
                };
                self.weeks.iter().enumerate().map(at).unzip()
            }
        };
        Moments { mean_kw, sd_kw }
    }

    /// The overload probabilities of the future weeks.
    #[must_use]
    pub fn overload(&self, limits: &Limits) -> Overload {
        let future = &self.weeks[self.observed_kw.len()..];
        match &self.solution {
            Solution::Constant(kw) => Overload::of_level(*kw, future.len(), limits),
            Solution::Mixture(mixture) => mixture.overload(future, limits),
        }
    }
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

impl Mixture {
    /// The coefficients at every point of every cell, cell by cell.
    fn conditionals(&self) -> Vec<Vec<Conditional>> {
        self.cells.iter().map(|(cell, _)| cell.conditionals().collect()).collect()
    }

    /// Drift, yearly and total of a week in kW, in the order of [`Part::ALL`].
    fn components(
        &self,
        conditionals: &[Vec<Conditional>],
        week: IsoWeek,
        is_future: bool,
    ) -> [Vec<Component>; 3] {
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        self.components_into(conditionals, week, is_future, &mut parts);
        parts
    }

    /// The same, into vectors that are used again.
    fn components_into(
        &self,
        conditionals: &[Vec<Conditional>],
        week: IsoWeek,
        is_future: bool,
        parts: &mut [Vec<Component>; 3],
    ) {
        parts.iter_mut().for_each(Vec::clear);
        let row = basis::row(week, self.last);
        let (mut drift_row, mut yearly_row) = (row, row);
        drift_row[DRIFT..].fill(0.0);
        yearly_row[..DRIFT].fill(0.0);
        let relative = self.profile.at(&row);
        let lead = week - self.last;
        for ((cell, scale), conditionals) in self.cells.iter().zip(conditionals) {
            let (drift, yearly) = (cell.form(&drift_row), cell.form(&yearly_row));
            let (total, noise) = if is_future {
                let noise = cell.memory_variance(lead) + cell.fresh_variance();
                (cell.prediction(&row, lead, relative), noise)
            } else {
                (drift.plus(&yearly), 1.0)
            };
            for conditional in conditionals {
                for (part, form) in [(Part::Drift, &drift), (Part::Yearly, &yearly)] {
                    parts[part as usize].push(in_kw(part, conditional.component(form, 0.0), scale));
                }
                let factors: &[(f64, f64)] = if is_future { &FACTORS } else { &[(1.0, 1.0)] };
                for (factor, probability) in factors {
                    let component = conditional.component(&total, factor * noise * relative);
                    let weight = component.weight * probability;
                    let share = Component { weight, ..component };
                    parts[Part::Total as usize].push(in_kw(Part::Total, share, scale));
                }
            }
        }
    }

    /// History from the merged posterior, one scale being enough for it; the future from every point.
    fn bands(&self, weeks: &[IsoWeek], history: usize) -> [Bands; 3] {
        let empty = || -> [Vec<f64>; 5] { std::array::from_fn(|_| vec![0.0; weeks.len()]) };
        let mut levels = [empty(), empty(), empty()];
        let mut solvers = [QuantileSolver::new(), QuantileSolver::new(), QuantileSolver::new()];
        let conditionals = self.conditionals();
        let (mut blends, mut scale) = (Vec::new(), ValueScale { offset_kw: 0.0, unit_kw: 1.0 });
        if history > 0 {
            let points = self.cells.iter().zip(&conditionals);
            blends = blend::blends(points.map(|((cell, _), conditionals)| (cell, conditionals.as_slice())));
            scale = self.cells.first().map_or(scale, |(_, scale)| *scale);
        }
        // Each quantile is solved from its neighbour's: in the order of time, whatever the order of the rows.
        let mut order: Vec<usize> = (0..weeks.len()).collect();
        order.sort_by_key(|&row| weeks[row]);
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        for place in order {
            if place < history {
                let row = basis::row(weeks[place], self.last);
                let relative = self.profile.at(&row);
                parts.iter_mut().for_each(Vec::clear);
                for blend in &blends {
                    for (part, component) in Part::ALL.into_iter().zip(blend.parts(&row, relative)) {
                        parts[part as usize].push(in_kw(part, component, &scale));
                    }
                }
            } else {
                self.components_into(&conditionals, weeks[place], true, &mut parts);
            }
            for ((levels, solver), components) in levels.iter_mut().zip(&mut solvers).zip(&parts) {
                for (level, kw) in levels.iter_mut().zip(solver.quantiles(components)) {
                    level[place] = kw;
                }
            }
        }
        levels.map(Bands::of_one_length)
    }

    fn overload(&self, future: &[IsoWeek], limits: &Limits) -> Overload {
        let conditionals = self.conditionals();
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        let (mut weekly_import, mut weekly_feed_in) = (Vec::new(), Vec::new());
        for &week in future {
            self.components_into(&conditionals, week, true, &mut parts);
            weekly_import.push(mixture::upper_tail(&parts[2], limits.import_kw).clamp(0.0, 1.0));
            weekly_feed_in.push(mixture::cumulative(&parts[2], -limits.feed_in_kw).clamp(0.0, 1.0));
        }
        let weekly: Vec<f64> =
            weekly_import.iter().zip(&weekly_feed_in).map(|(p, q)| f64::min(p + q, 1.0)).collect();
        let over = |weeks: &[usize]| {
            let weeks: Vec<IsoWeek> = weeks.iter().map(|&i| future[i]).collect();
            self.paths(&weeks)
        };
        let joint = joint(&weekly_feed_in, &weekly_import, limits, over);
        Overload {
            any_week: joint.any_week,
            any_week_standard_error: joint.standard_error,
            first_week: joint.first_week,
            weekly,
            weekly_import,
            weekly_feed_in,
        }
    }

    /// The joint distribution of the totals of some future weeks: one normal distribution for each cell, at its typical
    /// σ, and each factor on the future noise, whose spread is far larger than what is not known of σ.
    fn paths(&self, weeks: &[IsoWeek]) -> Vec<Path> {
        let design: Vec<(Row, i32, f64)> = weeks
            .iter()
            .map(|&week| {
                let row = basis::row(week, self.last);
                (row, week - self.last, self.profile.at(&row))
            })
            .collect();
        let mut paths = Vec::new();
        for (cell, scale) in &self.cells {
            let Some(given) = cell.typical() else { continue };
            let forms: Vec<Form> =
                design.iter().map(|(row, lead, relative)| cell.prediction(row, *lead, *relative)).collect();
            let mean_kw: Vec<f64> =
                forms.iter().map(|form| scale.kw(given.component(form, 0.0).mean)).collect();
            let square = scale.unit_kw * scale.unit_kw;
            let covariances = LowerTriangle::new(weeks.len(), |i, j| {
                let (earlier, later) = (&design[j], &design[i]);
                let products = forms[i].gradient.iter().zip(&forms[j].gradient).zip(&given.spread);
                let shared: f64 = products.map(|((a, b), spread)| a * b * spread).sum();
                let remembered = cell.memory.decay(later.1 - earlier.1) * cell.memory_variance(earlier.1);
                let fresh = if i == j { cell.fresh_variance() } else { 0.0 };
                let noise = given.variance * (earlier.2 * later.2).sqrt() * (remembered + fresh);
                (shared * square, noise * square)
            });
            for (factor, probability) in FACTORS {
                let covariance = |i: usize, j: usize| {
                    let (shared, noise) = covariances.at(i, j);
                    shared + factor * noise
                };
                paths.push(Path::new(given.weight * probability, mean_kw.clone(), covariance));
            }
        }
        paths
    }
}

/// A value for each pair of weeks i ≥ j.
struct LowerTriangle<T>(Vec<T>);

impl<T: Copy> LowerTriangle<T> {
    fn new(size: usize, value: impl Fn(usize, usize) -> T) -> Self {
        Self((0..size).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| value(i, j)).collect())
    }

    fn at(&self, i: usize, j: usize) -> T {
        self.0[i * (i + 1) / 2 + j]
    }
}
