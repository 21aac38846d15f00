//! The last half years, held back and forecast from what came before them: what a fleet's growth and the width of its
//! bands are judged by.
//!
//! Each half year is forecast by what could have been known before it: the profile of the noise and the growth are
//! learned anew from the weeks up to it.

use std::sync::Arc;

use super::super::Gridspark;
use super::super::design::GrowthLaw;
use super::super::hypothesis::{Hypothesis, NEGLIGIBLE, supported};
use super::super::noise_grid::NoiseGrid;
use super::super::outlook::Outlook;
use super::super::posterior::Solution;
use super::super::variance::VarianceProfile;
use super::growth::{Evidence, FleetGrowth, Held, LearnedLaw, Teacher, learn_laws, teacher};
use super::taught::{Taught, profile_of};
use super::{FEWEST_SERIES, Member, Population};
use crate::{IsoWeek, Observation, Series, mixture};

/// Weeks that are held back at once.
const HALF_YEAR: i32 = 26;
/// How many half years are held back, one after the other.
const HALF_YEARS: i32 = 4;
/// Weeks that must lie before a half year, so that there is a season to forecast from.
const WEEKS_BEFORE: i32 = 90;
/// Weeks of a half year that must have been observed.
const WEEKS_HELD: usize = 10;
/// Not more boxes than this are forecast: the rest of a large fleet would not change the answer.
const MOST_BOXES: usize = 120;

/// A set of laws that may describe a fleet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) laws: &'static [GrowthLaw],
    /// Whether every series is taken to grow.
    pub(super) all_grow: bool,
}

/// What a candidate's laws have been found to be, and how the noise of the series that grow goes with season and years.
#[derive(Clone, Debug, Default)]
pub(super) struct Learned {
    pub(super) laws: Vec<LearnedLaw>,
    pub(super) profile: VarianceProfile,
}

impl Candidate {
    /// Learns from these series, whose noise as a whole goes with a profile; no laws from fewer than a handful.
    ///
    /// First all of them tell how noise goes with the years, then those that grow.
    pub(super) fn learn(&self, taught: &[&Taught]) -> Learned {
        let mut profile = profile_of(taught.iter().map(|series| (*series, 1.0)), true);
        let mut laws = Vec::new();
        let grid = NoiseGrid::of_own_range();
        for _ in 0..2 {
            let (teaching, teachers): (Vec<&Taught>, Vec<Teacher>) = taught
                .iter()
                .filter_map(|series| {
                    let teacher = teacher(&series.window, &series.values, &profile, self.laws, &grid)?;
                    Some((*series, teacher))
                })
                .unzip();
            if teachers.len() < FEWEST_SERIES {
                return Learned::default();
            }
            let places: Vec<(usize, GrowthLaw)> = self.laws.iter().copied().enumerate().collect();
            let (learned, grows) = learn_laws(&teachers, &places, self.all_grow);
            laws = learned;
            if grows.iter().sum::<f64>() >= FEWEST_SERIES as f64 {
                profile = profile_of(teaching.into_iter().zip(grows), true);
            }
        }
        Learned { laws, profile }
    }
}

/// One series, cut before a half year.
struct Cut {
    known: Series,
    taught: Taught,
    held: Vec<(IsoWeek, f64)>,
}

/// What one fit says of the weeks held back.
struct Said {
    log_evidence: f64,
    /// The mean in kW and the probability below the value, a week.
    weeks: Vec<(f64, f64)>,
}

/// A series that was held back, forecast without growth and, by candidate, by each law alone.
struct Forecast {
    half_year: usize,
    range_kw: f64,
    held: Vec<(IsoWeek, f64)>,
    steady: Said,
    growing: Vec<(Arc<Learned>, Vec<Said>)>,
}

/// All series of all half years.
pub(super) struct HalfYears(Vec<Forecast>);

