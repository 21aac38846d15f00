//! Growth in the `gridspark` model against dense matrices, what fleets teach of it, and where they can't.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "shared with the tests of loads that don't grow")]
#[path = "gridspark/dense.rs"]
mod dense;

use std::sync::Arc;

use dense::{Dense, Growth, Of};
use model::{
    Forecast, IsoWeek, Limits, Observation, Quantile, Series,
    gridspark::{Basis, Gridspark, GridsparkPosterior, Member, Population},
};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand_distr::{Distribution as _, StandardNormal};

const YEAR_WEEKS: f64 = 52.1775;
/// Factors on the noise of the coming months around their middle, and their probabilities.
const SPREAD: [(f64, f64); 3] = [(0.250_163, 1.0 / 6.0), (1.0, 2.0 / 3.0), (3.997_386, 1.0 / 6.0)];
const COLUMNS: [[f64; 5]; 2] = [[-0.10, 0.08, -0.02, 0.01, 0.0], [0.02, 0.03, 0.01, -0.02, 0.01]];
const TREND: f64 = 0.3;

/// Minima of a load whose summers fall by so many kW a year from a week on; every nineteenth week missing.
fn feed_in(seed: u64, weeks: i32, fall_kw: f64, from: i32) -> Vec<Observation> {
    let noise = StandardNormal.sample_iter(StdRng::seed_from_u64(seed));
    (0..weeks)
        .zip(noise)
        .map(|(week, normal): (i32, f64)| {
            let years = f64::from(week) / YEAR_WEEKS;
            let summer = 0.5 * (1.0 - (std::f64::consts::TAU * years).cos());
            let grown = f64::from((week - from).max(0)) / YEAR_WEEKS;
            let kw = 40.0 - 60.0 * summer - fall_kw * grown * summer + 5.0 * normal;
            let value_kw = (week % 19 != 7).then_some(kw);
            Observation { week: IsoWeek::from_index(2_700 + week), value_kw }
        })
        .collect()
}

fn series(rows: &[Observation]) -> Series {
    Series::new(rows.to_vec()).unwrap()
}

/// A population that knows these laws (by name and prevalence) and takes such a share of growth.
fn population(weight: f64, laws: &[(&str, f64)], change: f64) -> Arc<Population> {
    let laws: Vec<_> = laws
        .iter()
        .map(|(law, prevalence)| {
            serde_json::json!({ "law": law, "prevalence": prevalence, "directions": COLUMNS })
        })
        .collect();
    let population = serde_json::json!({
        "profile": { "gamma": [0.0, 0.0, 0.0, 0.0], "norm": 0.0 },
        "growth": {
            "weight": weight, "realised": 1.0, "standard_error": 0.1, "half_years": 4, "judged": 400,
            "laws": laws, "profile": { "gamma": [0.0, 0.0, 0.0, 0.0], "norm": 0.0, "trend": TREND },
            "future_noise": { "middle": 1.1 }, "change": change,
        },
        "coefficients": null, "size": null, "learned_from": 400,
    });
    Arc::new(serde_json::from_value(population).unwrap())
}

fn fit(rows: &[Observation], population: &Arc<Population>) -> GridsparkPosterior {
    let model =
        Gridspark { clip_outliers: false, population: Some(Arc::clone(population)), ..Gridspark::default() };
    model.fit(&series(rows)).unwrap()
}

fn factors(middle: f64) -> [(f64, f64); 3] {
    SPREAD.map(|(factor, probability)| (middle * factor, probability))
}

fn dense_of(rows: &[Observation], law: fn(f64) -> f64) -> Dense {
    Dense::fit_growing(rows, Some(Growth { law, columns: COLUMNS, trend: TREND }))
}

fn cumulative(components: &[(f64, f64, f64)], kw: f64) -> f64 {
    let below =
        |(p, mean, sd): &(f64, f64, f64)| p * 0.5 * libm::erfc((mean - kw) / sd / std::f64::consts::SQRT_2);
    components.iter().map(below).sum()
}

/// Largest deviation of F(quantile) from its level over some weeks, for dense fits with their shares; `None`
/// for the steady one.
fn deviation(forecast: &Forecast, fits: &[(f64, Option<f64>, &Dense)], change: f64) -> (f64, f64) {
    let (mut past, mut future) = (0.0_f64, 0.0_f64);
    let rows = (0..forecast.history).step_by(23).chain(forecast.future().step_by(4));
    for row in rows {
        let is_future = row >= forecast.history;
        for (bands, part) in
            [(&forecast.drift, Of::Drift), (&forecast.yearly, Of::Yearly), (&forecast.total, Of::Total)]
        {
            let components: Vec<(f64, f64, f64)> = fits
                .iter()
                .flat_map(|(share, middle, dense)| {
                    let of = if part == Of::Total && !is_future { Of::Apart } else { part };
                    let is_noisy = is_future && part == Of::Total;
                    let factors =
                        if is_noisy { factors(middle.unwrap_or(0.78)).to_vec() } else { vec![(1.0, 1.0)] };
                    let change = if middle.is_some() { change } else { 0.0 };
                    let components = dense.components_changing(forecast.weeks[row], of, &factors, change);
                    components.into_iter().map(|(p, mean, sd)| (p * share, mean, sd)).collect::<Vec<_>>()
                })
                .collect();
            for level in Quantile::ALL {
                let off = (cumulative(&components, bands.get(level)[row]) - level.level()).abs();
                if is_future { future = future.max(off) } else { past = past.max(off) }
            }
        }
    }
    (past, future)
}

