//! Simulated data of exponential growth have their documented features, and the truth agrees with
//! them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use chrono::NaiveDate;
use model::{Phase, WeekExtremes};
use simulation::{Growth, Network, Reading, Role, Settings, Stress, Truth};

const BOXES: usize = 120;

fn network(years: f64) -> Network {
    let until = NaiveDate::from_ymd_opt(2025, 11, 24).unwrap();
    let settings = Settings::new(BOXES, years, 1, until, "unused");
    Network::new(&Settings { growth: Growth::Exponential, ..settings }).unwrap()
}

fn truths(network: &Network) -> Vec<Truth> {
    (0..BOXES).map(|number| network.truth(number).unwrap()).collect()
}

fn ordinary(truth: &Truth) -> bool {
    truth.bypasses.is_empty() && truth.outliers.is_empty() && truth.idle_until.is_none() && truth.in_service
}

/// Extremes of the readings, by week of the network's own extremes.
fn aggregated(readings: &[Reading], weeks: &[WeekExtremes]) -> Vec<(f64, f64, usize)> {
    use chrono_tz::Europe::Amsterdam;
    let mut extremes = vec![(f64::INFINITY, f64::NEG_INFINITY, 0); weeks.len()];
    for reading in readings {
        let week = model::IsoWeek::containing(reading.at.with_timezone(&Amsterdam).date_naive());
        if let Ok(at) = weeks.binary_search_by_key(&week, |extremes| extremes.week) {
            let (min, max, count) = &mut extremes[at];
            *min = min.min(reading.value_kw);
            *max = max.max(reading.value_kw);
            *count += 1;
        }
    }
    extremes
}

#[test]
fn feed_in_grows_from_year_to_year() {
    let network = network(4.0);
    let mut judged = 0;
    for truth in truths(&network) {
        let strong = truth.solar_kwp[1] > 0.5 * truth.capacity_kva;
        if !(strong && ordinary(&truth)) {
            continue;
        }
        let (_, weeks) = network.weekly_extremes(truth.number).unwrap();
        let lowest = |year: i32| {
            let of_year = weeks.iter().filter(|week| week.week.year() == year);
            of_year.map(|week| week.min_kw).fold(f64::INFINITY, f64::min)
        };
        if weeks.len() < 205 {
            continue;
        }
        assert!(truth.solar_kwp[0] < 0.7 * truth.solar_kwp[1]);
        assert!(lowest(2025) < lowest(2022), "box {}", truth.number);
        assert!(lowest(2025) < 0.0, "box {}", truth.number);
        judged += 1;
    }
    assert!(judged >= 5, "only {judged} boxes with much solar power");
}

#[test]
fn the_quick_weekly_model_agrees_with_the_quarter_hours() {
    let network = network(1.0);
    let (mut apart_max, mut apart_min, mut peak, mut count) = (0.0, 0.0, 0.0, 0);
    for truth in truths(&network).iter().filter(|truth| ordinary(truth)).take(24) {
        let (_, weeks) = network.weekly_extremes(truth.number).unwrap();
        let readings = network.quarter_hours(truth.number, Phase::Sumli).unwrap();
        let mut top = f64::NEG_INFINITY;
        for (quick, (min, max, readings)) in weeks.iter().zip(aggregated(&readings, &weeks)) {
            assert_eq!(usize::from(quick.readings), readings, "{} of box {}", quick.week, truth.number);
            if readings >= 600 {
                apart_max += (quick.max_kw - max) / truth.capacity_kva;
                apart_min += (quick.min_kw - min) / truth.capacity_kva;
                top = f64::max(top, max.max(-min) / truth.capacity_kva);
                count += 1;
            }
        }
        if top.is_finite() {
            peak += (top - truth.peak_loading_history).abs() / 24.0;
        }
    }
    let (apart_max, apart_min) = (apart_max / f64::from(count), apart_min / f64::from(count));
    println!(
        "mean difference of maxima {apart_max:.4}, of minima {apart_min:.4}, of peaks {peak:.4} x capacity"
    );
    assert!(apart_max.abs() < 0.02 && apart_min.abs() < 0.02 && peak < 0.06);
}

