use domain::box_detail::WeekDecision;
use domain::week_span::WeekSpan;
use model::{IsoWeek, ModelName};

use super::*;
use crate::configuration::{Configuration, ForecastSettings};

fn settings(model: ModelName) -> FitSettings {
    let forecast = ForecastSettings { model, ..ForecastSettings::default() };
    FitSettings::new(Configuration { forecast, ..Configuration::default() })
}

fn calendar() -> Calendar {
    Calendar::new(chrono_tz::Europe::Amsterdam)
}

/// Three years around `level_kw` with a winter peak and deterministic pseudo-random noise of up to
/// a fifth.
fn weeks(count: i32, level_kw: f64) -> Vec<WeekExtremes> {
    (0..count)
        .map(|place| {
            let season = (f64::from(place) / 52.1775 * std::f64::consts::TAU).cos();
            let noise = f64::from((place * 7919) % 101) / 101.0 - 0.5;
            WeekExtremes {
                week: IsoWeek::from_index(2_700 + place),
                min_kw: 0.1 * level_kw * (1.0 + 0.3 * season + 0.1 * noise),
                max_kw: level_kw * (0.8 + 0.2 * season + 0.05 * noise),
                readings: 672,
            }
        })
        .collect()
}

fn input(weeks: &[WeekExtremes]) -> BoxInput<'_> {
    BoxInput {
        weeks,
        capacity_kva: Some(400.0),
        in_service: true,
        implausible: None,
        decisions: &[],
        accepted_loads: &[],
        running_week: None,
    }
}

fn fit_with(model: ModelName, input: &BoxInput<'_>) -> BoxResult {
    fit_box(input, &settings(model), &calendar()).unwrap()
}

fn fit(weeks: &[WeekExtremes]) -> BoxResult {
    fit_with(ModelName::Gridspark, &input(weeks))
}

#[test]
fn a_box_whose_winter_peak_passes_its_capacity_is_an_overload() {
    let result = fit(&weeks(140, 410.0));
    let is_recent = result.exceedance.map(|found| found.is_recent());
    assert_eq!((result.urgency, is_recent), (Urgency::Overload, Some(false)));
    let assessment = result.assessment.unwrap();
    assert!(assessment.peak_loading.fraction() > 1.0 && assessment.overload_probability > 0.1);
    assert_eq!(result.extremes.len(), 2);
}

#[test]
fn no_room_is_ample_where_the_limit_was_passed_within_the_year() {
    let mut summer = weeks(156, 250.0);
    summer[130].min_kw = -604.0;
    let result = fit(&summer);
    let found = result.exceedance.unwrap();
    assert_eq!((found.weeks, found.window_weeks, found.is_recent()), (1, 52, false));
    assert_eq!((found.last_week, found.peak_kw), (Some(summer[130].week), -604.0));
    assert_eq!(result.urgency, Urgency::Near);
}

#[test]
fn the_verdict_of_a_box_is_of_the_half_year_and_its_forecast_of_a_year() {
    let assessment = fit(&weeks(140, 410.0)).assessment.unwrap();
    let ranked = assessment.ranked.unwrap();
    assert_eq!(assessment.weekly_probability.len(), 53);
    assert_eq!(ranked.until, IsoWeek::from_index(2_700 + 139 + 27));
    assert_eq!(ranked.both.probability, assessment.overload_probability);
    assert!(ranked.maximum.probability > 0.1 && ranked.maximum.shortfall_kw.is_some_and(|kw| kw > 0.0));
    assert!(ranked.minimum.probability < 0.01 && ranked.minimum.shortfall_kw.is_none());
}

