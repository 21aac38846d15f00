//! Content and reproducibility of reports.

use backtest::{ModelName, RunError, Settings, WindowSettings, run};
use model::Extreme;

use crate::synthetic::{LAST, history, job};

fn settings(models: &[ModelName]) -> Settings {
    Settings { models: models.to_vec(), bootstrap_draws: 50, ..Settings::default() }
}

#[test]
fn a_report_does_not_depend_on_the_number_of_threads() {
    let jobs = [job(6, WindowSettings::default())];
    let report = |threads| {
        let settings = Settings { threads: Some(threads), ..settings(&ModelName::ALL) };
        run(&jobs, &settings, &|_, _| ()).unwrap().without_times()
    };
    let (one, three) = (report(1), report(3));
    assert!(one == three, "the reports differ");
    assert_eq!(one.series(), 24);
    assert_eq!(one.origins(), 2);
    assert!(one.models.iter().all(|model| model.all.as_ref().unwrap().series == 24));
    let text = serde_json::to_string(&one).unwrap();
    assert!(text == serde_json::to_string(&three).unwrap(), "the texts differ");
    let read: backtest::Report = serde_json::from_str(&text).unwrap();
    assert_eq!((read.settings, read.data, read.refused), (one.settings, one.data, one.refused));
}

#[test]
fn groups_add_up_to_the_whole() {
    let jobs = [job(4, WindowSettings::default())];
    let settings = settings(&[ModelName::SeasonalNaive, ModelName::Spark]);
    let report = run(&jobs, &Settings { each_series: true, ..settings }, &|_, _| ()).unwrap();
    let model = report.model(ModelName::SeasonalNaive).unwrap();
    let all = model.all.as_ref().unwrap();
    assert_eq!(&model.per_set["synthetic"], all);
    let extremes = Extreme::ALL.map(|extreme| &model.per_extreme[&extreme]);
    let mean = (extremes[0].pinball + extremes[1].pinball) / 2.0;
    assert!((mean - all.pinball).abs() < 1e-12);
    assert_eq!(model.by_horizon.len(), 26);
    // No week is missing, so the mean over horizons equals the mean over series.
    let each: Vec<f64> = report
        .each_series
        .iter()
        .filter(|series| series.model == ModelName::SeasonalNaive)
        .map(|series| series.pinball)
        .collect();
    assert_eq!(each.len(), 16);
    assert!((each.iter().sum::<f64>() / 16.0 - all.pinball).abs() < 1e-12);
    let by_horizon = model.by_horizon.iter().map(|at| at.pinball).sum::<f64>() / 26.0;
    assert!((by_horizon - all.pinball).abs() < 1e-12);
    let uncertainty = model.uncertainty.unwrap();
    assert!((uncertainty.pinball.value - all.pinball).abs() < 1e-12);
    assert!(uncertainty.pinball.low <= all.pinball && all.pinball <= uncertainty.pinball.high);
    let spark = report.model(ModelName::Spark).unwrap().all.as_ref().unwrap().pinball;
    assert!((uncertainty.pinball_ratio.unwrap().value - all.pinball / spark).abs() < 1e-12);
}

#[test]
fn a_forecast_does_not_depend_on_later_weeks() {
    let width = |factor: f64| {
        let mut one = job(3, WindowSettings::default());
        one.origins = vec![LAST];
        for week in one.data.boxes.iter_mut().flat_map(|history| history.weeks.iter_mut().rev().take(26)) {
            week.max_kw *= factor;
        }
        let report = run(&[one], &settings(&ModelName::ALL), &|_, _| ()).unwrap();
        report.models.iter().map(|model| model.all.as_ref().unwrap().width_90).collect::<Vec<_>>()
    };
    assert_eq!(width(1.0), width(2.0));
}

#[test]
fn overloads_are_scored_where_the_capacity_is_known() {
    let mut one = job(4, WindowSettings::default());
    let settings = Settings { import_threshold: 0.8, ..settings(&ModelName::ALL) };
    let report = run(std::slice::from_ref(&one), &settings, &|_, _| ()).unwrap();
    for model in &report.models {
        let all = model.all.as_ref().unwrap();
        let weekly = all.overload_weekly.as_ref().unwrap();
        assert_eq!(weekly.count, 16 * 26);
        assert!(weekly.events > 0 && weekly.events < weekly.count, "{weekly:?}");
        assert!(weekly.brier < weekly.brier_base_rate, "{}: {weekly:?}", model.model);
        let warnings = all.warnings_by_band.unwrap();
        assert!(warnings.recall().unwrap() > 0.5);
        assert_eq!(all.overload_any_week.is_some(), model.model != ModelName::SeasonalNaive);
    }
    one.data.boxes.iter_mut().for_each(|history| history.capacity = None);
    let report = run(&[one], &settings, &|_, _| ()).unwrap();
    assert!(report.models.iter().all(|model| model.all.as_ref().unwrap().overload_weekly.is_none()));
}

#[test]
fn excluded_series_are_counted_and_listed() {
    let mut one = job(2, WindowSettings::default());
    one.data.boxes.push(history(7, 100));
    one.data.boxes[0].weeks.iter_mut().for_each(|week| week.min_kw = -5.0);
    let report = run(&[one], &settings(&[ModelName::SeasonalNaive]), &|_, _| ()).unwrap();
    assert_eq!(report.refused.counts["short-training"], 4);
    assert_eq!(report.refused.counts["small-range"], 2);
    assert_eq!(report.refused.series.len(), 6);
    assert_eq!(report.series(), 6);
    let named = &report.refused.series[0];
    assert_eq!((named.box_id.as_str(), named.extreme, named.model), ("BOX-000", Extreme::Min, None));
    assert!(named.detail.contains("span 0 kW"), "{}", named.detail);
}

#[test]
fn invalid_settings_are_refused() {
    let refused = |settings| run(&[], &settings, &|_, _| ()).unwrap_err();
    assert!(matches!(refused(settings(&[])), RunError::NoModels));
    for threshold in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let import = Settings { import_threshold: threshold, ..Settings::default() };
        assert!(matches!(refused(import), RunError::Threshold(_)));
        let feed_in = Settings { feed_in_threshold: threshold, ..Settings::default() };
        assert!(matches!(refused(feed_in), RunError::Threshold(_)));
    }
}

#[test]
fn a_masked_switching_does_not_widen_the_band() {
    // A neighbour's load is added to both extremes in twelve training weeks.
    let mut one = job(5, WindowSettings::default());
    one.origins = vec![LAST];
    for week in one.data.boxes.iter_mut().flat_map(|history| &mut history.weeks[150..162]) {
        (week.min_kw, week.max_kw) = (week.min_kw + 60.0, week.max_kw + 60.0);
    }
    let width = |leave_out_switchings| {
        let settings = Settings { leave_out_switchings, ..settings(&[ModelName::Gridspark]) };
        let report = run(std::slice::from_ref(&one), &settings, &|_, _| ()).unwrap();
        report.models[0].all.as_ref().unwrap().width_90
    };
    let (with, without) = (width(false), width(true));
    assert!(without < 0.9 * with, "{without} is not much below {with}");
}
