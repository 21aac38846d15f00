use model::IsoWeek;

use super::*;

fn now() -> DateTime<Utc> {
    "2026-11-16T06:00:00Z".parse().unwrap()
}

/// A hundred boxes over five weeks that pass every test.
fn healthy_profile() -> DataProfile {
    let week = |index| WeekVolume {
        week: IsoWeek::from_index(index),
        boxes: 100,
        readings: 67_200,
        rated_boxes: 90,
        impossible_boxes: 0,
    };
    DataProfile {
        newest_reading: "2026-11-15T23:45:00Z".parse().ok(),
        first_week: Some(IsoWeek::from_index(2_700)),
        weeks: (2_960..2_965).map(week).collect(),
        active_boxes: 100,
        silent_boxes: 0,
    }
}

fn last(profile: &mut DataProfile) -> &mut WeekVolume {
    profile.weeks.last_mut().unwrap()
}

/// The failing tests.
fn failing(profile: &DataProfile, rows: Option<RowCounts>) -> Vec<DataTest> {
    let results = judge(profile, rows, &DataTestSettings::default(), now());
    results.iter().filter(|result| result.verdict == Verdict::Failed).map(|result| result.test).collect()
}

#[test]
fn sound_data_pass_every_test() {
    let results = judge(
        &healthy_profile(),
        Some(RowCounts { rows: 10_000, refused: 3 }),
        &DataTestSettings::default(),
        now(),
    );
    assert_eq!(results.len(), 6);
    assert!(results.iter().all(|result| result.verdict == Verdict::Passed), "{results:?}");
}

#[test]
fn each_fault_fails_its_own_test_just_beyond_its_limit() {
    let mut old = healthy_profile();
    old.newest_reading = "2026-11-02T06:00:00Z".parse().ok();
    assert_eq!(failing(&old, None), []);
    old.newest_reading = "2026-11-02T05:59:00Z".parse().ok();
    assert_eq!(failing(&old, None), [DataTest::Freshness]);

    let mut thin = healthy_profile();
    last(&mut thin).readings = 33_600;
    assert_eq!(failing(&thin, None), []);
    last(&mut thin).readings = 33_599;
    assert_eq!(failing(&thin, None), [DataTest::Volume]);

    let mut silent = healthy_profile();
    silent.silent_boxes = 30;
    assert_eq!(failing(&silent, None), []);
    silent.silent_boxes = 31;
    assert_eq!(failing(&silent, None), [DataTest::SilentBoxes]);

    let mut wild = healthy_profile();
    last(&mut wild).impossible_boxes = 4;
    assert_eq!(failing(&wild, None), []);
    last(&mut wild).impossible_boxes = 5;
    assert_eq!(failing(&wild, None), [DataTest::ImpossibleValues]);

    assert_eq!(failing(&healthy_profile(), Some(RowCounts { rows: 2_000, refused: 100 })), []);
    assert_eq!(
        failing(&healthy_profile(), Some(RowCounts { rows: 2_000, refused: 101 })),
        [DataTest::RefusedRows]
    );
}

#[test]
fn what_stops_a_run_names_the_test_and_the_figures_and_a_person_may_overrule_it() {
    let mut thin = healthy_profile();
    last(&mut thin).readings = 6_720;
    let gate = Gate::default();
    let error = gate.judge(&thin, None, now()).unwrap_err().to_string();
    assert!(error.contains("volume: week 2026-W44 holds 10.0 % of the readings"), "{error}");
    assert!(!error.contains("silent_boxes"), "{error}");
    let despite = Gate { despite: true, ..Gate::default() };
    assert_eq!(despite.judge(&thin, None, now()).unwrap().len(), 5);
    let mut lenient = Gate::default();
    lenient.settings.volume = Severity::Warn;
    assert!(lenient.judge(&thin, None, now()).is_ok());
    lenient.settings.volume = Severity::Off;
    assert_eq!(lenient.judge(&thin, None, now()).unwrap().len(), 4);
}

#[test]
fn a_new_or_tiny_fleet_is_not_judged_by_its_shares() {
    let mut tiny = healthy_profile();
    for week in &mut tiny.weeks {
        (week.boxes, week.rated_boxes, week.readings) = (5, 5, 3_360);
    }
    (tiny.active_boxes, tiny.silent_boxes) = (5, 4);
    last(&mut tiny).readings = 0;
    assert_eq!(failing(&tiny, Some(RowCounts { rows: 10, refused: 9 })), []);
    assert_eq!(failing(&DataProfile::default(), None), []);
    let mut first_week = healthy_profile();
    first_week.weeks.drain(..4);
    assert_eq!(failing(&first_week, None), []);
}
