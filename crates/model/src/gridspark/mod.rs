//! The `gridspark` model: autocorrelated residuals, solved exactly on a grid of autocorrelations.
//!
//! A week's value is a level, growth, five harmonics of the year with tight priors, and noise of variance σ²
//! D(week): a share of it follows a first-order autoregression, the rest is independent, and D is a profile
//! of season and years learned over the fleet. Growth is a nearly flat slope, or the growth learned over the
//! fleet: a level and a season that grow along the directions in which those of its boxes do, to the share
//! that such growth has come before. Given σ and the autocorrelation the coefficients are Gaussian; its
//! share, its correlation and σ are integrated over grids. Outliers are winsorised first; boxes with a short
//! history take the population's coefficients for their prior, boxes without any the population scaled to
//! their capacity. One step a file:
//!
//! | file | step |
//! | --- | --- |
//! | `window`, `basis` | the training window, a week in time, the prior |
//! | `design` | the columns that explain a week, growth among them |
//! | `hypothesis` | what growth a series may have, and how probable each is |
//! | `outliers` | a robust fit that finds outliers and winsorises them |
//! | `variance` | the seasonal profile of the noise, learned over the fleet |
//! | `autocorrelation`, `whitening` | the grid of autocorrelations; whitening the residuals in one pass |
//! | `prepared` | what depends on the weeks alone, kept for the boxes that share them |
//! | `noise_grid`, `grid_point` | σ on its grid; the posterior given the autocorrelation |
//! | `solution` | the grid points of all regimes, weighed |
//! | `posterior`, `overload` | what can be asked of a fit |
//! | `outlook`, `future_noise` | the distribution of single weeks; the noise of the coming months |
//! | `bands`, `blend`, `autocorrelation_curve` | bands of past and future weeks |
//! | `future_paths`, `horizon` | the joint distribution of future weeks; overload probability over the horizon |
//! | `population` | what the boxes of a fleet have in common |

mod autocorrelation;
mod autocorrelation_curve;
mod bands;
mod basis;
mod blend;
mod design;
mod future_noise;
mod future_paths;
mod grid_point;
mod horizon;
mod hypothesis;
mod noise_grid;
mod outliers;
mod outlook;
mod overload;
mod population;
mod posterior;
mod prepared;
mod solution;
mod variance;
mod whitening;
mod window;

use std::sync::Arc;

pub use design::GrowthLaw;
pub use future_noise::FutureNoise;
pub use overload::AddedLoadError;
pub use population::{FleetGrowth, LearnedLaw, Member, Population, PopulationCoefficients, SizeToCapacity};
pub use posterior::{Basis, GridsparkPosterior};
pub use variance::VarianceProfile;

use crate::scale::ValueScale;
use crate::{Capacity, FitError, IsoWeek, Observation, Series};
use autocorrelation::Autocorrelation;
use design::Regime;
use grid_point::{Conditions, GridPoint, Projected};
use hypothesis::Hypothesis;
use noise_grid::{NoiseGrid, Weighed};
use outliers::RobustDesign;
use prepared::{Prepared, Shared};
use solution::{Branch, Mixture, Solution};
use window::Window;

/// The model's settings, and what is known of the fleet.
#[derive(Clone, PartialEq, Debug)]
pub struct Gridspark {
    /// The number of future weeks.
    pub horizon_weeks: usize,
    /// How many weeks before the last observed one the fit is made of; older ones are shown only.
    pub training_weeks: usize,
    /// Whether values far from a robust fit are winsorised.
    pub clip_outliers: bool,
    /// Weeks whose values are not winsorised, however far from the fit they are: a planner knows them to be
    /// real.
    pub trusted_weeks: Vec<IsoWeek>,
    /// What the fleet has in common for this extreme.
    pub population: Option<Arc<Population>>,
}

impl Default for Gridspark {
    /// 27 weeks ahead from the last four years, without a population.
    fn default() -> Self {
        Self {
            horizon_weeks: 27,
            training_weeks: 208,
            clip_outliers: true,
            trusted_weeks: Vec::new(),
            population: None,
        }
    }
}

/// From this many weeks on a box's own history is a better prior than the population.
const OWN_HISTORY_WEEKS: i32 = 104;

impl Gridspark {
    /// The model's name in the store.
    pub const MODEL_NAME: &'static str = "gridspark";
    /// Changes when the same series would get another answer.
    pub const VERSION: u32 = 3;