impl HalfYears {
    /// Holds back half years of the members and forecasts them by `model` without growth and by every candidate.
    pub(super) fn forecast(members: &[&Member<'_>], model: &Gridspark, candidates: &[Candidate]) -> Self {
        let step = members.len().div_ceil(MOST_BOXES).max(1);
        let some: Vec<&Member<'_>> = members.iter().step_by(step).copied().collect();
        let mut forecasts = Vec::new();
        for half_year in 1..=HALF_YEARS {
            let cuts: Vec<Cut> = some.iter().filter_map(|member| cut(member, half_year, model)).collect();
            add_half_year(half_year, cuts, model, candidates, &mut forecasts);
        }
        Self(forecasts)
    }

    /// How many series were forecast, each half year counted.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What growth by a candidate's laws foretold, and what came.
    pub(super) fn evidence(&self, candidate: usize) -> Evidence {
        let mut evidence = Evidence::default();
        for forecast in &self.0 {
            let Some(growing) = forecast.with_growth(candidate) else { continue };
            let weeks = forecast.held.iter().zip(&forecast.steady.weeks).zip(growing);
            let weeks = weeks.map(|(((_, kw), (steady_kw, _)), (growing_kw, _))| Held {
                foretold: (growing_kw - steady_kw) / forecast.range_kw,
                came: (kw - steady_kw) / forecast.range_kw,
            });
            evidence.add(forecast.half_year, weeks.collect());
        }
        evidence
    }

    /// The probabilities below the values held back, of the forecasts without growth and of those with it, each with how
    /// much it counts in forecasts that take a share of growth by a candidate.
    pub(super) fn below(&self, growth: Option<(usize, f64)>) -> [Vec<(f64, f64)>; 2] {
        let [mut without, mut with] = [Vec::new(), Vec::new()];
        for forecast in &self.0 {
            let growing = growth.and_then(|(candidate, weight)| {
                let (share, weeks) = forecast.growing_alone(candidate)?;
                Some((weight * share, weeks))
            });
            let share = growing.as_ref().map_or(0.0, |(share, _)| *share);
            without.extend(forecast.steady.weeks.iter().map(|(_, below)| (*below, 1.0 - share)));
            with.extend(growing.iter().flat_map(|(share, weeks)| weeks.iter().map(|(_, below)| (*below, *share))));
        }
        [without, with]
    }
}

impl Forecast {
    /// Shares of none and each law of a candidate, as the series itself weighs them; nothing if the fleet taught none.
    fn shares(&self, candidate: usize) -> Option<(Vec<f64>, &[Said])> {
        let (learned, said) = self.growing.get(candidate)?;
        if learned.laws.is_empty() {
            return None;
        }
        // A weight between nothing and all keeps the steady hypothesis, at the first place.
        let growth = FleetGrowth { weight: 0.5, laws: learned.laws.clone(), ..FleetGrowth::default() };
        let population = Population { growth, ..Population::default() };
        let evidence: Vec<f64> =
            std::iter::once(&self.steady).chain(said).map(|said| said.log_evidence).collect();
        Some((supported(&Hypothesis::all_of(Some(&population)), &evidence).0, said))
    }

    /// Means and probabilities below the value, the series itself weighing whether and how it grows.
    fn with_growth(&self, candidate: usize) -> Option<Vec<(f64, f64)>> {
        let (shares, said) = self.shares(candidate)?;
        let all: Vec<(&Said, f64)> =
            std::iter::once(&self.steady).chain(said).zip(shares).collect();
        Some((0..self.held.len()).map(|place| averaged(&all, place)).collect())
    }

