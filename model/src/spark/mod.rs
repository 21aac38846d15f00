//! The `spark` model, solved exactly.

mod error;

use serde::{Deserialize, Serialize};

pub use error::FitError;

use crate::{Forecast, Limits, Overload, Series};

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
        Err(FitError::TooFewValues { observed: series.observed() })
    }
}

/// Mean, standard deviation and quantiles of the noise's standard deviation σ, as fractions of the range of
/// the values.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SigmaSummary {
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub sd: f64,
    /// The 5 % quantile.
    pub q05: f64,
    /// The 15 % quantile.
    pub q15: f64,
    /// The median.
    pub q50: f64,
    /// The 85 % quantile.
    pub q85: f64,
    /// The 95 % quantile.
    pub q95: f64,
}

/// Posterior mean and standard deviation of one coefficient of the scaled model.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Coefficient {
    /// The coefficient's name, such as `t^2` or `cos3`.
    pub name: &'static str,
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub sd: f64,
}

/// Mean and standard deviation of a part over the weeks, kW.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Moments {
    /// The means.
    pub mean_kw: Vec<f64>,
    /// The standard deviations.
    pub sd_kw: Vec<f64>,
}

/// The exact posterior of a series.
#[derive(Clone, PartialEq, Debug)]
pub struct Posterior {
    forecast: Forecast,
    overload: Overload,
    sigma: SigmaSummary,
}

impl Posterior {
    /// The posterior of σ.
    #[must_use]
    pub fn sigma(&self) -> SigmaSummary {
        self.sigma
    }

    /// The posterior of the coefficients, none for a degenerate series.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        &[]
    }

    /// The logarithm of the marginal likelihood of the scaled values, none for a degenerate series.
    #[must_use]
    pub fn log_marginal_likelihood(&self) -> Option<f64> {
        None
    }

    /// Whether all values are equal, so that the forecast is a flat line.
    #[must_use]
    pub fn is_degenerate(&self) -> bool {
        false
    }

    /// The bands of all parts over the rows of the series and the future weeks.
    #[must_use]
    pub fn forecast(&self) -> Forecast {
        self.forecast.clone()
    }

    /// The overload probabilities of the future weeks.
    #[must_use]
    pub fn overload(&self, _limits: &Limits) -> Overload {
        self.overload.clone()
    }
}
