//! The `gridspark` model against its dense reference, and its joint probabilities against simulated paths.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "gridspark/dense.rs"]
mod dense;

use dense::{Dense, Of};
use model::{
    Extreme, Fit, IsoWeek, Limits, Observation, OverloadFigures, Quantile, Risk, Series,
    expected_weeks_above,
    gridspark::{Gridspark, GridsparkPosterior},
};

/// The factors on future noise, as the model's documentation tells them.
const FACTORS: [(f64, f64); 3] = [(0.195_128, 1.0 / 6.0), (0.78, 2.0 / 3.0), (3.117_961, 1.0 / 6.0)];

/// A load with growth, season and a scatter with autocorrelation; every nineteenth week missing.
fn load(weeks: i32, fresh: f64, carried: f64) -> Vec<Observation> {
    let mut state = 77_u64;
    let mut scatter = move || {
        let mut sum = -6.0;
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sum += (state >> 33) as f64 / f64::from(1_u32 << 31);
        }
        sum
    };
    let mut autocorrelation = 0.0;
    (0..weeks)
        .map(|week| {
            autocorrelation = 0.9 * autocorrelation + 0.43 * scatter();
            let years = f64::from(week) / 52.1775;
            let season = 60.0 * (std::f64::consts::TAU * years).cos();
            let kw = 200.0 + 15.0 * years + season + fresh * scatter() + carried * autocorrelation;
            let value_kw = (week % 19 != 7).then_some(kw);
            Observation { week: IsoWeek::from_index(2_700 + week), value_kw }
        })
        .collect()
}

fn fit(rows: &[Observation]) -> GridsparkPosterior {
    let model = Gridspark { clip_outliers: false, ..Gridspark::default() };
    model.fit(&Series::new(rows.to_vec()).unwrap()).unwrap()
}

fn cumulative(components: &[(f64, f64, f64)], kw: f64) -> f64 {
    components
        .iter()
        .map(|(p, mean, sd)| p * 0.5 * libm::erfc((mean - kw) / sd / std::f64::consts::SQRT_2))
        .sum()
}

/// Largest deviation of F(quantile) from its level: in the future, and in history.
fn deviations(rows: &[Observation]) -> (f64, f64) {
    let (dense, posterior) = (Dense::fit(rows), fit(rows));
    let evidence = posterior.log_marginal_likelihood().unwrap();
    assert!((evidence - dense.log_evidence).abs() < 1e-6, "{evidence} {}", dense.log_evidence);
    let forecast = posterior.forecast();
    let deviation = |row: usize| {
        let is_future = row >= forecast.history;
        let factors: &[(f64, f64)] = if is_future { &FACTORS } else { &[(1.0, 1.0)] };
        let total = if is_future { Of::Total } else { Of::Apart };
        let parts = [
            (&forecast.drift, dense.components(forecast.weeks[row], Of::Drift, &[(1.0, 1.0)])),
            (&forecast.yearly, dense.components(forecast.weeks[row], Of::Yearly, &[(1.0, 1.0)])),
            (&forecast.total, dense.components(forecast.weeks[row], total, factors)),
        ];
        let mut largest = 0.0_f64;
        for (bands, components) in &parts {
            for level in Quantile::ALL {
                let reached = cumulative(components, bands.get(level)[row]);
                largest = largest.max((reached - level.level()).abs());
            }
        }
        largest
    };
    let history = (0..forecast.history).step_by(23).map(deviation).fold(0.0, f64::max);
    let future = forecast.future().step_by(5).map(deviation).fold(0.0, f64::max);
    (future, history)
}

#[test]
fn bands_agree_with_dense_matrices() {
    for (weeks, fresh, carried) in [(130, 12.0, 0.0), (110, 6.0, 14.0), (40, 8.0, 8.0)] {
        let (future, history) = deviations(&load(weeks, fresh, carried));
        println!(
            "{weeks} weeks, {fresh} + {carried} kW: future {future:.1e}, history {history:.1e} of probability"
        );
        assert!(future < 5e-5, "{weeks} weeks: {future:e}");
        assert!(history < 1e-2, "{weeks} weeks: {history:e}");
    }
}

#[test]
fn weekly_probabilities_agree_with_dense_matrices() {
    let rows = load(120, 8.0, 10.0);
    let dense = Dense::fit(&rows);
    let overload = fit(&rows).overload(&Limits { import_kw: 290.0, feed_in_kw: 50.0 });
    for (ahead, &probability) in (1..).zip(&overload.weekly_import) {
        let week = rows.last().unwrap().week.plus(ahead);
        let exact = 1.0 - cumulative(&dense.components(week, Of::Total, &FACTORS), 290.0);
        assert!((probability - exact).abs() < 1e-5, "{week}: {probability} {exact}");
    }
}

