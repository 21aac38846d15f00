//! Acceptance targets for forecasts of growing fleets.
//!
//! For simulated fleets that were not used in development:
//! - for each fleet and extreme the 90 % band covers .87 to .93 of the observations and the 70 %
//!   band .66 to .74; in each growth class with 200 series-origins or more .84 to .96 and .60 to
//!   .80;
//! - in each such class the pinball loss is at most .80 (minima) or .90 (maxima) of the seasonal
//!   naive's;
//! - probabilities of an overload within the horizon have a slope of .9 to 1.1 at limits of 70 and
//!   100 % of the capacity; at 100 %, with warnings from a probability of 1/4, recall is at least
//!   .85 and precision .6;
//! - after growth that has just stopped, the 90 % band covers at least .85 of the next half-year.
//!
//! Single origins have no targets.

use model::Extreme;

use crate::{DataSource, GroupScores, GrowthCourse};

/// Series-origins a class needs to have targets.
pub const MIN_SERIES: u64 = 200;

/// Series-origins that growth that has just stopped needs to have a target.
pub const MIN_STOPPED_SERIES: u64 = 25;
/// Overloads needed for targets of warnings and for skill and slope.
pub const MIN_EVENTS: u64 = 10;

/// A figure and its target range.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Target {
    /// The figure.
    pub figure: TargetFigure,
    /// Its value.
    pub value: f64,
    /// Lower bound.
    pub min: f64,
    /// Upper bound.
    pub max: f64,
}

/// A figure with a target.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum TargetFigure {
    /// The pinball loss relative to the seasonal naive.
    OverNaive,
    /// The share of observations within the 90 % band.
    Coverage90,
    /// The share of observations within the 70 % band.
    Coverage70,
    /// The slope of the overload probabilities at this fraction of the capacity.
    Slope(f64),
    /// The share of overloads that were warned of.
    Recall,
    /// The share of warnings that were right.
    Precision,
}

impl Target {
    /// Whether the value is within the bounds.
    #[must_use]
    pub fn is_met(&self) -> bool {
        (self.min..=self.max).contains(&self.value)
    }
}