    /// The same for the laws alone, with the share that they have.
    fn growing_alone(&self, candidate: usize) -> Option<(f64, Vec<(f64, f64)>)> {
        let (shares, said) = self.shares(candidate)?;
        let share = 1.0 - shares[0];
        if share < NEGLIGIBLE {
            return None;
        }
        let all: Vec<(&Said, f64)> = said.iter().zip(shares[1..].iter().map(|q| q / share)).collect();
        Some((share, (0..self.held.len()).map(|place| averaged(&all, place)).collect()))
    }
}

/// Mean and probability below the value of a mixture at a place among the weeks.
fn averaged(said: &[(&Said, f64)], place: usize) -> (f64, f64) {
    said.iter().fold((0.0, 0.0), |(mean, below), (said, share)| {
        let (kw, p) = said.weeks[place];
        (mean + share * kw, below + share * p)
    })
}

/// A series before one half year, counted back from its last week, and its values in it.
fn cut(member: &Member<'_>, half_year: i32, model: &Gridspark) -> Option<Cut> {
    let observed = || member.series.rows().iter().filter_map(|row| Some((row.week, row.value_kw?)));
    let last = observed().map(|(week, _)| week).max()?;
    // Counted back from the last week: these and the younger ones are held back.
    let youngest = HALF_YEAR * half_year;
    let held: Vec<(IsoWeek, f64)> = observed()
        .filter(|(week, _)| (youngest - HALF_YEAR..youngest).contains(&(last - *week)))
        .collect();
    let known: Vec<Observation> =
        member.series.rows().iter().copied().filter(|row| last - row.week >= youngest).collect();
    let known = Series::new(known).ok()?;
    let cut_member = Member { series: &known, capacity: member.capacity };
    let taught = Taught::of(&cut_member, model, WEEKS_BEFORE)?;
    (held.len() >= WEEKS_HELD).then_some(Cut { known, taught, held })
}

fn add_half_year(
    half_year: i32,
    cuts: Vec<Cut>,
    model: &Gridspark,
    candidates: &[Candidate],
    forecasts: &mut Vec<Forecast>,
) {
    let taught: Vec<&Taught> = cuts.iter().map(|cut| &cut.taught).collect();
    let profile = profile_of(taught.iter().map(|series| (*series, 1.0)), false);
    let learned: Vec<Arc<Learned>> =
        candidates.iter().map(|candidate| Arc::new(candidate.learn(&taught))).collect();
    let with = |growth: FleetGrowth| Gridspark {
        horizon_weeks: 1,
        population: Some(Arc::new(Population { profile, growth, ..Population::default() })),
        ..model.clone()
    };
    let steady = with(FleetGrowth::default());
    let alone = |learned: &Learned, law: &LearnedLaw| {
        let (laws, profile) = (vec![law.certain()], learned.profile);
        with(FleetGrowth { weight: 1.0, laws, profile, ..FleetGrowth::default() })
    };
    let of_candidate =
        |learned: &Arc<Learned>| learned.laws.iter().map(|law| alone(learned, law)).collect();
    let growing: Vec<Vec<Gridspark>> = learned.iter().map(of_candidate).collect();
    for cut in cuts {
        let say = |model: &Gridspark| said(model, &cut);
        let Some(steady) = say(&steady) else { continue };
        let by_candidate: Option<Vec<_>> = learned
            .iter()
            .zip(&growing)
            .map(|(learned, models)| {
                let said: Option<Vec<Said>> = models.iter().map(say).collect();
                Some((Arc::clone(learned), said?))
            })
            .collect();
        let Some(growing) = by_candidate else { continue };
        let range_kw = cut.taught.range_kw;
        let half_year = half_year as usize;
        forecasts.push(Forecast { half_year, range_kw, held: cut.held, steady, growing });
    }
}

/// What a model says of the weeks held back; nothing if it can't be fitted.
fn said(model: &Gridspark, cut: &Cut) -> Option<Said> {
    let posterior = model.fit(&cut.known).ok()?;
    let Solution::Mixture(fit) = &posterior.solution else { return None };
    let outlook = Outlook::new(fit);
    let mut total = Vec::new();
    let week = |&(week, kw): &(IsoWeek, f64)| {
        outlook.future_total(week, &mut total);
        (mixture::moments(&total).0, mixture::cumulative(&total, kw))
    };
    Some(Said { log_evidence: fit.log_evidence?, weeks: cut.held.iter().map(week).collect() })
}