#[test]
fn joint_probabilities_agree_with_simulated_paths() {
    for (fresh, carried, limits) in [(8.0, 10.0, [270.0, 300.0, 330.0]), (12.0, 0.0, [260.0, 290.0, 310.0])] {
        let rows = load(100, fresh, carried);
        let (dense, posterior) = (Dense::fit(&rows), fit(&rows));
        let weeks: Vec<IsoWeek> = (1..=27).map(|ahead| rows.last().unwrap().week.plus(ahead)).collect();
        for import_kw in limits {
            let overload = posterior.overload(&Limits { import_kw, feed_in_kw: 1e6 });
            let mut normal = normals();
            let any_week = 1.0 - dense.survival(&weeks, &FACTORS, (import_kw, 0.0), 20_000, &mut normal);
            let simulation_error = (any_week * (1.0 - any_week) / 20_000.0).sqrt();
            let error = simulation_error.hypot(overload.any_week_standard_error);
            println!(
                "{import_kw} kW: {:.4} ± {:.4}, simulated {any_week:.4} ± {simulation_error:.4}",
                overload.any_week, overload.any_week_standard_error
            );
            assert!(overload.any_week_standard_error < 5e-3);
            assert!((overload.any_week - any_week).abs() < 3.5 * error + 1e-4);
            assert!((overload.first_week.iter().sum::<f64>() - overload.any_week).abs() < 1e-12);
            let independent = 1.0 - overload.weekly.iter().map(|p| 1.0 - p).product::<f64>();
            assert!(overload.any_week <= independent + 3.0 * error, "weeks that share their noise overlap");
        }
    }
}

/// All figures of the verdict against one set of 100,000 simulated paths.
#[test]
fn the_figures_of_the_first_overload_agree_with_simulated_paths() {
    const PATHS: usize = 100_000;
    let rows = load(100, 8.0, 10.0);
    let (dense, posterior) = (Dense::fit(&rows), fit(&rows));
    let weeks = posterior.future_weeks().to_vec();
    let mut paths: Vec<(f64, Vec<f64>)> = Vec::with_capacity(PATHS);
    let draw = |weight, path: &[f64]| paths.push((weight, path.to_vec()));
    dense.draw_paths(&weeks, &FACTORS, 0.0, PATHS, &mut normals(), draw);
    let share = |is_so: &dyn Fn(&[f64]) -> bool| -> f64 {
        paths.iter().filter(|(_, path)| is_so(path)).map(|(weight, _)| weight).sum()
    };
    for import_kw in [260.0, 285.0, 300.0, 330.0] {
        let limits = Limits { import_kw, feed_in_kw: 1e6 };
        let overload = posterior.overload(&limits);
        let risk = Risk::default();
        let shortfall_kw = posterior.shortfall_kw(&limits, risk, (&posterior.forecast(), &overload), &[]);
        let figures =
            OverloadFigures::of(&weeks, &overload.first_week, &overload.weekly, risk, shortfall_kw).unwrap();
        // Three standard errors of the simulation, and that of the lattice.
        let close = |found: f64, simulated: f64| {
            let error = 3.0 * (simulated * (1.0 - simulated) / PATHS as f64).sqrt() + 6e-3;
            assert!((found - simulated).abs() < error, "{import_kw} kW: {found} {simulated} ± {error}");
        };
        let place = |week: IsoWeek| weeks.iter().position(|&known| known == week).unwrap();
        let by = |place: usize| share(&|path| path[..=place].iter().any(|&kw| kw > import_kw));
        close(figures.probability, by(26));
        for (level, week) in [(0.5, figures.median_first_week), (0.1, figures.early_first_week)] {
            match week.map(place) {
                Some(at) => {
                    assert!(by(at) > level - 6e-3, "{import_kw} kW: {at} for {level}");
                    assert!(at == 0 || by(at - 1) < level + 6e-3, "{import_kw} kW: {at} for {level}");
                }
                None => assert!(by(26) < level + 6e-3),
            }
        }
        let first = |at: usize| by(at) - if at == 0 { 0.0 } else { by(at - 1) };
        let likeliest = first(place(figures.likeliest_first_week.unwrap()));
        assert!((0..27).all(|at| first(at) < likeliest + 6e-3), "{import_kw} kW");
        let in_week = |at: usize| share(&|path| path[at] > import_kw);
        close(figures.heaviest_week_probability, in_week(place(figures.heaviest_week)));
        let expected: f64 = (0..27).map(in_week).sum();
        assert!((figures.expected_weeks / expected - 1.0).abs() < 0.03 + 0.002 / expected, "{import_kw} kW");
        match figures.shortfall_kw {
            Some(kw) => close(0.1, share(&|path| path.iter().any(|&value| value > import_kw + kw))),
            None => assert!(figures.probability <= 0.1),
        }
        println!("{import_kw} kW: {figures:?}");
    }
}