    /// The posterior of a series; one of less than two years takes the population's coefficients for its
    /// prior, if there is a population.
    ///
    /// # Errors
    /// [`FitError`] if there are too few values (two on their own, one with a population), they can't be
    /// scaled, the horizon is impossible, or a step of the computation fails.
    pub fn fit(&self, series: &Series) -> Result<GridsparkPosterior, FitError> {
        let history = series.rows();
        let future = series.future(self.horizon_weeks)?;
        let window = Window::of(series, self.training_weeks)?;
        let own = ValueScale::of(window.values_kw.iter().copied());
        if !own.unit_kw.is_finite() {
            let max_kw = window.values_kw.iter().copied().fold(own.offset_kw, f64::max);
            return Err(FitError::RangeTooLarge { min_kw: own.offset_kw, max_kw });
        }
        let is_short = window.span_weeks() < OWN_HISTORY_WEEKS;
        let shared = self
            .population
            .as_deref()
            .filter(|_| is_short)
            .and_then(|population| Some((population.prior()?, population::scale(&window.values_kw)?)));
        let observed = window.values_kw.len();
        let (basis, mixture) = match shared {
            Some((prior, scale)) => {
                let values = self.training_values(&window, &scale)?;
                let only = [Hypothesis::certain(self.regime_of_population(), prior)];
                let mixture =
                    self.solve(window, scale, values, &only, (&NoiseGrid::of_population(), None))?;
                (Basis::Population, mixture)
            }
            None if observed < 2 => return Err(FitError::TooFewValues { observed }),
            None if own.is_constant() => {
                return Ok(GridsparkPosterior::flat(history, &future, own.offset_kw));
            }
            None => {
                let (scale, values) = if self.clip_outliers {
                    let (scale, fit) = window.scaled_by_most(own, self.robust_design())?;
                    (scale, self.with_trusted(&window, &scale, fit.winsorised))
                } else {
                    (own, window.scaled(&own))
                };
                let hypotheses = Hypothesis::all_of(self.population.as_deref());
                let shared = self.population.as_deref().map(|population| &population.shared);
                let grid = (&NoiseGrid::of_own_range(), shared);
                let mixture = self.solve(window, scale, values, &hypotheses, grid)?;
                (Basis::OwnHistory, mixture)
            }
        };
        Ok(GridsparkPosterior::new(history, &future, basis, Solution::Mixture(Box::new(mixture))))
    }

    /// How outliers are recognised: where loads grow, a growing season is not an outlier.
    fn robust_design(&self) -> RobustDesign {
        let grows = self.population.as_deref().is_some_and(|population| population.growth.weight > 0.0);
        if grows { RobustDesign::Growing } else { RobustDesign::Steady }
    }

    /// The regime that the population's coefficients belong to.
    fn regime_of_population(&self) -> Regime {
        self.population.as_deref().map_or_else(Regime::default, Population::of_short_histories)
    }

    /// The values of a training window on a scale, outliers winsorised if asked for.
    fn training_values(&self, window: &Window, scale: &ValueScale) -> Result<Vec<f64>, FitError> {
        if self.clip_outliers {
            let fit = self.robust_design().fit(&window.rows, &window.scaled(scale))?;
            Ok(self.with_trusted(window, scale, fit.winsorised))
        } else {
            Ok(window.scaled(scale))
        }
    }

    /// Winsorised values with the trusted weeks as they were.
    fn with_trusted(&self, window: &Window, scale: &ValueScale, mut winsorised: Vec<f64>) -> Vec<f64> {
        for ((week, kw), value) in window.weeks.iter().zip(&window.values_kw).zip(&mut winsorised) {
            if self.trusted_weeks.contains(week) {
                *value = scale.scaled(*kw);
            }
        }
        winsorised
    }

    /// The forecast of a box without any history: the population at the scale of its capacity, in the weeks
    /// after `last`. Nothing if there is no population that knows sizes.
    ///
    /// # Errors
    /// [`FitError::Horizon`] if the horizon is impossible.
    pub fn cold_start(
        &self,
        capacity: Capacity,
        last: IsoWeek,
    ) -> Result<Option<GridsparkPosterior>, FitError> {
        let nothing = Series::new(vec![Observation { week: last, value_kw: None }]);
        let future = nothing.map_or_else(|_| Ok(Vec::new()), |series| series.future(self.horizon_weeks))?;
        let mixture = self
            .population
            .as_deref()
            .and_then(|population| population::cold_start(population, capacity, last));
        Ok(mixture.map(|mixture| {
            GridsparkPosterior::new(&[], &future, Basis::Capacity, Solution::Mixture(Box::new(mixture)))
        }))
    }

