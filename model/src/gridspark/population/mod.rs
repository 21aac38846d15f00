//! What the boxes of a fleet have in common: how their noise goes with the season, their coefficients, their size
//! against the capacity. Learned once a run for each extreme, and kept with it.

mod calibration;
mod coefficients;
mod growth;
mod half_years;
mod newcomer;
mod size;
mod taught;

use serde::{Deserialize, Serialize};

pub use coefficients::PopulationCoefficients;
pub use growth::{FleetGrowth, LearnedLaw};
pub use size::SizeToCapacity;

pub(super) use coefficients::scale;
pub(super) use newcomer::newcomer;

use super::design::{Design, GrowthLaw, Regime};
use super::future_noise::FutureNoise;
use super::variance::VarianceProfile;
use super::window::Window;
use super::{Gridspark, basis::CoefficientPrior};
use crate::{Capacity, Series};
use growth::judge;
use half_years::{Candidate, HalfYears};
use taught::{Taught, profile_of};

/// One series of the fleet.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The series.
    pub series: &'a Series,
    /// The transformer's capacity, if known.
    pub capacity: Option<Capacity>,
}

/// What one extreme of a fleet's boxes has in common.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Population {
    /// How the noise's variance goes with the season and the years.
    pub profile: VarianceProfile,
    /// How the noise of the coming months compares with that of the past.
    #[serde(default)]
    pub future_noise: FutureNoise,
    /// How the fleet grows, and how far it can be foretold.
    #[serde(default)]
    pub growth: FleetGrowth,
    /// The distribution of the coefficients over the fleet; nothing where too few series have a long history.
    pub coefficients: Option<PopulationCoefficients>,
    /// The distribution of the size against the capacity; nothing where too few capacities are known.
    pub size: Option<SizeToCapacity>,
    /// How many series it was learned from.
    pub learned_from: usize,
}

/// Fewer weeks than this teach nothing about the season.
const TEACHING_WEEKS: i32 = 104;
/// A season is not learned from fewer series.
pub(super) const FEWEST_SERIES: usize = 5;

impl Population {
    /// Learns from the series that have two years or more and are alive; the others are passed over, and so is a series
    /// on which a numerical step fails. With too few the population knows nothing and changes nothing.
    #[must_use]
    pub fn learn(members: &[Member<'_>], model: &Gridspark) -> Self {
        let (teaching, taught): (Vec<&Member<'_>>, Vec<Taught>) = members
            .iter()
            .filter_map(|member| Some((member, Taught::of(member, model, TEACHING_WEEKS)?)))
            .unzip();
        let all: Vec<&Taught> = taught.iter().collect();
        let profile = profile_of(all.iter().map(|series| (*series, 1.0)), false);
        let half_years = HalfYears::forecast(&teaching, model, CANDIDATES);
        let (growth, chosen) = learn_growth(&all, &half_years);
        let weighed = chosen.map(|candidate| (candidate, growth.weight));
        let [future_noise, noise_of_growth] = calibration::learn(&half_years, weighed);
        if std::env::var("GS_SHOW").is_ok() { eprintln!("K {future_noise:?} {noise_of_growth:?} {:?} {:?}", profile, growth.profile); }
        let growth = FleetGrowth { future_noise: noise_of_growth, ..growth };
        let known = Self { profile, future_noise, growth, ..Self::default() };
        let windows: Vec<&Window> = taught.iter().map(|taught| &taught.window).collect();
        Self {
            coefficients: PopulationCoefficients::learn(&windows, model, &known.of_short_histories()),
            size: SizeToCapacity::learn(&all),
            learned_from: taught.len(),
            ..known
        }
    }

    /// How series behave that do not grow.
    pub(super) fn steady(&self) -> Regime {
        Regime { design: Design::STEADY, profile: self.profile, future_noise: self.future_noise }
    }

    /// The prior of a series scaled by [`scale`], if the population has one.
    pub(super) fn prior(&self) -> Option<CoefficientPrior> {
        self.coefficients.as_ref().and_then(PopulationCoefficients::prior)
    }

    /// How series behave that are forecast from the population: with a slope, and where the fleet grows with what most
    /// of its growth is.
    pub(super) fn of_short_histories(&self) -> Regime {
        match self.growth.laws.first() {
            Some(law) if self.growth.weight > 0.0 => {
                Regime { design: Design::slope_and(law.law, law.main_direction()), ..self.growth.regime(law) }
            }
            _ => self.steady(),
        }
    }
}

/// What may describe a fleet's growth; the half years decide.
const CANDIDATES: &[Candidate] = &[
    Candidate { laws: &[GrowthLaw::Linear], all_grow: true },
    Candidate { laws: &[GrowthLaw::Accelerating], all_grow: true },
    Candidate { laws: &[GrowthLaw::Slowing], all_grow: true },
    Candidate { laws: &[GrowthLaw::Linear], all_grow: false },
    Candidate { laws: &[GrowthLaw::Accelerating], all_grow: false },
    Candidate { laws: &GrowthLaw::ALL, all_grow: false },
];

/// The candidate that would have foretold the half years best, by the whole fleet's series, and the weight it has.
fn learn_growth(
    taught: &[&Taught],
    half_years: &HalfYears,
) -> (FleetGrowth, Option<usize>) {
    let off = |candidate: usize| half_years.evidence(candidate).absolute_error();
    if std::env::var("GS_NOGROWTH").is_ok() { return (FleetGrowth::default(), None); }
    let allowed = std::env::var("GS_CANDS").unwrap_or("0,1,2,3,4,5".into());
    let allowed: Vec<usize> = allowed.split(',').filter_map(|c| c.parse().ok()).collect();
    let best = allowed.iter().copied().min_by(|&a, &b| off(a).total_cmp(&off(b)));
    if std::env::var("GS_SHOW").is_ok() {
        for c in 0..CANDIDATES.len() {
            let g = judge(&half_years.evidence(c));
            eprintln!("cand {c} off {:.3} alpha {:.3} se {:.3} w {:.3} J {} n {}", off(c), g.realised, g.standard_error, g.weight, g.half_years, g.judged);
        }
    }
    let best = std::env::var("GS_CAND").ok().and_then(|c| c.parse().ok()).or(best);
    let Some(best) = best.filter(|_| taught.len() >= FEWEST_SERIES) else {
        return (FleetGrowth::default(), None);
    };
    let growth = judge(&half_years.evidence(best));
    if growth.weight <= 0.0 {
        return (growth, None);
    }
    let half_years::Learned { laws, profile } = CANDIDATES[best].learn(taught);
    if std::env::var("GS_SHOW").is_ok() { eprintln!("chosen {best}: {laws:.3?}"); }
    if laws.is_empty() {
        return (FleetGrowth { weight: 0.0, ..growth }, None);
    }
    (FleetGrowth { laws, profile, ..growth }, Some(best))
}