/// What larger transformers would avoid, counted among 100,000 simulated paths of each extreme.
#[test]
fn the_expected_weeks_above_other_limits_agree_with_simulated_paths() {
    const PATHS: usize = 100_000;
    let maximum = load(100, 8.0, 10.0);
    let feeds_in = |row: &Observation| Observation { value_kw: row.value_kw.map(|kw| 30.0 - kw), ..*row };
    let minimum: Vec<Observation> = load(100, 12.0, 0.0).iter().map(feeds_in).collect();
    let weeks: Vec<IsoWeek> = (1..=27).map(|ahead| maximum.last().unwrap().week.plus(ahead)).collect();
    let paths = [&minimum, &maximum].map(|rows| {
        let mut paths: Vec<(f64, Vec<f64>)> = Vec::with_capacity(PATHS);
        let draw = |weight, path: &[f64]| paths.push((weight, path.to_vec()));
        Dense::fit(rows).draw_paths(&weeks, &FACTORS, 0.0, PATHS, &mut normals(), draw);
        paths
    });
    let [minimum, maximum] = [&minimum, &maximum].map(|rows| Fit::Gridspark(Box::new(fit(rows))));
    for kw in [240.0, 260.0, 285.0, 310.0] {
        let limits = Limits { import_kw: kw, feed_in_kw: 0.9 * kw };
        let found = expected_weeks_above((&minimum, &[]), (&maximum, &[]), &limits);
        let share = |paths: &[(f64, Vec<f64>)], week: usize| -> f64 {
            let above = paths.iter().filter(|(_, path)| limits.exceeded_by(path[week]));
            above.map(|(weight, _)| weight).sum()
        };
        // Minimum and maximum are drawn apart, as they are assessed.
        let either = |week: usize| 1.0 - (1.0 - share(&paths[0], week)) * (1.0 - share(&paths[1], week));
        let counted: f64 = (0..27).map(either).sum();
        println!("{kw} kW: {found:.4} weeks, counted {counted:.4}");
        assert!((found / counted - 1.0).abs() < 0.03 + 0.002 / counted, "{kw} kW: {found} {counted}");
    }
}

/// Headroom put back in as load gives the risk: against 100,000 simulated paths.
#[test]
fn the_extreme_at_a_risk_is_passed_with_that_risk() {
    const PATHS: usize = 100_000;
    let rows = load(100, 8.0, 10.0);
    let (dense, posterior) = (Dense::fit(&rows), fit(&rows));
    let (weeks, forecast) = (posterior.future_weeks().to_vec(), posterior.forecast());
    let mut paths: Vec<(f64, f64, f64)> = Vec::with_capacity(PATHS);
    let draw = |weight, path: &[f64]| {
        let (low, high) =
            path.iter().fold((f64::MAX, f64::MIN), |(low, high), kw| (low.min(*kw), high.max(*kw)));
        paths.push((weight, low, high));
    };
    dense.draw_paths(&weeks, &FACTORS, 0.0, PATHS, &mut normals(), draw);
    for risk in [0.02, 0.1, 0.5].map(|risk| Risk::new(risk).unwrap()) {
        let wanted = risk.probability();
        let error = 3.0 * (wanted * (1.0 - wanted) / PATHS as f64).sqrt() + 6e-3;
        let at = |extreme| posterior.extreme_at_risk_kw(extreme, risk, &forecast, &[]).unwrap();
        let (low_kw, high_kw) = (at(Extreme::Min), at(Extreme::Max));
        let above: f64 = paths.iter().filter(|path| path.2 > high_kw).map(|path| path.0).sum();
        let below: f64 = paths.iter().filter(|path| path.1 < low_kw).map(|path| path.0).sum();
        println!("{wanted}: {low_kw} kW {below:.4}, {high_kw} kW {above:.4}");
        assert!(
            (above - wanted).abs() < error && (below - wanted).abs() < error,
            "{wanted}: {below} {above}"
        );

        // As load: the limit less the quantile is the room.
        let room_kw = vec![600.0 - high_kw; weeks.len()];
        let limits = Limits { import_kw: 600.0, feed_in_kw: 1e6 };
        let filled = posterior.overload_with(&limits, &room_kw).unwrap().any_week;
        assert!((filled - wanted).abs() < 2e-3, "{filled} {wanted}");
        // What is added moves it by as much.
        let added = vec![25.0; weeks.len()];
        let with_load = posterior.forecast_with(&added).unwrap();
        let moved = posterior.extreme_at_risk_kw(Extreme::Max, risk, &with_load, &added).unwrap();
        assert!((moved - high_kw - 25.0).abs() < 0.2, "{moved} {high_kw}");
    }
}

