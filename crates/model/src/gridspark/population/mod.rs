//! What the boxes of a fleet have in common: the seasonal profile of their noise, their coefficients, their
//! size against the capacity. Learned once a run for each extreme, and kept with it.

mod calibration;
mod coefficients;
mod cold_start;
mod growth;
mod half_years;
mod size;
mod training_series;

use serde::{Deserialize, Serialize};

pub use coefficients::PopulationCoefficients;
pub use growth::{FleetGrowth, LearnedLaw};
pub use size::SizeToCapacity;

pub(super) use coefficients::scale;
pub(super) use cold_start::cold_start;

use super::design::{Design, Regime};
use super::future_noise::FutureNoise;
use super::outliers::RobustDesign;
use super::prepared::Shared;
use super::variance::VarianceProfile;
use super::window::Window;
use super::{Gridspark, basis::CoefficientPrior};
use crate::{Capacity, Series};
use growth::{Learned, judge};
use half_years::HalfYears;
use training_series::{TrainingSeries, profile_of};

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
    /// The noise's variance over the season and the years.
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
    /// What fits with it have prepared.
    #[serde(skip)]
    pub(super) shared: Shared,
}

/// The fewest weeks from which a season can be learned.
const TEACHING_WEEKS: i32 = 104;
/// A season is not learned from fewer series.
pub(super) const MIN_SERIES: usize = 5;

impl Population {
    /// Learns from the series that have two years or more and are alive; the others are passed over, and so
    /// is a series on which a numerical step fails. With too few the population knows nothing and changes
    /// nothing.
    #[must_use]
    pub fn learn(members: &[Member<'_>], model: &Gridspark) -> Self {
        let of = |member, robust| TrainingSeries::of(member, model, TEACHING_WEEKS, robust);
        let (teaching, taught): (Vec<&Member<'_>>, Vec<TrainingSeries>) =
            members.iter().filter_map(|member| Some((member, of(member, RobustDesign::Steady)?))).unzip();
        let all: Vec<&TrainingSeries> = taught.iter().collect();
        let profile = profile_of(all.iter().map(|series| (*series, 1.0)), false);
        let half_years = HalfYears::forecast(&teaching, model, profile);
        let growth = learn_growth(&teaching, &half_years, |member| of(member, RobustDesign::Growing));
        let future_noise = calibration::steady(&half_years, growth.weight);
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
        Regime { design: Design::Steady, profile: self.profile, future_noise: self.future_noise, change: 0.0 }
    }

    /// The prior of a series scaled by [`scale`], if the population has one.
    pub(super) fn prior(&self) -> Option<CoefficientPrior> {
        self.coefficients.as_ref().and_then(PopulationCoefficients::prior)
    }

    /// How series behave that are forecast from the population: with a slope, and where the fleet grows with
    /// what most of its growth is.
    pub(super) fn of_short_histories(&self) -> Regime {
        match self.growth.laws.first() {
            Some(law) if self.growth.weight > 0.0 => {
                // Changes of growth are known on the scale of a range only.
                let design = Design::slope_and(law.law, law.main_direction());
                Regime { design, change: 0.0, ..self.growth.regime(law) }
            }
            _ => self.steady(),
        }
    }
}

/// How the fleet grows, if the held-back half years show that growth is predictable.
fn learn_growth<'a>(
    teaching: &[&'a Member<'a>],
    half_years: &HalfYears,
    taught: impl Fn(&'a Member<'a>) -> Option<TrainingSeries>,
) -> FleetGrowth {
    let growth = judge(&half_years.evidence());
    if growth.weight <= 0.0 {
        return growth;
    }
    let taught: Vec<TrainingSeries> = teaching.iter().filter_map(|member| taught(member)).collect();
    let Some(learned) = Learned::of(&taught.iter().collect::<Vec<_>>()) else {
        return FleetGrowth { weight: 0.0, ..growth };
    };
    let (future_noise, change) = calibration::growing(half_years);
    let FleetGrowth { laws, profile, .. } = learned.without_verdict();
    FleetGrowth { laws, profile, future_noise, change, ..growth }
}
