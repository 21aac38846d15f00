//! The laws of some series, and the noise of those among them that grow.

use super::super::super::noise_grid::NoiseGrid;
use super::super::super::variance::VarianceProfile;
use super::super::MIN_SERIES;
use super::super::training_series::{TrainingSeries, profile_of};
use super::directions::learn as learn_laws;
use super::information::{Noise, SeriesInformation, information_of, noise};
use super::{FleetGrowth, LearnedLaw};

/// How often profile and laws are learned, each from the other.
const ROUNDS: usize = 2;

/// The largest number of series to learn from: more would not change the laws.
const MAX_SERIES: usize = 240;

/// The growth learned from a fleet's series.
pub(in super::super) struct Learned {
    laws: Vec<LearnedLaw>,
    /// The variance profile of the series that grow.
    profile: VarianceProfile,
}

impl Learned {
    /// From fewer than a handful nothing, and nothing if none of them grows.
    ///
    /// The variance profile is estimated from all series first, then from those that grow.
    pub(in super::super) fn of(taught: &[&TrainingSeries]) -> Option<Self> {
        let mut profile = profile_of(taught.iter().map(|series| (*series, 1.0)), true);
        let grid = NoiseGrid::of_own_range();
        let step = taught.len().div_ceil(MAX_SERIES).max(1);
        let teaching: Vec<(&TrainingSeries, Noise)> = taught
            .iter()
            .step_by(step)
            .filter_map(|series| Some((*series, noise(series, &profile, &grid)?)))
            .collect();
        if teaching.len() < MIN_SERIES {
            return None;
        }
        let mut laws = Vec::new();
        for _ in 0..ROUNDS {
            // A series whose computation fails is left out.
            let (series, teachers): (Vec<&TrainingSeries>, Vec<SeriesInformation>) = teaching
                .iter()
                .filter_map(|(series, noise)| Some((*series, information_of(series, &profile, *noise)?)))
                .unzip();
            let (learned, grows) = learn_laws(&teachers);
            laws = learned;
            if grows.iter().sum::<f64>() >= MIN_SERIES as f64 {
                profile = profile_of(series.into_iter().zip(grows), true);
            }
        }
        (!laws.is_empty()).then_some(Self { laws, profile })
    }

    /// As what is known of a fleet whose growth has not been judged.
    pub(in super::super) fn without_verdict(self) -> FleetGrowth {
        FleetGrowth { laws: self.laws, profile: self.profile, ..FleetGrowth::default() }
    }
}