/// Against asking the model what another transformer would do, and against the assessment itself.
#[test]
fn the_weeks_at_each_rating_are_the_model_s_answer_to_that_capacity() {
    let overloaded = weeks(140, 520.0);
    let input = input(&overloaded);
    let result = fit(&overloaded);
    let sizes: Vec<f64> = result.weeks_at_ratings.iter().map(|at| at.capacity.kva()).collect();
    assert_eq!((sizes, result.rated_with.as_str()), (vec![630.0, 1_000.0], "100 160 250 400 630 1000"));
    let basis = inquiry_basis(&input, &settings(ModelName::Gridspark), &calendar()).unwrap().unwrap();
    let inquiry = basis.inquiry().unwrap();
    let expected = |capacity| {
        let question = model::question::Question { capacity: Some(capacity), ..Default::default() };
        inquiry.ask(&question).unwrap().assessment.ranked.unwrap().both.expected_weeks
    };
    for at in &result.weeks_at_ratings {
        assert!((at.expected_weeks - expected(at.capacity)).abs() < 1e-9, "{at:?}");
    }
    let now = result.assessment.unwrap().ranked.unwrap().both.expected_weeks;
    assert!((now - expected(Capacity::new(400.0).unwrap())).abs() < 1e-9);
    let [at_630, at_1000] = [0, 1].map(|place| result.weeks_at_ratings[place].expected_weeks);
    assert!(now > 5.0 && at_630 < now && at_1000 < at_630, "{now} {at_630} {at_1000}");
    // The source system's model as well: at a rating it says what it says of a box of that capacity.
    let spark = fit_with(ModelName::Spark, &input);
    let other = fit_with(ModelName::Spark, &BoxInput { capacity_kva: Some(630.0), ..input });
    let other = other.assessment.unwrap().ranked.unwrap().both.expected_weeks;
    assert!((spark.weeks_at_ratings[0].expected_weeks - other).abs() < 1e-9);
}

/// Three years of import in winter and about as much feed-in in summer.
fn both_ways(level_kw: f64, feed_in_kw: f64) -> Vec<WeekExtremes> {
    let mirrored = weeks(156, feed_in_kw);
    let mirrored = mirrored.iter().cycle().skip(26).map(|week| -week.max_kw);
    let both = weeks(156, level_kw).into_iter().zip(mirrored);
    both.map(|(week, min_kw)| WeekExtremes { min_kw, ..week }).collect()
}

/// Against asking the model what a transformer of that capacity would do.
#[test]
fn the_needed_capacity_holds_the_risk_of_both_directions_together() {
    let mut by_one_direction = 0;
    let mut by_both = 0;
    for (level_kw, feed_in_kw) in
        [(395.0, 385.0), (410.0, 395.0), (520.0, 515.0), (520.0, 250.0), (460.0, 455.0)]
    {
        let history = both_ways(level_kw, feed_in_kw);
        let input = input(&history);
        let result = fit(&history);
        let ranked = result.assessment.unwrap().ranked.unwrap();
        let room = ranked.headroom.unwrap();
        let Some(needed_kva) = result.needed_kva else {
            assert!(ranked.both.probability <= 0.1, "{level_kw} {feed_in_kw}");
            continue;
        };
        let basis = inquiry_basis(&input, &settings(ModelName::Gridspark), &calendar()).unwrap().unwrap();
        let capacity = Some(Capacity::new(needed_kva).unwrap());
        let question = model::question::Question { capacity, ..Default::default() };
        let with_it = basis.inquiry().unwrap().ask(&question).unwrap().assessment;
        assert!((with_it.overload_probability - 0.1).abs() < 5e-3, "{}", with_it.overload_probability);
        // What one direction alone would need never does for both.
        let alone_kva = (400.0 - room.import_kw).max(400.0 - room.feed_in_kw);
        assert!(needed_kva >= alone_kva - 1e-9, "{needed_kva} {alone_kva}");
        if needed_kva > alone_kva * 1.001 { by_both += 1 } else { by_one_direction += 1 }
    }
    assert!(by_one_direction > 0 && by_both > 0, "{by_one_direction} {by_both}");
}

#[test]
fn what_a_direction_is_short_of_is_its_headroom_below_zero_and_no_other_figure() {
    for (level_kw, feed_in_kw) in [(395.0, 385.0), (520.0, 515.0), (520.0, 250.0), (250.0, 520.0)] {
        let ranked = fit(&both_ways(level_kw, feed_in_kw)).assessment.unwrap().ranked.unwrap();
        let room = ranked.headroom.unwrap();
        for extreme in Extreme::ALL {
            let is_short = ranked.of(extreme).probability > 0.1;
            assert_eq!(is_short, room.in_direction(extreme) < 0.0, "{level_kw} {feed_in_kw} {extreme}");
            if let Some(kw) = ranked.of(extreme).shortfall_kw {
                assert_eq!(room.in_direction(extreme), -kw);
            }
        }
    }
    // A minimum above the import limit is no feed-in: the maximum of that week says it.
    let mut history = weeks(156, 700.0);
    history.iter_mut().for_each(|week| week.min_kw = 0.9 * week.max_kw);
    let ranked = fit(&history).assessment.unwrap().ranked.unwrap();
    assert!(ranked.minimum.probability < 1e-6 && ranked.maximum.probability > 0.99);
}

