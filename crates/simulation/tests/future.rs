//! Weekly extremes of a mixed network are those of its readings, and first overloads agree with
//! them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use chrono::NaiveDate;
use chrono_tz::Europe::Amsterdam;
use model::{IsoWeek, Phase, WeekExtremes};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use simulation::{Future, Growth, Network, Reading, Settings, Truth, simulate};

fn settings(years: f64, until: &str, output: &Path) -> Settings {
    Settings { weekly: true, ..Settings::new(40, years, 4, until.parse::<NaiveDate>().unwrap(), output) }
}

fn network(years: f64, until: &str) -> Network {
    Network::new(&settings(years, until, Path::new("unused"))).unwrap()
}

/// The extremes of readings by ISO week of local time.
fn aggregated(readings: &[Reading]) -> Vec<WeekExtremes> {
    let week = |reading: &Reading| IsoWeek::containing(reading.at.with_timezone(&Amsterdam).date_naive());
    let weeks = readings.chunk_by(|one, next| week(one) == week(next)).map(|of_week| WeekExtremes {
        week: week(&of_week[0]),
        min_kw: of_week.iter().map(|reading| reading.value_kw).fold(f64::INFINITY, f64::min),
        max_kw: of_week.iter().map(|reading| reading.value_kw).fold(f64::NEG_INFINITY, f64::max),
        readings: of_week.len() as u16,
    });
    weeks.collect()
}

/// Whether only the box's own load was reported.
fn own_load(truth: &Truth) -> bool {
    truth.bypasses.is_empty() && truth.outliers.is_empty() && truth.idle_until.is_none()
}

#[test]
fn weekly_extremes_of_a_mixed_network_are_exactly_those_of_its_readings() {
    let network = network(1.2, "2025-11-24");
    for number in 0..40 {
        let readings = network.quarter_hours(number, Phase::Sumli).unwrap();
        let (_, weeks) = network.weekly_extremes(number).unwrap();
        assert_eq!(weeks, aggregated(&readings), "box {number}");
    }
}

#[test]
fn written_extremes_of_a_phase_are_exactly_those_of_its_readings() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { phases: vec![Phase::L1], ..settings(0.5, "2025-11-24", folder.path()) };
    let summary = simulate(&settings, |_, _| {}).unwrap();
    let file = std::fs::File::open(&summary.measurements[0]).unwrap();
    let batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let rows = batches.flat_map(|batch| {
        let batch = batch.unwrap();
        let column = |at: usize| batch.column(at).as_primitive::<Float64Type>().values().to_vec();
        column(5).into_iter().zip(column(6)).collect::<Vec<_>>()
    });
    let network = Network::new(&settings).unwrap();
    let of_readings = (0..settings.boxes)
        .flat_map(|number| aggregated(&network.quarter_hours(number, Phase::L1).unwrap()))
        .map(|week| (week.min_kw, week.max_kw));
    assert_eq!(rows.collect::<Vec<_>>(), of_readings.collect::<Vec<_>>());
}

#[test]
fn no_box_feeds_in_more_than_its_inverters_allow() {
    let network = network(1.0, "2025-09-01");
    let mut reached = 0;
    for number in 0..120 {
        let truth = network.truth(number).unwrap();
        let Some(limit_kw) = truth.growth.as_ref().unwrap().curtailment_limit_kw else { continue };
        let (_, weeks) = network.weekly_extremes(number).unwrap();
        let future = network.future(number).unwrap();
        let reported = weeks.iter().filter(|_| own_load(&truth)).map(|week| week.min_kw);
        let lowest = reported.chain(future.min_kw).fold(f64::INFINITY, f64::min);
        assert!(lowest >= -limit_kw - 0.01, "box {number}: {lowest} kW, limit {limit_kw}");
        reached += usize::from(lowest < -0.9 * limit_kw);
    }
    assert!(reached >= 3, "{reached} boxes reach their limit");
}

#[test]
fn an_incomplete_week_is_the_first_of_the_future() {
    let network = network(0.5, "2025-11-26");
    let (_, weeks) = network.weekly_extremes(0).unwrap();
    let future = network.future(0).unwrap();
    assert_eq!(future.first_week, "2025-W48".parse().unwrap());
    assert!(weeks.iter().all(|week| week.week < future.first_week));
    assert_eq!((future.min_kw.len(), future.max_kw.len()), (27, 27));
}

