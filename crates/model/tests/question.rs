//! What-if questions, and what must hold of their answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use model::{
    Capacity, Extreme, FitError, IsoWeek, Limits, Observation, PowerFactor, Quantile, Risk, Series,
    gridspark::{AddedLoadError, Gridspark},
    question::{
        Count, ExtraLoad, Growth, Inquiry, Models, Question, QuestionError, RatedPower, Technology,
        Threshold, Transformer, ask,
    },
};

/// The last week of history: the forecast runs from June to December.
const LAST: (i32, u32) = (2027, 20);
const WEEKS: i32 = 160;

fn last() -> IsoWeek {
    IsoWeek::from_year_and_number(LAST.0, LAST.1).unwrap()
}

/// A load with a season and noise around a level.
fn rows(level_kw: f64, season_kw: f64, noise_kw: f64, seed: u64) -> Vec<Observation> {
    let mut state = seed;
    let mut scatter = move || {
        let mut sum = -6.0;
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sum += (state >> 33) as f64 / f64::from(1_u32 << 31);
        }
        sum
    };
    (0..WEEKS)
        .map(|i| {
            let week = last().plus(i + 1 - WEEKS);
            let angle = std::f64::consts::TAU * f64::from(week.index()) / 52.1775;
            let kw = level_kw + season_kw * angle.cos() + noise_kw * scatter();
            Observation { week, value_kw: Some(kw) }
        })
        .collect()
}

fn minimum() -> Series {
    Series::new(rows(40.0, 10.0, 8.0, 3)).unwrap()
}

fn maximum() -> Series {
    Series::new(rows(220.0, 50.0, 12.0, 4)).unwrap()
}

fn transformer() -> Transformer {
    Transformer {
        capacity: Capacity::new(300.0).unwrap(),
        power_factor: PowerFactor::default(),
        import_threshold: Threshold::default(),
        feed_in_threshold: Threshold::default(),
        risk: Risk::default(),
    }
}

fn inquiry() -> Inquiry {
    Inquiry::new(minimum(), maximum(), Models::default(), transformer()).unwrap()
}

fn chargers(count: u32) -> ExtraLoad {
    let (count, each_kw) = (Count::new(count).unwrap(), RatedPower::new(11.0).unwrap());
    ExtraLoad::at_once(Technology::EvChargers { count, each_kw })
}

fn pumps(count: u32) -> ExtraLoad {
    let (count, each_kw) = (Count::new(count).unwrap(), RatedPower::new(3.0).unwrap());
    ExtraLoad::at_once(Technology::HeatPumps { count, each_kw })
}

fn panels(kw: f64) -> ExtraLoad {
    ExtraLoad::at_once(Technology::SolarPanels { peak_kw: RatedPower::new(kw).unwrap() })
}

fn with(extra_loads: Vec<ExtraLoad>) -> Question {
    Question { extra_loads, ..Question::default() }
}

#[test]
fn no_question_and_loads_of_nothing_change_nothing() {
    let inquiry = inquiry();
    let model = Gridspark::default();
    let posterior = model.fit(&maximum()).unwrap();
    let limits = Limits { import_kw: 300.0, feed_in_kw: 300.0 };
    for question in [Question::default(), with(vec![chargers(0), pumps(0), panels(0.0)])] {
        let answer = inquiry.ask(&question).unwrap();
        assert_eq!(answer.assessment, answer.unasked);
        assert_eq!(answer.maximum, posterior.forecast());
        assert_eq!(answer.maximum_overload, posterior.overload(&limits));
        assert_eq!(answer.difference().overload_probability, 0.0);
        assert_eq!(answer.difference().overload_weeks_later, answer.assessment.overload_week.map(|_| 0));
        let in_one_call = ask(&minimum(), &maximum(), &Models::default(), &transformer(), &question).unwrap();
        assert_eq!(in_one_call, answer);
    }
}