#[test]
fn a_box_with_room_has_no_weeks_at_other_ratings() {
    let result = fit(&weeks(156, 250.0));
    assert!(result.assessment.is_some() && result.weeks_at_ratings.is_empty() && result.needed_kva.is_none());
    assert_eq!(result.rated_with, "100 160 250 400 630 1000");
}

#[test]
fn a_box_far_below_its_capacity_is_ample_and_one_close_to_it_is_near() {
    assert_eq!(fit(&weeks(156, 250.0)).urgency, Urgency::Ample);
    let classes: Vec<Urgency> =
        (360..=396).step_by(4).map(|kw| fit(&weeks(156, kw.into())).urgency).collect();
    assert!(classes.contains(&Urgency::Near), "{classes:?}");
    let place = |class: &Urgency| Urgency::ALL.iter().position(|other| other == class);
    assert!(classes.iter().map(place).is_sorted_by(|a, b| a >= b), "the closer the redder: {classes:?}");
}

#[test]
fn without_a_forecast_the_flags_say_why() {
    for (weeks, capacity, in_service, flag) in [
        (weeks(104, 300.0), Some(400.0), true, Flag::TooShort),
        (weeks(156, 100.0), Some(400.0), true, Flag::TooSmall),
        (weeks(156, 300.0), None, true, Flag::NoCapacity),
        (weeks(156, 300.0), Some(400.0), false, Flag::NotInService),
        (Vec::new(), Some(400.0), true, Flag::NoReadings),
    ] {
        let input = BoxInput { capacity_kva: capacity, in_service, ..input(&weeks) };
        let result = fit_with(ModelName::Spark, &input);
        let unknown = if flag == Flag::NoReadings { Urgency::Unmeasured } else { Urgency::NoForecast };
        assert_eq!(result.urgency, unknown);
        assert!(result.flags.contains(&flag) && result.extremes.is_empty(), "{flag}: {:?}", result.flags);
    }
}

#[test]
fn a_week_with_few_of_its_readings_counts_as_a_gap() {
    let mut sparse = weeks(160, 300.0);
    sparse[100].readings = 100;
    sparse[100].max_kw = 5_000.0;
    let result = fit(&sparse);
    assert_eq!(result.flags, [Flag::SparseWeeks, Flag::ErrorValues]);
    assert!(result.assessment.unwrap().peak_loading.fraction() < 1.5);
}

#[test]
fn short_and_small_histories_are_forecast_and_flagged_by_gridspark() {
    for (weeks, flag) in [(weeks(60, 300.0), Flag::TooShort), (weeks(156, 100.0), Flag::TooSmall)] {
        let result = fit(&weeks);
        assert!(result.flags.contains(&flag) && result.assessment.is_some(), "{:?}", result.flags);
    }
    let without_capacity = BoxInput { capacity_kva: None, ..input(&[]) };
    assert!(fit_with(ModelName::Gridspark, &without_capacity).assessment.is_none());
}

#[test]
fn a_box_without_readings_is_not_measured_and_one_that_only_idled_has_no_forecast() {
    let idle = fit(&weeks(156, 1.0));
    assert_eq!((idle.urgency, idle.extremes.len()), (Urgency::NoForecast, 0));
    let result = fit(&[]);
    assert_eq!(result.urgency, Urgency::Unmeasured);
    assert!(result.flags.contains(&Flag::NoReadings) && result.extremes.is_empty());
}

