//! The last half years, held back and forecast from what came before them: what a fleet's growth and the
//! width of its bands are judged by.
//!
//! Each half year is forecast by what could have been known before it: the profile of the noise and the
//! growth are learned anew from the weeks up to it.

use std::sync::Arc;

use super::super::Gridspark;
use super::super::outliers::RobustDesign;
use super::super::outlook::{Outlook, Summary};
use super::super::posterior::GridsparkPosterior;
use super::super::solution::{Mixture, Solution};
use super::super::variance::VarianceProfile;
use super::growth::{Evidence, FleetGrowth, Held, Learned};
use super::training_series::TrainingSeries;
use super::{Member, Population};
use crate::{IsoWeek, Observation, Series, mixture};

/// Weeks that are held back at once.
const HALF_YEAR: i32 = 26;
/// How many half years are held back, one after the other.
const HALF_YEARS: i32 = 4;
/// Weeks that must lie before a half year, so that there is a season to forecast from; and one that may grow.
const WEEKS_BEFORE: i32 = 52;
const WEEKS_BEFORE_GROWTH: i32 = 90;
/// Weeks of a half year that must have been observed to judge growth by it.
const WEEKS_HELD: usize = 10;
/// Not more boxes than this are forecast: the rest of a large fleet would not change the answer.
const MAX_BOXES: usize = 120;

/// One series, cut before a half year.
struct Cut {
    known: Series,
    held: Vec<(IsoWeek, f64)>,
    taught: Option<TrainingSeries>,
}

/// A series that was held back and forecast.
pub(super) struct Forecast {
    half_year: usize,
    held: Vec<(IsoWeek, f64)>,
    /// Without growth: the mean in kW and the probability below the value, a week.
    steady: Vec<(f64, f64)>,
    growth: Option<Growing>,
}

/// The forecast of a series that may grow.
struct Growing {
    /// The range of what was known, kW.
    range_kw: f64,
    /// The share of no growth as the series weighs it, and its means.
    none: (f64, Vec<f64>),
    /// The same of each law.
    laws: Vec<(f64, Vec<Summary>)>,
}

/// A value held back, and the laws' forecasts of it with their shares, which add up to `weight`.
pub(super) struct GrowingWeek<'a> {
    pub(super) kw: f64,
    pub(super) weight: f64,
    pub(super) laws: Vec<(f64, &'a Summary)>,
}

/// All series of all half years.
pub(super) struct HalfYears(Vec<Forecast>);

impl HalfYears {
    /// Holds back half years of the members and forecasts them by `model`, without growth and with it; the
    /// noise of those that are steady goes with the season by a profile.
    pub(super) fn forecast(members: &[&Member<'_>], model: &Gridspark, profile: VarianceProfile) -> Self {
        let step = members.len().div_ceil(MAX_BOXES).max(1);
        let some: Vec<&Member<'_>> = members.iter().step_by(step).copied().collect();
        let mut forecasts = Vec::new();
        for half_year in 1..=HALF_YEARS {
            let cuts: Vec<Cut> = some.iter().filter_map(|member| cut(member, half_year, model)).collect();
            forecasts.extend(forecast_half_year(half_year, cuts, model, profile));
        }
        Self(forecasts)
    }

    /// How many series were forecast, each half year counted.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many half years were held back.
    pub(super) fn count(&self) -> usize {
        let numbers: std::collections::BTreeSet<usize> =
            self.0.iter().map(|forecast| forecast.half_year).collect();
        numbers.len()
    }

    /// What growth foretold, and what came.
    pub(super) fn evidence(&self) -> Evidence {
        let mut evidence = Evidence::default();
        for forecast in &self.0 {
            let Some(growth) = &forecast.growth else { continue };
            let weeks = forecast.held.iter().zip(&forecast.steady).enumerate();
            let weeks = weeks.map(|(place, ((_, kw), (steady_kw, _)))| Held {
                foretold: (growth.mean_kw(place) - steady_kw) / growth.range_kw,
                came: (kw - steady_kw) / growth.range_kw,
            });
            evidence.add(forecast.half_year, weeks.collect());
        }
        evidence
    }

    /// The probabilities below the values held back without growth, each with how much it counts in forecasts
    /// that take so much of growth.
    pub(super) fn steady(&self, weight: f64) -> Vec<(f64, f64)> {
        let of = |forecast: &Forecast| -> Vec<(f64, f64)> {
            let grows = forecast.growth.as_ref().map_or(0.0, |growth| 1.0 - growth.none.0);
            forecast.steady.iter().map(|(_, below)| (*below, 1.0 - weight * grows)).collect()
        };
        self.0.iter().flat_map(of).collect()
    }

    /// The weeks held back as the laws foretell them.
    pub(super) fn growing(&self) -> Vec<GrowingWeek<'_>> {
        let mut weeks = Vec::new();
        for forecast in &self.0 {
            let Some(growth) = &forecast.growth else { continue };
            let weight = 1.0 - growth.none.0;
            if weight <= 0.0 {
                continue;
            }
            for (place, (_, kw)) in forecast.held.iter().enumerate() {
                let laws = growth.laws.iter().map(|(share, weeks)| (*share, &weeks[place])).collect();
                weeks.push(GrowingWeek { kw: *kw, weight, laws });
            }
        }
        weeks
    }
}

