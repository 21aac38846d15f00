//! Scores by growth class.

use std::collections::BTreeMap;

use backtest::{
    GroupScores, GrowthClass, GrowthCourse, Job, KnownGrowth, ModelName, Report, Settings, WindowSettings,
    run,
};
use model::Extreme;

use crate::synthetic::{LAST, job};

fn report(job: Job) -> Report {
    let models = vec![ModelName::Gridspark, ModelName::SeasonalNaive];
    let settings = Settings {
        models,
        bootstrap_draws: 30,
        one_way_thresholds: vec![0.8, 1.0],
        each_series: true,
        ..Settings::default()
    };
    run(&[job], &settings, &|_, _| ()).unwrap()
}

fn classes(report: &Report) -> Vec<(String, Extreme, Option<f64>)> {
    let first = report.each_series.iter().filter(|series| series.model == ModelName::Gridspark);
    first.map(|series| (series.box_id.clone(), series.extreme, series.growth)).collect()
}

fn of_class(report: &Report, class: Option<GrowthClass>) -> Vec<&GroupScores> {
    let groups = report.models[0].by_growth.iter();
    groups.filter(|group| group.is_class(None) && group.class == class).collect()
}

#[test]
fn the_class_depends_on_training_weeks_only() {
    let with_future = |factor: f64| {
        let mut one = job(4, WindowSettings::default());
        one.origins = vec![LAST];
        for week in one.data.boxes.iter_mut().flat_map(|history| history.weeks.iter_mut().rev().take(26)) {
            (week.min_kw, week.max_kw) = (week.min_kw * factor, week.max_kw * factor);
        }
        classes(&report(one))
    };
    let classes = with_future(1.0);
    assert_eq!(classes.len(), 8);
    assert!(classes.iter().all(|(_, _, growth)| growth.is_some()));
    assert_eq!(classes, with_future(3.0));
}

#[test]
fn the_class_at_an_earlier_origin_is_that_of_the_weeks_before_it() {
    // Changes the last training half-year of the later origin, which is the hold-out of the earlier
    // one.
    let mut moved = job(3, WindowSettings::default());
    for week in moved.data.boxes.iter_mut().flat_map(|history| &mut history.weeks) {
        if (LAST.index() - 51..=LAST.index() - 26).contains(&week.week.index()) {
            week.max_kw += 2.0 * week.max_kw;
        }
    }
    let growth = |report: &Report, until| -> Vec<Option<f64>> {
        let of = report.each_series.iter().filter(|series| series.last_week == until);
        of.filter(|series| series.extreme == Extreme::Max).map(|series| series.growth).collect()
    };
    let (as_it_is, moved) = (report(job(3, WindowSettings::default())), report(moved));
    let earlier = LAST.plus(-26).monday();
    assert_eq!(growth(&as_it_is, earlier), growth(&moved, earlier));
    assert_ne!(growth(&as_it_is, LAST.monday()), growth(&moved, LAST.monday()));
}

#[test]
fn maxima_that_rise_by_a_thirtieth_of_the_capacity_per_year_are_moderate() {
    // 5 % of the mean per year, with a capacity of 1.5 times the mean.
    let report = report(job(5, WindowSettings::default()));
    let moderate = of_class(&report, Some(GrowthClass::Moderate));
    let maxima: Vec<_> = moderate.iter().filter(|group| group.extreme == Extreme::Max).collect();
    assert_eq!((maxima.len(), maxima[0].series, maxima[0].boxes), (1, 10, 5));
    // The minima rise too, away from feed-in.
    let stable = of_class(&report, Some(GrowthClass::Stable));
    assert_eq!((stable.len(), stable[0].extreme, stable[0].series), (1, Extreme::Min, 10));
    let all = of_class(&report, None);
    let whole: Vec<u64> = all.iter().map(|group| group.series).collect();
    assert_eq!(whole, [10, 10]);
    let of_extreme = &report.models[0].per_extreme[&Extreme::Max];
    assert!((all[1].pinball.value - of_extreme.pinball).abs() < 1e-12);
    assert!((all[1].coverage_90.value - of_extreme.coverage_90).abs() < 1e-12);
    let naive = &report.models[1].per_extreme[&Extreme::Max];
    assert!((all[1].over_naive.unwrap().value - of_extreme.pinball / naive.pinball).abs() < 1e-12);
}

#[test]
fn known_growth_takes_precedence_at_its_own_origin() {
    let mut one = job(3, WindowSettings::default());
    let known = KnownGrowth { change_per_year: 0.2, course: GrowthCourse::JustStopped };
    let of_all = one.data.boxes.iter().map(|history| (history.box_id.clone(), [known; 2]));
    one.data.known_growth = BTreeMap::from([(LAST, of_all.collect())]);
    let report = report(one);
    let fast: Vec<u64> =
        of_class(&report, Some(GrowthClass::Fast)).iter().map(|group| group.series).collect();
    assert_eq!(fast, [3, 3]);
    let stopped = report.models[0].by_growth.iter().filter(|group| group.course.is_some());
    assert!(
        stopped.clone().all(|group| group.series == 3 && group.course == Some(GrowthCourse::JustStopped))
    );
    assert_eq!(stopped.count(), 4, "two extremes, over all sets and in the one");
}

#[test]
fn overloads_are_scored_by_direction_at_each_limit() {
    let report = report(job(4, WindowSettings::default()));
    let all = of_class(&report, None);
    let overloads = |extreme: Extreme| &all[extreme as usize].overloads;
    let thresholds: Vec<f64> = overloads(Extreme::Max).iter().map(|overload| overload.threshold).collect();
    assert_eq!(thresholds, [0.8, 1.0]);
    assert!(overloads(Extreme::Max)[0].events > 0);
    assert!(overloads(Extreme::Max).iter().all(|overload| overload.count == 8));
    assert!(overloads(Extreme::Min).iter().all(|overload| overload.events == 0), "no feed-in that high");
    assert!(
        report.models[1].by_growth.iter().all(|group| group.overloads.is_empty()),
        "the naive knows none"
    );
}

#[test]
fn reports_of_earlier_versions_can_be_read() {
    let report = report(job(3, WindowSettings::default()));
    let mut value = serde_json::to_value(&report).unwrap();
    for model in value["models"].as_array_mut().unwrap() {
        assert!(model.as_object_mut().unwrap().remove("by_growth").is_some());
    }
    for data in value["data"].as_array_mut().unwrap() {
        assert!(data.as_object_mut().unwrap().remove("source").is_some());
    }
    assert!(value["settings"].as_object_mut().unwrap().remove("one_way_thresholds").is_some());
    let read: Report = serde_json::from_value(value).unwrap();
    assert_eq!(read.models[0].per_set, report.models[0].per_set);
    assert!(read.models[0].by_growth.is_empty());
    let whole: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(whole.models[0].by_growth, report.models[0].by_growth);
}