#[test]
fn bands_of_growth_agree_with_dense_matrices() {
    let rows = feed_in(3, 130, 15.0, 0);
    for (name, law) in [
        ("linear", (|u| u) as fn(f64) -> f64),
        ("accelerating", |u: f64| ((0.25 * u).exp() - 1.0) / 0.25),
        ("begun", |u: f64| u.max(-1.0)),
        ("stepped", |u: f64| if u < -1.0 { -1.0 } else { 0.0 }),
        ("stopped", |u: f64| (u + 0.5).min(0.0)),
    ] {
        let dense = dense_of(&rows, law);
        let posterior = fit(&rows, &population(1.0, &[(name, 1.0)], 1.5));
        let evidence = posterior.log_marginal_likelihood().unwrap();
        assert!((evidence - dense.log_evidence).abs() < 1e-6, "{name}: {evidence} {}", dense.log_evidence);
        let (past, future) = deviation(&posterior.forecast(), &[(1.0, Some(1.1), &dense)], 1.5);
        println!("{name}: history {past:.1e}, future {future:.1e} of probability");
        assert!(past < 1e-2 && future < 2e-4, "{name}: {past:e} {future:e}");
        assert!((posterior.growth_share() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_series_weighs_the_laws_by_their_evidence_and_the_fleet_reserves_the_rest() {
    let rows = feed_in(5, 150, 8.0, 0);
    let (none, linear) = (Dense::fit(&rows), dense_of(&rows, |u| u));
    let begun = dense_of(&rows, |u| u.max(-1.0));
    let peak = none.log_evidence.max(linear.log_evidence).max(begun.log_evidence);
    let mass = [(0.02, &none), (0.6, &linear), (0.38, &begun)]
        .map(|(prior, dense)| prior * (dense.log_evidence - peak).exp());
    let total: f64 = mass.iter().sum();
    let [q_none, q_linear, q_begun] = mass.map(|mass| mass / total);
    let shares = [0.4 + 0.6 * q_none, 0.6 * q_linear, 0.6 * q_begun];
    println!("shares {shares:.3?}");
    assert!(shares.iter().all(|share| *share > 0.02), "none is so small that it is left out: {shares:?}");
    let posterior = fit(&rows, &population(0.6, &[("linear", 0.6), ("begun", 0.38)], 0.5));
    let share = posterior.growth_share();
    assert!((share - shares[1] - shares[2]).abs() < 1e-5, "{share}");
    let fits = [(shares[0], None, &none), (shares[1], Some(1.1), &linear), (shares[2], Some(1.1), &begun)];
    let (past, future) = deviation(&posterior.forecast(), &fits, 0.5);
    println!("history {past:.1e}, future {future:.1e} of probability");
    assert!(past < 1e-2 && future < 2e-4, "{past:e} {future:e}");
}

#[test]
fn joint_probabilities_of_growth_agree_with_simulated_paths() {
    let rows = feed_in(7, 100, 15.0, 0);
    let (dense, population) = (dense_of(&rows, |u| u), population(1.0, &[("linear", 1.0)], 1.5));
    let posterior = fit(&rows, &population);
    let weeks: Vec<IsoWeek> = (1..=27).map(|ahead| rows.last().unwrap().week.plus(ahead)).collect();
    let mut state = StdRng::seed_from_u64(11);
    let mut normal = || StandardNormal.sample(&mut state);
    for import_kw in [45.0, 55.0, 65.0] {
        let overload = posterior.overload(&Limits { import_kw, feed_in_kw: 1e6 });
        let any_week = 1.0 - dense.survival(&weeks, &factors(1.1), (import_kw, 1.5), 20_000, &mut normal);
        let simulation_error = (any_week * (1.0 - any_week) / 20_000.0).sqrt();
        let error = simulation_error.hypot(overload.any_week_standard_error);
        println!("{import_kw} kW: {:.4}, simulated {any_week:.4} ± {simulation_error:.4}", overload.any_week);
        assert!((overload.any_week - any_week).abs() < 3.5 * error + 1e-4);
    }
}

/// A fleet of series with and without growth.
fn learned(fleet: &[Vec<Observation>]) -> Population {
    let series: Vec<Series> = fleet.iter().map(|rows| series(rows)).collect();
    let members: Vec<Member<'_>> = series.iter().map(|series| Member { series, capacity: None }).collect();
    Population::learn(&members, &Gridspark::default())
}

fn fleet(boxes: u64, weeks: i32, fall_kw: impl Fn(u64) -> f64) -> Vec<Vec<Observation>> {
    (0..boxes).map(|seed| feed_in(seed, weeks, fall_kw(seed), 0)).collect()
}

#[test]
fn a_fleet_that_grows_teaches_it_and_its_next_summer_is_foretold() {
    let growing = |seed| 20.0 + seed as f64;
    let population = Arc::new(learned(&fleet(24, 208, growing)));
    let growth = &population.growth;
    assert!(growth.weight > 0.7, "{growth:?}");
    assert!((growth.realised - 1.0).abs() < 0.2, "what was foretold came: {}", growth.realised);
    assert_eq!((growth.half_years, growth.judged), (4, 96));
    // A summer later than any of the fleet's weeks: 208 weeks are four years, so that the horizon ends in
    // midsummer.
    let truth = feed_in(100, 208 + 26, 30.0, 0);
    let summer = |population: Option<Arc<Population>>| {
        let model = Gridspark { population, ..Gridspark::default() };
        let posterior = model.fit(&series(&truth[..208])).unwrap();
        let forecast = posterior.forecast();
        let last = forecast.future().end - 2;
        (forecast.total.get(Quantile::Q50)[last], posterior.growth_kw_a_year(forecast.weeks[last]))
    };
    let (without, _) = summer(None);
    let (with, (growth_kw, error_kw)) = summer(Some(population));
    // Without noise the week would be at 40 − 60 − 30 · 4.48 kW.
    let truth = -20.0 - 30.0 * 4.48;
    assert!((with - truth).abs() < 10.0, "{with} {truth}");
    assert!((without - truth).abs() > 15.0, "a slope alone foretells less: {without} {truth}");
    assert!((growth_kw + 30.0).abs() < 3.0 * error_kw.max(1.0), "{growth_kw} ± {error_kw} kW a year");
}

#[test]
fn a_steady_fleet_teaches_no_growth_and_changes_nothing() {
    let fleet = fleet(24, 208, |_| 0.0);
    let population = Arc::new(learned(&fleet));
    assert_eq!(population.growth.weight, 0.0, "{:?}", population.growth);
    assert!(population.growth.laws.is_empty());
    let model = Gridspark { population: Some(population), ..Gridspark::default() };
    assert_eq!(model.fit(&series(&fleet[3])).unwrap().growth_share(), 0.0);
}

#[test]
fn fleets_too_small_too_young_or_of_one_half_year_teach_no_growth() {
    let growing = |_| 30.0;
    for (boxes, weeks, judged) in [(1, 208, 0), (4, 208, 0), (24, 100, 0), (24, 130, 24)] {
        let growth = learned(&fleet(boxes, weeks, growing)).growth;
        assert_eq!((growth.weight, growth.judged), (0.0, judged), "{boxes} boxes of {weeks} weeks");
    }
    assert_eq!(learned(&[]).growth.weight, 0.0);
    let constant = vec![
        feed_in(1, 208, 0.0, 0)
            .into_iter()
            .map(|row| Observation { value_kw: Some(5.0), ..row })
            .collect();
        8
    ];
    assert_eq!(learned(&constant), Population::default());
}

#[test]
fn short_histories_take_over_how_the_fleet_grows() {
    let population = Arc::new(learned(&fleet(24, 208, |seed| 20.0 + seed as f64)));
    let model = Gridspark { population: Some(population), ..Gridspark::default() };
    let truth = feed_in(200, 208 + 26, 30.0, 0);
    let posterior = model.fit(&series(&truth[208 - 60..208])).unwrap();
    assert_eq!(posterior.basis(), Basis::Population);
    let forecast = posterior.forecast();
    let last = forecast.future().end - 2;
    let [low, high] = [Quantile::Q05, Quantile::Q95].map(|level| forecast.total.get(level)[last]);
    let truth = -20.0 - 30.0 * 4.48;
    assert!((low..high).contains(&truth), "{low} to {high}, in truth {truth}");
    assert!(high - low < 80.0, "{low} to {high}");
}

#[test]
fn weeks_that_others_were_observed_in_change_no_bit() {
    let rows = fleet(6, 208, |seed| 20.0 + seed as f64);
    let population = population(0.8, &[("linear", 0.5), ("begun", 0.3)], 1.0);
    // Another copy has prepared nothing yet.
    let alone = |rows: &Vec<Observation>| fit(rows, &Arc::new(Population::clone(&population)));
    for rows in &rows {
        let (shared, alone) = (fit(rows, &population), alone(rows));
        assert_eq!(shared, alone);
        assert_eq!(shared.forecast(), alone.forecast());
    }
}
