use super::*;

fn weeks(values: impl IntoIterator<Item = (f64, f64)>) -> Vec<WeekExtremes> {
    let week = |(i, (min_kw, max_kw))| WeekExtremes {
        week: IsoWeek::from_index(2_500 + i),
        min_kw,
        max_kw,
        readings: 672,
    };
    (0..).zip(values).map(week).collect()
}

/// So many weeks like this one, but no two alike: a meter that repeats itself is a finding of its own.
fn like(week: (f64, f64), count: usize) -> impl Iterator<Item = (f64, f64)> {
    (0..count).map(move |place| (week.0 - 1e-6 * place as f64, week.1 + 1e-6 * place as f64))
}

fn checked(extremes: &[WeekExtremes]) -> Cleaned {
    clean(extremes, |_| true, Capacity::new(400.0).ok(), &CheckSettings::default())
}

#[test]
fn a_sound_series_passes_untouched() {
    let extremes = weeks(like((-20.0, 300.0), 105));
    let cleaned = checked(&extremes);
    assert_eq!(cleaned.kept, extremes);
    assert!(cleaned.flags.is_empty());
    assert_eq!(cleaned.series(Extreme::Min).unwrap().rows()[0].value_kw, Some(-20.0));
    assert!(cleaned.set_aside.is_empty());
}

#[test]
fn leading_idling_goes_and_later_idling_stays() {
    let idle = [(0.0, 4.0), (-4.0, 1.0), (0.5, 0.5)];
    let used = like((-4.1, 300.0), 105);
    let extremes = weeks(idle.into_iter().chain(used).chain(idle));
    let cleaned = checked(&extremes);
    assert_eq!(cleaned.idle_weeks_removed, 3);
    assert_eq!(cleaned.kept, extremes[3..]);
    assert_eq!(cleaned.flags, [Flag::Idling]);
}

#[test]
fn a_series_that_becomes_too_short_by_the_removal_is_too_short() {
    let extremes = weeks([(0.0, 1.0)].into_iter().chain(like((0.0, 300.0), 104)));
    assert_eq!(checked(&extremes).flags, [Flag::TooShort, Flag::Idling]);
}

#[test]
fn feed_in_counts_for_the_size() {
    let small = weeks(like((-199.0, 100.0), 105));
    assert_eq!(checked(&small).flags, [Flag::TooSmall]);
    let fed_in = weeks(like((-200.0, 100.0), 105));
    assert!(checked(&fed_in).flags.is_empty());
}

#[test]
fn a_box_that_only_idles_keeps_nothing() {
    let cleaned = checked(&weeks(like((0.0, 0.0), 150)));
    assert!(cleaned.kept.is_empty());
    assert_eq!(cleaned.flags, [Flag::TooShort, Flag::TooSmall, Flag::Idling]);
    assert_eq!(cleaned.series(Extreme::Max), Err(SeriesError::Empty));
}

#[test]
fn missing_capacity_and_missing_readings_are_told() {
    let extremes = weeks(like((0.0, 1.0), 150));
    let cleaned = clean(&extremes, |_| true, None, &CheckSettings::default());
    assert_eq!((cleaned.flags, cleaned.kept.len()), (vec![Flag::NoCapacity], 150));
    assert_eq!(checked(&[]).flags, [Flag::NoReadings, Flag::TooShort, Flag::TooSmall]);
}

#[test]
fn unsound_and_repeated_weeks_are_named_and_order_does_not_matter() {
    let mut extremes = weeks(like((0.0, 300.0), 110));
    extremes[0].max_kw = f64::NAN;
    extremes[1].min_kw = 400.0;
    let newer = WeekExtremes { max_kw: 333.0, ..extremes[50] };
    extremes.reverse();
    extremes.push(newer);
    let cleaned = checked(&extremes);
    assert_eq!(cleaned.unsound_weeks_removed, 2);
    assert_eq!(cleaned.flags, [Flag::UnsoundValues, Flag::RepeatedWeeks]);
    assert_eq!(cleaned.kept.len(), 108);
    assert!(cleaned.kept.is_sorted_by_key(|week| week.week));
    assert!(cleaned.kept.contains(&newer));
}

#[test]
fn only_spark_needs_a_long_history_near_the_capacity() {
    for flag in [Flag::TooShort, Flag::TooSmall] {
        assert!(flag.blocks_forecast(ModelName::Spark) && !flag.blocks_forecast(ModelName::Gridspark));
    }
    for model in ModelName::ALL {
        assert!(Flag::NoReadings.blocks_forecast(model) && Flag::Outdated.blocks_forecast(model));
        assert!(Flag::NoCapacity.blocks_forecast(model) && !Flag::Silent.blocks_forecast(model));
    }
}

#[test]
fn what_is_set_aside_is_kept_named_and_in_no_series_nor_in_the_size() {
    let mut extremes = weeks(like((0.0, 150.0), 120));
    extremes[30].min_kw = -9_999.0;
    let cleaned = checked(&extremes);
    assert_eq!(cleaned.flags, [Flag::TooSmall, Flag::ErrorValues]);
    assert_eq!((cleaned.kept.len(), cleaned.sound().len()), (120, 119));
    let value = |extreme| cleaned.series(extreme).unwrap().rows()[30].value_kw;
    assert_eq!((value(Extreme::Min), value(Extreme::Max)), (None, Some(extremes[30].max_kw)));
    // With another capacity the same value may be true.
    let larger = clean(&extremes, |_| true, Capacity::new(2_500.0).ok(), &CheckSettings::default());
    assert!(larger.set_aside.is_empty());
}

#[test]
fn flag_names_come_back() {
    for flag in Flag::ALL {
        assert_eq!(flag.as_str().parse(), Ok(flag));
        assert_eq!(serde_json::to_string(&flag).unwrap(), format!("{:?}", flag.as_str()));
    }
    assert!("TooShort".parse::<Flag>().is_err());
}

#[test]
fn weeks_with_few_readings_are_not_kept_but_what_they_cannot_have_measured_is_found() {
    let mut extremes = weeks(like((10.0, 300.0), 140));
    for place in [3, 20] {
        (extremes[place].readings, extremes[place].max_kw) = (84, 3_500.5);
    }
    let is_filled = |week: &WeekExtremes| week.readings > 600;
    let cleaned = clean(&extremes, is_filled, Capacity::new(400.0).ok(), &CheckSettings::default());
    assert_eq!((cleaned.kept.len(), cleaned.sparse_weeks_removed), (138, 2));
    assert_eq!(cleaned.flags, [Flag::SparseWeeks, Flag::ErrorValues]);
    for place in [3, 20] {
        assert!(!cleaned.counts(extremes[place].week, Extreme::Max), "{place}");
        assert!(cleaned.counts(extremes[place].week, Extreme::Min), "{place}");
    }
}

#[test]
fn error_codes_before_a_transformer_is_in_use_are_not_believed_either() {
    let mut extremes = weeks([(0.0, 0.0); 20].into_iter().chain(like((10.0, 300.0), 140)));
    extremes[5].max_kw = 4_294_967.295;
    let cleaned = checked(&extremes);
    assert_eq!(cleaned.idle_weeks_removed, 20);
    assert!(!cleaned.counts(extremes[5].week, Extreme::Max));
}
