//! The summary of a posterior that is kept beside its bands.

use serde::{Deserialize, Serialize};

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
    /// The coefficient's name: `drift0` (level) to `drift2`, `cos1` to `cos5`, `sin1` to `sin5`.
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
