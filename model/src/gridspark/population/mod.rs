//! What the boxes of a fleet have in common: how their noise goes with the season, their coefficients, their size
//! against the capacity. Learned once a run for each extreme, and kept with it.

mod calibration;
mod coefficients;
mod newcomer;
mod size;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use coefficients::PopulationCoefficients;
pub use size::SizeToCapacity;

pub(super) use coefficients::scale;
pub(super) use newcomer::newcomer;

use super::future_noise::FutureNoise;
use super::outliers::robust_fit;
use super::variance::{ProfileLearner, VarianceProfile};
use super::window::Window;
use super::{Gridspark, basis::CoefficientPrior};
use crate::scale::ValueScale;
use crate::{Capacity, Series};

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
    /// How the noise's variance goes with the season.
    pub profile: VarianceProfile,
    /// How the noise of the coming months compares with that of the past.
    #[serde(default)]
    pub future_noise: FutureNoise,
    /// The distribution of the coefficients over the fleet; nothing where too few series have a long history.
    pub coefficients: Option<PopulationCoefficients>,
    /// The distribution of the size against the capacity; nothing where too few capacities are known.
    pub size: Option<SizeToCapacity>,
    /// How many series it was learned from.
    pub learned_from: usize,
}

/// A series whose range is below this share of its capacity is dead and teaches nothing.
const DEAD: f64 = 0.02;
/// Fewer weeks than this teach nothing about the season.
const TEACHING_WEEKS: i32 = 104;
/// A season is not learned from fewer series.
pub(super) const FEWEST_SERIES: usize = 5;

impl Population {
    /// Learns from the series that have two years or more and are alive; the others are passed over, and so is a series
    /// on which a numerical step fails. With too few the population knows nothing and changes nothing.
    #[must_use]
    pub fn learn(members: &[Member<'_>], model: &Gridspark) -> Self {
        let (teachers, taught): (Vec<&Member<'_>>, Vec<(Window, Option<Capacity>)>) =
            members.iter().filter_map(|member| Some((member, teaching(member, model)?))).unzip();
        let mut learner = ProfileLearner::default();
        for (window, _) in &taught {
            let scale = ValueScale::of(window.values_kw.iter().copied());
            let scaled: Vec<f64> = window.values_kw.iter().map(|&kw| scale.scaled(kw)).collect();
            if let Ok(fit) = robust_fit(&window.rows, &scaled) {
                learner.add(&window.rows, &fit.residuals);
            }
        }
        let profile = learner.learned();
        let windows: Vec<&Window> = taught.iter().map(|(window, _)| window).collect();
        let alike = Self { profile, ..Self::default() };
        let forecaster = Gridspark { horizon_weeks: 1, population: Some(Arc::new(alike)), ..model.clone() };
        Self {
            profile,
            future_noise: calibration::learn(&teachers, &forecaster),
            coefficients: PopulationCoefficients::learn(&windows, model, &profile),
            size: SizeToCapacity::learn(&taught),
            learned_from: taught.len(),
        }
    }

    /// The prior of a series scaled by [`scale`], if the population has one.
    pub(super) fn prior(&self) -> Option<CoefficientPrior> {
        self.coefficients.as_ref().and_then(PopulationCoefficients::prior)
    }
}

/// The training window of a member that the population can learn from.
fn teaching(member: &Member<'_>, model: &Gridspark) -> Option<(Window, Option<Capacity>)> {
    let window = Window::of(member.series, model.training_weeks).ok()?;
    let own = ValueScale::of(window.values_kw.iter().copied());
    let is_alive = !own.is_constant()
        && own.unit_kw.is_finite()
        && member.capacity.is_none_or(|capacity| own.unit_kw >= DEAD * capacity.kva());
    (is_alive && window.span_weeks() >= TEACHING_WEEKS).then_some((window, member.capacity))
}
