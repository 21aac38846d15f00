//! The scores of a model by growth class and course, with their sampling uncertainty.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use model::Extreme;
use rayon::prelude::*;

use crate::bootstrap::{BoxRows, intervals};
use crate::scores::OneWayOutcome;
use crate::targets::MIN_EVENTS;
use crate::{
    GroupScores, GrowthClass, GrowthCourse, Interval, OverloadScores, Settings, WARNING_PROBABILITY, Warnings,
};

/// The scores of a model on a series at an origin.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct ScoredSeries {
    /// The index of the box in its data set.
    pub(super) index: usize,
    pub(super) extreme: Extreme,
    pub(super) class: Option<GrowthClass>,
    /// For simulated loads only.
    pub(super) course: Option<GrowthCourse>,
    /// The Monday of the last hold-out week.
    pub(super) last_week: NaiveDate,
    pub(super) pinball: f64,
    pub(super) within: [f64; 2],
    /// The pinball loss of the seasonal naive on the same series.
    pub(super) naive_pinball: Option<f64>,
    pub(super) one_way: Vec<OneWayOutcome>,
}

/// The name of a data set and a model's scores on it.
pub(super) type ScoredSet<'a> = (&'a str, &'a [ScoredSeries]);

/// The definition of a group of series.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Group {
    /// The index of the data set; None for all.
    set: Option<usize>,
    extreme: Extreme,
    class: Option<GrowthClass>,
    course: Option<GrowthCourse>,
    last_week: Option<NaiveDate>,
}

