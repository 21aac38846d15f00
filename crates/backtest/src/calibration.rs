//! Sums of scores by group and by horizon, and their means.

use serde::{Deserialize, Serialize};

use crate::reliability::EventTally;
use crate::scores::SeriesOutcome;
use crate::{EventScores, Warnings};

/// Sums over the series of a group. Series have equal weight, however many weeks were observed.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Tally {
    means: MeanTally,
    horizons: Vec<MeanTally>,
    weekly: EventTally,
    any_week: EventTally,
    by_band: Warnings,
    by_probability: Warnings,
    has_limits: bool,
    seconds: f64,
}

/// Sums of the averaged scores.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct MeanTally {
    pub(crate) count: f64,
    pub(crate) pinball: f64,
    pub(crate) absolute_error: f64,
    pub(crate) within: [f64; 2],
    pub(crate) below: [f64; 5],
    pub(crate) width_90: f64,
}

/// The scores of a group of series. Losses and widths are fractions of the training range.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Scores {
    /// Number of scored series, counted at each origin.
    pub series: u64,
    /// Mean pinball loss over the five quantiles.
    pub pinball: f64,
    /// Mean absolute error of the median.
    pub mae: f64,
    /// The share of observations within the 90 % band.
    pub coverage_90: f64,
    /// The share of observations within the 70 % band.
    pub coverage_70: f64,
    /// The share of observations below each of the five quantiles.
    pub below: [f64; 5],
    /// The mean width of the 90 % band.
    pub width_90: f64,
    /// The Brier score of the weekly overload probabilities, if limits are known.
    pub brier_overload: Option<f64>,
    /// Scores of the weekly overload probabilities.
    pub overload_weekly: Option<EventScores>,
    /// Scores of the probabilities of any overload over the horizon, for models that predict them.
    pub overload_any_week: Option<EventScores>,
    /// Warnings by the rule of the ranked list: a stored band reaches the limit.
    pub warnings_by_band: Option<Warnings>,
    /// Warnings at a probability of any overload of at least one half.
    pub warnings_by_probability: Option<Warnings>,
    /// Mean time of fit, bands and probabilities per series on one core, seconds.
    pub seconds_per_fit: f64,
}

/// The scores at one horizon.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct HorizonScores {
    /// Weeks ahead, from 1.
    pub horizon: usize,
    /// Observed weeks.
    pub weeks: u64,
    /// Mean pinball loss.
    pub pinball: f64,
    /// The share of observations in the 90 % band.
    pub coverage_90: f64,
    /// The share of observations in the 70 % band.
    pub coverage_70: f64,
    /// The share of observations below each of the five quantiles.
    pub below: [f64; 5],
}

/// The scores over a span of weeks ahead.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct DistanceScores {
    /// The first and the last week ahead with observations, from 1.
    pub weeks_ahead: (usize, usize),
    /// Observed weeks.
    pub weeks: u64,
    /// Mean pinball loss.
    pub pinball: f64,
    /// The share of observations in the 90 % band.
    pub coverage_90: f64,
    /// The share of observations in the 70 % band.
    pub coverage_70: f64,
}

impl DistanceScores {
    /// The means over some horizons, each by its observed weeks; nothing without any.
    pub fn of(horizons: &[HorizonScores]) -> Option<Self> {
        let (first, last) = (horizons.first()?, horizons.last()?);
        let weeks: u64 = horizons.iter().map(|at| at.weeks).sum();
        let mean = |of: fn(&HorizonScores) -> f64| {
            horizons.iter().map(|at| at.weeks as f64 * of(at)).sum::<f64>() / weeks as f64
        };
        (weeks > 0).then(|| Self {
            weeks_ahead: (first.horizon, last.horizon),
            weeks,
            pinball: mean(|at| at.pinball),
            coverage_90: mean(|at| at.coverage_90),
            coverage_70: mean(|at| at.coverage_70),
        })
    }
}

impl MeanTally {
    fn add_scaled(&mut self, other: &Self, factor: f64) {
        self.count += factor * other.count;
        self.pinball += factor * other.pinball;
        self.absolute_error += factor * other.absolute_error;
        self.width_90 += factor * other.width_90;
        self.within.iter_mut().zip(other.within).for_each(|(sum, value)| *sum += factor * value);
        self.below.iter_mut().zip(other.below).for_each(|(sum, value)| *sum += factor * value);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.add_scaled(other, 1.0);
    }
}

