use super::error_code::is_code_form;
use super::*;

#[test]
fn a_load_in_coarse_steps_is_no_error_code() {
    let wobble = |week: i32| f64::from(week * 7_919 % 101) / 101.0 - 0.5;
    // A new meter in whole tens of kilowatts beside a new load; a pump that takes exactly 75 kW in summer; chargers.
    let stepped = |week: i32| {
        if week < 60 { 60.0 + 9.0 * wobble(week) } else { 10.0 * (64.0 + 4.0 * wobble(week)).round() }
    };
    let pump = |week: i32| if week % 52 < 9 { 75.0 } else { 30.0 + 9.0 * wobble(week) };
    let chargers = |week: i32| {
        if week % 5 == 0 { 50.0 * f64::from(2 + week % 2) } else { 20.0 + 9.0 * wobble(week) }
    };
    for (name, load) in
        [("stepped", &stepped as &dyn Fn(i32) -> f64), ("pump", &pump), ("chargers", &chargers)]
    {
        for sign in [1.0, -1.0] {
            for capacity in
                [Capacity::new(630.0).ok(), Capacity::new(160.0).ok().filter(|_| name != "stepped")]
            {
                let values: Vec<(IsoWeek, f64)> =
                    (0..156).map(|week| (IsoWeek::from_index(2_700 + week), sign * load(week))).collect();
                let faults = faults_of_values(&values, capacity);
                assert!(faults.iter().all(Option::is_none), "{name} {sign} {capacity:?}");
            }
        }
    }
    for code in [-999.0, 999.9, 9.99, 3_276.7, 32_768.0, 4_294_967.295, 65_535.0, 65.535] {
        assert!(is_code_form(code), "{code}");
    }
    for load in [75.0, 99.0, 640.0, 100.0, 0.0, 12.5] {
        assert!(!is_code_form(load), "{load}");
    }
}

#[test]
fn codes_are_found_among_coarse_steps_and_these_are_no_frozen_meter() {
    let tens = |week: i32| 10.0 * (20.0 + 12.0 * (f64::from(week * 7_919 % 101) / 101.0 - 0.5)).round();
    for code in [-9_999.0, 32_767.0, 999_999.0] {
        let value =
            |week: i32| (IsoWeek::from_index(2_700 + week), if week % 5 == 2 { code } else { tens(week) });
        let values: Vec<(IsoWeek, f64)> = (0..156).map(value).collect();
        let faults = faults_of_values(&values, None);
        assert!(values.iter().zip(faults).all(|((_, kw), fault)| fault.is_some() == (*kw == code)), "{code}");
    }
    let coarse: Vec<WeekExtremes> = (0..156)
        .map(|week| WeekExtremes {
            week: IsoWeek::from_index(2_700 + week),
            min_kw: 0.0,
            max_kw: if week > 142 { 20.0 } else { 5.0 * f64::from(week / 2 % 3) },
            readings: 672,
        })
        .collect();
    assert_eq!(find_faults(&coarse, Capacity::new(15.0).ok()), []);
    let flat: Vec<WeekExtremes> = calm(160)
        .into_iter()
        .map(|week| WeekExtremes { min_kw: 65_535.0, max_kw: 65_535.0, ..week })
        .collect();
    assert_eq!(
        all_of(&find_faults(&flat, Capacity::new(400.0).ok()), FaultKind::BeyondCapacity, Extreme::Max),
        160
    );
}

#[test]
fn values_of_one_extreme_have_the_same_faults() {
    let mut weeks = calm(160);
    weeks[10].max_kw = 9_999.0;
    weeks.iter_mut().skip(20).step_by(10).for_each(|week| week.max_kw = -1_234.5);
    weeks[51..60].iter_mut().for_each(|week| week.max_kw *= 1_000.0);
    let values: Vec<(IsoWeek, f64)> = weeks.iter().map(|week| (week.week, week.max_kw)).collect();
    let faults = faults_of_values(&values, Capacity::new(400.0).ok());
    let count = |kind| faults.iter().filter(|fault| **fault == Some(kind)).count();
    assert_eq!(faults[10], Some(FaultKind::BeyondCapacity));
    assert_eq!((count(FaultKind::ErrorCode), count(FaultKind::WrongUnit)), (14, 9));
    let same: Vec<(IsoWeek, f64)> = values.iter().map(|&(week, _)| (week, 5.0)).collect();
    assert!(faults_of_values(&same, None).iter().all(Option::is_none));
}

/// A load of 150 to 250 kW with a minimum of 40 to 60 kW.
fn calm(count: i32) -> Vec<WeekExtremes> {
    let wobble = |week: i32, step: i32| f64::from((week * step) % 101) / 101.0 - 0.5;
    (0..count)
        .map(|week| WeekExtremes {
            week: IsoWeek::from_index(2_700 + week),
            min_kw: 50.0 + 20.0 * wobble(week, 7_919),
            max_kw: 200.0 + 100.0 * wobble(week, 104_729),
            readings: 672,
        })
        .collect()
}

fn found(weeks: &[WeekExtremes]) -> Vec<SetAside> {
    find_faults(weeks, Capacity::new(400.0).ok())
}

