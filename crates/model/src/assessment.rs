//! Both extremes of a transformer together: how full it gets, when, and how probable an overload is.

use serde::{Deserialize, Serialize};

use crate::{
    Capacity, Extreme, Forecast, IsoWeek, Limits, Loading, LoadingError, Overload, PowerFactor, Quantile,
};

/// What a transformer is ranked by.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assessment {
    /// The largest |kW| / (capacity × power factor) over the future weeks, both extremes and the five stored
    /// quantiles of the total; never clipped.
    pub peak_loading: Loading,
    /// The week of the peak loading, the earliest if several share it.
    pub peak_week: IsoWeek,
    /// The extreme of the peak loading.
    pub peak_extreme: Extreme,
    /// The first future week in which a stored quantile of the total reaches its limit.
    pub overload_week: Option<IsoWeek>,
    /// P(overload in at least one future week).
    pub overload_probability: f64,
    /// The standard error of `overload_probability`, from those of the two extremes.
    pub overload_probability_standard_error: f64,
    /// P(overload) for each future week.
    pub weekly_probability: Vec<f64>,
    /// P(the first overload falls into this week) for each future week; sums to `overload_probability`.
    pub first_week_probability: Vec<f64>,
}

/// Why two forecasts can't be assessed together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssessmentError {
    /// The forecasts have no future week.
    #[error("there is no future week to assess")]
    NoFutureWeeks,
    /// The two forecasts are not of the same future weeks, or a probability or a quantile is missing.
    #[error("the forecasts and overload probabilities of the two extremes are not of the same future weeks")]
    DifferentWeeks,
    /// A quantile is not finite, so neither is the loading.
    #[error(transparent)]
    Loading(#[from] LoadingError),
}

/// Puts the two extremes of a transformer together.
///
/// Minimum and maximum are fitted separately and taken to be independent given the data, so that
/// P(overload) = 1 − (1 − p_min)(1 − p_max), per week as well as over the horizon, and the first overload is
/// the earlier of two independent ones. Shared weather makes them dependent in truth; as one limit is nearly
/// always far away, the product hardly differs from the larger of the two.
///
/// # Errors
/// [`AssessmentError`] if there is no future week, the inputs are not of the same weeks, or a value is not
/// finite.
pub fn assess(
    min: &Forecast,
    min_overload: &Overload,
    max: &Forecast,
    max_overload: &Overload,
    limits: &Limits,
    capacity: Capacity,
    power_factor: PowerFactor,
) -> Result<Assessment, AssessmentError> {
    let weeks = max.weeks.get(max.future()).unwrap_or_default();
    let fits = |forecast: &Forecast, overload: &Overload| {
        forecast.weeks.get(forecast.future()) == Some(weeks)
            && forecast.total.len() == forecast.weeks.len()
            && overload.weekly.len() == weeks.len()
            && overload.first_week.len() == weeks.len()
    };
    if !fits(min, min_overload) || !fits(max, max_overload) {
        return Err(AssessmentError::DifferentWeeks);
    }

    let mut peak: Option<(f64, IsoWeek, Extreme)> = None;
    let mut overload_week = None;
    for (i, &week) in weeks.iter().enumerate() {
        for (extreme, forecast) in [(Extreme::Min, min), (Extreme::Max, max)] {
            for quantile in Quantile::ALL {
                let kw = forecast.total.get(quantile)[forecast.history + i];
                if peak.is_none_or(|(largest_kw, ..)| kw.abs() > largest_kw || kw.is_nan()) {
                    peak = Some((kw.abs(), week, extreme));
                }
                if overload_week.is_none() && limits.reached_by(kw) {
                    overload_week = Some(week);
                }
            }
        }
    }
    let (peak_kw, peak_week, peak_extreme) = peak.ok_or(AssessmentError::NoFutureWeeks)?;

    let either = |p: f64, q: f64| p + q - p * q;
    let weekly_probability =
        min_overload.weekly.iter().zip(&max_overload.weekly).map(|(&p, &q)| either(p, q)).collect();
    let (p, q) = (min_overload.any_week, max_overload.any_week);
    let standard_error = f64::hypot(
        (1.0 - q) * min_overload.any_week_standard_error,
        (1.0 - p) * max_overload.any_week_standard_error,
    );
    Ok(Assessment {
        peak_loading: Loading::of(peak_kw, capacity.active_kw(power_factor))?,
        peak_week,
        peak_extreme,
        overload_week,
        overload_probability: either(p, q),
        overload_probability_standard_error: standard_error,
        weekly_probability,
        first_week_probability: first_of_two(&min_overload.first_week, &max_overload.first_week),
    })
}

