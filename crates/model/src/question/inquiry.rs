//! Questions to the model, and how they are answered.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Answer, ExtraLoad, Threshold, added_kw};
use crate::{
    AssessedExtreme, Assessment, AssessmentError, Capacity, Extreme, FitError, Forecast, IsoWeek, Limits,
    LimitsError, Observation, Overload, PowerFactor, Risk, Series, assess,
    gridspark::{AddedLoadError, Gridspark, GridsparkPosterior},
};

/// What if? A question with nothing in it asks for the forecast as it is.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Weeks that are left out of both series, as if they had not been observed.
    pub masked_weeks: BTreeSet<IsoWeek>,
    /// Loads that come on top of the forecast.
    pub extra_loads: Vec<ExtraLoad>,
    /// Another transformer.
    pub capacity: Option<Capacity>,
    /// Another threshold for import.
    pub import_threshold: Option<Threshold>,
    /// Another threshold for feed-in.
    pub feed_in_threshold: Option<Threshold>,
}

/// The transformer as it is.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Transformer {
    /// Its capacity.
    pub capacity: Capacity,
    /// Active over apparent power.
    pub power_factor: PowerFactor,
    /// From which share of the capacity on import is an overload.
    pub import_threshold: Threshold,
    /// From which share of the capacity on feed-in is one.
    pub feed_in_threshold: Threshold,
    /// The risk that its headroom and its verdict are stated at.
    #[serde(default)]
    pub risk: Risk,
}

/// The models of the two extremes, each with its population.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Models {
    /// Of the weekly minimum.
    pub minimum: Gridspark,
    /// Of the weekly maximum.
    pub maximum: Gridspark,
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// A series can't be fitted, perhaps because too many weeks were left out.
    #[error("the weekly {extreme} has no fit: {source}")]
    Fit {
        /// Which series.
        extreme: Extreme,
        /// Why.
        source: FitError,
    },
    /// Capacity and thresholds make no limits.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// The extra loads can't be added.
    #[error(transparent)]
    AddedLoad(#[from] AddedLoadError),
    /// The two extremes can't be assessed together.
    #[error(transparent)]
    Assessment(#[from] AssessmentError),
}

/// A transformer with its two series, fitted once and ready for questions.
#[derive(Clone, PartialEq, Debug)]
pub struct Inquiry {
    minimum: Side,
    maximum: Side,
    transformer: Transformer,
    limits: Limits,
    /// Loads that every answer counts on, with a question or without.
    standing_loads: Vec<ExtraLoad>,
    unasked: Assessment,
}

/// One extreme, fitted.
#[derive(Clone, PartialEq, Debug)]
struct Side {
    extreme: Extreme,
    series: Series,
    model: Gridspark,
    posterior: GridsparkPosterior,
    forecast: Forecast,
}

impl Side {
    fn new(extreme: Extreme, series: Series, model: Gridspark) -> Result<Self, QuestionError> {
        let posterior = model.fit(&series).map_err(|source| QuestionError::Fit { extreme, source })?;
        let forecast = posterior.forecast();
        Ok(Self { extreme, series, model, posterior, forecast })
    }

    /// Without some weeks; nothing if none of them has a value.
    fn without(&self, masked: &BTreeSet<IsoWeek>) -> Result<Option<Self>, QuestionError> {
        let is_masked = |row: &Observation| row.value_kw.is_some() && masked.contains(&row.week);
        if !self.series.rows().iter().any(is_masked) {
            return Ok(None);
        }
        let left = |row: &Observation| Observation {
            value_kw: row.value_kw.filter(|_| !masked.contains(&row.week)),
            ..*row
        };
        let Ok(series) = Series::new(self.series.rows().iter().map(left).collect()) else {
            return Ok(None); // rows without values are always sound, so this is never reached
        };
        let mut masked = Self::new(self.extreme, series, self.model.clone())?;
        // What was observed is shown all the same.
        masked.forecast.observed_kw.clone_from(&self.forecast.observed_kw);
        Ok(Some(masked))
    }

    /// What loads add to each future week, kW; empty for none.
    fn added_kw(&self, loads: &[ExtraLoad]) -> Vec<f64> {
        match loads {
            [] => Vec::new(),
            loads => added_kw(loads, self.posterior.future_weeks(), self.extreme),
        }
    }

    /// With loads added to the future weeks; none: empty.
    fn answer(&self, limits: &Limits, added_kw: &[f64], risk: Risk) -> Result<Answered, AddedLoadError> {
        let limits = &limits.in_direction(self.extreme);
        let overload = match added_kw {
            [] => self.posterior.overload(limits),
            added_kw => self.posterior.overload_with(limits, added_kw)?,
        };
        let forecast = self.forecast.clone().with_added(added_kw);
        let found = (&forecast, &overload);
        let shortfall_kw = self.posterior.shortfall_kw(limits, risk, found, added_kw);
        let at_risk_kw = self.posterior.extreme_at_risk_kw(self.extreme, risk, &forecast, added_kw);
        Ok(Answered { forecast, overload, shortfall_kw, at_risk_kw })
    }
}

/// One extreme under a question's assumptions.
struct Answered {
    forecast: Forecast,
    overload: Overload,
    shortfall_kw: Option<f64>,
    at_risk_kw: Option<f64>,
}

impl Answered {
    fn assessed(&self) -> AssessedExtreme<'_> {
        let Self { forecast, overload, shortfall_kw, at_risk_kw } = self;
        AssessedExtreme { forecast, overload, shortfall_kw: *shortfall_kw, at_risk_kw: *at_risk_kw }
    }
}