/// The targets of a group of simulated series; empty for measured loads, single origins and small
/// classes.
#[must_use]
pub fn targets(group: &GroupScores, source: DataSource) -> Vec<Target> {
    let DataSource::Simulated { .. } = source else { return Vec::new() };
    let is_whole = group.class.is_none() && group.course.is_none();
    if group.last_week.is_some() || !is_whole && group.series < MIN_SERIES {
        return Vec::new();
    }
    let target = |figure, value: f64, (min, max)| Target { figure, value, min, max };
    let (coverage_90, coverage_70) = (group.coverage_90.value, group.coverage_70.value);
    if let Some(course) = group.course {
        let only = target(TargetFigure::Coverage90, coverage_90, (0.85, 1.0));
        let has_target = course == GrowthCourse::JustStopped && group.series >= MIN_STOPPED_SERIES;
        return if has_target { vec![only] } else { Vec::new() };
    }
    if !is_whole {
        let max_ratio = if group.extreme == Extreme::Min { 0.80 } else { 0.90 };
        let over_naive =
            group.over_naive.map(|over| target(TargetFigure::OverNaive, over.value, (0.0, max_ratio)));
        let bands = [
            target(TargetFigure::Coverage90, coverage_90, (0.84, 0.96)),
            target(TargetFigure::Coverage70, coverage_70, (0.60, 0.80)),
        ];
        return over_naive.into_iter().chain(bands).collect();
    }
    let mut targets = vec![
        target(TargetFigure::Coverage90, coverage_90, (0.87, 0.93)),
        target(TargetFigure::Coverage70, coverage_70, (0.66, 0.74)),
    ];
    for overload in &group.overloads {
        let slope = overload.slope.map(|slope| (TargetFigure::Slope(overload.threshold), slope, (0.9, 1.1)));
        let is_full = overload.threshold == 1.0 && overload.events >= MIN_EVENTS;
        let recall = overload.recall.map(|recall| (TargetFigure::Recall, recall, (0.85, 1.0)));
        let precision = overload.precision.map(|precision| (TargetFigure::Precision, precision, (0.6, 1.0)));
        let warnings = recall.into_iter().chain(precision).filter(|_| is_full);
        targets.extend(
            slope.into_iter().chain(warnings).map(|(figure, of, bounds)| target(figure, of.value, bounds)),
        );
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GrowthClass, Interval, OverloadScores, Warnings};
    use chrono::NaiveDate;

    const CONFIRMING: DataSource = DataSource::Simulated { for_choosing: false };

    fn point(value: f64) -> Interval {
        Interval { value, low: value, high: value }
    }

    fn group(extreme: Extreme, class: Option<GrowthClass>, series: u64) -> GroupScores {
        let overload = |threshold| OverloadScores {
            threshold,
            count: series,
            events: 10,
            brier: 0.01,
            skill: Some(point(0.5)),
            slope: Some(point(1.0)),
            warnings: Warnings::default(),
            precision: Some(point(0.5)),
            recall: Some(point(0.9)),
        };
        GroupScores {
            set: Some("fleet".to_owned()),
            extreme,
            class,
            course: None,
            last_week: None,
            series,
            boxes: 100,
            pinball: point(0.03),
            over_naive: Some(point(0.85)),
            coverage_90: point(0.86),
            coverage_70: point(0.70),
            overloads: vec![overload(0.7), overload(1.0)],
        }
    }

    fn missed(group: &GroupScores, source: DataSource) -> Vec<TargetFigure> {
        targets(group, source).iter().filter(|target| !target.is_met()).map(|target| target.figure).collect()
    }

    #[test]
    fn fleets_have_narrower_targets_than_classes_and_minima_lower_loss_than_maxima() {
        let fleet = group(Extreme::Min, None, 1_000);
        assert_eq!(missed(&fleet, CONFIRMING), [TargetFigure::Coverage90, TargetFigure::Precision]);
        let class = |extreme| group(extreme, Some(GrowthClass::Fast), MIN_SERIES);
        assert_eq!(missed(&class(Extreme::Min), CONFIRMING), [TargetFigure::OverNaive]);
        assert_eq!(missed(&class(Extreme::Max), CONFIRMING), []);
    }

    #[test]
    fn small_classes_few_overloads_single_origins_and_measured_loads_have_no_targets() {
        let small = group(Extreme::Min, Some(GrowthClass::Fast), MIN_SERIES - 1);
        assert_eq!(targets(&small, CONFIRMING), []);
        let fleet = group(Extreme::Min, None, 1_000);
        assert_eq!(targets(&fleet, DataSource::Measured), []);
        let mut calm = fleet.clone();
        calm.overloads.iter_mut().for_each(|overload| overload.events = MIN_EVENTS - 1);
        assert_eq!(missed(&calm, CONFIRMING), [TargetFigure::Coverage90]);
        let origin = GroupScores { last_week: Some(NaiveDate::default()), ..fleet };
        assert_eq!(targets(&origin, CONFIRMING), []);
    }

    #[test]
    fn stopped_growth_has_a_target_for_the_90_percent_band_only() {
        let mut stopped = group(Extreme::Min, None, 1_000);
        stopped.course = Some(GrowthCourse::JustStopped);
        assert_eq!(missed(&stopped, CONFIRMING), []);
        stopped.coverage_90 = point(0.84);
        assert_eq!(missed(&stopped, CONFIRMING), [TargetFigure::Coverage90]);
        stopped.series = MIN_STOPPED_SERIES - 1;
        assert_eq!(targets(&stopped, CONFIRMING), []);
        stopped.series = MIN_STOPPED_SERIES;
        stopped.course = Some(GrowthCourse::Begun);
        assert_eq!(targets(&stopped, CONFIRMING), []);
    }

    #[test]
    fn nan_does_not_meet_a_target() {
        let mut fleet = group(Extreme::Max, None, 1_000);
        fleet.coverage_70 = point(f64::NAN);
        assert!(missed(&fleet, CONFIRMING).contains(&TargetFigure::Coverage70));
    }
}
