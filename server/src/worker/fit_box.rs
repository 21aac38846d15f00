//! One box from its weeks to its result: checks, both fits, probabilities, assessment. No I/O.

use app::api::Urgency;
use model::{
    Assessment, Capacity, Cleaned, Extreme, Flag, Forecast, IsoWeek, Observation, Overload, Posterior,
    Series, WeekExtremes, assess, clean,
};
use readings::Calendar;
use serde::Serialize;

use super::FitSettings;
use crate::store::{BoxResult, ExtremeResult, StoreError};

/// Why a box could not be fitted although its data passed the checks.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FitBoxError {
    /// The model refuses the series.
    #[error("the weekly {extreme} cannot be fitted: {source}")]
    Fit {
        /// Which extreme.
        extreme: Extreme,
        /// The cause.
        source: model::FitError,
    },
    /// The weeks are not a series.
    #[error(transparent)]
    Series(#[from] model::SeriesError),
    /// Both extremes don't go together.
    #[error(transparent)]
    Assessment(#[from] model::AssessmentError),
    /// The limits can't be.
    #[error(transparent)]
    Configuration(#[from] crate::configuration::ConfigurationError),
    /// The result can't be encoded.
    #[error(transparent)]
    Encoding(#[from] StoreError),
}

/// What is kept of a posterior besides its bands.
#[derive(Serialize)]
struct PosteriorSummary<'a> {
    sigma: model::SigmaSummary,
    log_marginal_likelihood: Option<f64>,
    coefficients: &'a [model::Coefficient],
}

/// A box as the worker finds it.
#[derive(Debug, Clone, Copy)]
pub struct BoxInput<'a> {
    /// Its complete weeks.
    pub weeks: &'a [WeekExtremes],
    /// Nominal capacity in kVA, if known.
    pub capacity_kva: Option<f64>,
    /// Whether station and box are in service.
    pub in_service: bool,
    /// The first week that isn't complete, over the whole source.
    pub running_week: Option<IsoWeek>,
}

/// A box that has sent nothing for more complete weeks than this is silent.
const SILENT_AFTER_WEEKS: i32 = 4;

struct Fitted {
    forecast: Forecast,
    overload: Overload,
    stored: ExtremeResult,
}

/// Checks and fits one box. Without a forecast the flags of the result say why.
///
/// # Errors
/// [`FitBoxError`] where the data pass the checks and a numerical step fails all the same.
pub fn fit_box(
    input: &BoxInput<'_>,
    settings: &FitSettings,
    calendar: &Calendar,
) -> Result<BoxResult, FitBoxError> {
    let capacity = input.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
    let filled: Vec<WeekExtremes> =
        input.weeks.iter().copied().filter(|week| is_filled(week, settings, calendar)).collect();
    let cleaned = clean(&filled, capacity, &settings.configuration.checks());
    let mut flags = cleaned.flags.clone();
    if filled.len() < input.weeks.len() {
        flags.push(Flag::SparseWeeks);
    }
    if let (Some(last), Some(running)) = (input.weeks.last(), input.running_week)
        && running - last.week - 1 > SILENT_AFTER_WEEKS
    {
        flags.push(Flag::Silent);
    }
    if !input.in_service {
        flags.push(Flag::NotInService);
    }
    let blocked = flags.iter().any(|flag| flag.blocks_forecast());
    let Some(capacity) = capacity.filter(|_| !blocked) else {
        return Ok(BoxResult {
            idle_weeks: cleaned.idle_weeks_removed,
            flags,
            extremes: Vec::new(),
            assessment: None,
            urgency: Urgency::NoForecast,
        });
    };
    let minimum = fit_extreme(&cleaned, Extreme::Min, capacity, settings, &mut flags)?;
    let maximum = fit_extreme(&cleaned, Extreme::Max, capacity, settings, &mut flags)?;
    let assessment = assess(
        &minimum.forecast,
        &minimum.overload,
        &maximum.forecast,
        &maximum.overload,
        &settings.configuration.limits(capacity)?,
        capacity,
        settings.configuration.checked_power_factor()?,
    )?;
    Ok(BoxResult {
        idle_weeks: cleaned.idle_weeks_removed,
        urgency: urgency_of(&assessment, settings.configuration.near_threshold),
        flags,
        extremes: vec![minimum.stored, maximum.stored],
        assessment: Some(assessment),
    })
}

/// Whether a week has enough of its readings to show its extremes.
fn is_filled(week: &WeekExtremes, settings: &FitSettings, calendar: &Calendar) -> bool {
    let expected = calendar.quarters_in(week.week).unwrap_or(672);
    f64::from(week.readings) >= settings.configuration.minimum_completeness * f64::from(expected)
}

/// The series over every week from the first to the last: a gap is a row without a value, so that the bands
/// run on through it while nothing is imputed.
fn series_with_gaps(cleaned: &Cleaned, extreme: Extreme) -> Result<Series, model::SeriesError> {
    let mut rows: Vec<Observation> = Vec::with_capacity(cleaned.kept.len());
    for week in &cleaned.kept {
        while let Some(next) = rows.last().map(|row| row.week.plus(1)).filter(|next| *next < week.week) {
            rows.push(Observation { week: next, value_kw: None });
        }
        rows.push(Observation { week: week.week, value_kw: Some(week.get(extreme)) });
    }
    Series::new(rows)
}

fn fit_extreme(
    cleaned: &Cleaned,
    extreme: Extreme,
    capacity: Capacity,
    settings: &FitSettings,
    flags: &mut Vec<Flag>,
) -> Result<Fitted, FitBoxError> {
    let series = series_with_gaps(cleaned, extreme)?;
    let posterior: Posterior =
        settings.spark.fit(&series).map_err(|source| FitBoxError::Fit { extreme, source })?;
    if posterior.is_degenerate() && !flags.contains(&Flag::Degenerate) {
        flags.push(Flag::Degenerate);
    }
    let forecast = posterior.forecast();
    let overload = posterior.overload(&settings.configuration.limits(capacity)?);
    let summary = PosteriorSummary {
        sigma: posterior.sigma(),
        log_marginal_likelihood: posterior.log_marginal_likelihood(),
        coefficients: posterior.coefficients(),
    };
    let stored = ExtremeResult::new(extreme, &forecast, &summary, Some(&overload))?;
    Ok(Fitted { forecast, overload, stored })
}

fn urgency_of(assessment: &Assessment, near_threshold: f64) -> Urgency {
    if assessment.overload_week.is_some() {
        Urgency::Overload
    } else if assessment.peak_loading.fraction() >= near_threshold {
        Urgency::Near
    } else {
        Urgency::Ample
    }
}

#[cfg(test)]
mod tests;
