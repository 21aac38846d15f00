//! What is a switching, what is not, and that nothing makes the search fail.

use model::{
    IsoWeek, Observation, Series, WeekExtremes,
    switching::{Findings, Switching, SwitchingKind, SwitchingSettings, find_switchings, mask},
};
use proptest::prelude::*;

/// Standard deviation of the noise of both extremes of [`load`], kW.
const NOISE_KW: f64 = 10.0;

/// A load with growth, season and a noise with an autocorrelation, deterministic by seed; minimum 40, maximum
/// 200 kW.
fn load(weeks: i32, seed: u64) -> Vec<WeekExtremes> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut normal = || -> f64 {
        let uniforms = (0..12).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        });
        uniforms.sum::<f64>() - 6.0
    };
    let mut slow = [0.0; 2];
    (0..weeks)
        .map(|week| {
            let years = f64::from(week) / 52.177_5;
            let season = (std::f64::consts::TAU * years).cos();
            let [low, high] = slow.each_mut().map(|slow| {
                *slow = 0.7 * *slow + 0.51_f64.sqrt() * normal();
                NOISE_KW * (0.6 * *slow + 0.8 * normal())
            });
            WeekExtremes {
                week: IsoWeek::from_index(2_700 + week),
                min_kw: 40.0 + 8.0 * season + low,
                max_kw: 200.0 + 30.0 * season + 5.0 * years + high,
                readings: 672,
            }
        })
        .collect()
}

fn add(weeks: &mut [WeekExtremes], span: std::ops::Range<usize>, min_kw: f64, max_kw: f64) {
    for row in &mut weeks[span] {
        row.min_kw += min_kw;
        row.max_kw += max_kw;
    }
}

fn search(weeks: &[WeekExtremes]) -> Findings {
    find_switchings(weeks, &SwitchingSettings::default())
}

fn only(findings: &Findings) -> Switching {
    assert_eq!(findings.switchings.len(), 1, "{findings:?}");
    findings.switchings[0]
}

fn position(switching: &Switching) -> (i32, i32) {
    (switching.first.index() - 2_700, switching.last.index() - 2_700)
}

#[test]
fn an_undisturbed_load_holds_nothing() {
    for seed in 0..20 {
        assert_eq!(search(&load(160, seed)), Findings::default(), "seed {seed}");
    }
}

#[test]
fn extra_load_is_found_with_its_weeks_and_its_size() {
    for (seed, weeks) in (0..).zip([3, 5, 9, 14, 20, 26]) {
        let mut extremes = load(160, seed);
        add(&mut extremes, 70..70 + weeks, 30.0, 80.0);
        let switching = only(&search(&extremes));
        // Noise may add a week to either edge, never take one away.
        let (first, last) = position(&switching);
        assert!((69..=70).contains(&first) && (0..=1).contains(&(last - 69 - weeks as i32)), "{switching:?}");
        assert_eq!((switching.kind, switching.ended), (SwitchingKind::ExtraLoad, true));
        assert!((switching.step_kw_max - 80.0).abs() < 2.0 * NOISE_KW, "{switching:?}");
        assert!((switching.step_kw_min - 30.0).abs() < 2.0 * NOISE_KW, "{switching:?}");
    }
}

#[test]
fn a_neighbour_with_solar_power_lets_the_minimum_fall_and_is_extra_load() {
    let mut extremes = load(160, 3);
    add(&mut extremes, 60..66, -90.0, 60.0);
    let switching = only(&search(&extremes));
    assert_eq!((position(&switching), switching.kind), ((60, 65), SwitchingKind::ExtraLoad));
    assert!(switching.step_kw_min < -60.0 && switching.step_kw_max > 30.0);
}

#[test]
fn a_load_that_falls_to_nothing_and_returns_is_a_relief() {
    let mut extremes = load(160, 4);
    for row in &mut extremes[80..92] {
        (row.min_kw, row.max_kw) = (0.9, 1.1);
    }
    let switching = only(&search(&extremes));
    assert_eq!((position(&switching), switching.kind), ((80, 91), SwitchingKind::Relief));
    assert!(switching.step_kw_max < -140.0);
}

#[test]
fn weeks_that_are_touched_at_the_edges_belong_to_a_switching() {
    // From a Wednesday to a Wednesday: the minimum of the first and the last week is an ordinary one.
    let mut extremes = load(160, 5);
    add(&mut extremes, 70..76, 0.0, 90.0);
    add(&mut extremes, 71..75, 60.0, 0.0);
    assert_eq!(position(&only(&search(&extremes))), (70, 75));
}

