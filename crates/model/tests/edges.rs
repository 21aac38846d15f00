//! The numerical edges: every one has a typed outcome, and nothing is ever NaN.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use model::{
    FitError, Forecast, IsoWeek, Limits, Observation, Overload, Part, Quantile, Series,
    spark::{Posterior, Spark},
};

const LIMITS: Limits = Limits { import_kw: 100.0, feed_in_kw: 100.0 };

fn rows(values: impl IntoIterator<Item = f64>) -> Vec<Observation> {
    (2_600..)
        .zip(values)
        .map(|(week, kw)| Observation { week: IsoWeek::from_index(week), value_kw: Some(kw) })
        .collect()
}

fn fit(rows: Vec<Observation>) -> Result<Posterior, FitError> {
    Spark::default().fit(&Series::new(rows).unwrap())
}

/// A deterministic scatter in [−1, 1].
fn scatter(week: i32) -> f64 {
    f64::from((week * 7_919 + 13) % 1_009) / 504.5 - 1.0
}

fn seasonal(week: i32) -> f64 {
    50.0 + 20.0 * (std::f64::consts::TAU * f64::from(week) / 52.1775).cos() + 5.0 * scatter(week)
}

/// Everything that can be asked of a posterior is a finite number, and quantiles do not cross.
fn assert_sound(posterior: &Posterior) -> (Forecast, Overload) {
    let forecast = posterior.forecast();
    for part in Part::ALL {
        let moments = posterior.moments(part);
        assert!(moments.mean_kw.iter().chain(&moments.sd_kw).all(|x| x.is_finite()), "{part}");
        for quantile in Quantile::ALL {
            assert!(forecast.part(part).get(quantile).iter().all(|x| x.is_finite()), "{part} {quantile:?}");
        }
        for pair in Quantile::ALL.windows(2) {
            let (low, high) = (forecast.part(part).get(pair[0]), forecast.part(part).get(pair[1]));
            assert!(low.iter().zip(high).all(|(low, high)| low <= high), "{part} {pair:?}");
        }
    }
    let sigma = posterior.sigma();
    let quantiles = [sigma.q05, sigma.q15, sigma.q50, sigma.q85, sigma.q95];
    assert!(quantiles.is_sorted() && quantiles[0] >= 0.0 && quantiles[4] <= 1.0, "{sigma:?}");
    assert!(sigma.mean.is_finite() && sigma.sd.is_finite());
    assert!(posterior.coefficients().iter().all(|c| c.mean.is_finite() && c.sd.is_finite() && c.sd > 0.0));
    assert!(posterior.log_marginal_likelihood().is_none_or(f64::is_finite));
    let overload = posterior.overload(&LIMITS);
    let probabilities = overload.weekly.iter().chain(&overload.first_week).chain([&overload.any_week]);
    assert!(probabilities.copied().all(|p| (0.0..=1.0).contains(&p)));
    assert!(overload.any_week_standard_error.is_finite());
    (forecast, overload)
}

#[test]
fn fewer_than_two_values_are_a_typed_error() {
    let week = IsoWeek::from_index(2_600);
    let missing = Observation { week, value_kw: None };
    assert_eq!(fit(vec![missing; 3]), Err(FitError::TooFewValues { observed: 0 }));
    let one = fit([vec![missing], rows([5.0])].concat()).unwrap_err();
    assert_eq!(one.to_string(), "a fit needs at least two observed weeks, there is 1");
}

#[test]
fn a_range_beyond_double_precision_is_a_typed_error() {
    assert!(matches!(fit(rows([f64::MIN, f64::MAX])), Err(FitError::RangeTooLarge { .. })));
}

#[test]
fn impossible_horizons_are_a_typed_error() {
    let series = Series::new(rows([1.0, 2.0])).unwrap();
    for horizon_weeks in [0, 600_000, usize::MAX] {
        assert!(matches!(Spark { horizon_weeks }.fit(&series), Err(FitError::Horizon { .. })));
    }
    let last = Observation { week: IsoWeek::MAX, value_kw: Some(3.0) };
    assert!(matches!(fit([rows([1.0]), vec![last]].concat()), Err(FitError::Horizon { .. })));
}

#[test]
fn a_constant_series_is_a_flat_degenerate_line() {
    for level in [0.0, 42.0, -150.0, 1e9] {
        let posterior = fit(rows(std::iter::repeat_n(level, 120))).unwrap();
        assert!(posterior.is_degenerate());
        let (forecast, overload) = assert_sound(&posterior);
        assert_eq!(forecast.weeks.len(), 147);
        assert!(forecast.total.get(Quantile::Q05).iter().all(|&kw| kw == level));
        assert!(forecast.yearly.get(Quantile::Q95).iter().all(|&kw| kw == 0.0));
        assert_eq!(overload.any_week, if level.abs() > 100.0 { 1.0 } else { 0.0 });
        assert_eq!(overload.first_week.iter().sum::<f64>(), overload.any_week);
        assert!(posterior.coefficients().is_empty() && posterior.log_marginal_likelihood().is_none());
    }
}

