//! The scores of a series at an origin.
//!
//! The pinball loss of a quantile q of level τ at an observation y is τ (y − q) if y ≥ q, else (1 −
//! τ)(q − y), a proper score whose expectation is minimal for the true quantile (Koenker and
//! Bassett, 1978). Scores are means over the five stored levels and the hold-out weeks, divided by
//! the range of the training values, so that boxes of all sizes have equal weight.

use model::Quantile;

use crate::task_limits::TaskLimits;
use crate::{Prediction, Window};

/// The scores of a hold-out week; kW are divided by the training range.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct WeekOutcome {
    /// Weeks ahead, from 1.
    pub(crate) horizon: usize,
    /// Mean pinball loss over the five quantiles.
    pub(crate) pinball: f64,
    /// |observed − median|.
    pub(crate) absolute_error: f64,
    /// Whether the observation lies below each of the five quantiles.
    pub(crate) below: [bool; 5],
    /// Whether the 90 % and the 70 % band contain the observation.
    pub(crate) within: [bool; 2],
    /// The width of the 90 % band.
    pub(crate) width_90: f64,
    /// The predicted probability of an overload, and whether one occurred.
    pub(crate) overload: Option<(f64, bool)>,
}

/// The prediction for the whole hold-out, and the outcome.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct HorizonOutcome {
    /// The predicted probability of any overload.
    pub(crate) probability: Option<f64>,
    /// Whether a band reaches the limit in any week, the warning rule of the ranked list.
    pub(crate) warned: bool,
    /// Whether any observed week was overloaded.
    pub(crate) overloaded: bool,
}

/// The scores of a series at an origin.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SeriesOutcome {
    pub(crate) weeks: Vec<WeekOutcome>,
    pub(crate) horizon: Option<HorizonOutcome>,
    /// By limit of the extreme's own direction, in the order of [`TaskLimits::one_way`]; empty for
    /// a model without a joint distribution over weeks.
    pub(crate) one_way: Vec<OneWayOutcome>,
}

/// The probability that any week exceeds the limit of the extreme's own direction, and whether one
/// did.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct OneWayOutcome {
    pub(crate) probability: f64,
    pub(crate) occurred: bool,
}

/// Scores a prediction against the observations.
pub(crate) fn score(window: &Window, prediction: &Prediction, task_limits: &TaskLimits) -> SeriesOutcome {
    let limits = task_limits.both.as_ref();
    let weeks = window
        .hold_out
        .iter()
        .zip(&prediction.quantiles_kw)
        .enumerate()
        .map(|(index, (&(week, observed), levels))| {
            let scaled = |kw: f64| kw / window.range_kw;
            let [q05, q15, q50, q85, q95] = *levels;
            let losses =
                Quantile::ALL.iter().zip(levels).map(|(level, kw)| pinball(level.level(), *kw, observed));
            WeekOutcome {
                horizon: window.horizon_of(week),
                pinball: scaled(losses.sum::<f64>() / 5.0),
                absolute_error: scaled((observed - q50).abs()),
                below: levels.map(|kw| observed < kw),
                within: [(q05, q95), (q15, q85)].map(|(low, high)| (low..=high).contains(&observed)),
                width_90: scaled(q95 - q05),
                overload: limits.zip(prediction.overload.as_ref()).map(|(limits, overload)| {
                    (overload.weekly[index].clamp(0.0, 1.0), limits.reached_by(observed))
                }),
            }
        })
        .collect();
    let horizon = limits.map(|limits| HorizonOutcome {
        probability: prediction.overload.as_ref().and_then(|overload| overload.any_week),
        warned: prediction.quantiles_kw.iter().flatten().any(|&kw| limits.reached_by(kw)),
        overloaded: window.hold_out.iter().any(|&(_, kw)| limits.reached_by(kw)),
    });
    let one_way =
        task_limits.one_way.iter().zip(&prediction.one_way).map(|(one, probability)| OneWayOutcome {
            probability: probability.clamp(0.0, 1.0),
            occurred: window.hold_out.iter().any(|&(_, kw)| one.limits.reached_by(kw)),
        });
    SeriesOutcome { weeks, horizon, one_way: one_way.collect() }
}

/// The pinball loss of one quantile, in the unit of its arguments: τ (y − q) if y ≥ q, else (1 −
/// τ)(q − y).
pub fn pinball(level: f64, quantile: f64, observed: f64) -> f64 {
    let error = observed - quantile;
    (level * error).max((level - 1.0) * error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task_limits::OneWayLimit;
    use crate::{OverloadPrediction, WindowSettings};
    use model::{Capacity, Extreme, IsoWeek, Limits, PowerFactor, WeekExtremes};

    #[test]
    fn pinball_weights_the_two_sides_by_the_level() {
        assert!((pinball(0.95, 10.0, 12.0) - 1.9).abs() < 1e-12);
        assert!((pinball(0.95, 10.0, 8.0) - 0.1).abs() < 1e-12);
        assert_eq!(pinball(0.5, 3.0, 3.0), 0.0);
    }

    #[test]
    fn a_week_is_scored_as_worked_out_by_hand() {
        // Training values alternate between 0 and 100: range 100. The hold-out is always 40 but
        // once 130.
        let value = |index: i32| match index {
            2_700 => 130.0,
            2_675.. => 40.0,
            _ => f64::from(index % 2) * 100.0,
        };
        let week = |index| WeekExtremes {
            week: IsoWeek::from_index(index),
            min_kw: 0.0,
            max_kw: value(index),
            readings: 672,
        };
        let weeks: Vec<WeekExtremes> = (2_500..=2_700).map(week).collect();
        let last = IsoWeek::from_index(2_700);
        let window = Window::cut(&weeks, Extreme::Max, None, last, &WindowSettings::default()).unwrap();
        let prediction = Prediction {
            quantiles_kw: vec![[10.0, 20.0, 50.0, 60.0, 90.0]; 26],
            overload: Some(OverloadPrediction { weekly: vec![0.25; 26], any_week: Some(0.9) }),
            one_way: vec![0.875, 0.5],
        };
        let (capacity, factor) = (Capacity::new(120.0).unwrap(), PowerFactor::default());
        let one_way = |threshold| OneWayLimit::of(Extreme::Max, capacity, factor, threshold).unwrap();
        let limits = TaskLimits {
            both: Limits::of(capacity, factor, 1.0, 1.0).ok(),
            one_way: vec![one_way(1.0), one_way(2.0)],
        };
        let outcome = score(&window, &prediction, &limits);

        let first = outcome.weeks[0];
        assert_eq!(first.horizon, 1);
        // .05 × 30 + .15 × 20 + .5 × 10 + .15 × 20 + .05 × 50 = 15, divided by 5 and the range
        // of 100.
        assert!((first.pinball - 0.03).abs() < 1e-12);
        assert!((first.absolute_error - 0.1).abs() < 1e-12);
        assert_eq!(first.below, [false, false, true, true, true]);
        assert_eq!(first.within, [true, true]);
        assert!((first.width_90 - 0.8).abs() < 1e-12);
        assert_eq!(first.overload, Some((0.25, false)));
        let one_way: Vec<(f64, bool)> =
            outcome.one_way.iter().map(|one| (one.probability, one.occurred)).collect();
        assert_eq!(one_way, [(0.875, true), (0.5, false)]);
        let last = outcome.weeks[25];
        assert_eq!((last.horizon, last.within, last.overload), (26, [false, false], Some((0.25, true))));
        let horizon = outcome.horizon.unwrap();
        assert_eq!(horizon, HorizonOutcome { probability: Some(0.9), warned: false, overloaded: true });
    }
}