/// The means of a series over its weeks, with a count of one.
pub(crate) fn series_means(outcome: &SeriesOutcome) -> MeanTally {
    let mut sums = MeanTally::default();
    for week in &outcome.weeks {
        sums.merge(&week_tally(week));
    }
    let mut means = MeanTally::default();
    if sums.count > 0.0 {
        means.add_scaled(&sums, 1.0 / sums.count);
    }
    means
}

fn week_tally(week: &crate::scores::WeekOutcome) -> MeanTally {
    let number = |is: bool| f64::from(u8::from(is));
    MeanTally {
        count: 1.0,
        pinball: week.pinball,
        absolute_error: week.absolute_error,
        within: week.within.map(number),
        below: week.below.map(number),
        width_90: week.width_90,
    }
}

impl Tally {
    /// Adds a series whose forecast took `seconds`.
    pub(crate) fn add(&mut self, outcome: &SeriesOutcome, means: &MeanTally, seconds: f64) {
        self.means.merge(means);
        self.seconds += seconds;
        for week in &outcome.weeks {
            if self.horizons.len() < week.horizon {
                self.horizons.resize(week.horizon, MeanTally::default());
            }
            if let Some(horizon) = week.horizon.checked_sub(1).and_then(|index| self.horizons.get_mut(index))
            {
                horizon.merge(&week_tally(week));
            }
            if let Some((probability, occurred)) = week.overload {
                self.weekly.add(probability, occurred);
            }
        }
        if let Some(horizon) = outcome.horizon {
            self.has_limits = true;
            self.by_band.add(horizon.warned, horizon.overloaded);
            if let Some(probability) = horizon.probability {
                self.any_week.add(probability, horizon.overloaded);
                self.by_probability.add(probability >= 0.5, horizon.overloaded);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.means.merge(&other.means);
        self.seconds += other.seconds;
        if self.horizons.len() < other.horizons.len() {
            self.horizons.resize(other.horizons.len(), MeanTally::default());
        }
        self.horizons.iter_mut().zip(&other.horizons).for_each(|(sums, other)| sums.merge(other));
        self.weekly.merge(&other.weekly);
        self.any_week.merge(&other.any_week);
        self.by_band.merge(&other.by_band);
        self.by_probability.merge(&other.by_probability);
        self.has_limits |= other.has_limits;
    }

    /// The scores; None without series.
    pub(crate) fn scores(&self) -> Option<Scores> {
        let MeanTally { count, pinball, absolute_error, within, below, width_90 } = self.means;
        if count == 0.0 {
            return None;
        }
        let mean = |sum: f64| sum / count;
        let overload_weekly = self.weekly.scores();
        let overload_any_week = self.any_week.scores();
        Some(Scores {
            series: count as u64,
            pinball: mean(pinball),
            mae: mean(absolute_error),
            coverage_90: mean(within[0]),
            coverage_70: mean(within[1]),
            below: below.map(mean),
            width_90: mean(width_90),
            brier_overload: overload_weekly.as_ref().map(|scores| scores.brier),
            warnings_by_band: self.has_limits.then_some(self.by_band),
            warnings_by_probability: overload_any_week.as_ref().map(|_| self.by_probability),
            overload_weekly,
            overload_any_week,
            seconds_per_fit: mean(self.seconds),
        })
    }

    /// The scores by horizon, omitting horizons without observations.
    pub(crate) fn by_horizon(&self) -> Vec<HorizonScores> {
        (1..)
            .zip(&self.horizons)
            .filter(|(_, sums)| sums.count > 0.0)
            .map(|(horizon, sums)| {
                let mean = |sum: f64| sum / sums.count;
                HorizonScores {
                    horizon,
                    weeks: sums.count as u64,
                    pinball: mean(sums.pinball),
                    coverage_90: mean(sums.within[0]),
                    coverage_70: mean(sums.within[1]),
                    below: sums.below.map(mean),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_the_mean_of_its_weeks_by_how_many_were_observed() {
        let at = |horizon, weeks, coverage_90| HorizonScores {
            horizon,
            weeks,
            pinball: 0.02 * horizon as f64,
            coverage_90,
            coverage_70: 0.7,
            below: [0.05, 0.15, 0.5, 0.85, 0.95],
        };
        let found = DistanceScores::of(&[at(28, 30, 0.8), at(30, 10, 0.6)]).unwrap();
        assert_eq!((found.weeks_ahead, found.weeks), ((28, 30), 40));
        assert!((found.coverage_90 - 0.75).abs() < 1e-12 && (found.coverage_70 - 0.7).abs() < 1e-12);
        assert!((found.pinball - (0.75 * 0.56 + 0.25 * 0.6)).abs() < 1e-12);
        assert_eq!(DistanceScores::of(&[]), None);
    }
}