#[test]
fn rounding_noise_on_a_large_offset_is_constant_and_a_real_range_is_not() {
    assert!(fit(rows((0..120).map(|week| 1e9 + 0.4 * scatter(week)))).unwrap().is_degenerate());
    let posterior = fit(rows((0..120).map(|week| 1e9 + seasonal(week)))).unwrap();
    assert!(!posterior.is_degenerate());
    assert_sound(&posterior);
}

#[test]
fn short_series_keep_their_prior_where_no_data_speaks() {
    for weeks in 2..30 {
        let posterior = fit(rows((0..weeks).map(seasonal))).unwrap();
        assert!(!posterior.is_degenerate());
        let (forecast, _) = assert_sound(&posterior);
        if weeks < 13 {
            let row = forecast.future().end - 1;
            let width = forecast.total.get(Quantile::Q95)[row] - forecast.total.get(Quantile::Q05)[row];
            assert!(
                width > posterior.range_kw(),
                "{weeks} weeks: half a year ahead nothing is known: {width}"
            );
        }
    }
}

#[test]
fn a_few_values_leave_sigma_near_its_upper_bound_possible() {
    let sigma = fit(rows([0.0, 1.0, 0.0])).unwrap().sigma();
    assert!(sigma.q95 > 0.8 && sigma.q95 < 1.0, "{sigma:?}");
}

#[test]
fn noise_free_series_have_narrow_bands() {
    for weeks in [40, 160] {
        let values =
            (0..weeks).map(|week| 50.0 + 20.0 * (std::f64::consts::TAU * f64::from(week) / 52.1775).cos());
        let posterior = fit(rows(values.clone())).unwrap();
        let (forecast, _) = assert_sound(&posterior);
        assert!(posterior.sigma().q95 < 1e-5);
        for (row, value) in values.enumerate() {
            assert!((forecast.total.get(Quantile::Q50)[row] - value).abs() < 1e-4 * posterior.range_kw());
        }
    }
}

#[test]
fn the_same_week_twice_counts_twice() {
    let once = rows((0..120).map(seasonal));
    let (once_sd, twice_sd) = {
        let twice: Vec<Observation> = once.iter().flat_map(|&row| [row, row]).collect();
        let posterior = fit(twice).unwrap();
        assert_sound(&posterior);
        (fit(once).unwrap().coefficients()[0].sd, posterior.coefficients()[0].sd)
    };
    assert!(twice_sd < once_sd);
    let mut one_week_only = rows([1.0, 2.0, 3.0]);
    one_week_only.iter_mut().for_each(|row| row.week = IsoWeek::from_index(2_600));
    assert_sound(&fit(one_week_only).unwrap());
}

#[test]
fn all_values_equal_but_one() {
    for odd in [0, 60, 119] {
        for sign in [1.0, -1.0] {
            let values = (0..120).map(|week| if week == odd { 10.0 + sign } else { 10.0 });
            assert_sound(&fit(rows(values)).unwrap());
        }
    }
}

#[test]
fn scales_from_1e_minus_9_to_1e6_give_the_same_scaled_answer() {
    let reference = fit(rows((0..160).map(seasonal))).unwrap();
    for scale in [1e-9, 1e-3, 1e6] {
        let posterior = fit(rows((0..160).map(|week| scale * seasonal(week)))).unwrap();
        assert_sound(&posterior);
        let (expected, computed) = (reference.forecast(), posterior.forecast());
        for (x, y) in expected.total.get(Quantile::Q95).iter().zip(computed.total.get(Quantile::Q95)) {
            assert!((x - y / scale).abs() < 1e-9 * reference.range_kw(), "{scale}");
        }
    }
}

#[test]
fn one_outlier_and_very_long_or_gappy_series_stay_sound() {
    assert_sound(&fit(rows((0..160).map(|week| if week == 80 { 1_000.0 } else { seasonal(week) }))).unwrap());
    assert_sound(&fit(rows((0..1_500).map(seasonal))).unwrap());
    let mut sparse = rows((0..70).map(seasonal));
    for (i, row) in (0..).zip(&mut sparse) {
        row.week = IsoWeek::from_index(2_600 + 20 * i);
    }
    assert_sound(&fit(sparse).unwrap());
    let far = Observation { week: IsoWeek::from_index(100_000), value_kw: Some(60.0) };
    assert_sound(&fit([rows((0..120).map(seasonal)), vec![far]].concat()).unwrap());
}

#[test]
fn limits_at_zero_or_far_away_have_certain_answers() {
    let posterior = fit(rows((0..160).map(seasonal))).unwrap();
    let at = |kw: f64| posterior.overload(&Limits { import_kw: kw, feed_in_kw: kw });
    assert!((at(0.0).any_week - 1.0).abs() < 1e-9);
    assert!(at(1e12).any_week < 1e-12);
    assert_eq!(at(f64::INFINITY).any_week, 0.0);
}