impl Transformer {
    /// As a question has it.
    fn asked(&self, question: &Question) -> Self {
        Self {
            capacity: question.capacity.unwrap_or(self.capacity),
            power_factor: self.power_factor,
            import_threshold: question.import_threshold.unwrap_or(self.import_threshold),
            feed_in_threshold: question.feed_in_threshold.unwrap_or(self.feed_in_threshold),
            risk: self.risk,
        }
    }

    fn assess(
        &self,
        minimum: &Answered,
        maximum: &Answered,
        limits: &Limits,
    ) -> Result<Assessment, AssessmentError> {
        let (minimum, maximum) = (minimum.assessed(), maximum.assessed());
        assess(minimum, maximum, limits, self.capacity, self.power_factor, self.risk)
    }

    fn limits(&self) -> Result<Limits, LimitsError> {
        let (import, feed_in) = (self.import_threshold.fraction(), self.feed_in_threshold.fraction());
        Limits::of(self.capacity, self.power_factor, import, feed_in)
    }
}

impl Inquiry {
    /// Fits both series.
    ///
    /// # Errors
    /// [`QuestionError`] if one of them has no fit, or the two can't be assessed together.
    pub fn new(
        minimum: Series,
        maximum: Series,
        models: Models,
        transformer: Transformer,
    ) -> Result<Self, QuestionError> {
        let minimum = Side::new(Extreme::Min, minimum, models.minimum)?;
        let maximum = Side::new(Extreme::Max, maximum, models.maximum)?;
        let limits = transformer.limits()?;
        let (of_minimum, of_maximum) = (
            minimum.answer(&limits, &[], transformer.risk)?,
            maximum.answer(&limits, &[], transformer.risk)?,
        );
        let unasked = transformer.assess(&of_minimum, &of_maximum, &limits)?;
        Ok(Self { minimum, maximum, transformer, limits, standing_loads: Vec::new(), unasked })
    }

    /// With loads that every answer counts on, as they are sure to come.
    ///
    /// # Errors
    /// [`QuestionError`] if they leave double precision.
    pub fn with_standing_loads(self, standing_loads: Vec<ExtraLoad>) -> Result<Self, QuestionError> {
        let Self { minimum, maximum, transformer, limits, .. } = &self;
        let answer = |side: &Side| side.answer(limits, &side.added_kw(&standing_loads), transformer.risk);
        let unasked = transformer.assess(&answer(minimum)?, &answer(maximum)?, limits)?;
        Ok(Self { standing_loads, unasked, ..self })
    }

    /// The transformer without any question.
    #[must_use]
    pub const fn unasked(&self) -> &Assessment {
        &self.unasked
    }

    /// The limits of the transformer as it is.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// The forecast of one extreme without any question.
    #[must_use]
    pub fn forecast(&self, extreme: Extreme) -> Forecast {
        let side = match extreme {
            Extreme::Min => &self.minimum,
            Extreme::Max => &self.maximum,
        };
        side.forecast.clone().with_added(&side.added_kw(&self.standing_loads))
    }

    /// Answers a question. Both series are fitted again if weeks are left out of them, and only then.
    ///
    /// # Errors
    /// [`QuestionError`] if too few weeks are left, or the question's numbers together leave double
    /// precision.
    pub fn ask(&self, question: &Question) -> Result<Answer, QuestionError> {
        let transformer = self.transformer.asked(question);
        let limits = transformer.limits()?;
        let (without_minimum, without_maximum) =
            (self.minimum.without(&question.masked_weeks)?, self.maximum.without(&question.masked_weeks)?);
        let minimum = without_minimum.as_ref().unwrap_or(&self.minimum);
        let maximum = without_maximum.as_ref().unwrap_or(&self.maximum);
        let loads = [&self.standing_loads[..], &question.extra_loads].concat();
        let (added_to_minimum_kw, added_to_maximum_kw) = (minimum.added_kw(&loads), maximum.added_kw(&loads));
        let minimum = minimum.answer(&limits, &added_to_minimum_kw, transformer.risk)?;
        let maximum = maximum.answer(&limits, &added_to_maximum_kw, transformer.risk)?;
        let assessment = transformer.assess(&minimum, &maximum, &limits)?;
        let Answered { forecast: minimum, overload: minimum_overload, .. } = minimum;
        let Answered { forecast: maximum, overload: maximum_overload, .. } = maximum;
        Ok(Answer {
            minimum,
            maximum,
            minimum_overload,
            maximum_overload,
            assessment,
            unasked: self.unasked.clone(),
            limits,
            added_to_minimum_kw,
            added_to_maximum_kw,
            not_found: self.not_found(&question.masked_weeks),
        })
    }

    /// Weeks without a value in either series.
    fn not_found(&self, weeks: &BTreeSet<IsoWeek>) -> Vec<IsoWeek> {
        let sides = [&self.minimum, &self.maximum];
        let observed: BTreeSet<IsoWeek> = sides
            .iter()
            .flat_map(|side| side.series.rows())
            .filter(|row| row.value_kw.is_some())
            .map(|row| row.week)
            .collect();
        weeks.difference(&observed).copied().collect()
    }
}

/// One question about one transformer, in one call; several are answered faster by an [`Inquiry`].
///
/// # Errors
/// [`QuestionError`], see [`Inquiry::new`] and [`Inquiry::ask`].
pub fn ask(
    minimum: &Series,
    maximum: &Series,
    models: &Models,
    transformer: &Transformer,
    question: &Question,
) -> Result<Answer, QuestionError> {
    Inquiry::new(minimum.clone(), maximum.clone(), models.clone(), *transformer)?.ask(question)
}
