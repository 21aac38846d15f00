//! Who forecasts: one name for each model, one shape for what they say.

mod fleet;
mod posterior;
mod seasonal_naive;
mod switchings;

use std::fmt;
use std::str::FromStr;

use model::{FitError, Gridspark, Spark};
use serde::{Deserialize, Serialize};

use crate::task_limits::TaskLimits;

pub(crate) use fleet::{Fleet, Student};

/// A model that can be judged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelName {
    /// Residuals with a memory, and what the fleet has in common.
    Gridspark,
    /// The predecessor's model, solved exactly.
    Spark,
    /// Last year's value of the same week, and the spread of such differences in the past.
    SeasonalNaive,
}

/// A text that names no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a model: expected one of {}", ModelName::ALL.map(ModelName::as_str).join(", "))]
pub struct ParseModelNameError {
    /// The text as it was given.
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

    /// Changes when the same series would get another answer.
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

/// What a model says of the observed weeks of a hold-out.
#[derive(Clone, PartialEq, Debug)]
pub struct Prediction {
    /// The five quantiles of each of them in kW, in the order of [`model::Quantile::ALL`].
    pub quantiles_kw: Vec<[f64; 5]>,
    /// The overload probabilities, where a limit is known.
    pub overload: Option<OverloadPrediction>,
    /// The probability that any week up to the end of the hold-out leaves the limit of the extreme's own direction, for
    /// each such limit; nothing from a model that knows no dependence.
    pub one_way: Vec<f64>,
}

/// What a model says of overloads.
#[derive(Clone, PartialEq, Debug)]
pub struct OverloadPrediction {
    /// The probability of each observed week of the hold-out.
    pub weekly: Vec<f64>,
    /// The probability of any week up to the end of the hold-out; nothing from a model that knows no dependence.
    pub any_week: Option<f64>,
}

/// Why a model says nothing of a series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// It could not be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// A quantile or probability is not finite: a numerical step failed.
    #[error("the forecast of {week} is not finite")]
    NotFinite {
        /// The first such week.
        week: model::IsoWeek,
    },
    /// A week of the hold-out is not among the forecast's.
    #[error("the forecast does not reach {week}")]
    OutOfReach {
        /// The first such week.
        week: model::IsoWeek,
    },
}

/// Forecasts the hold-out of a window from what may be seen of it, and from what was learned of the fleet.
///
/// # Errors
/// [`ForecastError`] if the model can't be fitted or says something that is no number.
pub(crate) fn predict(
    model: ModelName,
    fleet: &Fleet,
    student: &Student<'_>,
    limits: &TaskLimits,
) -> Result<Prediction, ForecastError> {
    let window = student.window;
    let both = limits.both.as_ref();
    let prediction = match model {
        ModelName::Gridspark => {
            let gridspark = fleet.gridspark(student.place, student.extreme, window.reach_weeks());
            let posterior = match student.weeks {
                Some(weeks) => gridspark.fit(&switchings::without_switchings(window, weeks))?,
                None => gridspark.fit(window.seen())?,
            };
            posterior::prediction(&posterior.forecast(), limits, window, |limits| posterior.overload(limits))?
        }
        ModelName::Spark => {
            // The predecessor's time scale counts 27 future weeks; a stale series must reach further.
            let spark = Spark { horizon_weeks: window.reach_weeks().max(Spark::default().horizon_weeks) };
            let posterior = spark.fit(window.seen())?;
            posterior::prediction(&posterior.forecast(), limits, window, |limits| posterior.overload(limits))?
        }
        ModelName::SeasonalNaive => seasonal_naive::predict(window, both),
    };
    let sound = |place: usize| {
        prediction.quantiles_kw[place].iter().all(|kw| kw.is_finite())
            && prediction.overload.as_ref().is_none_or(|overload| overload.weekly[place].is_finite())
            && prediction.one_way.iter().all(|probability| probability.is_finite())
    };
    match window.hold_out.iter().enumerate().find(|(place, _)| !sound(*place)) {
        Some((_, &(week, _))) => Err(ForecastError::NotFinite { week }),
        None => Ok(prediction),
    }
}