#[test]
fn the_future_of_stable_boxes_equals_a_longer_history_up_to_a_factor() {
    // Loads are scaled to the half-year ahead, so two histories differ by a factor; weather and
    // noise are the same.
    let (short, long) = (network(1.0, "2025-05-26"), network(1.5, "2025-11-24"));
    let mut judged = 0;
    for number in 0..40 {
        let (truth, longer) = (short.truth(number).unwrap(), long.truth(number).unwrap());
        let damped = [&truth, &longer].iter().any(|truth| {
            let growth = truth.growth.as_ref().unwrap();
            growth.grows || growth.battery.is_some() || growth.curtailment_limit_kw.is_some()
        });
        if damped || !own_load(&longer) {
            continue;
        }
        let future = short.future(number).unwrap();
        let (_, weeks) = long.weekly_extremes(number).unwrap();
        let ahead = (0..26).filter_map(|ahead| {
            let week = future.first_week.plus(ahead as i32);
            let then = weeks.iter().find(|then| then.week == week && then.readings >= 668)?;
            Some(future.max_kw[ahead] / then.max_kw)
        });
        let ratios: Vec<f64> = ahead.collect();
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!(ratios.iter().all(|ratio| (ratio / mean - 1.0).abs() < 0.02), "box {number}: {ratios:?}");
        judged += ratios.len();
    }
    assert!(judged >= 50, "only {judged} weeks");
}

#[test]
fn first_overloads_agree_with_the_weekly_extremes_outside_of_gaps() {
    for growth in [Growth::default(), Growth::Exponential] {
        let settings = Settings { growth, ..settings(1.0, "2025-11-24", Path::new("unused")) };
        let network = Network::new(&settings).unwrap();
        let (mut judged, mut overloaded) = (0, 0);
        for number in 0..360 {
            let truth = network.truth(number).unwrap();
            let Future { first_overload_in_history: first, .. } = network.future(number).unwrap();
            let (_, weeks) = network.weekly_extremes(number).unwrap();
            if !own_load(&truth) || weeks.len() < 52 {
                continue;
            }
            let search = |over: &dyn Fn(&WeekExtremes) -> bool| {
                weeks.iter().find(|week| over(week)).map(|week| week.week)
            };
            let import = search(&|week| week.max_kw > truth.capacity_kva);
            let feed_in = search(&|week| week.min_kw < -truth.capacity_kva);
            for (reported, found) in [(first.import, import), (first.feed_in, feed_in)] {
                // A gap can hide an overload.
                let hidden = reported.is_some_and(|reported| {
                    weeks.iter().all(|week| week.week != reported || week.readings < 668)
                });
                assert!(reported == found || hidden, "box {number}: {reported:?}, in the extremes {found:?}");
                overloaded += usize::from(found.is_some());
            }
            judged += 1;
        }
        assert!(judged > 150 && overloaded >= 3, "{overloaded} of {judged} ({growth:?})");
    }
}

#[test]
fn overloads_ahead_agree_with_the_future_and_the_file_with_the_network() {
    let folder = tempfile::tempdir().unwrap();
    for growth in [Growth::default(), Growth::Exponential] {
        let settings = Settings { growth, ..settings(0.5, "2025-11-24", folder.path()) };
        let summary = simulate(&settings, |_, _| {}).unwrap();
        let network = Network::new(&settings).unwrap();
        let json = std::fs::read_to_string(&summary.future_json).unwrap();
        let written: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(written.len(), settings.boxes);
        for (number, written) in written.iter().enumerate() {
            let future = network.future(number).unwrap();
            assert_eq!(*written, serde_json::to_value(&future).unwrap());
            let first = |over: &dyn Fn(usize) -> bool| {
                (0..27).find(|week| over(*week)).map(|week| future.first_week.plus(week as i32))
            };
            let ahead = future.first_overload_ahead;
            assert_eq!(ahead.import, first(&|week| future.max_kw[week] > future.capacity_kva));
            assert_eq!(ahead.feed_in, first(&|week| -future.min_kw[week] > future.capacity_kva));
        }
    }
}
