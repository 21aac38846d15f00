//! How long the `gridspark` model takes for one transformer, beside dense matrices in the same run.
//!
//! `cargo bench -p model --bench gridspark`. Each line is the best and the median of many short rounds over
//! different series; on a busy machine the best is the more telling one. The limits lie near enough for the
//! maxima that the joint integral over the horizon is done for most of the series. The dense reference is the
//! posterior alone: a Cholesky decomposition of all weeks for each autocorrelation and σ of the grid, without
//! bands or probabilities.

#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "written for the tests; the benchmark times the posterior only"
)]
#[path = "../tests/gridspark/dense.rs"]
mod dense;

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use dense::Dense;
use model::{
    AssessedExtreme, Capacity, Extreme, IsoWeek, Limits, Observation, PowerFactor, Risk, Series, assess,
    gridspark::{Gridspark, Member, Population},
    question::{
        Count, ExtraLoad, Inquiry, Models, Question, RatedPower, Technology, Threshold, Transformer, ask,
    },
};

/// Weeks of history, and how many different series are fitted in turn.
const WEEKS: i32 = 208;
const SERIES: usize = 50;
const ROUNDS: usize = 200;
/// Calls a round: few, so that some rounds are not interrupted.
const CALLS: usize = 2;
/// The fleet and the cores that the last line is about.
const FLEET: f64 = 35_000.0;
const CORES: f64 = 2.0;

/// Standard normal numbers, nearly: sums of twelve uniform ones.
fn normals(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move || {
        let mut sum = -6.0;
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sum += (state >> 33) as f64 / f64::from(1_u32 << 31);
        }
        sum
    }
}

/// A load of about 250 kW in winter, with growth, season and a scatter of which half is carried; its mirror
/// image at a quarter of the size is a feed-in. The season grows, too.
fn load(seed: u64, size: f64) -> Vec<Observation> {
    let mut normal = normals(seed + 1);
    let mut autocorrelation = 0.0;
    (0..WEEKS)
        .map(|week| {
            let years = f64::from(week) / 52.1775;
            autocorrelation = 0.9 * autocorrelation + 0.436 * normal();
            let season = (60.0 + 5.0 * years) * (std::f64::consts::TAU * years).cos();
            let kw = 250.0 + 20.0 * years + season + 12.0 * (autocorrelation + normal());
            Observation { week: IsoWeek::from_index(2_500 + week), value_kw: Some(size * kw) }
        })
        .collect()
}