#[test]
fn weeks_that_a_planner_leaves_out_do_not_count() {
    let calm = weeks(160, 300.0);
    let mut switched = calm.clone();
    switched[100..112].iter_mut().for_each(|week| week.max_kw += 250.0);
    let decision = WeekDecision::new(WeekSpan::new(switched[100].week, switched[111].week), true);
    let peak = |weeks: &[WeekExtremes], decisions: &[WeekDecision]| {
        let input = BoxInput { decisions, ..input(weeks) };
        fit_with(ModelName::Gridspark, &input).assessment.unwrap().peak_loading.fraction()
    };
    let expected = peak(&calm, &[decision]);
    assert!((peak(&switched, &[decision]) - expected).abs() < 1e-9);
}

#[test]
fn a_box_without_readings_in_the_last_weeks_is_silent() {
    let weeks = weeks(156, 300.0);
    for (missing, silent) in [(0, false), (4, false), (5, true)] {
        let running_week = Some(weeks[155].week.plus(1 + missing));
        let result = fit_with(ModelName::Gridspark, &BoxInput { running_week, ..input(&weeks) });
        assert_eq!(result.flags.contains(&Flag::Silent), silent, "{missing} weeks missing");
        // However long the silence, the forecast begins with the running week.
        let assessment = result.assessment.unwrap();
        assert!(running_week.is_some_and(|running| assessment.peak_week >= running));
    }
}

#[test]
fn error_codes_change_neither_forecast_nor_verdict() {
    let calm = weeks(160, 300.0);
    let expected = fit(&calm).assessment.unwrap();
    for every in [1, 2, 5] {
        let mut faulty = calm.clone();
        faulty.iter_mut().step_by(every).for_each(|week| week.min_kw = -9_999.0);
        let result = fit(&faulty);
        assert!(result.flags.contains(&Flag::ErrorValues), "{:?}", result.flags);
        assert_eq!(result.exceedance, None);
        if every == 1 {
            // Not one minimum is known, and there is no fleet to borrow from.
            assert!(result.assessment.is_none());
            continue;
        }
        let found = result.assessment.unwrap();
        let change = (found.peak_loading.fraction() - expected.peak_loading.fraction()).abs();
        assert!(change < 0.02 && found.overload_week == expected.overload_week, "{change}");
    }
}

#[test]
fn a_frozen_meter_is_no_bypass_switching() {
    let mut frozen = weeks(160, 300.0);
    for week in 101..109 {
        (frozen[week].min_kw, frozen[week].max_kw) = (frozen[100].min_kw, frozen[100].max_kw);
    }
    let flags = fit(&frozen).flags;
    assert!(flags.contains(&Flag::FrozenMeter) && !flags.contains(&Flag::Switching), "{flags:?}");
}

#[test]
fn readings_left_out_on_import_are_in_a_wrong_unit_where_their_weeks_are_missing() {
    let all = weeks(160, 300.0);
    let missing: Vec<WeekExtremes> = [&all[..100], &all[110..]].concat();
    let told = |weeks: &[WeekExtremes], max_kw: f64| {
        let implausible = ImplausibleReadings {
            first_week: all[100].week,
            last_week: all[109].week,
            min_kw: 20_000.0,
            max_kw,
        };
        fit_with(ModelName::Gridspark, &BoxInput { implausible: Some(implausible), ..input(weeks) }).flags
    };
    assert!(told(&missing, 300_000.0).contains(&Flag::WrongUnit));
    assert!(
        told(&missing, 4_294_967.295).contains(&Flag::ErrorValues),
        "a thousandth of it is still too much"
    );
    assert!(told(&all, 300_000.0).contains(&Flag::ErrorValues), "the weeks have other readings");
    assert!(told(&missing, 20_000.0).contains(&Flag::ErrorValues), "always the same is a code");
}

#[test]
fn a_box_of_which_most_is_not_to_be_believed_has_no_forecast() {
    let mut mostly = weeks(153, 300.0);
    // The capacity is in MVA: all but a few minima lie beyond five times of it.
    mostly.iter_mut().step_by(30).for_each(|week| week.min_kw = 1.0);
    let result = fit_with(ModelName::Gridspark, &BoxInput { capacity_kva: Some(0.63), ..input(&mostly) });
    assert_eq!((result.urgency, result.assessment), (Urgency::NoForecast, None));
}
