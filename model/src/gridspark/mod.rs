//! The `gridspark` model: residuals with a memory, solved exactly on a grid of memories.
//!
//! A week's value is a level with a nearly linear drift, five harmonics of the year with tight priors, and noise of
//! variance σ² D(week): a share of it follows a first-order autoregression, the rest is independent, and D is a
//! seasonal profile learned over the fleet. Given σ and the memory the coefficients are Gaussian; share and correlation
//! of the memory and σ are integrated over grids. Outliers are drawn in first; boxes with a short history take the
//! population's coefficients for their prior, boxes without any the population scaled to their capacity. One step a
//! file:
//!
//! | file | step |
//! | --- | --- |
//! | `window`, `basis` | the training window, the design in time, the prior |
//! | `outliers` | a robust fit that finds outliers and draws them in |
//! | `variance` | the seasonal profile of the noise, learned over the fleet |
//! | `memory`, `whitening` | the grid of memories; taking the memory out in one pass |
//! | `noise_grid`, `cell` | σ on its grid; the posterior given the memory |
//! | `posterior`, `memory_curve` | bands, parts and probabilities of the mixture |
//! | `horizon` | overload probability over the horizon |
//! | `population` | what the boxes of a fleet have in common |

mod basis;
mod cell;
mod horizon;
mod memory;
mod memory_curve;
mod noise_grid;
mod outliers;
mod posterior;
mod variance;
mod whitening;
mod window;

pub use posterior::{Basis, GridsparkPosterior};
pub use variance::VarianceProfile;

use crate::scale::ValueScale;
use crate::{FitError, IsoWeek, Series};
use basis::CoefficientPrior;
use cell::Candidate;
use memory::Memory;
use noise_grid::NoiseGrid;
use outliers::robust_fit;
use posterior::{Mixture, Solution};
use whitening::Observed;
use window::Window;

/// The model's settings.
#[derive(Clone, PartialEq, Debug)]
pub struct Gridspark {
    /// The number of future weeks.
    pub horizon_weeks: usize,
    /// How many weeks before the last observed one the fit is made of; older ones are shown only.
    pub training_weeks: usize,
    /// Whether values far from a robust fit are drawn in.
    pub clip_outliers: bool,
    /// How the noise's variance goes with the season.
    pub profile: VarianceProfile,
}

impl Default for Gridspark {
    /// 27 weeks ahead from the last three years.
    fn default() -> Self {
        Self {
            horizon_weeks: 27,
            training_weeks: 156,
            clip_outliers: true,
            profile: VarianceProfile::default(),
        }
    }
}

impl Gridspark {
    /// The model's name in the store.
    pub const MODEL_NAME: &'static str = "gridspark";
    /// Changes when the same series would get another answer.
    pub const VERSION: u32 = 1;

    /// The posterior of a series.
    ///
    /// # Errors
    /// [`FitError`] if there are fewer than two values, they can't be scaled, the horizon is impossible, or a step of
    /// the computation fails.
    pub fn fit(&self, series: &Series) -> Result<GridsparkPosterior, FitError> {
        let history = series.rows();
        let future = series.future(self.horizon_weeks)?;
        let window = Window::of(series, self.training_weeks)?;
        let observed = window.values_kw.len();
        if observed < 2 {
            return Err(FitError::TooFewValues { observed });
        }
        let scale = ValueScale::of(window.values_kw.iter().copied());
        if !scale.unit_kw.is_finite() {
            let (min_kw, max_kw) = (scale.offset_kw, scale.offset_kw + scale.unit_kw);
            return Err(FitError::RangeTooLarge { min_kw, max_kw });
        }
        if scale.is_constant() {
            return Ok(GridsparkPosterior::flat(history, &future, scale.offset_kw));
        }
        let mixture =
            self.solve(window, scale, &CoefficientPrior::of_own_range(), &NoiseGrid::of_own_range())?;
        let solution = Solution::Mixture(Box::new(mixture));
        Ok(GridsparkPosterior::new(history, &future, Basis::OwnHistory, solution))
    }

    /// Solves every memory of the grid and weighs them.
    fn solve(
        &self,
        window: Window,
        scale: ValueScale,
        prior: &CoefficientPrior,
        grid: &NoiseGrid,
    ) -> Result<Mixture, FitError> {
        let scaled: Vec<f64> = window.values_kw.iter().map(|&kw| scale.scaled(kw)).collect();
        let values =
            if self.clip_outliers { robust_fit(&window.rows, &scaled)?.drawn_in } else { scaled.clone() };
        let outliers: Vec<IsoWeek> = window
            .weeks
            .iter()
            .zip(scaled.iter().zip(&values))
            .filter(|(_, (before, after))| before != after)
            .map(|(&week, _)| week)
            .collect();
        let mut observed = Observed::default();
        for (i, step) in window.steps().into_iter().enumerate() {
            let row = &window.rows[i];
            let expected = crate::additive::dot(row, &prior.mean);
            observed.push(step, row, values[i] - expected, self.profile.at(row));
        }
        let candidates = Memory::grid()
            .map(|(memory, probability)| cell::solve(&observed, prior, memory, probability, grid))
            .collect::<Result<Vec<Candidate>, FitError>>()?;
        let densities: Vec<&[f64]> = candidates.iter().map(|cell| cell.log_density.as_slice()).collect();
        let (measures, log_evidence) = grid.measures(&densities);
        let sigma = grid.marginal(&densities);
        let cells = candidates
            .into_iter()
            .zip(measures)
            .filter(|(_, noise)| !noise.is_empty())
            .map(|(candidate, noise)| (candidate.cell.with_noise(noise), scale))
            .collect();
        Ok(Mixture {
            cells,
            last: window.last,
            profile: self.profile,
            drawn_in_kw: values.iter().map(|&value| scale.kw(value)).collect(),
            window: Some(window),
            outliers,
            sigma,
            log_evidence: Some(log_evidence),
        })
    }
}