impl Growing {
    fn mean_kw(&self, place: usize) -> f64 {
        let (share, none) = &self.none;
        self.laws.iter().fold(share * none[place], |mean, (share, weeks)| mean + share * weeks[place].mean_kw)
    }
}

/// A series before one half year, counted back from its last week, and its values in it.
fn cut(member: &Member<'_>, half_year: i32, model: &Gridspark) -> Option<Cut> {
    let observed = || member.series.rows().iter().filter_map(|row| Some((row.week, row.value_kw?)));
    let weeks = || observed().map(|(week, _)| week);
    let (first, last) = (weeks().min()?, weeks().max()?);
    // Counted back from the last week: these and the younger ones are held back.
    let youngest = HALF_YEAR * half_year;
    if last - first - youngest < WEEKS_BEFORE {
        return None;
    }
    let held: Vec<(IsoWeek, f64)> =
        observed().filter(|(week, _)| (youngest - HALF_YEAR..youngest).contains(&(last - *week))).collect();
    let known: Vec<Observation> =
        member.series.rows().iter().copied().filter(|row| last - row.week >= youngest).collect();
    let known = Series::new(known).ok()?;
    let cut_member = Member { series: &known, capacity: member.capacity };
    let taught = TrainingSeries::of(&cut_member, model, WEEKS_BEFORE_GROWTH, RobustDesign::Growing)
        .filter(|_| held.len() >= WEEKS_HELD);
    Some(Cut { known, held, taught })
}

/// Forecasts the series cut before a half year.
fn forecast_half_year(
    half_year: i32,
    cuts: Vec<Cut>,
    model: &Gridspark,
    profile: VarianceProfile,
) -> Vec<Forecast> {
    let taught: Vec<&TrainingSeries> = cuts.iter().filter_map(|cut| cut.taught.as_ref()).collect();
    let learned = Learned::of(&taught);
    let with = |growth: FleetGrowth| Gridspark {
        horizon_weeks: 1,
        population: Some(Arc::new(Population { profile, growth, ..Population::default() })),
        ..model.clone()
    };
    let steady = with(FleetGrowth::default());
    // Half of the forecast by growth, so that the steady one is there, too.
    let growing = learned.map(|learned| with(FleetGrowth { weight: 0.5, ..learned.without_verdict() }));
    let forecast = |cut: Cut| {
        let posterior = steady.fit(&cut.known).ok()?;
        let outlook = Outlook::new(mixture_of(&posterior)?);
        let mut total = Vec::new();
        let week = |&(week, kw): &(IsoWeek, f64)| {
            outlook.future_total(week, &mut total);
            (mixture::moments(&total).0, mixture::cumulative(&total, kw))
        };
        let steady = cut.held.iter().map(week).collect();
        let growth = cut.taught.zip(growing.as_ref()).and_then(|(taught, model)| {
            let posterior = model.fit(&cut.known).ok()?;
            Growing::of(mixture_of(&posterior)?, taught.range_kw, &cut.held)
        });
        Some(Forecast { half_year: half_year as usize, held: cut.held, steady, growth })
    };
    cuts.into_iter().filter_map(forecast).collect()
}

fn mixture_of(posterior: &GridsparkPosterior) -> Option<&Mixture> {
    match &posterior.solution {
        Solution::Constant(_) => None,
        Solution::Mixture(mixture) => Some(mixture),
    }
}

impl Growing {
    /// From a fit of which the steady regime, at the first place, has at least a half.
    fn of(fit: &Mixture, range_kw: f64, held: &[(IsoWeek, f64)]) -> Option<Self> {
        let outlook = Outlook::new(fit);
        let weeks: Vec<Vec<Summary>> = held.iter().map(|(week, _)| outlook.summaries(*week)).collect();
        let shares = fit.shares();
        let of = |regime: usize| weeks.iter().map(|week| week[regime]).collect::<Vec<Summary>>();
        let (steady, laws) = shares.split_first()?;
        Some(Self {
            range_kw,
            none: ((2.0 * steady - 1.0).max(0.0), of(0).iter().map(|week| week.mean_kw).collect()),
            laws: laws.iter().enumerate().map(|(law, share)| (2.0 * share, of(law + 1))).collect(),
        })
    }
}