/// The distribution of the earlier of two independent first passages: with S = 1 − Σ first up to a week,
/// first(i) = S_p(i−1) S_q(i−1) − S_p(i) S_q(i), written without cancellation.
fn first_of_two(p: &[f64], q: &[f64]) -> Vec<f64> {
    let (mut survival_p, mut survival_q) = (1.0, 1.0);
    p.iter()
        .zip(q)
        .map(|(&first_p, &first_q)| {
            let first = first_p * survival_q + first_q * survival_p - first_p * first_q;
            survival_p -= first_p;
            survival_q -= first_q;
            first.max(0.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bands;

    fn forecast(future: &[[f64; 5]]) -> Forecast {
        let level = |q: usize| std::iter::once(1e9).chain(future.iter().map(|row| row[q])).collect();
        let total = Bands::new(std::array::from_fn(level)).unwrap();
        Forecast {
            weeks: (0..=i32::try_from(future.len()).unwrap()).map(IsoWeek::from_index).collect(),
            observed_kw: std::iter::once(Some(1e9)).chain(future.iter().map(|_| None)).collect(),
            history: 1,
            drift: total.clone(),
            yearly: total.clone(),
            total,
        }
    }

    fn overload(first_week: &[f64]) -> Overload {
        Overload {
            weekly: first_week.to_vec(),
            weekly_import: first_week.to_vec(),
            weekly_feed_in: vec![0.0; first_week.len()],
            any_week: first_week.iter().sum(),
            any_week_standard_error: 0.001,
            first_week: first_week.to_vec(),
        }
    }

    fn assessed(
        min: &Forecast,
        max: &Forecast,
        p: &Overload,
        q: &Overload,
    ) -> Result<Assessment, AssessmentError> {
        let (capacity, power_factor) = (Capacity::new(400.0).unwrap(), PowerFactor::default());
        let limits = Limits::of(capacity, power_factor, 1.0, 0.5).unwrap();
        assess(min, p, max, q, &limits, capacity, power_factor)
    }

    #[test]
    fn the_peak_is_found_over_both_extremes_and_the_future_only() {
        let min = forecast(&[[-10.0, 0.0, 1.0, 2.0, 3.0], [-500.0, -190.0, -100.0, 0.0, 10.0]]);
        let max = forecast(&[[1.0, 2.0, 3.0, 4.0, 399.0], [1.0, 2.0, 3.0, 4.0, 450.0]]);
        let assessment = assessed(&min, &max, &overload(&[0.0, 0.5]), &overload(&[0.1, 0.2])).unwrap();
        assert_eq!(assessment.peak_loading.percent(), 125.0);
        assert_eq!((assessment.peak_week.index(), assessment.peak_extreme), (2, Extreme::Min));
        assert_eq!(assessment.overload_week, Some(IsoWeek::from_index(2)));
        assert!((assessment.overload_probability - (1.0 - 0.5 * 0.7)).abs() < 1e-15);
        assert!(
            (assessment.first_week_probability.iter().sum::<f64>() - assessment.overload_probability).abs()
                < 1e-15
        );
        assert_eq!(assessment.weekly_probability[0], 0.1);
    }

    #[test]
    fn reaching_the_feed_in_limit_by_any_quantile_is_an_overload() {
        let min = forecast(&[[-200.0, 0.0, 0.0, 0.0, 0.0]]);
        let max = forecast(&[[0.0, 0.0, 0.0, 0.0, 399.0]]);
        let none = overload(&[0.0]);
        assert_eq!(assessed(&min, &max, &none, &none).unwrap().overload_week, Some(IsoWeek::from_index(1)));
        let higher = forecast(&[[-199.0, 0.0, 0.0, 0.0, 0.0]]);
        assert_eq!(assessed(&higher, &max, &none, &none).unwrap().overload_week, None);
    }

    #[test]
    fn inputs_of_different_weeks_are_refused() {
        let (one, two) = (forecast(&[[0.0; 5]]), forecast(&[[0.0; 5]; 2]));
        let p = overload(&[0.0]);
        assert_eq!(assessed(&one, &two, &p, &p), Err(AssessmentError::DifferentWeeks));
        assert_eq!(assessed(&one, &one, &p, &overload(&[])), Err(AssessmentError::DifferentWeeks));
        let nothing = forecast(&[]);
        assert_eq!(
            assessed(&nothing, &nothing, &overload(&[]), &overload(&[])),
            Err(AssessmentError::NoFutureWeeks)
        );
        let nan = forecast(&[[0.0, 0.0, f64::NAN, 0.0, 0.0]]);
        assert!(matches!(assessed(&nan, &nan, &p, &p), Err(AssessmentError::Loading(_))));
    }
}