#[test]
fn a_masked_week_counts_like_one_that_was_not_observed() {
    let wild: Vec<IsoWeek> = (40..52).map(|i| last().plus(i - WEEKS)).collect();
    let mut rows: Vec<Observation> = maximum().rows().to_vec();
    for row in rows.iter_mut().filter(|row| wild.contains(&row.week)) {
        row.value_kw = row.value_kw.map(|kw| kw + 60.0);
    }
    let series = Series::new(rows.clone()).unwrap();
    let left: Vec<Observation> = rows.into_iter().filter(|row| !wild.contains(&row.week)).collect();
    let inquiry = Inquiry::new(minimum(), series, Models::default(), transformer()).unwrap();
    let unknown = last().plus(5);
    let masked_weeks = wild.iter().copied().chain([unknown]).collect();
    let answer = inquiry.ask(&Question { masked_weeks, ..Question::default() }).unwrap();
    let expected = Gridspark::default().fit(&Series::new(left).unwrap()).unwrap();
    let limits = Limits { import_kw: 300.0, feed_in_kw: 300.0 };
    assert_eq!(answer.maximum_overload, expected.overload(&limits));
    let expected = expected.forecast();
    let shown = answer.maximum.future();
    for level in Quantile::ALL {
        let (answered, expected_kw) = (answer.maximum.total.get(level), expected.total.get(level));
        for (kw, expected_kw) in answered[shown.clone()].iter().zip(&expected_kw[expected.future()]) {
            assert_eq!(kw, expected_kw, "{level:?}");
        }
    }
    assert_eq!(answer.not_found, [unknown]);
    assert!(answer.assessment.overload_probability < answer.unasked.overload_probability);
    assert!(answer.maximum.observed_kw.iter().filter(|kw| kw.is_some()).count() == WEEKS as usize);
}

#[test]
fn leaving_everything_out_is_an_error_that_names_the_series() {
    let masked_weeks = maximum().rows().iter().map(|row| row.week).collect();
    let error = inquiry().ask(&Question { masked_weeks, ..Question::default() }).unwrap_err();
    let expected =
        QuestionError::Fit { extreme: Extreme::Min, source: FitError::TooFewValues { observed: 0 } };
    assert_eq!(error, expected);
}

#[test]
fn more_load_never_lowers_the_overload_probability_and_shifts_the_bands() {
    let inquiry = inquiry();
    let mut before = 0.0;
    for count in [0, 1, 2, 5, 10, 20, 40, 80, 200, 1_000] {
        let answer = inquiry.ask(&with(vec![chargers(count), pumps(count / 2)])).unwrap();
        let p = answer.assessment.overload_probability;
        let error = answer.assessment.overload_probability_standard_error;
        println!("{count} chargers, half as many pumps: {p:.4} ± {error:.4}");
        assert!(p >= before - 1e-3, "{count}: {before} {p}");
        before = p;
        let unasked = inquiry.ask(&Question::default()).unwrap();
        for (i, added) in answer.maximum.future().zip(&answer.added_to_maximum_kw) {
            let shift =
                answer.maximum.total.get(Quantile::Q85)[i] - unasked.maximum.total.get(Quantile::Q85)[i];
            assert!((shift - added).abs() < 1e-9);
        }
        for (p, before) in answer.maximum_overload.weekly.iter().zip(&unasked.maximum_overload.weekly) {
            assert!(p >= before);
        }
    }
    assert!(before > 0.999);
}

#[test]
fn added_load_counts_like_a_limit_that_is_lower() {
    let posterior = Gridspark::default().fit(&maximum()).unwrap();
    let added = vec![25.0; posterior.future_weeks().len()];
    let limits = |import_kw| Limits { import_kw, feed_in_kw: 1e6 };
    let shifted = posterior.overload_with(&limits(300.0), &added).unwrap();
    let lowered = posterior.overload(&limits(275.0));
    assert!((shifted.any_week - lowered.any_week).abs() < 1e-9);
    for (a, b) in shifted.weekly.iter().zip(&lowered.weekly) {
        assert!((a - b).abs() < 1e-12);
    }
    let wrong = posterior.overload_with(&limits(300.0), &added[1..]).unwrap_err();
    assert_eq!(wrong, AddedLoadError::Weeks { given: 26, expected: 27 });
    let mut bad = added;
    bad[3] = f64::NAN;
    assert!(matches!(posterior.forecast_with(&bad), Err(AddedLoadError::NotFinite { .. })));
}

#[test]
fn a_flat_line_takes_added_load_too() {
    let flat: Vec<Observation> =
        rows(0.0, 0.0, 0.0, 1).iter().map(|row| Observation { value_kw: Some(90.0), ..*row }).collect();
    let posterior = Gridspark::default().fit(&Series::new(flat).unwrap()).unwrap();
    let added: Vec<f64> = (0..27).map(|i| if i >= 7 { 20.0 } else { 0.0 }).collect();
    let overload = posterior.overload_with(&Limits { import_kw: 100.0, feed_in_kw: 100.0 }, &added).unwrap();
    assert_eq!((overload.any_week, overload.first_week[7]), (1.0, 1.0));
    assert_eq!(overload.weekly.iter().sum::<f64>(), 20.0);
    assert_eq!(posterior.forecast_with(&added).unwrap().total.get(Quantile::Q05)[WEEKS as usize + 7], 110.0);
}