#[test]
fn a_step_that_stays_is_a_level_shift_and_no_switching() {
    for (seed, from) in [(6, 40), (7, 60), (8, 90), (9, 110)] {
        let mut extremes = load(160, seed);
        add(&mut extremes, from..160, 30.0, 70.0);
        let findings = search(&extremes);
        assert!(findings.switchings.is_empty(), "{findings:?}");
        assert_eq!(findings.level_shifts.len(), 1, "{findings:?}");
        let shift = findings.level_shifts[0];
        assert!((shift.from.index() - 2_700 - from as i32).abs() <= 1, "{shift:?}");
        assert!((shift.step_kw_max - 70.0).abs() < 2.0 * NOISE_KW);
    }
}

#[test]
fn a_switching_and_a_level_shift_are_told_apart() {
    let mut extremes = load(160, 10);
    add(&mut extremes, 90..160, 30.0, 80.0);
    add(&mut extremes, 50..58, 40.0, 90.0);
    let findings = search(&extremes);
    assert_eq!(position(&only(&findings)), (50, 57));
    assert_eq!(findings.level_shifts.len(), 1);
}

#[test]
fn two_switchings_are_both_found() {
    let mut extremes = load(160, 11);
    add(&mut extremes, 30..36, 40.0, 90.0);
    add(&mut extremes, 100..120, -20.0, -90.0);
    let found = search(&extremes).switchings;
    assert_eq!(found.iter().map(position).collect::<Vec<_>>(), [(30, 35), (100, 119)]);
    assert_eq!(found[1].kind, SwitchingKind::Relief);
}

#[test]
fn an_outlier_week_is_no_switching() {
    for at in [20, 80, 140, 159] {
        for kw in [60.0, 200.0, 2_000.0, -2_000.0] {
            let mut extremes = load(160, 12);
            if kw > 0.0 {
                extremes[at].max_kw += kw
            } else {
                extremes[at].min_kw += kw
            }
            assert!(search(&extremes).switchings.is_empty(), "{kw} kW in week {at}");
        }
    }
}

#[test]
fn a_single_week_needs_a_very_large_step_in_both_extremes() {
    let mut extremes = load(160, 13);
    add(&mut extremes, 80..81, 60.0, 60.0);
    assert!(search(&extremes).switchings.is_empty());
    add(&mut extremes, 80..81, 140.0, 240.0);
    assert_eq!(position(&only(&search(&extremes))), (80, 80));
}

#[test]
fn slow_growth_is_neither() {
    let mut extremes = load(160, 14);
    for (row, week) in extremes.iter_mut().zip(0..) {
        row.max_kw += 0.5 * f64::from(week);
    }
    assert_eq!(search(&extremes), Findings::default());
}

#[test]
fn a_cold_spell_of_ordinary_size_is_no_switching() {
    let mut extremes = load(160, 15);
    add(&mut extremes, 104..107, 4.0, 22.0);
    assert!(search(&extremes).switchings.is_empty());
}

#[test]
fn a_gap_is_no_switching_and_hides_none() {
    let mut extremes = load(160, 16);
    extremes.drain(60..75);
    assert_eq!(search(&extremes), Findings::default());
    let mut extremes = load(160, 16);
    add(&mut extremes, 55..78, 40.0, 90.0);
    extremes.drain(60..66);
    let (first, last) = position(&only(&search(&extremes)));
    assert!(first == 55 && (77..=78).contains(&last), "{first} to {last}");
}

#[test]
fn a_step_still_there_at_the_end_is_open() {
    let mut extremes = load(160, 17);
    add(&mut extremes, 150..160, 60.0, 100.0);
    let findings = search(&extremes);
    let switching = only(&findings);
    assert_eq!((position(&switching), switching.ended), ((150, 159), false));
    // Weak evidence is not enough for that.
    let mut extremes = load(160, 17);
    add(&mut extremes, 157..160, 0.0, 36.0);
    assert!(search(&extremes).switchings.is_empty());
}

#[test]
fn a_long_history_is_searched_from_its_beginning_to_its_end() {
    let mut extremes = load(1_000, 18);
    for from in [20, 333, 500, 707, 960] {
        add(&mut extremes, from..from + 7, 50.0, 100.0);
    }
    let found = search(&extremes).switchings;
    let firsts: Vec<i32> = found.iter().map(|switching| position(switching).0).collect();
    assert_eq!(firsts, [20, 333, 500, 707, 960]);
}

