//! How long a fit takes, beside the plain reference implementation in the same run.
//!
//! `cargo bench -p model`. Each line is the best and the median of many short rounds over different series;
//! on a busy machine the best is the more telling one. The reference is timed at every eleventh week and
//! scaled up. The accuracy is measured on the same series.

#[expect(dead_code, reason = "the benchmark compares bands only")]
#[path = "../tests/reference/mod.rs"]
mod reference;

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use model::{
    AssessedExtreme, Capacity, Extreme, IsoWeek, Limits, Observation, Part, PowerFactor, Quantile, Risk,
    Series, assess, spark::Spark,
};
use reference::Dense;

/// Weeks of history, and how many different series are fitted in turn.
const WEEKS: i32 = 160;
const SERIES: usize = 200;
const ROUNDS: usize = 600;
/// Calls a round: few, so that some rounds are not interrupted.
const CALLS: usize = 10;
/// The reference is timed at one week in so many.
const SPARSE: usize = 11;

/// A load of about 250 kW in winter, with growth, season and noise; its mirror image is a feed-in.
fn load(seed: u64, sign: f64) -> Vec<Observation> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    (0..WEEKS)
        .map(|week| {
            let years = f64::from(week) / 52.1775;
            let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let kw = 250.0 + 20.0 * years + 60.0 * (std::f64::consts::TAU * years).cos() + 18.0 * noise;
            Observation { week: IsoWeek::from_index(2_500 + week), value_kw: Some(sign * kw) }
        })
        .collect()
}

/// Best and median time of one call, µs.
fn time<T>(calls: usize, rounds: usize, mut call: impl FnMut(usize) -> T) -> (f64, f64) {
    let mut rounds: Vec<f64> = (0..rounds)
        .map(|round| {
            let start = Instant::now();
            for i in 0..calls {
                black_box(call((round * calls + i) % SERIES));
            }
            start.elapsed().as_secs_f64() * 1e6 / calls as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    (rounds[0], rounds[rounds.len() / 2])
}

fn main() -> std::io::Result<()> {
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let spark = Spark::default();
    let rows: Vec<Vec<Observation>> = (0..SERIES as u64).map(|seed| load(seed, 1.0)).collect();
    let fed_in: Vec<Series> =
        (0..SERIES as u64).filter_map(|seed| Series::new(load(seed, -1.0)).ok()).collect();
    let series: Vec<Series> = rows.iter().filter_map(|rows| Series::new(rows.clone()).ok()).collect();
    let posteriors: Vec<_> = series.iter().filter_map(|series| spark.fit(series).ok()).collect();
    let capacity = Capacity::new(400.0).map_err(std::io::Error::other)?;
    let power_factor = PowerFactor::default();
    let limits = Limits { import_kw: 400.0, feed_in_kw: 400.0 };

    let plain = |i: usize| {
        let dense = Dense::fit(&rows[i], 27);
        let mut sum = 0.0;
        for row in (0..rows[i].len() + 27).step_by(SPARSE) {
            for part in Part::ALL {
                for quantile in Quantile::ALL {
                    sum += dense.quantile_kw(part, row, quantile.level());
                }
            }
        }
        sum
    };
    let transformer = |i: usize| {
        let (min, max) = (spark.fit(&fed_in[i]).ok()?, spark.fit(&series[i]).ok()?);
        let (min_overload, max_overload) = (min.overload(&limits), max.overload(&limits));
        let (low, high) = (min.forecast(), max.forecast());
        let risk = Risk::default();
        let min = AssessedExtreme {
            forecast: &low,
            overload: &min_overload,
            shortfall_kw: min.shortfall_kw(&limits, risk, (&low, &min_overload)),
            at_risk_kw: min.extreme_at_risk_kw(Extreme::Min, risk, &low),
        };
        let max = AssessedExtreme {
            forecast: &high,
            overload: &max_overload,
            shortfall_kw: max.shortfall_kw(&limits, risk, (&high, &max_overload)),
            at_risk_kw: max.extreme_at_risk_kw(Extreme::Max, risk, &high),
        };
        assess(min, max, &limits, capacity, power_factor, risk).ok()
    };

    let (best, median) = time(1, rounds.min(3), plain);
    let reference = (best * SPARSE as f64, median * SPARSE as f64);
    let lines = [
        ("fit", time(CALLS, rounds, |i| spark.fit(&series[i]))),
        ("bands of all three parts", time(CALLS, rounds, |i| posteriors[i].forecast())),
        ("fit and bands of a series", time(CALLS, rounds, |i| spark.fit(&series[i]).map(|p| p.forecast()))),
        ("overload probabilities", time(CALLS, rounds, |i| posteriors[i].overload(&limits))),
        ("posterior of sigma", time(CALLS, rounds, |i| posteriors[i].sigma())),
        ("a transformer, all of it", time(CALLS, rounds, transformer)),
        ("plain reference, a series", reference),
    ];
    let mut out = std::io::stdout().lock();
    writeln!(out, "{WEEKS} + 27 weeks                  best µs  median µs  reference is slower by")?;
    for (name, (best, median)) in lines {
        writeln!(out, "{name:<28} {best:>10.1} {median:>10.1} {:>12.0}", reference.0 / best)?;
    }

    let mut largest: f64 = 0.0;
    for i in 0..3 {
        let dense = Dense::fit(&rows[i], 27);
        let forecast = posteriors[i].forecast();
        for row in (0..rows[i].len() + 27).step_by(9) {
            for part in Part::ALL {
                for quantile in Quantile::ALL {
                    let expected = dense.quantile_kw(part, row, quantile.level());
                    let error = (forecast.part(part).get(quantile)[row] - expected).abs();
                    largest = largest.max(error / dense.range_kw());
                }
            }
        }
    }
    writeln!(out, "largest error of a quantile: {largest:.1e} of the range of the values")?;
    let error = posteriors.iter().map(|p| p.overload(&limits).any_week_standard_error).fold(0.0, f64::max);
    writeln!(out, "largest stated standard error of an overload probability: {error:.1e}")
}
