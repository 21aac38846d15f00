//! The fast path against the dense reference implementation, over lengths from very short to long.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reference;

use model::{IsoWeek, Limits, Observation, Part, Quantile, Series, spark::Spark};
use reference::Dense;

/// A load with growth, season and a deterministic scatter; every seventeenth week missing.
fn load(weeks: i32, noise: f64) -> Vec<Observation> {
    let mut state = 12_345_u64;
    (0..weeks)
        .map(|week| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let scatter = (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5;
            let years = f64::from(week) / 52.1775;
            let kw = 200.0
                + 15.0 * years
                + 60.0 * (std::f64::consts::TAU * years).cos()
                + 12.0 * (3.0 * std::f64::consts::TAU * years).sin()
                + noise * scatter;
            let value_kw = (week % 17 != 11).then_some(kw);
            Observation { week: IsoWeek::from_index(2_700 + week), value_kw }
        })
        .collect()
}

/// Largest deviation of any quantile, and of the weekly probabilities, in units of the range.
fn largest_deviation(rows: &[Observation]) -> f64 {
    let dense = Dense::fit(rows, 27);
    let posterior = Spark::default().fit(&Series::new(rows.to_vec()).unwrap()).unwrap();
    let forecast = posterior.forecast();
    let mut largest: f64 = (posterior.log_marginal_likelihood().unwrap() - dense.log_evidence).abs();
    for row in (0..rows.len() + 27).step_by(13) {
        for part in Part::ALL {
            for quantile in Quantile::ALL {
                let expected = dense.quantile_kw(part, row, quantile.level());
                let deviation = (forecast.part(part).get(quantile)[row] - expected).abs() / dense.range_kw();
                largest = largest.max(deviation);
            }
        }
    }
    let overload = posterior.overload(&Limits { import_kw: 310.0, feed_in_kw: 310.0 });
    for (ahead, &probability) in overload.weekly_import.iter().enumerate() {
        largest = largest.max((probability - dense.exceedance(rows.len() + ahead, 310.0)).abs());
    }
    largest
}

#[test]
fn long_histories_agree_to_1e_7_of_the_range() {
    for weeks in [110, 160, 320] {
        let deviation = largest_deviation(&load(weeks, 40.0));
        println!("{weeks} weeks: largest deviation {deviation:.1e}");
        assert!(deviation < 1e-7, "{weeks} weeks: {deviation:e}");
    }
}

#[test]
fn histories_around_the_change_of_method_agree() {
    for weeks in [58, 64, 72, 100] {
        let deviation = largest_deviation(&load(weeks, 40.0));
        println!("{weeks} weeks: largest deviation {deviation:.1e}");
        assert!(deviation < 3e-7, "{weeks} weeks: {deviation:e}");
    }
}

#[test]
fn short_histories_agree() {
    for weeks in [2, 4, 13, 17, 22, 45] {
        let deviation = largest_deviation(&load(weeks, 40.0));
        println!("{weeks} weeks: largest deviation {deviation:.1e}");
        assert!(deviation < 3e-6, "{weeks} weeks: {deviation:e}");
    }
}

#[test]
fn nearly_noise_free_histories_agree() {
    let deviation = largest_deviation(&load(160, 0.4));
    assert!(deviation < 1e-7, "{deviation:e}");
}
