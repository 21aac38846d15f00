//! A series that a fleet learns from.

use super::super::Gridspark;
use super::super::outliers::RobustDesign;
use super::super::variance::{ProfileLearner, VarianceProfile};
use super::super::window::Window;
use super::Member;
use crate::Capacity;
use crate::scale::ValueScale;

/// A series whose range is below this share of its capacity is dead and is left out.
const DEAD: f64 = 0.02;

/// A training window with its values scaled as in a fit, and what a robust fit leaves over.
pub(super) struct TrainingSeries {
    pub(super) window: Window,
    pub(super) capacity: Option<Capacity>,
    /// The range of the training values, kW.
    pub(super) range_kw: f64,
    /// The values as shares of their range, outliers winsorised.
    pub(super) values: Vec<f64>,
    residuals: Vec<f64>,
}

impl TrainingSeries {
    /// A member's training window, if it is long enough, not dead, and its robust fit succeeds.
    pub(super) fn of(
        member: &Member<'_>,
        model: &Gridspark,
        fewest_weeks: i32,
        robust: RobustDesign,
    ) -> Option<Self> {
        let window = Window::of(member.series, model.training_weeks).ok()?;
        let own = ValueScale::of(window.values_kw.iter().copied());
        let is_alive = !own.is_constant()
            && own.unit_kw.is_finite()
            && member.capacity.is_none_or(|capacity| own.unit_kw >= DEAD * capacity.kva());
        if !is_alive || window.span_weeks() < fewest_weeks {
            return None;
        }
        let (scale, fit) = window.scaled_by_most(own, robust).ok()?;
        let values = if model.clip_outliers { fit.winsorised } else { window.scaled(&scale) };
        let (capacity, range_kw) = (member.capacity, own.unit_kw);
        Some(Self { window, capacity, range_kw, values, residuals: fit.residuals })
    }
}

/// The variance profile of these series, each with its weight; with a trend over the years if asked for.
pub(super) fn profile_of<'a>(
    taught: impl Iterator<Item = (&'a TrainingSeries, f64)>,
    with_trend: bool,
) -> VarianceProfile {
    let mut learner = ProfileLearner::default();
    for (series, weight) in taught {
        learner.add(&series.window.rows, &series.residuals, weight);
    }
    learner.learned(with_trend)
}