#[test]
fn during_a_bypass_one_box_carries_nothing_and_its_neighbour_both_loads() {
    let network = network(2.0);
    let truths = truths(&network);
    let relieved = truths.iter().filter_map(|truth| {
        let bypass = truth.bypasses.iter().find(|bypass| bypass.role == Role::Relieved)?;
        Some((truth, &truths[truth.number ^ 1], bypass))
    });
    let mut judged = 0;
    for (empty, carrier, bypass) in relieved {
        assert!(
            carrier.bypasses.iter().any(|other| {
                other.role == Role::Carrying && other.span == bypass.span && other.neighbour == empty.box_id
            }),
            "the neighbour's truth lacks the bypass"
        );
        let readings = network.quarter_hours(empty.number, Phase::Sumli).unwrap();
        let genuine = |reading: &&Reading| empty.outliers.iter().all(|outlier| outlier.at != reading.at);
        let during = |reading: &&Reading| (bypass.span.from..bypass.span.until).contains(&reading.at);
        let largest = readings
            .iter()
            .filter(during)
            .filter(genuine)
            .map(|reading| reading.value_kw.abs())
            .fold(0.0, f64::max);
        assert!(largest <= 0.005 * empty.capacity_kva, "box {}: {largest} kW", empty.number);
        judged += 1;
    }
    assert!(judged >= 3, "only {judged} bypasses in {BOXES} boxes");
}

#[test]
fn idling_boxes_stay_below_one_percent_of_their_capacity() {
    let network = network(4.0);
    let mut judged = 0;
    for truth in truths(&network) {
        let Some(connected) = truth.idle_until else { continue };
        let (_, weeks) = network.weekly_extremes(truth.number).unwrap();
        let small = |week: &WeekExtremes| {
            week.max_kw.max(-week.min_kw) < 0.01 * truth.capacity_kva
                || truth
                    .outliers
                    .iter()
                    .any(|outlier| model::IsoWeek::containing(outlier.at.date_naive()) == week.week)
        };
        let (idle, busy): (Vec<_>, Vec<_>) =
            weeks.iter().partition(|week| week.week.plus(1).monday() <= connected);
        assert!(idle.iter().all(&small), "box {}", truth.number);
        assert!(busy.iter().any(|week| !small(week)), "box {}", truth.number);
        judged += 1;
    }
    assert!(judged >= 2, "only {judged} boxes idle at first");
}

#[test]
fn a_small_network_has_a_few_overloads_ahead_and_every_kind_of_fault() {
    let network = network(4.0);
    let truths = truths(&network);
    let share = |is: &dyn Fn(&Truth) -> bool| {
        truths.iter().filter(|truth| is(truth)).count() as f64 / truths.len() as f64
    };
    let overloaded = share(&|truth| truth.peak_loading_ahead > 1.0);
    let near = share(&|truth| (0.85..=1.0).contains(&truth.peak_loading_ahead));
    println!("overloaded {overloaded:.3}, near {near:.3}");
    assert!((0.04..=0.12).contains(&overloaded), "{overloaded}");
    assert!((0.05..=0.16).contains(&near), "{near}");
    assert!(share(&|truth| truth.stress == Stress::Import) > 0.0);
    assert!(share(&|truth| truth.stress == Stress::FeedIn) > 0.0);
    assert!(share(&|truth| !truth.outliers.is_empty()) > 0.0);
    assert!(share(&|truth| !truth.bypasses.is_empty()) > 0.0);
    assert!(share(&|truth| truth.gaps.iter().any(|gap| (gap.until - gap.from).num_days() >= 7)) > 0.1);
    assert!(share(&|truth| !truth.in_service) > 0.0);
    let registered =
        (0..BOXES).filter(|number| network.metadata(*number).unwrap().capacity.is_some()).count();
    assert!(registered < BOXES && registered > BOXES * 9 / 10, "{registered} with a rating");
}
