//! What a fit knows, and what can be asked of it.

use super::autocorrelation_curve;
use super::bands::bands;
use super::basis;
use super::design::{Design, GROWTH_TERMS, Regime};
use super::outlook::Outlook;
use super::solution::{Branch, Mixture, Solution};
use crate::additive::{COEFFICIENTS, DRIFT, NAMES, Row, dot};
use crate::mixture;
use crate::{Bands, Coefficient, Forecast, IsoWeek, Moments, Observation, Part, SigmaSummary};

/// The posterior of a series under the `gridspark` model, exact up to the grid over autocorrelation and
/// noise.
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

/// Names of the coefficients of growth, in the order of the design's terms.
const GROWTH_NAMES: [&str; GROWTH_TERMS] =
    ["drift1", "growth_cos1", "growth_sin1", "growth_cos2", "growth_sin2"];

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

    /// The weeks whose values were winsorised as outliers, ascending.
    #[must_use]
    pub fn outliers(&self) -> &[IsoWeek] {
        self.mixture().map_or(&[], |mixture| &mixture.outliers)
    }

    /// The first and the last training week and how many of them were observed; nothing without a history.
    #[must_use]
    pub fn training(&self) -> Option<(IsoWeek, IsoWeek, usize)> {
        let weeks = &self.mixture()?.window.as_ref()?.weeks;
        Some((*weeks.first()?, *weeks.last()?, weeks.len()))
    }

    /// The kW of one unit of σ and of the coefficients; zero for a flat line.
    #[must_use]
    pub fn unit_kw(&self) -> f64 {
        self.mixture().and_then(|mixture| mixture.branches.first()).map_or(0.0, |branch| branch.scale.unit_kw)
    }

    /// The noise's standard deviation (autocorrelation included) as a share of [`Self::unit_kw`]; zero for a
    /// flat line.
    #[must_use]
    pub fn sigma(&self) -> SigmaSummary {
        let empty: &[(f64, f64)] = &[];
        let grid = self.mixture().map_or(empty, |mixture| &mixture.sigma);
        // An empty sum would be minus zero.
        let mean = grid.iter().fold(0.0, |sum, (sigma, p)| sum + sigma * p);
        let variance: f64 = grid.iter().map(|(sigma, p)| (sigma - mean) * (sigma - mean) * p).sum();
        let quantile = |level: f64| {
            // Each point represents half a step of log σ to either side.
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
    ///
    /// The level at the end of the training window, its growth a year, that of the season (where it can
    /// grow), and the season.
    #[must_use]
    pub fn coefficients(&self) -> Vec<Coefficient> {
        let Some(mixture) = self.mixture() else { return Vec::new() };
        let unit = |i: usize| -> Row { std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 }) };
        let of = |name, row: &dyn Fn(&Design) -> Row| {
            let (mean, sd) = mixture.moments(|grid_point, design| grid_point.form(&row(design)));
            Coefficient { name, mean, sd }
        };
        let grows = mixture.regimes.iter().any(|regime| !regime.design.is_steady());
        let terms = if grows { GROWTH_TERMS } else { 1 };
        let level = std::iter::once(of(NAMES[0], &|_| unit(0)));
        let growth = (0..terms).map(|term| of(GROWTH_NAMES[term], &|design| design.growth_coefficient(term)));
        let season = (DRIFT..NAMES.len()).map(|i| of(NAMES[i], &|_| unit(i)));
        level.chain(growth).chain(season).collect()
    }

    /// By how much the load grows in a year after the last training week, at a week's place in the season,
    /// kW: mean and standard deviation; zero for a flat line.
    #[must_use]
    pub fn growth_kw_a_year(&self, week: IsoWeek) -> (f64, f64) {
        let Some(mixture) = self.mixture() else { return (0.0, 0.0) };
        let base = basis::row(week, mixture.last);
        let (mean, sd) = mixture.moments(|grid_point, design| grid_point.form(&design.growth_a_year(&base)));
        (mean * self.unit_kw(), sd * self.unit_kw())
    }

    /// The mean growth of [`Self::growth_kw_a_year`] at each of the future weeks; none for a flat line.
    #[must_use]
    pub fn future_growth_kw_a_year(&self) -> Vec<(IsoWeek, f64)> {
        let Some(mixture) = self.mixture() else { return Vec::new() };
        let mut means = vec![[0.0; COEFFICIENTS]; mixture.regimes.len()];
        for Branch { grid_point, regime, .. } in &mixture.branches {
            let weight: f64 = grid_point.noise.iter().map(|node| node.weight).sum();
            for (sum, mean) in means[*regime].iter_mut().zip(grid_point.mean()) {
                *sum += weight * mean;
            }
        }
        let growth = |&week: &IsoWeek| {
            let base = basis::row(week, mixture.last);
            let of = |(regime, mean): (&Regime, &Row)| dot(&regime.design.growth_a_year(&base), mean);
            (week, mixture.regimes.iter().zip(&means).map(of).sum::<f64>() * self.unit_kw())
        };
        self.future_weeks().iter().map(growth).collect()
    }

    /// The share of the forecast that is taken from what grows as the fleet's boxes do, from zero to one.
    #[must_use]
    pub fn growth_share(&self) -> f64 {
        let Some(mixture) = self.mixture() else { return 0.0 };
        let shares = mixture.shares().into_iter().zip(&mixture.regimes);
        shares.filter(|(_, regime)| !regime.design.is_steady()).map(|(share, _)| share).sum::<f64>().min(1.0)
    }

    /// ln p(z) of the scaled training values, outliers winsorised; nothing without a history of one's own.
    #[must_use]
    pub fn log_marginal_likelihood(&self) -> Option<f64> {
        self.mixture().and_then(|mixture| mixture.log_evidence)
    }

    /// The posterior means of the autocorrelated share of the noise and its weekly correlation; zero for a
    /// flat line.
    #[must_use]
    pub fn autocorrelation(&self) -> (f64, f64) {
        let Some(mixture) = self.mixture() else { return (0.0, 0.0) };
        mixture.branches.iter().fold((0.0, 0.0), |(share, correlation), Branch { grid_point, .. }| {
            let weight: f64 = grid_point.noise.iter().map(|node| node.weight).sum();
            (
                share + weight * grid_point.autocorrelation().share,
                correlation + weight * grid_point.autocorrelation().correlation,
            )
        })
    }

    /// What the autoregressive state adds to drift and season, kW: smoothed over the training weeks, fading
    /// in the future, and zero elsewhere; a value for each week of [`Self::forecast`].
    #[must_use]
    pub fn autocorrelation_kw(&self) -> Vec<f64> {
        match self.mixture() {
            Some(mixture) => autocorrelation_curve::curve(mixture, &self.weeks, self.observed_kw.len()),
            None => vec![0.0; self.weeks.len()],
        }
    }

    /// The bands of all parts over the rows of the series, in their order, and the future weeks.
    ///
    /// In history the total is the distribution of a week's value by drift, season and noise, unconditional
    /// on its neighbours; in the future it is conditional on the autoregressive state at the end of the
    /// history.
    #[must_use]
    pub fn forecast(&self) -> Forecast {
        let history = self.observed_kw.len();
        let [drift, yearly, total] = match &self.solution {
            Solution::Constant(kw) => [*kw, 0.0, *kw]
                .map(|kw| Bands::of_one_length(std::array::from_fn(|_| vec![kw; self.weeks.len()]))),
            Solution::Mixture(mixture) => bands(mixture, &self.weeks, history),
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
                let outlook = Outlook::new(mixture);
                let history = self.observed_kw.len();
                let mut parts = [Vec::new(), Vec::new(), Vec::new()];
                let at = |(row, &week): (usize, &IsoWeek)| {
                    outlook.parts(week, row >= history, &mut parts);
                    mixture::moments(&parts[part as usize])
                };
                self.weeks.iter().enumerate().map(at).unzip()
            }
        };
        Moments { mean_kw, sd_kw }
    }

    /// The future weeks, ascending.
    #[must_use]
    pub fn future_weeks(&self) -> &[IsoWeek] {
        &self.weeks[self.observed_kw.len()..]
    }
}
