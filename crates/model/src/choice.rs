//! The models to choose from, behind one door.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Coefficient, Extreme, FitError, Forecast, Limits, Overload, Risk, Series, SigmaSummary,
    gridspark::{AddedLoadError, Gridspark, GridsparkPosterior},
    question::{ExtraLoad, added_kw},
    spark::{Posterior, Spark},
};

/// A model by its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelName {
    /// Autocorrelated residuals, the population as the prior of short histories.
    #[default]
    Gridspark,
    /// The source system's model, for comparison.
    Spark,
}

/// A text that names no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a model: expected gridspark or spark")]
pub struct ParseModelNameError {
    /// The text as it was given.
    pub text: String,
}

impl ModelName {
    /// All models.
    pub const ALL: [Self; 2] = [Self::Gridspark, Self::Spark];

    /// The name in commands, files and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gridspark => Gridspark::MODEL_NAME,
            Self::Spark => Spark::MODEL_NAME,
        }
    }

    /// The version: changes when the same series would get another answer.
    #[must_use]
    pub const fn version(self) -> u32 {
        match self {
            Self::Gridspark => Gridspark::VERSION,
            Self::Spark => Spark::VERSION,
        }
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ModelName {
    type Err = ParseModelNameError;

    /// Reads a model's name in any case.
    fn from_str(text: &str) -> Result<Self, ParseModelNameError> {
        let found = Self::ALL.into_iter().find(|name| name.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| ParseModelNameError { text: text.to_owned() })
    }
}

/// A model with its settings.
#[derive(Clone, PartialEq, Debug)]
pub enum Model {
    /// Autocorrelated residuals.
    Gridspark(Gridspark),
    /// The source system's.
    Spark(Spark),
}

impl Model {
    /// The model's name.
    #[must_use]
    pub const fn name(&self) -> ModelName {
        match self {
            Self::Gridspark(_) => ModelName::Gridspark,
            Self::Spark(_) => ModelName::Spark,
        }
    }

    /// The posterior of a series.
    ///
    /// # Errors
    /// [`FitError`], see [`Gridspark::fit`] and [`Spark::fit`].
    pub fn fit(&self, series: &Series) -> Result<Fit, FitError> {
        match self {
            Self::Gridspark(model) => model.fit(series).map(|posterior| Fit::Gridspark(Box::new(posterior))),
            Self::Spark(model) => model.fit(series).map(|posterior| Fit::Spark(Box::new(posterior))),
        }
    }
}

/// The posterior of either model.
#[derive(Clone, PartialEq, Debug)]
pub enum Fit {
    /// Of `gridspark`.
    Gridspark(Box<GridsparkPosterior>),
    /// Of `spark`.
    Spark(Box<Posterior>),
}

impl Fit {
    /// The bands of all parts over the rows of the series, in their order, and the future weeks.
    #[must_use]
    pub fn forecast(&self) -> Forecast {
        match self {
            Self::Gridspark(posterior) => posterior.forecast(),
            Self::Spark(posterior) => posterior.forecast(),
        }
    }

    /// What loads add to an extreme of each future week, kW; empty where there are none, and for the source system's
    /// model, which knows of none.
    #[must_use]
    pub fn added_kw(&self, loads: &[ExtraLoad], extreme: Extreme) -> Vec<f64> {
        match self {
            Self::Gridspark(posterior) if !loads.is_empty() => {
                added_kw(loads, posterior.future_weeks(), extreme)
            }
            _ => Vec::new(),
        }
    }

    /// The overload probabilities of the future weeks.
    #[must_use]
    pub fn overload(&self, limits: &Limits) -> Overload {
        match self {
            Self::Gridspark(posterior) => posterior.overload(limits),
            Self::Spark(posterior) => posterior.overload(limits),
        }
    }

    /// The overload probabilities of the future weeks, with loads added to them as by [`Self::added_kw`] (none: empty).
    ///
    /// # Errors
    /// [`AddedLoadError`] unless there is a finite number for each future week.
    pub fn overload_with(&self, limits: &Limits, added_kw: &[f64]) -> Result<Overload, AddedLoadError> {
        match (self, added_kw) {
            (_, []) | (Self::Spark(_), _) => Ok(self.overload(limits)),
            (Self::Gridspark(posterior), added_kw) => posterior.overload_with(limits, added_kw),
        }
    }

    /// P(overload in a week) for each ranked week: the first of [`Overload::weekly`], found in a small part of its time;
    /// with loads added as by [`Self::added_kw`] (none: empty).
    #[must_use]
    pub fn ranked_weekly_overload(&self, limits: &Limits, added_kw: &[f64]) -> Vec<f64> {
        match self {
            Self::Gridspark(posterior) => posterior.ranked_weekly_overload(limits, added_kw),
            Self::Spark(posterior) => posterior.ranked_weekly_overload(limits),
        }
    }

    /// P(overload in at least one of the ranked weeks): [`Overload::within_ranked`], without later weeks; with loads added
    /// as by [`Self::added_kw`] (none: empty).
    #[must_use]
    pub fn ranked_overload(&self, limits: &Limits, added_kw: &[f64]) -> f64 {
        match self {
            Self::Gridspark(posterior) => posterior.ranked_overload(limits, added_kw),
            Self::Spark(posterior) => posterior.ranked_overload(limits),
        }
    }

    /// How far the largest value of the ranked weeks lies beyond its limit at a risk, kW; nothing where an
    /// overload in them is no more probable than the risk. Forecast and probabilities are this fit's own, with the same
    /// loads added.
    #[must_use]
    pub fn shortfall_kw(
        &self,
        limits: &Limits,
        risk: Risk,
        found: (&Forecast, &Overload),
        added_kw: &[f64],
    ) -> Option<f64> {
        match self {
            Self::Gridspark(posterior) => posterior.shortfall_kw(limits, risk, found, added_kw),
            Self::Spark(posterior) => posterior.shortfall_kw(limits, risk, found),
        }
    }

    /// What the most extreme of the ranked weeks passes with a probability of `risk`, kW with its sign. The forecast
    /// is this fit's own, with the same loads added.
    #[must_use]
    pub fn extreme_at_risk_kw(
        &self,
        extreme: Extreme,
        risk: Risk,
        forecast: &Forecast,
        added_kw: &[f64],
    ) -> Option<f64> {
        match self {
            Self::Gridspark(posterior) => posterior.extreme_at_risk_kw(extreme, risk, forecast, added_kw),
            Self::Spark(posterior) => posterior.extreme_at_risk_kw(extreme, risk, forecast),
        }
    }

    /// The noise's standard deviation, as a share of the model's unit.
    #[must_use]
    pub fn sigma(&self) -> SigmaSummary {
        match self {
            Self::Gridspark(posterior) => posterior.sigma(),
            Self::Spark(posterior) => posterior.sigma(),
        }
    }

    /// The coefficients of the scaled model; none for a flat line.
    #[must_use]
    pub fn coefficients(&self) -> Vec<Coefficient> {
        match self {
            Self::Gridspark(posterior) => posterior.coefficients(),
            Self::Spark(posterior) => posterior.coefficients().to_vec(),
        }
    }

    /// The log marginal likelihood of the scaled values; nothing for a flat line or without a history.
    #[must_use]
    pub fn log_marginal_likelihood(&self) -> Option<f64> {
        match self {
            Self::Gridspark(posterior) => posterior.log_marginal_likelihood(),
            Self::Spark(posterior) => posterior.log_marginal_likelihood(),
        }
    }

    /// Whether all values are equal, so that the forecast is a flat line.
    #[must_use]
    pub fn is_degenerate(&self) -> bool {
        match self {
            Self::Gridspark(posterior) => posterior.is_degenerate(),
            Self::Spark(posterior) => posterior.is_degenerate(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_names_come_back() {
        for name in ModelName::ALL {
            assert_eq!(name.as_str().parse(), Ok(name));
            assert_eq!(serde_json::to_string(&name).unwrap(), format!("{:?}", name.as_str()));
        }
        assert!("prophet".parse::<ModelName>().is_err());
    }
}
