//! The `spark` model, solved exactly.
//!
//! A week's value is level, trend and curvature (`drift`), five harmonics of the year (`yearly`) and
//! independent normal noise of standard deviation σ, with normal priors on the thirteen coefficients of the
//! scaled problem and a uniform one on σ. Given σ the coefficients are Gaussian, so that one
//! eigen-decomposition a series leaves a single dimension to integrate; no sampler is involved. One step a
//! file:
//!
//! | file | step |
//! | --- | --- |
//! | `design` | scaling of time and values, rows of the design |
//! | `factorisation` | W'W = Q diag(λ) Q', c, ρ |
//! | `noise_density` | log p(y given σ), its mode and support |
//! | `noise` | the posterior of σ as a measure, compressed to a Gauss rule |
//! | `conditional` | the coefficients given σ |
//! | `mixture`, `quantiles`, `neighbour` | quantiles of mixtures over σ: carefully, quickly, most quickly |
//! | `bands` | the bands of all parts |
//! | `overload` | overload probabilities by week |
//! | `horizon`, `turn`, `log_sigma` | overload probability over the horizon, by quasi-Monte Carlo |

mod bands;
mod conditional;
mod design;
mod factorisation;
mod horizon;
mod log_sigma;
mod neighbour;
mod noise;
mod noise_density;
mod overload;
mod posterior;
mod quantiles;
mod reflections;

use serde::{Deserialize, Serialize};

pub use posterior::Posterior;

use crate::additive::Row;
use crate::scale::{ValueScale, values};
use crate::{FitError, IsoWeek, Series};
use design::TimeScale;
use factorisation::Factorisation;

/// The model's settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Spark {
    /// The number of future weeks; they count for the scaling of time.
    pub horizon_weeks: usize,
}

impl Default for Spark {
    /// 27 weeks, as the source system forecasts.
    fn default() -> Self {
        Self { horizon_weeks: 27 }
    }
}

impl Spark {
    /// The model's name in the store.
    pub const MODEL_NAME: &'static str = "spark";
    /// Changes when the same series would get another answer.
    pub const VERSION: u32 = 1;

    /// The posterior of a series.
    ///
    /// # Errors
    /// [`FitError`] if there are fewer than two values, they can't be scaled, or the horizon is impossible.
    pub fn fit(&self, series: &Series) -> Result<Posterior, FitError> {
        let history = series.rows();
        let observed = series.observed();
        if observed < 2 {
            return Err(FitError::TooFewValues { observed });
        }
        let scale = ValueScale::of(values(history));
        if !scale.unit_kw.is_finite() {
            let max_kw = history.iter().filter_map(|row| row.value_kw).fold(scale.offset_kw, f64::max);
            return Err(FitError::RangeTooLarge { min_kw: scale.offset_kw, max_kw });
        }
        let future = series.future(self.horizon_weeks)?;
        let flat = Posterior::flat(history, &future, scale);
        if scale.is_constant() {
            return Ok(flat);
        }

        let first = history.iter().map(|row| row.week).fold(IsoWeek::MAX, IsoWeek::min);
        let last = future.last().copied().unwrap_or(first);
        let time = TimeScale::new(first, last);
        let weeks = history.iter().map(|row| row.week).chain(future);
        let rows: Vec<Row> = weeks.map(|week| time.row(week)).collect();

        // Sums depend on the order of their terms in the last bits: a fixed order makes the answer
        // independent of the order of the input to the last bit.
        let mut order: Vec<(IsoWeek, f64, usize)> = history
            .iter()
            .enumerate()
            .filter_map(|(i, row)| row.value_kw.map(|value| (row.week, scale.scaled(value), i)))
            .collect();
        order.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let design: Vec<Row> = order.iter().map(|&(_, _, i)| rows[i]).collect();
        let y: Vec<f64> = order.iter().map(|&(_, y, _)| y).collect();
        let factorisation = Factorisation::new(&design, &y);
        Ok(Posterior::solved(flat, rows, factorisation))
    }
}
