//! The laws of some series, and the noise of those among them that grow.

use super::super::super::noise_grid::NoiseGrid;
use super::super::super::variance::VarianceProfile;
use super::super::FEWEST_SERIES;
use super::super::taught::{Taught, profile_of};
use super::{FleetGrowth, LearnedLaw, Teacher, learn_laws, teacher};

/// How often profile and laws are learned, each from the other.
const ROUNDS: usize = 2;

/// What series taught of growth.
pub(in super::super) struct Learned {
    laws: Vec<LearnedLaw>,
    /// How the noise of those that grow goes with season and years.
    profile: VarianceProfile,
}

impl Learned {
    /// From fewer than a handful nothing, and nothing if none of them grows.
    ///
    /// First the noise of all of them tells how it goes with the years, then that of those that grow.
    pub(in super::super) fn of(taught: &[&Taught]) -> Option<Self> {
        let mut profile = profile_of(taught.iter().map(|series| (*series, 1.0)), true);
        let mut laws = Vec::new();
        let grid = NoiseGrid::of_own_range();
        for _ in 0..ROUNDS {
            let (teaching, teachers): (Vec<&Taught>, Vec<Teacher>) = taught
                .iter()
                .filter_map(|series| Some((*series, teacher(&series.window, &series.values, &profile, &grid)?)))
                .unzip();
            if teachers.len() < FEWEST_SERIES {
                return None;
            }
            let (learned, grows) = learn_laws(&teachers);
            laws = learned;
            if grows.iter().sum::<f64>() >= FEWEST_SERIES as f64 {
                profile = profile_of(teaching.into_iter().zip(grows), true);
            }
        }
        (!laws.is_empty()).then_some(Self { laws, profile })
    }

    /// As what is known of a fleet whose growth has not been judged.
    pub(in super::super) fn without_verdict(self) -> FleetGrowth {
        FleetGrowth { laws: self.laws, profile: self.profile, ..FleetGrowth::default() }
    }
}
