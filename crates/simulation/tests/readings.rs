//! Readings lie on contiguous UTC quarter-hours across clock changes.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use model::{IsoWeek, Phase};
use simulation::{Network, Settings};

fn network(years: f64) -> Network {
    let until = NaiveDate::from_ymd_opt(2025, 11, 26).unwrap();
    Network::new(&Settings::new(60, years, 11, until, "unused")).unwrap()
}

#[test]
fn readings_are_15_minutes_apart_outside_of_gaps_across_clock_changes() {
    let network = network(1.0);
    let (mut boxes, mut with_gaps) = (0, 0);
    for number in 0..30 {
        let (readings, truth) =
            (network.quarter_hours(number, Phase::Sumli).unwrap(), network.truth(number).unwrap());
        let (Some(first), Some(last)) = (readings.first(), readings.last()) else { continue };
        let steps: BTreeSet<i64> =
            readings.windows(2).map(|pair| (pair[1].at - pair[0].at).num_minutes()).collect();
        assert!(steps.iter().all(|step| *step > 0 && step % 15 == 0), "{steps:?}");
        let reported = midnight(truth.end_day) - midnight(truth.first_day.unwrap());
        assert_eq!(readings.len() + truth.missing_quarter_hours, reported.num_minutes() as usize / 15);
        assert!(first.at >= midnight(truth.first_day.unwrap()) && last.at < midnight(truth.end_day));
        boxes += 1;
        with_gaps += usize::from(steps.len() > 1);
    }
    assert!(boxes > 20 && with_gaps > 15, "{with_gaps} of {boxes} have gaps");
}

#[test]
fn a_complete_week_with_a_clock_change_has_668_or_676_readings() {
    let network = network(1.0);
    let changes = [("2025-W13", 668), ("2025-W43", 676), ("2025-W30", 672)];
    for (week, expected) in changes {
        let week: IsoWeek = week.parse().unwrap();
        let most = (0..20).filter_map(|number| {
            let (_, weeks) = network.weekly_extremes(number).unwrap();
            weeks.iter().find(|extremes| extremes.week == week).map(|extremes| extremes.readings)
        });
        assert_eq!(most.max(), Some(expected), "{week}");
    }
}

#[test]
fn working_hours_follow_local_time() {
    use simulation::Customers;
    let network = network(1.0);
    let business = (0..2000).find(|number| {
        let truth = network.truth(*number).unwrap();
        let works = matches!(truth.customers, Customers::Offices | Customers::LightIndustry);
        let whole = truth.gaps.is_empty() && truth.outliers.is_empty() && truth.bypasses.is_empty();
        let busy = truth.idle_until.is_none() && truth.first_day == Some(first_day()) && truth.in_service;
        works && whole && busy && truth.solar_kwp[1] < 0.05 * truth.capacity_kva
    });
    let readings = network.quarter_hours(business.unwrap(), Phase::Sumli).unwrap();
    // The UTC quarter-hour of the day in which the mean load of two weeks exceeds the midpoint.
    let begin_of_work = |from: NaiveDate| {
        let from = from.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let mut sums = [0.0; 96];
        for reading in &readings {
            if (from..from + TimeDelta::days(14)).contains(&reading.at) {
                sums[(reading.at.timestamp() / 900 % 96) as usize] += reading.value_kw;
            }
        }
        let night = sums[..16].iter().copied().fold(f64::INFINITY, f64::min);
        let day = sums.iter().copied().fold(0.0, f64::max);
        sums.iter().position(|sum| *sum > (night + day) / 2.0).unwrap() as i64
    };
    let before = begin_of_work(NaiveDate::from_ymd_opt(2025, 3, 16).unwrap());
    let after = begin_of_work(NaiveDate::from_ymd_opt(2025, 3, 30).unwrap());
    assert!((3..=5).contains(&(before - after)), "quarter-hours of UTC: {before}, then {after}");
}

/// The instant of a local midnight.
fn midnight(date: NaiveDate) -> DateTime<Utc> {
    let local = Amsterdam.from_local_datetime(&date.and_hms_opt(0, 0, 0).unwrap());
    local.unwrap().with_timezone(&Utc)
}

fn first_day() -> NaiveDate {
    let until = NaiveDate::from_ymd_opt(2025, 11, 26).unwrap();
    Settings::new(1, 1.0, 11, until, "unused").first_day()
}

#[test]
fn the_three_phases_add_up_to_the_sum() {
    let network = network(0.25);
    let [sum, l1, l2, l3] = Phase::ALL.map(|phase| network.quarter_hours(0, phase).unwrap());
    assert!(!sum.is_empty());
    for at in 0..sum.len() {
        let parts = l1[at].value_kw + l2[at].value_kw + l3[at].value_kw;
        assert!((parts - sum[at].value_kw).abs() < 1e-6);
        assert_eq!(l1[at].at, sum[at].at);
    }
}