/// The scores of all non-empty groups: over all data sets, then by set and there by origin as well;
/// each by class, and over all origins by course.
pub(super) fn by_growth(sets: &[ScoredSet<'_>], settings: &Settings) -> Vec<GroupScores> {
    let mut groups = Vec::new();
    let of_set = |set: Option<usize>| {
        let mondays: BTreeSet<NaiveDate> =
            set.iter().flat_map(|&set| sets[set].1).map(|one| one.last_week).collect();
        let origins = [None].into_iter().chain(mondays.into_iter().rev().map(Some));
        let mut groups = Vec::new();
        for last_week in origins {
            for extreme in Extreme::ALL {
                let classes = [None].into_iter().chain(GrowthClass::ALL.map(Some));
                groups.extend(classes.map(|class| Group { set, extreme, class, course: None, last_week }));
            }
        }
        for extreme in Extreme::ALL {
            let courses = GrowthCourse::ALL.map(Some).into_iter();
            groups.extend(courses.map(|course| Group { set, extreme, class: None, course, last_week: None }));
        }
        groups
    };
    let is_one = sets.len() == 1;
    for set in (!is_one).then_some(None).into_iter().chain((0..sets.len()).map(Some)) {
        groups.extend(of_set(set));
    }
    let scores = groups.into_par_iter().filter_map(|group| group.scores(sets, settings));
    let mut scores: Vec<GroupScores> = scores.collect();
    if is_one {
        // The only data set is also the group of all sets.
        let whole = scores.iter().filter(|group| group.last_week.is_none());
        let all: Vec<GroupScores> = whole.map(|group| GroupScores { set: None, ..group.clone() }).collect();
        scores.splice(0..0, all);
    }
    scores
}

/// Sums of a box: series, pinball, within the two bands; and over the series that the seasonal
/// naive forecast as well, their number, pinball and the naive's pinball.
const MEANS: usize = 7;
/// Sums per limit: n, Σp, Σo, Σp², Σpo, warnings, correct warnings.
const EVENTS: usize = 7;
/// Figures before those of the limits: pinball, the two coverages, pinball relative to the naive's.
const FIGURES: usize = 4;
/// Figures per limit: skill, slope, precision, recall.
const EVENT_FIGURES: usize = 4;

impl Group {
    fn holds(&self, one: &ScoredSeries) -> bool {
        self.extreme == one.extreme
            && self.class.is_none_or(|class| one.class == Some(class))
            && self.course.is_none_or(|course| one.course == Some(course))
            && self.last_week.is_none_or(|monday| one.last_week == monday)
    }

    fn scores(self, sets: &[ScoredSet<'_>], settings: &Settings) -> Option<GroupScores> {
        let thresholds = settings.one_way_thresholds(self.extreme);
        let width = MEANS + EVENTS * thresholds.len();
        let chosen = sets.iter().enumerate().filter(|(index, _)| self.set.is_none_or(|set| set == *index));
        let rows: Vec<BoxRows> = chosen
            .map(|(_, (_, scored))| box_rows(scored.iter().filter(|one| self.holds(one)), width))
            .collect();
        let sums = BoxRows::sums(&rows, width);
        if sums[0] == 0.0 {
            return None;
        }
        let draws = if self.last_week.is_some() { 0 } else { settings.bootstrap_draws };
        let figures = intervals(&rows, width, draws, settings.seed, &figures);
        let figure = |index: usize| figures.get(index).copied().flatten();
        let means = |index: usize| figure(index).unwrap_or(Interval { value: 0.0, low: 0.0, high: 0.0 });
        let overloads = thresholds.iter().enumerate().filter_map(|(index, &threshold)| {
            let events = &sums[MEANS + EVENTS * index..][..EVENTS];
            let of = |kind: usize| figure(FIGURES + EVENT_FIGURES * index + kind);
            (events[0] > 0.0).then(|| overload_scores(threshold, events, [of(0), of(1), of(2), of(3)]))
        });
        Some(GroupScores {
            set: self.set.map(|set| sets[set].0.to_owned()),
            extreme: self.extreme,
            class: self.class,
            course: self.course,
            last_week: self.last_week,
            series: sums[0] as u64,
            boxes: rows.iter().map(|rows| rows.boxes(width)).sum(),
            pinball: means(0),
            over_naive: figure(3),
            coverage_90: means(1),
            coverage_70: means(2),
            overloads: overloads.collect(),
        })
    }
}

/// A row of sums per box, in the order of the boxes.
fn box_rows<'a>(scored: impl Iterator<Item = &'a ScoredSeries>, width: usize) -> BoxRows {
    let mut boxes: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for one in scored {
        let row = boxes.entry(one.index).or_insert_with(|| vec![0.0; width]);
        let both = one.naive_pinball.map_or([0.0; 3], |naive| [1.0, one.pinball, naive]);
        let means = [1.0, one.pinball, one.within[0], one.within[1], both[0], both[1], both[2]];
        let events = one.one_way.iter().flat_map(|&OneWayOutcome { probability: p, occurred }| {
            let number = |is: bool| f64::from(u8::from(is));
            let (o, warned) = (number(occurred), number(p >= WARNING_PROBABILITY));
            [1.0, p, o, p * p, p * o, warned, warned * o]
        });
        row.iter_mut().zip(means.into_iter().chain(events)).for_each(|(sum, value)| *sum += value);
    }
    BoxRows(boxes.into_values().flatten().collect())
}

/// All figures of a group from its sums; not finite if undefined or based on too few events.
fn figures(sums: &[f64]) -> Vec<f64> {
    let (means, events) = sums.split_at(MEANS);
    let mut figures =
        vec![means[1] / means[0], means[2] / means[0], means[3] / means[0], means[5] / means[6]];
    for sums in events.chunks_exact(EVENTS) {
        let &[n, p, o, pp, po, warned, right] = sums else { continue };
        let base_rate = o / n;
        let has_enough_events = o.min(n - o) >= MIN_EVENTS as f64;
        let if_enough = |figure: f64| if has_enough_events { figure } else { f64::NAN };
        let skill = if_enough(1.0 - brier(sums) / (base_rate * (1.0 - base_rate)));
        let slope = if_enough((po - p * o / n) / (pp - p * p / n));
        figures.extend([skill, slope, right / warned, right / o]);
    }
    figures
}

/// The mean of (p − o)².
fn brier(events: &[f64]) -> f64 {
    (events[3] - 2.0 * events[4] + events[2]) / events[0]
}

fn overload_scores(threshold: f64, events: &[f64], figures: [Option<Interval>; 4]) -> OverloadScores {
    let [skill, slope, precision, recall] = figures;
    let (occurred, warned, right) = (events[2], events[5], events[6]);
    let warnings = Warnings {
        right: right as u64,
        false_alarms: (warned - right) as u64,
        missed: (occurred - right) as u64,
    };
    OverloadScores {
        threshold,
        count: events[0] as u64,
        events: occurred as u64,
        brier: brier(events),
        skill,
        slope,
        warnings,
        precision,
        recall,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(index: usize, class: GrowthClass, one_way: &[(f64, bool)]) -> ScoredSeries {
        ScoredSeries {
            index,
            extreme: Extreme::Max,
            class: Some(class),
            course: (index == 1).then_some(GrowthCourse::JustStopped),
            last_week: NaiveDate::default(),
            pinball: 0.02 * (index + 1) as f64,
            within: [0.9, 0.7],
            naive_pinball: Some(0.04 * (index + 1) as f64),
            one_way: one_way
                .iter()
                .map(|&(probability, occurred)| OneWayOutcome { probability, occurred })
                .collect(),
        }
    }

    fn settings() -> Settings {
        Settings { bootstrap_draws: 200, ..Settings::default() }
    }

    #[test]
    fn skill_slope_precision_and_recall_agree_with_hand_calculation() {
        // Ten times the probabilities 0, ¼, ¾, 1 with the outcomes 0, 0, 1, 1:
        // p̄ = ō = ½, Σ(p − p̄)(o − ō) = ¾, Σ(p − p̄)² = ⅝.
        let outcomes = [(0.0, false), (0.25, false), (0.75, true), (1.0, true)];
        let outcome = |index: usize| scored(index, GrowthClass::Slow, &outcomes[index % 4..][..1]);
        let all: Vec<ScoredSeries> = (0..40).map(outcome).collect();
        let groups = by_growth(&[("one", &all)], &settings());
        let whole = groups.iter().find(|group| group.set.is_none() && group.class.is_none()).unwrap();
        let overload = whole.overloads[0];
        assert_eq!((overload.count, overload.events, overload.threshold), (40, 20, 1.0));
        assert!((overload.slope.unwrap().value - 1.2).abs() < 1e-12);
        // The Brier score is (1/16 + 1/16) / 4 = 1/32, that of the base rate ¼.
        assert!((overload.brier - 0.031_25).abs() < 1e-12);
        assert!((overload.skill.unwrap().value - 0.875).abs() < 1e-12);
        assert_eq!(overload.warnings, Warnings { right: 20, false_alarms: 10, missed: 0 });
        assert!((overload.precision.unwrap().value - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(overload.recall.unwrap().value, 1.0);
    }

    #[test]
    fn probabilities_twice_too_far_from_the_mean_have_half_the_slope() {
        // Events predicted with certainty occur in three quarters of the cases, excluded ones in
        // one quarter.
        let outcome = |index: usize| {
            let upper = index.is_multiple_of(2);
            let occurred = if (index / 2).is_multiple_of(4) { !upper } else { upper };
            scored(index, GrowthClass::Fast, &[(f64::from(u8::from(upper)), occurred)])
        };
        let all: Vec<ScoredSeries> = (0..400).map(outcome).collect();
        let groups = by_growth(&[("one", &all)], &settings());
        let slope = groups[0].overloads[0].slope.unwrap();
        assert!((slope.value - 0.5).abs() < 1e-12);
        // The standard error of the difference of two shares of 200 is √(2 · .75 · .25 / 200) =
        // .043.
        assert!((slope.high - slope.low - 2.0 * 1.645 * 0.043).abs() < 0.03, "{slope:?}");
    }

    #[test]
    fn undefined_figures_are_absent_and_groups_survive_the_round_trip() {
        let all = [scored(0, GrowthClass::Stable, &[(0.1, false)]), scored(1, GrowthClass::Stable, &[])];
        let groups = by_growth(&[("one", &all)], &settings());
        let overload = groups[0].overloads[0];
        assert_eq!((overload.count, overload.skill, overload.slope), (1, None, None));
        assert_eq!((overload.precision, overload.recall), (None, None));
        let text = serde_json::to_string(&groups).unwrap();
        assert_eq!(serde_json::from_str::<Vec<GroupScores>>(&text).unwrap(), groups);
    }

    #[test]
    fn groups_contain_their_own_series_and_compare_with_the_naive_on_the_same() {
        let mut all = vec![scored(0, GrowthClass::Stable, &[]), scored(1, GrowthClass::Fast, &[])];
        all.push(ScoredSeries {
            naive_pinball: None,
            class: None,
            pinball: 9.0,
            ..scored(2, GrowthClass::Fast, &[])
        });
        let groups = by_growth(&[("one", &all), ("none", &[])], &settings());
        let find = |set: Option<&str>, class| {
            let of = |group: &&GroupScores| group.is_class(set) && group.class == class;
            groups.iter().find(of)
        };
        assert_eq!(find(None, None).unwrap().series, 3);
        assert_eq!(find(Some("none"), None), None);
        assert_eq!(find(Some("one"), Some(GrowthClass::Slow)), None);
        let fast = find(Some("one"), Some(GrowthClass::Fast)).unwrap();
        assert_eq!((fast.series, fast.boxes), (1, 1));
        assert!((fast.pinball.value - 0.04).abs() < 1e-12);
        for group in [find(None, None).unwrap(), fast] {
            assert!((group.over_naive.unwrap().value - 0.5).abs() < 1e-12, "{group:?}");
        }
        let stopped: Vec<&GroupScores> = groups.iter().filter(|group| group.course.is_some()).collect();
        assert_eq!(stopped.len(), 2, "over all sets and in the one that holds it");
        assert!(stopped.iter().all(|group| group.series == 1 && group.pinball == fast.pinball));
        let by_origin = groups.iter().filter(|group| group.last_week.is_some());
        assert!(by_origin.clone().count() > 0 && by_origin.clone().all(|group| group.set.is_some()));
        assert!(by_origin.map(|group| group.pinball).all(|pinball| pinball.low == pinball.high));
    }
}
