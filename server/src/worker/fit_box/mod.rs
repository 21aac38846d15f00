//! One box from its weeks to its result: checks, both fits, probabilities, assessment. No I/O.

mod inquiry_basis;

use std::collections::HashSet;

use domain::box_detail::{ForecastBasis, GrowthBasis, WeekDecision};
use domain::calendar::Calendar;
use domain::implausible::ImplausibleReadings;
use domain::plan::WeeksAtRating;
use domain::ranking::WeeksAhead;
use domain::urgency::Urgency;
use domain::week_span::WeekSpan;
use model::{
    AssessedExtreme, Capacity, Cleaned, Exceedance, Extreme, FaultKind, Fit, Flag, Forecast, IsoWeek, Model,
    ModelName, Overload, Series, SeriesError, WeekExtremes, assess, clean, expected_weeks_above,
    gridspark::{AddedLoadError, Basis, GridsparkPosterior},
    is_wrong_unit, needed_kva,
    question::ExtraLoad,
    switching::{Findings, Switching, SwitchingKind, SwitchingSettings, find_switchings},
};
use store::{BoxResult, ExtremeResult, PosteriorSummary, StoreError};

pub use self::inquiry_basis::inquiry_basis;
use super::FitSettings;
use super::history::{left_out, series_with_gaps};
use crate::configuration::Configuration;

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
    /// The two extremes are inconsistent.
    #[error(transparent)]
    Assessment(#[from] model::AssessmentError),
    /// Loads can't be added to the forecast.
    #[error(transparent)]
    AddedLoad(#[from] AddedLoadError),
    /// The limits are invalid.
    #[error(transparent)]
    Limits(#[from] model::LimitsError),
    /// The result can't be encoded.
    #[error(transparent)]
    Encoding(#[from] StoreError),
}

/// What the fit is based on; `None` for the source system's model.
fn forecast_basis_of(fit: &Fit) -> Option<ForecastBasis> {
    let Fit::Gridspark(posterior) = fit else { return None };
    let training = posterior.training();
    let (autocorrelated_share, autocorrelation) = posterior.autocorrelation();
    Some(ForecastBasis {
        basis: posterior.basis(),
        training_first: training.map(|(first, ..)| first),
        training_last: training.map(|(_, last, _)| last),
        training_weeks: training.map_or(0, |(.., weeks)| weeks),
        outliers: posterior.outliers().to_vec(),
        autocorrelated_share,
        autocorrelation,
        growth: growth_of(posterior),
    })
}

/// Below this share of the forecast, or this growth in kW a year, growth is not worth mentioning.
const MIN_GROWTH_SHARE: f64 = 0.05;
const MIN_GROWTH_KW: f64 = 1.0;

/// The growth at the future week where it is largest, if it is worth mentioning.
fn growth_of(posterior: &GridsparkPosterior) -> Option<GrowthBasis> {
    let share = posterior.growth_share();
    if share < MIN_GROWTH_SHARE {
        return None;
    }
    let growth = posterior.future_growth_kw_a_year();
    let (week, kw_a_year) = growth.into_iter().max_by(|(_, a), (_, b)| a.abs().total_cmp(&b.abs()))?;
    (kw_a_year.abs() >= MIN_GROWTH_KW).then_some(GrowthBasis { share, kw_a_year, week })
}

/// The input of a fit.
#[derive(Debug, Clone, Copy)]
pub struct BoxInput<'a> {
    /// Its complete weeks.
    pub weeks: &'a [WeekExtremes],
    /// Nominal capacity in kVA, if known.
    pub capacity_kva: Option<f64>,
    /// Whether station and box are in service.
    pub in_service: bool,
    /// Its readings that were not counted, as they lie beyond five times the capacity.
    pub implausible: Option<ImplausibleReadings>,
    /// The planners' decisions on its weeks.
    pub decisions: &'a [WeekDecision],
    /// The loads of accepted proposals, which come on top of the forecast.
    pub accepted_loads: &'a [ExtraLoad],
    /// The first incomplete week, over all boxes.
    pub running_week: Option<IsoWeek>,
}

/// A box without readings for more complete weeks than this is silent.
const SILENT_AFTER_WEEKS: i32 = 4;
/// Weeks of silence that a forecast bridges; a box with older readings is as one that is not measured.
const MAX_BRIDGE_WEEKS: i32 = 52;

/// The history that both extremes are fitted to.
struct History<'a> {
    cleaned: &'a Cleaned,
    left_out: Vec<WeekSpan>,
    /// Weeks that count in full because a planner says so.
    trusted: Vec<IsoWeek>,
    /// The last week before the forecast's first, where the readings end earlier.
    until: Option<IsoWeek>,
}

impl<'a> History<'a> {
    fn of(input: &BoxInput<'_>, cleaned: &'a Cleaned, findings: &Findings, settings: &FitSettings) -> Self {
        Self {
            cleaned,
            left_out: left_out(&switched_weeks(findings, settings), input.decisions),
            trusted: trusted_weeks(input.decisions),
            until: input.running_week.map(|week| week.plus(-1)),
        }
    }

    /// The series of one extreme; `None` without a week.
    fn series(&self, extreme: Extreme) -> Result<Option<Series>, SeriesError> {
        let counts = |week, of| self.cleaned.counts(week, of);
        match series_with_gaps(&self.cleaned.kept, extreme, &self.left_out, self.until, counts) {
            Ok(series) => Ok(Some(series)),
            Err(SeriesError::Empty) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

struct Fitted {
    fit: Fit,
    /// What accepted proposals add to each future week, kW.
    added_kw: Vec<f64>,
    forecast: Forecast,
    overload: Overload,
    shortfall_kw: Option<f64>,
    at_risk_kw: Option<f64>,
    stored: ExtremeResult,
}

impl Fitted {
    fn assessed(&self) -> AssessedExtreme<'_> {
        let Self { forecast, overload, shortfall_kw, at_risk_kw, .. } = self;
        AssessedExtreme { forecast, overload, shortfall_kw: *shortfall_kw, at_risk_kw: *at_risk_kw }
    }

    /// The fit with what is added to it.
    fn with_added(&self) -> (&Fit, &[f64]) {
        (&self.fit, &self.added_kw)
    }
}

/// Checks and fits one box. Without a forecast the flags of the result say why.
///
/// # Errors
/// [`FitBoxError`] if the data pass the checks but a numerical step fails.
pub fn fit_box(
    input: &BoxInput<'_>,
    settings: &FitSettings,
    calendar: &Calendar,
) -> Result<BoxResult, FitBoxError> {
    let forecasting = &settings.configuration.forecast;
    let capacity = input.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
    let is_filled = |week: &WeekExtremes| forecasting.is_filled(week, calendar);
    let cleaned = clean(input.weeks, is_filled, capacity, &forecasting.checks);
    let mut flags = cleaned.flags.clone();
    let told = input.implausible.map(|implausible| flag_of(&implausible, &cleaned, capacity));
    flags.extend(told.filter(|flag| !cleaned.flags.contains(flag)));
    let silence = match (input.weeks.last(), input.running_week) {
        (Some(last), Some(running)) => running - last.week - 1,
        _ => 0,
    };
    if silence > SILENT_AFTER_WEEKS {
        flags.push(Flag::Silent);
    }
    // Beyond the bridge a forecast would begin in the past.
    let is_outdated = silence > MAX_BRIDGE_WEEKS;
    if is_outdated {
        flags.push(Flag::Outdated);
    }
    if !input.in_service {
        flags.push(Flag::NotInService);
    }
    let is_measured = cleaned.has_filled_weeks() && !is_outdated;
    if !is_measured {
        // Nothing is said of a load that nobody knows.
        flags.retain(|flag| !matches!(flag, Flag::TooShort | Flag::TooSmall));
    }
    let exceedance = capacity.filter(|_| input.in_service).map_or(Ok(None), |capacity| {
        let limits = forecasting.limits(capacity)?;
        let until = input.running_week.map(|week| week.plus(-1));
        let until = until.or_else(|| input.weeks.last().map(|week| week.week));
        let counts =
            |week, extreme| cleaned.counts(week, extreme) && !is_left_out_by_planner(week, input.decisions);
        let of = (capacity, forecasting.power_factor);
        Ok::<_, FitBoxError>(until.and_then(|until| {
            let windows = [Exceedance::WINDOW_WEEKS, Exceedance::YEAR_WEEKS];
            windows
                .into_iter()
                .find_map(|weeks| Exceedance::of(input.weeks, (until, weeks), &limits, of, counts))
        }))
    })?;
    let findings = find_switchings(&cleaned.sound(), &SwitchingSettings::default());
    if !findings.switchings.is_empty() {
        flags.push(Flag::Switching);
    }
    let without_forecast = |flags: Vec<Flag>, findings: Findings| BoxResult {
        idle_weeks: cleaned.idle_weeks_removed,
        flags,
        extremes: Vec::new(),
        assessment: None,
        weeks_ahead: None,
        exceedance,
        urgency: match exceedance {
            Some(found) if found.is_recent() => Urgency::Exceeded,
            _ if !is_measured => Urgency::Unmeasured,
            _ => Urgency::NoForecast,
        },
        findings,
        needed_kva: None,
        weeks_at_ratings: Vec::new(),
        rated_with: settings.ratings(),
    };
    // A box that only idled, or of which little is to be believed, has nothing of its own either.
    let blocked = !is_measured
        || !is_mostly_believed(&cleaned)
        || flags.iter().any(|flag| flag.blocks_forecast(settings.model_name()));
    let Some(capacity) = capacity.filter(|_| !blocked) else { return Ok(without_forecast(flags, findings)) };

    let history = History::of(input, &cleaned, &findings, settings);
    let loads = input.accepted_loads;
    let mut fit = |extreme| fit_extreme(&history, (extreme, loads), capacity, settings, &mut flags);
    let (Some(minimum), Some(maximum)) = (fit(Extreme::Min)?, fit(Extreme::Max)?) else {
        return Ok(without_forecast(flags, findings));
    };
    let limits = forecasting.limits(capacity)?;
    let assessment = assess(
        minimum.assessed(),
        maximum.assessed(),
        &limits,
        capacity,
        forecasting.power_factor,
        forecasting.risk,
    )?;
    let needed_kva = assessment.ranked.as_ref().and_then(|ranked| {
        let (of_minimum, of_maximum) = (minimum.with_added(), maximum.with_added());
        needed_kva(of_minimum, of_maximum, (capacity, &limits), ranked)
    });
    let weeks_at_ratings = match needed_kva {
        Some(_) => weeks_at_ratings([&minimum, &maximum], capacity, settings)?,
        None => Vec::new(),
    };
    let peak = match assessment.peak_extreme {
        Extreme::Min => &minimum.forecast,
        Extreme::Max => &maximum.forecast,
    };
    Ok(BoxResult {
        weeks_ahead: WeeksAhead::of(peak, assessment.peak_extreme, &limits),
        idle_weeks: cleaned.idle_weeks_removed,
        urgency: match (exceedance, forecasting.classes.class(assessment.overload_probability)) {
            (Some(found), _) if found.is_recent() => Urgency::Exceeded,
            // No room is ample where the limit was passed within a year.
            (Some(_), Urgency::Ample) => Urgency::Near,
            (_, class) => class,
        },
        exceedance,
        flags,
        extremes: vec![minimum.stored, maximum.stored],
        assessment: Some(assessment),
        findings,
        needed_kva,
        weeks_at_ratings,
        rated_with: settings.ratings(),
    })
}

/// The expected weeks above the limit at each rating above the present one.
fn weeks_at_ratings(
    [minimum, maximum]: [&Fitted; 2],
    capacity: Capacity,
    settings: &FitSettings,
) -> Result<Vec<WeeksAtRating>, FitBoxError> {
    let Configuration { ratings, forecast, .. } = &settings.configuration;
    let at = |capacity| {
        let limits = forecast.limits(capacity)?;
        let expected_weeks = expected_weeks_above(minimum.with_added(), maximum.with_added(), &limits);
        Ok(WeeksAtRating { capacity, expected_weeks })
    };
    ratings.above(capacity).map(at).collect()
}

/// Whether most weeks have an extreme that a transformer can have had: else the capacity or the meter is wrong, and what
/// is left is no history.
fn is_mostly_believed(cleaned: &Cleaned) -> bool {
    let impossible: HashSet<(IsoWeek, Extreme)> = cleaned
        .set_aside
        .iter()
        .filter(|fault| fault.kind != FaultKind::FrozenMeter)
        .map(|fault| (fault.week, fault.extreme))
        .collect();
    let may_be =
        |week: &&WeekExtremes| Extreme::ALL.into_iter().any(|of| !impossible.contains(&(week.week, of)));
    let has_any =
        Extreme::ALL.into_iter().any(|of| cleaned.kept.iter().any(|week| cleaned.counts(week.week, of)));
    has_any && 2 * cleaned.kept.iter().filter(may_be).count() > cleaned.kept.len()
}

/// What readings that did not enter the weeks were: in a wrong unit where all of their weeks are missing, a thousandth of
/// them is like the rest, and they are not all the same; else error values.
fn flag_of(implausible: &ImplausibleReadings, cleaned: &Cleaned, capacity: Option<Capacity>) -> Flag {
    let is_missing =
        |week: &WeekExtremes| !(implausible.first_week..=implausible.last_week).contains(&week.week);
    let all_missing = cleaned.kept.iter().all(is_missing);
    let is_one_value = implausible.min_kw == implausible.max_kw;
    match all_missing
        && !is_one_value
        && is_wrong_unit(implausible.magnitude_kw(), &cleaned.sound(), capacity)
    {
        true => Flag::WrongUnit,
        false => Flag::ErrorValues,
    }
}

/// Whether a planner has judged that a week says nothing of the transformer.
fn is_left_out_by_planner(week: IsoWeek, decisions: &[WeekDecision]) -> bool {
    decisions
        .iter()
        .any(|decision| decision.left_out && (decision.first_week..=decision.last_week).contains(&week))
}

/// The weeks that planners let count whatever was detected.
fn trusted_weeks(decisions: &[WeekDecision]) -> Vec<IsoWeek> {
    let counted = decisions.iter().filter(|decision| !decision.left_out);
    let weeks = |decision: &WeekDecision| {
        let first = decision.first_week;
        (0..=decision.last_week - first).map(move |after| first.plus(after))
    };
    counted.flat_map(weeks).collect()
}

/// The weeks of switchings that the settings leave out. Extra load that has not ended counts: if it
/// stays, it is just what a forecast is for.
fn switched_weeks(findings: &Findings, settings: &FitSettings) -> Vec<WeekSpan> {
    let over = |switching: &&Switching| switching.ended || switching.kind == SwitchingKind::Relief;
    let found =
        findings.switchings.iter().filter(|_| settings.configuration.forecast.mask_switchings).filter(over);
    found.map(WeekSpan::from).collect()
}

/// Fits one extreme; `None` if there is neither a history nor a fleet to learn from.
fn fit_extreme(
    history: &History<'_>,
    (extreme, loads): (Extreme, &[ExtraLoad]),
    capacity: Capacity,
    settings: &FitSettings,
    flags: &mut Vec<Flag>,
) -> Result<Option<Fitted>, FitBoxError> {
    let failed = |source| FitBoxError::Fit { extreme, source };
    let model = settings.model(extreme, &history.trusted);
    let cleaned = history.cleaned;
    let fit = match (&model, history.series(extreme)?) {
        (_, None) => None,
        // The other extreme is known: this one is what the fleet has at this capacity.
        (Model::Gridspark(gridspark), Some(series)) if series.observed() == 0 => {
            let last = series.rows().iter().map(|row| row.week).max();
            let cold_start =
                last.map(|last| gridspark.cold_start(capacity, last)).transpose().map_err(failed)?;
            cold_start.flatten().map(|posterior| Fit::Gridspark(Box::new(posterior)))
        }
        (model, Some(series)) => match model.fit(&series) {
            Ok(fit) => Some(fit),
            // A handful of weeks in a fleet too small to learn from: the flag says so.
            Err(model::FitError::TooFewValues { .. }) if model.name() == ModelName::Gridspark => None,
            Err(source) => return Err(failed(source)),
        },
    };
    let Some(fit) = fit else { return Ok(None) };
    let mut mark = |flag: Flag| {
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    };
    if fit.is_degenerate() {
        mark(Flag::Degenerate);
    }
    let forecast_basis = forecast_basis_of(&fit);
    if forecast_basis.as_ref().is_some_and(|found| matches!(found.basis, Basis::Population | Basis::Capacity))
    {
        mark(Flag::FromPopulation);
    }
    let added_kw = fit.added_kw(loads, extreme);
    let mut forecast = fit.forecast().with_added(&added_kw);
    show_left_out(&mut forecast, cleaned, extreme);
    let forecasting = &settings.configuration.forecast;
    let limits = forecasting.limits(capacity)?.in_direction(extreme);
    let overload = fit.overload_with(&limits, &added_kw)?;
    let shortfall_kw = fit.shortfall_kw(&limits, forecasting.risk, (&forecast, &overload), &added_kw);
    let at_risk_kw = fit.extreme_at_risk_kw(extreme, forecasting.risk, &forecast, &added_kw);
    let summary = PosteriorSummary {
        sigma: Some(fit.sigma()),
        log_marginal_likelihood: fit.log_marginal_likelihood(),
        coefficients: fit.coefficients(),
        forecast_basis,
        left_out: history.left_out.clone(),
        added_kw: added_kw.clone(),
    };
    let stored = ExtremeResult::new(extreme, &forecast, &summary, Some(&overload))?;
    Ok(Some(Fitted { fit, added_kw, forecast, overload, shortfall_kw, at_risk_kw, stored }))
}

/// What was observed is shown in weeks that the fit leaves out, too; what is not to be believed isn't.
fn show_left_out(forecast: &mut Forecast, cleaned: &Cleaned, extreme: Extreme) {
    let mut kept = cleaned.kept.iter().filter(|seen| cleaned.counts(seen.week, extreme)).peekable();
    for (week, observed_kw) in forecast.weeks.iter().zip(&mut forecast.observed_kw) {
        while kept.next_if(|seen| seen.week < *week).is_some() {}
        if let Some(seen) = kept.next_if(|seen| seen.week == *week) {
            *observed_kw = Some(seen.get(extreme));
        }
    }
}

#[cfg(test)]
mod tests;