#[test]
fn short_constant_and_empty_histories_hold_nothing() {
    let mut extremes = load(19, 19);
    add(&mut extremes, 8..13, 300.0, 300.0);
    assert_eq!(search(&extremes), Findings::default());
    let constant = WeekExtremes { week: IsoWeek::from_index(0), min_kw: 3.0, max_kw: 3.0, readings: 672 };
    let constant: Vec<_> =
        (0..200).map(|week| WeekExtremes { week: IsoWeek::from_index(week), ..constant }).collect();
    assert_eq!(search(&constant), Findings::default());
    assert_eq!(search(&[]), Findings::default());
}

#[test]
fn order_repeated_and_unsound_rows_do_not_matter() {
    let mut extremes = load(160, 20);
    add(&mut extremes, 70..80, 40.0, 90.0);
    let expected = search(&extremes);
    let false_one = WeekExtremes { max_kw: 9_999.0, ..extremes[30] };
    let mut shuffled: Vec<_> = extremes.iter().copied().rev().collect();
    shuffled.insert(0, false_one);
    shuffled.push(WeekExtremes { max_kw: f64::NAN, ..extremes[31] });
    shuffled.push(WeekExtremes { min_kw: 1e4, ..extremes[32] });
    assert_eq!(search(&shuffled), expected);
}

#[test]
fn masked_weeks_are_unobserved_and_all_others_as_they_were() {
    let mut extremes = load(160, 21);
    add(&mut extremes, 70..80, 40.0, 90.0);
    let rows = extremes.iter().map(|row| Observation { week: row.week, value_kw: Some(row.max_kw) });
    let series = Series::new(rows.collect()).unwrap();
    let switchings = search(&extremes).switchings;
    let masked = mask(&series, &switchings);
    for (at, (row, before)) in masked.rows().iter().zip(series.rows()).enumerate() {
        let expected = if (70..80).contains(&at) { None } else { before.value_kw };
        assert_eq!((row.week, row.value_kw), (before.week, expected));
    }
    assert_eq!(mask(&series, &[]), series);
}

#[test]
fn findings_come_back_from_json() {
    let mut extremes = load(160, 22);
    add(&mut extremes, 70..80, 40.0, 90.0);
    let findings = search(&extremes);
    let json = serde_json::to_string(&findings).unwrap();
    assert_eq!(serde_json::from_str::<Findings>(&json).unwrap(), findings);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn scale_and_mirror_do_not_matter(seed in 0_u64..1_000, exponent in -30_i32..30, mirrored: bool) {
        let mut extremes = load(150, seed);
        add(&mut extremes, 60..68, 30.0, 60.0);
        let expected = search(&extremes);
        let scale = 2.0_f64.powi(exponent);
        for row in &mut extremes {
            let (low, high) = (row.min_kw * scale, row.max_kw * scale);
            (row.min_kw, row.max_kw) = if mirrored { (-high, -low) } else { (low, high) };
        }
        let found = search(&extremes);
        prop_assert_eq!(found.switchings.len(), expected.switchings.len());
        prop_assert_eq!(found.level_shifts.len(), expected.level_shifts.len());
        for (new, old) in found.switchings.iter().zip(&expected.switchings) {
            prop_assert_eq!((new.first, new.last, new.kind), (old.first, old.last, old.kind));
            let step = if mirrored { -new.step_kw_min } else { new.step_kw_max };
            prop_assert!((step / scale - old.step_kw_max).abs() < 1e-6);
            prop_assert!((new.strength - old.strength).abs() < 1e-6);
        }
    }

    #[test]
    fn no_finite_input_makes_it_panic(
        rows in prop::collection::vec((any::<i32>(), -1e308_f64..1e308, -1e308_f64..1e308), 0..60),
        small in prop::collection::vec((0_i32..80, -3_i8..3, -3_i8..3), 0..120),
        settings in (0_usize..40, -5_i32..60, 0.0_f64..2.0),
    ) {
        let row = |(week, low, high): (i32, f64, f64)| WeekExtremes {
            week: IsoWeek::from_index(week), min_kw: low, max_kw: high, readings: 1,
        };
        let settings = SwitchingSettings {
            fewest_weeks: settings.0,
            longest_weeks: settings.1,
            per_year: settings.2,
            least_strength: -50.0,
            least_step: 0.0,
            ..SwitchingSettings::default()
        };
        let wild: Vec<_> = rows.into_iter().map(row).collect();
        let small: Vec<_> =
            small.into_iter().map(|(week, low, high)| row((week, low.into(), high.into()))).collect();
        for weeks in [wild, small] {
            for settings in [settings, SwitchingSettings::default()] {
                let findings = find_switchings(&weeks, &settings);
                for found in &findings.switchings {
                    prop_assert!(found.first <= found.last && !found.strength.is_nan());
                }
            }
        }
    }
}