    /// Solves every autocorrelation of the grid under every hypothesis and weighs them.
    fn solve(
        &self,
        window: Window,
        scale: ValueScale,
        values: Vec<f64>,
        hypotheses: &[Hypothesis],
        (grid, shared): (&NoiseGrid, Option<&Shared>),
    ) -> Result<Mixture, FitError> {
        let full = |place: usize| {
            let Hypothesis { regime, prior, .. } = &hypotheses[place];
            let prepare = || Prepared::new(&window, (regime, prior), Autocorrelation::grid(), grid);
            let prepared = match shared {
                Some(shared) => shared.prepared(&window, place, prepare)?,
                None => Arc::new(prepare()?),
            };
            Solved::of(&prepared, &values, grid)
        };
        let first = full(0)?;
        let wanted = wanted(&window, &values, hypotheses, &first, (grid, shared))?;
        let others = wanted.iter().enumerate().skip(1);
        let others = others.map(|(place, &wanted)| if wanted { full(place).map(Some) } else { Ok(None) });
        let solved: Vec<Option<Solved>> =
            std::iter::once(Ok(Some(first))).chain(others).collect::<Result<_, FitError>>()?;
        let evidence = |solved: &Option<Solved>| {
            solved.as_ref().map_or(f64::NEG_INFINITY, |solved| solved.weighed.log_evidence)
        };
        let evidence: Vec<f64> = solved.iter().map(evidence).collect();
        let (shares, log_evidence) = hypothesis::shares(hypotheses, &evidence);

        let mut branches = Vec::new();
        let mut sigma: Vec<(f64, f64)> = Vec::new();
        for (regime, (solved, share)) in solved.into_iter().zip(shares).enumerate() {
            let Some(Solved { grid_points, weighed }) = solved.filter(|_| share > 0.0) else { continue };
            let of_regime = grid.sigma(&weighed);
            if sigma.is_empty() {
                sigma = of_regime.iter().map(|(sigma, _)| (*sigma, 0.0)).collect();
            }
            for ((_, sum), (_, probability)) in sigma.iter_mut().zip(of_regime) {
                *sum += share * probability;
            }
            for ((conditions, projected), noise) in
                grid_points.into_iter().zip(grid.measures(&weighed, share))
            {
                if !noise.is_empty() {
                    let grid_point = GridPoint::new(conditions, &projected, noise);
                    branches.push(Branch { grid_point, scale, regime });
                }
            }
        }
        let is_outlier = |(value, kw): (&f64, &f64)| *value != scale.scaled(*kw);
        let outliers = window
            .weeks
            .iter()
            .zip(values.iter().zip(&window.values_kw).map(is_outlier))
            .filter_map(|(&week, is_outlier)| is_outlier.then_some(week))
            .collect();
        Ok(Mixture {
            branches,
            regimes: hypotheses.iter().map(|hypothesis| hypothesis.regime).collect(),
            last: window.last,
            winsorised_kw: values.iter().map(|&value| scale.kw(value)).collect(),
            window: Some(window),
            outliers,
            sigma,
            log_evidence: Some(log_evidence),
        })
    }
}

/// Which hypotheses are worth a fit: those that have a share even under independent noise and the
/// autocorrelation that is most probable for the first, which is fitted.
fn wanted(
    window: &Window,
    values: &[f64],
    hypotheses: &[Hypothesis],
    first: &Solved,
    (grid, shared): (&NoiseGrid, Option<&Shared>),
) -> Result<Vec<bool>, FitError> {
    if hypotheses.len() == 1 {
        return Ok(vec![true]);
    }
    let most_probable = first.weighed.most_probable();
    let is_chosen = |autocorrelation: usize| autocorrelation == 0 || autocorrelation == most_probable;
    let evidence = |(place, hypothesis): (usize, &Hypothesis)| {
        let grid_points = match shared.and_then(|shared| shared.kept(window, place)) {
            Some(kept) => kept.project_on(values, is_chosen, grid)?,
            None => {
                let some = Autocorrelation::grid()
                    .enumerate()
                    .filter(|(autocorrelation, _)| is_chosen(*autocorrelation));
                let autocorrelations = some.map(|(_, autocorrelation)| autocorrelation);
                let of = (&hypothesis.regime, &hypothesis.prior);
                Prepared::new(window, of, autocorrelations, grid)?.project(values, grid)?
            }
        };
        Ok(Solved::weighed(grid_points, grid).weighed.log_evidence)
    };
    let others = hypotheses.iter().enumerate().skip(1).map(evidence);
    let evidence = std::iter::once(Ok(first.weighed.log_evidence)).chain(others);
    let evidence: Vec<f64> = evidence.collect::<Result<_, FitError>>()?;
    let (shares, _) = hypothesis::supported(hypotheses, &evidence);
    Ok(shares.into_iter().map(|share| share >= hypothesis::WANTED).collect())
}

/// A series under one hypothesis: its values under every autocorrelation, weighed.
struct Solved {
    grid_points: Vec<(Arc<Conditions>, Projected)>,
    weighed: Weighed,
}

impl Solved {
    fn of(prepared: &Prepared, values: &[f64], grid: &NoiseGrid) -> Result<Self, FitError> {
        Ok(Self::weighed(prepared.project(values, grid)?, grid))
    }

    fn weighed(grid_points: Vec<(Arc<Conditions>, Projected)>, grid: &NoiseGrid) -> Self {
        let densities: Vec<&[f64]> =
            grid_points.iter().map(|(_, projected)| projected.log_density.as_slice()).collect();
        let weighed = grid.weigh(&densities);
        Self { grid_points, weighed }
    }
}
