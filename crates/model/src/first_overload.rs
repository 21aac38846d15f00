//! What the distribution of the first overload says of a span of weeks: one event, all its figures.

use serde::{Deserialize, Serialize};

use crate::IsoWeek;

/// How many of the future weeks a box is judged and ranked by: the half-year. Later weeks are indicative.
pub const RANKED_WEEKS: usize = 27;

/// The probability of an overload that a planner accepts, above 0 and at most 1/2.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Risk(f64);

/// A risk that is not above 0 and at most 1/2.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a risk must be above 0 and at most 0.5, not {value}")]
pub struct RiskError {
    /// The refused number.
    pub value: f64,
}

impl Risk {
    /// A risk.
    ///
    /// # Errors
    /// [`RiskError`] unless it is above 0 and at most 1/2.
    pub fn new(value: f64) -> Result<Self, RiskError> {
        if value > 0.0 && value <= 0.5 { Ok(Self(value)) } else { Err(RiskError { value }) }
    }

    /// The probability.
    #[must_use]
    pub const fn probability(self) -> f64 {
        self.0
    }
}

impl Default for Risk {
    /// 1 in 10.
    fn default() -> Self {
        Self(0.1)
    }
}

impl TryFrom<f64> for Risk {
    type Error = RiskError;

    fn try_from(value: f64) -> Result<Self, RiskError> {
        Self::new(value)
    }
}

impl From<Risk> for f64 {
    fn from(risk: Risk) -> Self {
        risk.0
    }
}

/// An overload in at least one week of a span: how probable, when first, where most, how often, by how much.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct OverloadFigures {
    /// P(overload in at least one week of the span).
    pub probability: f64,
    /// The week in which the first overload is most probable; nothing if none is possible.
    pub likeliest_first_week: Option<IsoWeek>,
    /// The first week by which P(overload so far) is more than 1/2.
    pub median_first_week: Option<IsoWeek>,
    /// The first week by which P(overload so far) is more than the risk.
    pub early_first_week: Option<IsoWeek>,
    /// The week in which an overload, first or not, is most probable.
    pub heaviest_week: IsoWeek,
    /// P(overload in the heaviest week).
    pub heaviest_week_probability: f64,
    /// The expected number of weeks with an overload: Σ P(overload in a week).
    pub expected_weeks: f64,
    /// How far the span's largest value lies beyond its limit at the risk, kW: P(max − limit > this) = risk.
    /// Nothing where an overload is no more probable than the risk.
    pub shortfall_kw: Option<f64>,
}

impl OverloadFigures {
    /// From P(first overload in a week) and P(overload in a week), one number a week of the span; nothing
    /// without weeks. Of weeks that are equally probable the earliest counts.
    #[must_use]
    pub fn of(
        weeks: &[IsoWeek],
        first_week: &[f64],
        weekly: &[f64],
        risk: Risk,
        shortfall_kw: Option<f64>,
    ) -> Option<Self> {
        let by = |level: f64| {
            let mut so_far = 0.0;
            let reached = first_week.iter().position(|first| {
                so_far += first;
                so_far > level
            });
            reached.and_then(|place| weeks.get(place).copied())
        };
        let (heaviest_week, heaviest_week_probability) = most(weeks, weekly)?;
        let (likeliest, first) = most(weeks, first_week)?;
        let probability = first_week.iter().sum::<f64>().clamp(0.0, 1.0);
        Some(Self {
            probability,
            likeliest_first_week: (first > 0.0).then_some(likeliest),
            median_first_week: by(0.5),
            early_first_week: by(risk.probability()),
            heaviest_week,
            heaviest_week_probability,
            expected_weeks: weekly.iter().sum(),
            shortfall_kw: shortfall_kw.filter(|_| probability > risk.probability()),
        })
    }
}

/// The earliest of the weeks with the largest number.
fn most(weeks: &[IsoWeek], values: &[f64]) -> Option<(IsoWeek, f64)> {
    let pairs = weeks.iter().copied().zip(values.iter().copied());
    pairs.reduce(|most, next| if next.1 > most.1 { next } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(count: i32) -> Vec<IsoWeek> {
        (0..count).map(|place| IsoWeek::from_index(3_000 + place)).collect()
    }

    fn figures(first_week: &[f64], weekly: &[f64]) -> OverloadFigures {
        let weeks = weeks(first_week.len() as i32);
        OverloadFigures::of(&weeks, first_week, weekly, Risk::default(), Some(12.0)).unwrap()
    }

    #[test]
    fn every_figure_is_of_the_same_distribution() {
        let found = figures(&[0.05, 0.04, 0.3, 0.2, 0.1], &[0.05, 0.06, 0.4, 0.5, 0.45]);
        let week = |place: i32| Some(IsoWeek::from_index(3_000 + place));
        assert!((found.probability - 0.69).abs() < 1e-12);
        assert_eq!(found.likeliest_first_week, week(2));
        assert_eq!(found.early_first_week, week(2));
        assert_eq!(found.median_first_week, week(3));
        assert_eq!((Some(found.heaviest_week), found.heaviest_week_probability), (week(3), 0.5));
        assert!((found.expected_weeks - 1.46).abs() < 1e-12);
        assert_eq!(found.shortfall_kw, Some(12.0));
    }

    #[test]
    fn a_figure_that_the_chance_does_not_reach_is_absent() {
        let found = figures(&[0.05, 0.05], &[0.05, 0.06]);
        assert_eq!((found.median_first_week, found.early_first_week, found.shortfall_kw), (None, None, None));
        assert!(found.likeliest_first_week.is_some());
        let found = figures(&[0.0, 0.0], &[0.0, 0.0]);
        assert_eq!((found.likeliest_first_week, found.probability), (None, 0.0));
        assert_eq!(OverloadFigures::of(&[], &[], &[], Risk::default(), None), None);
    }

    #[test]
    fn a_risk_is_above_zero_and_at_most_a_half() {
        for refused in [0.0, -0.1, 0.51, f64::NAN] {
            assert!(Risk::new(refused).is_err(), "{refused}");
            assert!(serde_json::from_str::<Risk>(&refused.to_string()).is_err());
        }
        assert_eq!(Risk::new(0.5).map(Risk::probability), Ok(0.5));
    }
}