/// A peak that a planner knows to be real counts in full, and the forecast expects more of it.
#[test]
fn a_trusted_week_is_not_winsorised() {
    let mut rows = load(120, 8.0, 10.0);
    let peak = rows[100].week;
    rows[100].value_kw = Some(600.0);
    let series = Series::new(rows).unwrap();
    let winsorised = Gridspark::default().fit(&series).unwrap();
    let trusted = Gridspark { trusted_weeks: vec![peak], ..Gridspark::default() }.fit(&series).unwrap();
    assert!(winsorised.outliers().contains(&peak) && !trusted.outliers().contains(&peak));
    let highest = |posterior: &GridsparkPosterior| {
        posterior.forecast().total.get(Quantile::Q95)[120..].iter().copied().fold(0.0, f64::max)
    };
    assert!(highest(&trusted) > highest(&winsorised), "{} {}", highest(&trusted), highest(&winsorised));
}

/// A longer horizon changes nothing in the weeks that are ranked.
#[test]
fn ranked_weeks_do_not_depend_on_the_weeks_after_them() {
    let series = Series::new(load(120, 8.0, 10.0)).unwrap();
    let of = |horizon_weeks| Gridspark { horizon_weeks, ..Gridspark::default() }.fit(&series).unwrap();
    let (short, long) = (of(27), of(53));
    for import_kw in [250.0, 290.0, 320.0] {
        let limits = Limits { import_kw, feed_in_kw: 1e6 };
        let (short, long) = (short.overload(&limits), long.overload(&limits));
        assert_eq!((short.weekly.len(), long.weekly.len()), (27, 53));
        for (before, after) in short.first_week.iter().zip(&long.first_week) {
            assert!((before - after).abs() < 1e-9, "{before} {after}");
        }
        assert!((short.within_ranked() - long.within_ranked()).abs() < 1e-9);
        assert!(long.any_week >= long.within_ranked() - 1e-9);
    }
}

/// Standard normal numbers, by Box and Muller.
fn normals() -> impl FnMut() -> f64 {
    let mut state = 2_024_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    move || (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
}

#[test]
fn neither_scale_nor_order_nor_offset_changes_the_answer() {
    let rows = load(150, 10.0, 6.0);
    let before = fit(&rows).forecast();
    let mut turned = rows.clone();
    turned.reverse();
    let order = fit(&turned).forecast();
    let moved: Vec<Observation> = rows
        .iter()
        .map(|row| Observation { value_kw: row.value_kw.map(|kw| 1e-3 * (kw - 500.0)), ..*row })
        .collect();
    let scaled = fit(&moved).forecast();
    for level in Quantile::ALL {
        let (before, order, scaled) =
            (before.total.get(level), order.total.get(level), scaled.total.get(level));
        assert_eq!(before[150..], order[150..]);
        for (i, &kw) in before.iter().enumerate() {
            assert!((1e-3 * (kw - 500.0) - scaled[i]).abs() < 1e-8, "{level:?} {i}");
            assert!(i >= 150 || (kw - order[149 - i]).abs() < 1e-9);
        }
    }
}

#[test]
fn an_outlier_does_not_bend_the_forecast_and_is_named() {
    let rows = load(180, 8.0, 4.0);
    let mut wild = rows.clone();
    wild[90].value_kw = Some(4_000.0);
    let model = Gridspark::default();
    let fitted = |rows: &[Observation]| model.fit(&Series::new(rows.to_vec()).unwrap()).unwrap();
    let (calm, wild) = (fitted(&rows), fitted(&wild));
    assert!(wild.outliers().contains(&IsoWeek::from_index(2_790)));
    let (calm, wild) = (calm.forecast(), wild.forecast());
    for row in calm.future() {
        let moved = calm.total.get(Quantile::Q50)[row] - wild.total.get(Quantile::Q50)[row];
        assert!(moved.abs() < 3.0, "the median of week {row} moved by {moved} kW");
        let width = |forecast: &model::Forecast| {
            forecast.total.get(Quantile::Q95)[row] - forecast.total.get(Quantile::Q05)[row]
        };
        assert!((width(&wild) / width(&calm) - 1.0).abs() < 0.15, "the band of week {row} keeps its width");
    }
}
