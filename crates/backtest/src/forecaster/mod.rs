//! The models under test, with a common form of prediction.

mod fleet;
mod posterior;
mod seasonal_naive;
mod switchings;

use std::fmt;
use std::str::FromStr;

use model::{FitError, gridspark::Gridspark, spark::Spark};
use serde::{Deserialize, Serialize};

use crate::task_limits::TaskLimits;

pub(crate) use fleet::{Fleet, ForecastInput};

/// A model that can be evaluated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelName {
    /// Autocorrelated residuals and a population prior learned from the fleet.
    Gridspark,
    /// The predecessor's model with exact inference.
    Spark,
    /// Last year's value of the same week plus the empirical distribution of such differences.
    SeasonalNaive,
}

/// The text is not the name of a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a model: expected one of {}", ModelName::ALL.map(ModelName::as_str).join(", "))]
pub struct ParseModelNameError {
    /// The given text.
    pub text: String,
}

impl ModelName {
    /// All models, the default one first.
    pub const ALL: [Self; 3] = [Self::Gridspark, Self::Spark, Self::SeasonalNaive];

    /// The name in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gridspark => Gridspark::MODEL_NAME,
            Self::Spark => Spark::MODEL_NAME,
            Self::SeasonalNaive => "seasonal-naive",
        }
    }

    /// The version, which changes whenever forecasts of the same series change.
    #[must_use]
    pub const fn version(self) -> u32 {
        match self {
            Self::Gridspark => Gridspark::VERSION,
            Self::Spark => Spark::VERSION,
            Self::SeasonalNaive => 1,
        }
    }
}

impl From<model::ModelName> for ModelName {
    fn from(name: model::ModelName) -> Self {
        match name {
            model::ModelName::Gridspark => Self::Gridspark,
            model::ModelName::Spark => Self::Spark,
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

    fn from_str(text: &str) -> Result<Self, ParseModelNameError> {
        Self::ALL
            .into_iter()
            .find(|model| model.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ParseModelNameError { text: text.to_owned() })
    }
}

/// A model's prediction for the observed weeks of a hold-out.
#[derive(Clone, PartialEq, Debug)]
pub struct Prediction {
    /// The five quantiles of each week in kW, in the order of [`model::Quantile::ALL`].
    pub quantiles_kw: Vec<[f64; 5]>,
    /// The overload probabilities, if a limit is known.
    pub overload: Option<OverloadPrediction>,
    /// The probability that any week up to the end of the hold-out exceeds the limit of the
    /// extreme's own direction, for each such limit; empty for a model without a joint distribution
    /// over weeks.
    pub one_way: Vec<f64>,
}

/// A model's overload probabilities.
#[derive(Clone, PartialEq, Debug)]
pub struct OverloadPrediction {
    /// The probability of each observed week of the hold-out.
    pub weekly: Vec<f64>,
    /// The probability of an overload in any week up to the end of the hold-out; None for a model
    /// without a joint distribution over weeks.
    pub any_week: Option<f64>,
}

/// Why a model can't forecast a series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// The fit failed.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// A quantile or probability is not finite: a numerical step failed.
    #[error("the forecast of {week} is not finite")]
    NotFinite {
        /// The first such week.
        week: model::IsoWeek,
    },
    /// The forecast does not cover a week of the hold-out.
    #[error("the forecast does not reach {week}")]
    OutOfReach {
        /// The first such week.
        week: model::IsoWeek,
    },
}

/// Forecasts the hold-out of a window from its training weeks and the populations of the fleet.
///
/// # Errors
/// [`ForecastError`] if the fit fails or the forecast is not finite.
pub(crate) fn predict(
    model: ModelName,
    fleet: &Fleet,
    input: &ForecastInput<'_>,
    limits: &TaskLimits,
) -> Result<Prediction, ForecastError> {
    let window = input.window;
    let both = limits.both.as_ref();
    let prediction = match model {
        ModelName::Gridspark => {
            let gridspark = fleet.gridspark(input.index, input.extreme, window.forecast_weeks());
            let posterior = match input.weeks {
                Some(weeks) => gridspark.fit(&switchings::without_switchings(window, weeks))?,
                None => gridspark.fit(window.seen())?,
            };
            posterior::prediction(&posterior.forecast(), limits, window, |limits| posterior.overload(limits))?
        }
        ModelName::Spark => {
            // The predecessor scales time over 27 future weeks; a stale series needs more.
            let spark = Spark { horizon_weeks: window.forecast_weeks().max(Spark::default().horizon_weeks) };
            let posterior = spark.fit(window.seen())?;
            posterior::prediction(&posterior.forecast(), limits, window, |limits| posterior.overload(limits))?
        }
        ModelName::SeasonalNaive => seasonal_naive::predict(window, both),
    };
    let sound = |index: usize| {
        prediction.quantiles_kw[index].iter().all(|kw| kw.is_finite())
            && prediction.overload.as_ref().is_none_or(|overload| overload.weekly[index].is_finite())
            && prediction.one_way.iter().all(|probability| probability.is_finite())
    };
    match window.hold_out.iter().enumerate().find(|(index, _)| !sound(*index)) {
        Some((_, &(week, _))) => Err(ForecastError::NotFinite { week }),
        None => Ok(prediction),
    }
}