/// Best and median time of one call, ms.
fn time<T>(calls: usize, rounds: usize, mut call: impl FnMut(usize) -> T) -> (f64, f64) {
    let mut rounds: Vec<f64> = (0..rounds)
        .map(|round| {
            let start = Instant::now();
            for i in 0..calls {
                black_box(call((round * calls + i) % SERIES));
            }
            start.elapsed().as_secs_f64() * 1e3 / calls as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    (rounds[0], rounds[rounds.len() / 2])
}

fn main() -> std::io::Result<()> {
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let model = Gridspark::default();
    let rows: Vec<Vec<Observation>> = (0..SERIES as u64).map(|seed| load(seed, 1.0)).collect();
    let all = |size: f64| -> Vec<Series> {
        (0..SERIES as u64).filter_map(|seed| Series::new(load(seed, size)).ok()).collect()
    };
    let (imports, feed_ins) = (all(1.0), all(-0.25));
    let posteriors: Vec<_> = imports.iter().filter_map(|series| model.fit(series).ok()).collect();
    let forecasts: Vec<_> = posteriors.iter().map(|posterior| posterior.forecast()).collect();
    let capacity = Capacity::new(400.0).map_err(std::io::Error::other)?;
    let power_factor = PowerFactor::default();
    let limits = Limits { import_kw: 400.0, feed_in_kw: 400.0 };

    let transformer = |i: usize| {
        let (min, max) = (model.fit(&feed_ins[i]).ok()?, model.fit(&imports[i]).ok()?);
        let (min_overload, max_overload) = (min.overload(&limits), max.overload(&limits));
        let (low, high) = (min.forecast(), max.forecast());
        let risk = Risk::default();
        let min = AssessedExtreme {
            forecast: &low,
            overload: &min_overload,
            shortfall_kw: min.shortfall_kw(&limits, risk, (&low, &min_overload), &[]),
            at_risk_kw: min.extreme_at_risk_kw(Extreme::Min, risk, &low, &[]),
        };
        let max = AssessedExtreme {
            forecast: &high,
            overload: &max_overload,
            shortfall_kw: max.shortfall_kw(&limits, risk, (&high, &max_overload), &[]),
            at_risk_kw: max.extreme_at_risk_kw(Extreme::Max, risk, &high, &[]),
        };
        assess(min, max, &limits, capacity, power_factor, risk).ok()
    };

    let as_it_is = Transformer {
        capacity,
        power_factor,
        import_threshold: Threshold::default(),
        feed_in_threshold: Threshold::default(),
        risk: Risk::default(),
    };
    let chargers = Technology::EvChargers {
        count: Count::new(20).map_err(std::io::Error::other)?,
        each_kw: RatedPower::new(11.0).map_err(std::io::Error::other)?,
    };
    let more_load = Question { extra_loads: vec![ExtraLoad::at_once(chargers)], ..Question::default() };
    let fewer_weeks =
        Question { masked_weeks: (2_600..2_606).map(IsoWeek::from_index).collect(), ..more_load.clone() };
    let models = Models::default();
    let inquiries: Vec<Inquiry> = feed_ins
        .iter()
        .zip(&imports)
        .filter_map(|(min, max)| Inquiry::new(min.clone(), max.clone(), models.clone(), as_it_is).ok())
        .collect();

    // What a fleet of such loads teaches, and the same fits with it; a week left out of each series makes
    // weeks of its own.
    let members: Vec<Member<'_>> =
        imports.iter().map(|series| Member { series, capacity: Some(capacity) }).collect();
    let population = Population::learn(&members, &model);
    let growth = population.growth.clone();
    let growing = Gridspark { population: Some(Arc::new(population)), ..model.clone() };
    let with_a_gap: Vec<Series> = rows
        .iter()
        .zip(30..)
        .filter_map(|(rows, gap)| {
            let rows = rows.iter().zip(0..).filter(|(_, week)| *week != gap).map(|(row, _)| *row);
            Series::new(rows.collect()).ok()
        })
        .collect();
    let grown: Vec<_> = imports.iter().filter_map(|series| growing.fit(series).ok()).collect();

    let reference = time(1, rounds.min(2), |i| Dense::fit(&rows[i]));
    let whole = time(CALLS, rounds, transformer);
    let lines = [
        ("fit", time(CALLS, rounds, |i| model.fit(&imports[i]))),
        ("fit with growth", time(CALLS, rounds, |i| growing.fit(&imports[i]))),
        ("... of weeks of its own", time(CALLS, rounds, |i| growing.fit(&with_a_gap[i]))),
        ("... bands", time(CALLS, rounds, |i| grown[i].forecast())),
        ("... overload probabilities", time(CALLS, rounds, |i| grown[i].overload(&limits))),
        ("learning a fleet, a series", {
            let (best, median) = time(1, 3, |_| Population::learn(&members, &model));
            (best / SERIES as f64, median / SERIES as f64)
        }),
        ("bands of all three parts", time(CALLS, rounds, |i| posteriors[i].forecast())),
        ("overload probabilities", time(CALLS, rounds, |i| posteriors[i].overload(&limits))),
        (
            "room at a risk",
            time(CALLS, rounds, |i| {
                posteriors[i].extreme_at_risk_kw(Extreme::Max, Risk::default(), &forecasts[i], &[])
            }),
        ),
        ("autocorrelation's curve", time(CALLS, rounds, |i| posteriors[i].autocorrelation_kw())),
        ("a transformer, all of it", whole),
        ("question: more load", time(CALLS, rounds, |i| inquiries[i].ask(&more_load))),
        ("question: weeks left out", time(CALLS, rounds, |i| inquiries[i].ask(&fewer_weeks))),
        (
            "question in one call",
            time(CALLS, rounds, |i| ask(&feed_ins[i], &imports[i], &models, &as_it_is, &fewer_weeks)),
        ),
        ("dense posterior, a series", reference),
    ];
    let mut out = std::io::stdout().lock();
    writeln!(out, "{WEEKS} + 27 weeks                  best ms  median ms  dense is slower by")?;
    for (name, (best, median)) in lines {
        writeln!(out, "{name:<28} {best:>10.3} {median:>10.3} {:>12.0}", reference.0 / best)?;
    }
    writeln!(
        out,
        "growth: weight {:.2}, {} laws, {:.2} of what was forecast came",
        growth.weight,
        growth.laws.len(),
        growth.realised
    )?;
    let minutes = |ms: f64| FLEET * ms / 1e3 / 60.0 / CORES;
    writeln!(
        out,
        "{FLEET} transformers on {CORES} cores: {:.1} minutes at best, {:.1} at the median",
        minutes(whole.0),
        minutes(whole.1)
    )?;
    let overloads: Vec<_> = posteriors.iter().map(|posterior| posterior.overload(&limits)).collect();
    let error = overloads.iter().map(|overload| overload.any_week_standard_error).fold(0.0, f64::max);
    let mean = overloads.iter().map(|overload| overload.any_week).sum::<f64>() / SERIES as f64;
    writeln!(out, "P(any week): {mean:.3} in the mean, largest stated standard error {error:.1e}")?;
    let risk = Risk::default();
    let off = posteriors.iter().zip(&forecasts).filter_map(|(posterior, forecast)| {
        let import_kw = posterior.extreme_at_risk_kw(Extreme::Max, risk, forecast, &[])?;
        let passed = posterior.overload(&Limits { import_kw, feed_in_kw: f64::INFINITY }).any_week;
        Some((passed - risk.probability()).abs())
    });
    writeln!(out, "room at a risk: P(any week) at its end is off by {:.1e} at most", off.fold(0.0, f64::max))
}