fn all_of(found: &[SetAside], kind: FaultKind, extreme: Extreme) -> usize {
    assert!(found.iter().all(|fault| fault.kind == kind), "{found:?}");
    found.iter().filter(|fault| fault.extreme == extreme).count()
}

#[test]
fn a_calm_box_has_no_faults() {
    assert_eq!(found(&calm(160)), []);
    let mut once = calm(160);
    once[80].max_kw = 1_900.0;
    assert_eq!(found(&once), [], "one high week below the criterion is an outlier");
}

#[test]
fn values_beyond_five_times_the_capacity_are_set_aside_and_the_other_extreme_stays() {
    let mut weeks = calm(160);
    weeks[10].min_kw = -9_999.0;
    weeks[20].max_kw = 2_000.0;
    weeks[30].max_kw = 2_000.1;
    let found = found(&weeks);
    let listed: Vec<_> = found.iter().map(|fault| (fault.week.index() - 2_700, fault.extreme)).collect();
    assert_eq!(listed, [(10, Extreme::Min), (30, Extreme::Max)]);
}

#[test]
fn codes_within_the_criterion_are_known_by_recurring_far_outside() {
    for code in [-999.0, -998.0, -1_234.5] {
        let mut weeks = calm(160);
        weeks.iter_mut().step_by(3).for_each(|week| week.min_kw = code);
        assert_eq!(all_of(&found(&weeks), FaultKind::ErrorCode, Extreme::Min), 54, "{code}");
        weeks.iter_mut().for_each(|week| week.min_kw = code);
        assert_eq!(all_of(&found(&weeks), FaultKind::ErrorCode, Extreme::Min), 160, "{code} each week");
    }
    let mut outages = calm(160);
    outages.iter_mut().step_by(40).for_each(|week| week.min_kw = 0.0);
    assert_eq!(found(&outages), [], "no load is no error");
    let mut twice = calm(160);
    twice.iter_mut().take(2).for_each(|week| week.min_kw = -999.0);
    assert_eq!(found(&twice), [], "twice may be chance");
}

#[test]
fn weeks_in_watts_are_a_wrong_unit_in_some_weeks_and_in_all() {
    let mut weeks = calm(160);
    for week in &mut weeks[60..70] {
        (week.min_kw, week.max_kw) = (1_000.0 * week.min_kw, 1_000.0 * week.max_kw);
    }
    assert_eq!(all_of(&found(&weeks), FaultKind::WrongUnit, Extreme::Min), 10);
    let (before, rest) = weeks.split_at_mut(60);
    for week in before.iter_mut().chain(&mut rest[10..]) {
        (week.min_kw, week.max_kw) = (1_000.0 * week.min_kw, 1_000.0 * week.max_kw);
    }
    assert_eq!(all_of(&found(&weeks), FaultKind::WrongUnit, Extreme::Max), 160);
}

#[test]
fn a_frozen_meter_is_one_that_repeats_itself_and_no_load_is_none() {
    let mut weeks = calm(160);
    for week in 91..95 {
        (weeks[week].min_kw, weeks[week].max_kw) = (weeks[90].min_kw, weeks[90].max_kw);
    }
    assert_eq!(all_of(&found(&weeks), FaultKind::FrozenMeter, Extreme::Max), 4);
    for week in &mut weeks[90..95] {
        week.min_kw = week.max_kw;
    }
    assert_eq!(all_of(&found(&weeks), FaultKind::FrozenMeter, Extreme::Min), 5, "flat from the first week");
    for week in &mut weeks[90..95] {
        (week.min_kw, week.max_kw) = (0.0, 0.0);
    }
    assert_eq!(found(&weeks), []);
}

#[test]
fn without_a_capacity_codes_and_frozen_weeks_are_found_all_the_same() {
    let mut weeks = calm(160);
    weeks.iter_mut().step_by(5).for_each(|week| week.max_kw = 999_999.0);
    assert_eq!(all_of(&find_faults(&weeks, None), FaultKind::ErrorCode, Extreme::Max), 32);
}

#[test]
fn a_series_without_a_capacity_tells_its_weeks_in_watts_by_itself() {
    let weeks = calm(160);
    let mut values: Vec<(IsoWeek, f64)> = weeks.iter().map(|week| (week.week, week.max_kw)).collect();
    assert!(faults_of_values(&values, None).iter().all(Option::is_none));
    values[140..].iter_mut().for_each(|(_, kw)| *kw *= 1_000.0);
    let faults = faults_of_values(&values, None);
    assert!(faults[..140].iter().all(Option::is_none));
    assert!(faults[140..].iter().all(|fault| *fault == Some(FaultKind::WrongUnit)));
}

#[test]
fn two_codes_that_recur_together_are_no_weeks_in_watts() {
    let mut weeks = calm(160);
    for place in [20, 61, 90, 130] {
        (weeks[place].min_kw, weeks[place].max_kw) = (-32_768.0, 32_767.0);
    }
    let faults = found(&weeks);
    assert_eq!(faults.len(), 8);
    assert!(faults.iter().all(|fault| fault.kind == FaultKind::BeyondCapacity), "{faults:?}");
}
