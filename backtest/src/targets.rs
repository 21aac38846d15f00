//! What is asked of forecasts of fleets that grow, and whether a group of series meets it.
//!
//! Of simulated fleets that played no part in choosing:
//! - over each fleet and extreme the 90 % band holds .87 to .93 of what comes and the 70 % band .66 to .74; in each class of
//!   growth with 200 series-origins or more .84 to .96 and .60 to .80;
//! - in each such class the pinball loss is at most .80 (minima) or .90 (maxima) of the seasonal naive's;
//! - probabilities of an overload within the horizon have a slope of .9 to 1.1 at limits of 70 and 100 % of the capacity;
//!   warned from one in four on, at 100 %, at least .85 of the overloads are warned of, and .6 of the warnings are right;
//! - where growth has just stopped, the 90 % band holds at least .85 of the half-year after.
//!
//! Single origins have no targets.

use model::Extreme;

use crate::{DataSource, GroupScores, GrowthCourse};

/// Classes with fewer series-origins have no targets.
pub const LEAST_SERIES: u64 = 200;

/// With fewer series-origins growth that has just stopped has no target.
pub const LEAST_STOPPED: u64 = 25;
/// With fewer overloads there are no targets for warnings.
pub const LEAST_EVENTS: u64 = 10;

/// A figure, and between which bounds it should lie.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Target {
    /// Which figure.
    pub figure: TargetFigure,
    /// What it is.
    pub value: f64,
    /// The least that it may be.
    pub least: f64,
    /// The most that it may be.
    pub most: f64,
}

/// A figure with a target.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum TargetFigure {
    /// The pinball loss over the seasonal naive's.
    OverNaive,
    /// The share of observations in the 90 % band.
    Coverage90,
    /// The share of observations in the 70 % band.
    Coverage70,
    /// The slope of the overload probabilities at this fraction of the capacity.
    Slope(f64),
    /// The share of overloads that were warned of.
    Recall,
    /// The share of warnings that were right.
    Precision,
}

impl Target {
    /// Whether the figure lies within its bounds.
    #[must_use]
    pub fn is_met(&self) -> bool {
        (self.least..=self.most).contains(&self.value)
    }
}

/// The targets of a group of simulated series; none for measured loads, single origins and small classes.
#[must_use]
pub fn targets(group: &GroupScores, source: DataSource) -> Vec<Target> {
    let DataSource::Simulated { .. } = source else { return Vec::new() };
    let is_whole = group.class.is_none() && group.course.is_none();
    if group.last_week.is_some() || !is_whole && group.series < LEAST_SERIES {
        return Vec::new();
    }
    let target = |figure, value: f64, (least, most)| Target { figure, value, least, most };
    let (coverage_90, coverage_70) = (group.coverage_90.value, group.coverage_70.value);
    if let Some(course) = group.course {
        let only = target(TargetFigure::Coverage90, coverage_90, (0.85, 1.0));
        let is_judged = course == GrowthCourse::JustStopped && group.series >= LEAST_STOPPED;
        return if is_judged { vec![only] } else { Vec::new() };
    }
    if !is_whole {
        let most = if group.extreme == Extreme::Min { 0.80 } else { 0.90 };
        let over_naive =
            group.over_naive.map(|over| target(TargetFigure::OverNaive, over.value, (0.0, most)));
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
        let is_full = overload.threshold == 1.0 && overload.events >= LEAST_EVENTS;
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
    fn a_fleet_is_held_to_narrower_bands_than_a_class_and_minima_to_less_loss_than_maxima() {
        let fleet = group(Extreme::Min, None, 1_000);
        assert_eq!(missed(&fleet, CONFIRMING), [TargetFigure::Coverage90, TargetFigure::Precision]);
        let class = |extreme| group(extreme, Some(GrowthClass::Fast), LEAST_SERIES);
        assert_eq!(missed(&class(Extreme::Min), CONFIRMING), [TargetFigure::OverNaive]);
        assert_eq!(missed(&class(Extreme::Max), CONFIRMING), []);
    }

    #[test]
    fn small_classes_few_overloads_single_origins_and_measured_loads_have_no_targets() {
        let small = group(Extreme::Min, Some(GrowthClass::Fast), LEAST_SERIES - 1);
        assert_eq!(targets(&small, CONFIRMING), []);
        let fleet = group(Extreme::Min, None, 1_000);
        assert_eq!(targets(&fleet, DataSource::Measured), []);
        let mut calm = fleet.clone();
        calm.overloads.iter_mut().for_each(|overload| overload.events = LEAST_EVENTS - 1);
        assert_eq!(missed(&calm, CONFIRMING), [TargetFigure::Coverage90]);
        let origin = GroupScores { last_week: Some(NaiveDate::default()), ..fleet };
        assert_eq!(targets(&origin, CONFIRMING), []);
    }

    #[test]
    fn growth_that_stops_is_held_to_the_wide_band_alone() {
        let mut stopped = group(Extreme::Min, None, 1_000);
        stopped.course = Some(GrowthCourse::JustStopped);
        assert_eq!(missed(&stopped, CONFIRMING), []);
        stopped.coverage_90 = point(0.84);
        assert_eq!(missed(&stopped, CONFIRMING), [TargetFigure::Coverage90]);
        stopped.series = LEAST_STOPPED - 1;
        assert_eq!(targets(&stopped, CONFIRMING), []);
        stopped.series = LEAST_STOPPED;
        stopped.course = Some(GrowthCourse::Begun);
        assert_eq!(targets(&stopped, CONFIRMING), []);
    }

    #[test]
    fn a_figure_that_is_no_number_does_not_meet_its_target() {
        let mut fleet = group(Extreme::Max, None, 1_000);
        fleet.coverage_70 = point(f64::NAN);
        assert!(missed(&fleet, CONFIRMING).contains(&TargetFigure::Coverage70));
    }
}
