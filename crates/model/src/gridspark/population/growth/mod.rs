//! How a fleet grows, and how far it can be foretold.
//!
//! 1. `information`: each long series' information on level, growth and season, under its most probable noise;
//! 2. `directions`: by which laws and along which directions the fleet's series grow, by expectation and maximisation;
//! 3. `learned`: both in turn, with the noise of the series that grow;
//! 4. `verdict`: the last half years are held back and forecast with and without growth; the share of the growth
//!    foretold that came decides how much of it the forecasts take.

mod directions;
mod information;
mod learned;
mod verdict;

use serde::{Deserialize, Serialize};

use super::super::design::{Design, GROWTH_COLUMNS, GROWTH_TERMS, GrowthLaw, Regime};
use super::super::future_noise::FutureNoise;
use super::super::variance::VarianceProfile;

pub(super) use learned::Learned;
pub(super) use verdict::{Evidence, Held, judge};

/// A law by which some series of a fleet grow.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct LearnedLaw {
    /// How growth goes on.
    pub law: GrowthLaw,
    /// The share of the fleet's series that grow by it.
    pub prevalence: f64,
    /// The two directions of growth that hold most of its variance, each as long as a standard deviation:
    /// what grows all year alike and with the cosine and sine of two harmonics, as shares of the range a
    /// year.
    directions: [[f64; GROWTH_TERMS]; GROWTH_COLUMNS],
}

impl LearnedLaw {
    /// The columns of a fit under it.
    pub(in super::super) fn design(&self) -> Design {
        Design::Growing { law: self.law, columns: self.directions }
    }

    /// The direction that holds the most.
    pub(super) fn main_direction(&self) -> [f64; GROWTH_TERMS] {
        self.directions[0]
    }
}

/// What is known of a fleet's growth.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct FleetGrowth {
    /// w: the share of the forecasts that takes growth into account, from zero to one.
    pub weight: f64,
    /// α: the share of the growth foretold for the half years held back that came; zero if none could be.
    pub realised: f64,
    /// The standard error of α.
    pub standard_error: f64,
    /// How many half years were held back.
    pub half_years: usize,
    /// How many series were forecast in them, each half year counted.
    pub judged: usize,
    /// The laws, the most frequent first.
    pub laws: Vec<LearnedLaw>,
    /// The variance profile of series that grow.
    pub profile: VarianceProfile,
    /// How their noise of the coming months compares with that of the past.
    pub future_noise: FutureNoise,
    /// τ: by how much growth to come differs from that of the past, in standard deviations of the fleet's
    /// growth.
    pub change: f64,
}

impl FleetGrowth {
    /// How series that follow a law behave.
    pub(in super::super) fn regime(&self, law: &LearnedLaw) -> Regime {
        Regime {
            design: law.design(),
            profile: self.profile,
            future_noise: self.future_noise,
            change: self.change,
        }
    }
}
