//! The stored summary of a posterior.

use domain::box_detail::ForecastBasis;
use domain::week_span::WeekSpan;
use model::{Coefficient, SigmaSummary};
use serde::{Deserialize, Serialize};

/// What is stored of a posterior besides its bands: enough to say what it is based on, and with the
/// run to reproduce it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PosteriorSummary {
    /// The noise. Written for people, not read back.
    #[serde(skip_deserializing)]
    pub sigma: Option<SigmaSummary>,
    /// The logarithm of the marginal likelihood, if the model has one. Not read back.
    #[serde(skip_deserializing)]
    pub log_marginal_likelihood: Option<f64>,
    /// The coefficients. Not read back.
    #[serde(skip_deserializing)]
    pub coefficients: Vec<Coefficient>,
    /// What the forecast is based on; `None` for the source system's model.
    #[serde(default, rename = "gridspark", skip_serializing_if = "Option::is_none")]
    pub forecast_basis: Option<ForecastBasis>,
    /// Weeks left out of the fit.
    #[serde(default)]
    pub left_out: Vec<WeekSpan>,
    /// What accepted proposals add to each future week, kW; empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added_kw: Vec<f64>,
}