#[test]
fn another_capacity_scales_the_loading_and_a_threshold_moves_the_limit() {
    let inquiry = inquiry();
    let capacity = Some(Capacity::new(600.0).unwrap());
    let larger = inquiry.ask(&Question { capacity, ..Question::default() }).unwrap();
    let ratio = larger.unasked.peak_loading.fraction() / larger.assessment.peak_loading.fraction();
    assert!((ratio - 2.0).abs() < 1e-12);
    assert!(larger.assessment.overload_probability < 1e-6 && larger.unasked.overload_probability > 0.01);
    let import_threshold = Some(Threshold::new(0.5).unwrap());
    let halved = inquiry.ask(&Question { capacity, import_threshold, ..Question::default() }).unwrap();
    let unasked = inquiry.ask(&Question::default()).unwrap().maximum_overload;
    assert_eq!(halved.maximum_overload.weekly_import, unasked.weekly_import);
    assert_eq!(halved.maximum_overload.any_week, unasked.any_week);
    assert_eq!((halved.limits.import_kw, halved.limits.feed_in_kw), (300.0, 600.0));
}

#[test]
fn panels_overload_by_feed_in_and_in_summer_only() {
    let answer = inquiry().ask(&with(vec![panels(460.0)])).unwrap();
    let weeks = &answer.minimum.weeks[answer.minimum.future()];
    for (week, p) in weeks.iter().zip(&answer.minimum_overload.weekly_feed_in) {
        match week.number() {
            21..=29 => assert!(*p > 0.5, "{week}: {p}"),
            40..=53 => assert!(*p < 1e-6, "{week}: {p}"),
            _ => {}
        }
    }
    assert_eq!(answer.maximum_overload, inquiry().ask(&Question::default()).unwrap().maximum_overload);
    assert!(answer.assessment.overload_probability > 0.5);
}

#[test]
fn growth_begins_in_its_week() {
    let growth = Growth::new(last().plus(10), last().plus(19)).unwrap();
    let load = ExtraLoad { growth: Some(growth), ..chargers(100) };
    let answer = inquiry().ask(&with(vec![load])).unwrap();
    let at_once = inquiry().ask(&with(vec![chargers(100)])).unwrap();
    let (grown, whole) = (&answer.added_to_maximum_kw, &at_once.added_to_maximum_kw);
    assert!(grown[..9].iter().all(|&kw| kw == 0.0));
    assert!(grown[9..].is_sorted() && grown[9] > 0.0);
    assert_eq!(grown[18..], whole[18..]);
}

#[test]
fn questions_come_back_from_their_text() {
    let growth = Growth::new(last(), last().plus(30)).unwrap();
    let question = Question {
        masked_weeks: [last().plus(-3), last().plus(-80)].into(),
        extra_loads: vec![chargers(12), ExtraLoad { growth: Some(growth), ..pumps(7) }, panels(55.5)],
        capacity: Some(Capacity::new(630.0).unwrap()),
        import_threshold: Some(Threshold::new(0.9).unwrap()),
        feed_in_threshold: None,
    };
    let text = serde_json::to_string(&question).unwrap();
    assert_eq!(serde_json::from_str::<Question>(&text).unwrap(), question);
    assert_eq!(serde_json::from_str::<Question>("{}").unwrap(), Question::default());
    let plain = r#"{"extra_loads":[{"technology":{"kind":"ev-chargers","count":12,"each_kw":11.0}}]}"#;
    assert_eq!(serde_json::from_str::<Question>(plain).unwrap(), with(vec![chargers(12)]));
    for bad in [
        r#"{"masked":[]}"#,
        r#"{"capacity":-1.0}"#,
        r#"{"import_threshold":0.0}"#,
        r#"{"extra_loads":[{"technology":{"kind":"ev-chargers","count":-1,"each_kw":11.0}}]}"#,
        r#"{"extra_loads":[{"technology":{"kind":"kettles","count":1,"each_kw":2.0}}]}"#,
    ] {
        assert!(serde_json::from_str::<Question>(bad).is_err(), "{bad}");
    }
}
