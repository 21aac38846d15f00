//! Both extremes of a transformer together: how full it gets, when, and how probable an overload is.

use serde::{Deserialize, Serialize};

use crate::{
    Capacity, Extreme, Fit, Forecast, Headroom, IsoWeek, Limits, Loading, LoadingError, Overload,
    OverloadFigures, PowerFactor, Quantile, RANKED_WEEKS, Risk,
};

/// What a transformer is ranked by.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assessment {
    /// The largest |kW| / (capacity × power factor) over the ranked weeks, both extremes and the five stored
    /// quantiles of the total; never clipped.
    pub peak_loading: Loading,
    /// The week of the peak loading, the earliest if several share it.
    pub peak_week: IsoWeek,
    /// The extreme of the peak loading.
    pub peak_extreme: Extreme,
    /// The first ranked week in which a stored quantile of the total reaches its limit.
    pub overload_week: Option<IsoWeek>,
    /// P(overload in at least one of the ranked weeks).
    pub overload_probability: f64,
    /// The standard error of `overload_probability`, from those of the two extremes.
    pub overload_probability_standard_error: f64,
    /// P(overload) for each future week.
    pub weekly_probability: Vec<f64>,
    /// P(the first overload falls into this week) for each future week; the ranked weeks' sum is
    /// `overload_probability`.
    pub first_week_probability: Vec<f64>,
    /// The verdict on the ranked weeks; nothing in assessments of earlier versions.
    #[serde(default)]
    pub ranked: Option<RankedOverload>,
}

/// What is said of the ranked weeks, of each extreme and of both: every figure is of the same event.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct RankedOverload {
    /// The last of the ranked weeks.
    pub until: IsoWeek,
    /// The risk at which the early week and the shortfall are stated.
    pub risk: Risk,
    /// An overload by the weekly minimum: feed-in.
    pub minimum: OverloadFigures,
    /// An overload by the weekly maximum: import.
    pub maximum: OverloadFigures,
    /// An overload by either; its shortfall is the larger one.
    pub both: OverloadFigures,
    /// The extreme that is likelier to pass its limit in the likeliest week of the first overload by either; nothing where none
    /// is possible, and in assessments of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeliest_first_extreme: Option<Extreme>,
    /// The room for more load at the risk; nothing in assessments of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headroom: Option<Headroom>,
}

impl RankedOverload {
    /// The figures of one extreme.
    #[must_use]
    pub const fn of(&self, extreme: Extreme) -> &OverloadFigures {
        match extreme {
            Extreme::Min => &self.minimum,
            Extreme::Max => &self.maximum,
        }
    }

    /// The extreme that is likelier to be overloaded, the maximum if neither is.
    #[must_use]
    pub fn likelier(&self) -> Extreme {
        if self.minimum.probability > self.maximum.probability { Extreme::Min } else { Extreme::Max }
    }
}

/// What is known of one extreme.
#[derive(Clone, Copy, Debug)]
pub struct AssessedExtreme<'a> {
    /// Its bands.
    pub forecast: &'a Forecast,
    /// Its overload probabilities, by the limit of its direction.
    pub overload: &'a Overload,
    /// How far the largest of the ranked weeks lies beyond its limit at the risk, kW.
    pub shortfall_kw: Option<f64>,
    /// What the most extreme of the ranked weeks passes with the risk, kW with its sign.
    pub at_risk_kw: Option<f64>,
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
/// Each extreme is judged by the limit of its own direction ([`Limits::in_direction`]): a week whose minimum lies above
/// the import limit has its maximum there too.
///
/// Of a horizon beyond [`RANKED_WEEKS`] the later weeks have probabilities only.
///
/// # Errors
/// [`AssessmentError`] if there is no future week, the inputs are not of the same weeks, or a value is not
/// finite.
pub fn assess(
    min: AssessedExtreme<'_>,
    max: AssessedExtreme<'_>,
    limits: &Limits,
    capacity: Capacity,
    power_factor: PowerFactor,
    risk: Risk,
) -> Result<Assessment, AssessmentError> {
    let weeks = max.forecast.weeks.get(max.forecast.future()).unwrap_or_default();
    let fits = |of: &AssessedExtreme<'_>| {
        of.forecast.weeks.get(of.forecast.future()) == Some(weeks)
            && of.forecast.total.len() == of.forecast.weeks.len()
            && of.overload.weekly.len() == weeks.len()
            && of.overload.first_week.len() == weeks.len()
    };
    if !fits(&min) || !fits(&max) {
        return Err(AssessmentError::DifferentWeeks);
    }
    let span = weeks.len().min(RANKED_WEEKS);
    let ranked = &weeks[..span];

    let mut peak: Option<(f64, IsoWeek, Extreme)> = None;
    let mut overload_week = None;
    for (i, &week) in ranked.iter().enumerate() {
        for (extreme, forecast) in [(Extreme::Min, min.forecast), (Extreme::Max, max.forecast)] {
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

    let weekly_probability = of_either(&min.overload.weekly, &max.overload.weekly);
    let first_week_probability = first_of_two(&min.overload.first_week, &max.overload.first_week);
    let (p, q) = (min.overload.within_ranked(), max.overload.within_ranked());
    let standard_error = f64::hypot(
        (1.0 - q) * min.overload.any_week_standard_error,
        (1.0 - p) * max.overload.any_week_standard_error,
    );
    let figures = |first_week: &[f64], weekly: &[f64], shortfall_kw| {
        OverloadFigures::of(ranked, &first_week[..span], &weekly[..span], risk, shortfall_kw)
            .ok_or(AssessmentError::NoFutureWeeks)
    };
    let of = |extreme: &AssessedExtreme<'_>| {
        figures(&extreme.overload.first_week, &extreme.overload.weekly, extreme.shortfall_kw)
    };
    let (minimum, maximum) = (of(&min)?, of(&max)?);
    let larger_kw = [minimum.shortfall_kw, maximum.shortfall_kw].into_iter().flatten().reduce(f64::max);
    let headroom = headroom([&min, &max], limits);
    let both = figures(&first_week_probability, &weekly_probability, larger_kw)?;
    let likeliest_first_extreme = both.likeliest_first_week.map(|week| {
        let place = ranked.iter().position(|known| *known == week).unwrap_or(0);
        let by_minimum = min.overload.first_week[place] > max.overload.first_week[place];
        if by_minimum { Extreme::Min } else { Extreme::Max }
    });
    Ok(Assessment {
        peak_loading: Loading::of(peak_kw, capacity.active_kw(power_factor))?,
        peak_week,
        peak_extreme,
        overload_week,
        overload_probability: both.probability,
        overload_probability_standard_error: standard_error,
        weekly_probability,
        first_week_probability,
        ranked: Some(RankedOverload {
            until: ranked[span - 1],
            risk,
            minimum,
            maximum,
            both,
            likeliest_first_extreme,
            headroom,
        }),
    })
}

/// The expected number of ranked weeks above the limits, by either extreme: the `expected_weeks` of [`assess`] at these
/// limits, from the same fits with the same loads added (none: empty), whatever limits they were assessed with.
#[must_use]
pub fn expected_weeks_above(minimum: (&Fit, &[f64]), maximum: (&Fit, &[f64]), limits: &Limits) -> f64 {
    let weekly = |(fit, added_kw): (&Fit, &[f64]), extreme| {
        fit.ranked_weekly_overload(&limits.in_direction(extreme), added_kw)
    };
    let (p, q) = (weekly(minimum, Extreme::Min), weekly(maximum, Extreme::Max));
    of_either(&p, &q).iter().sum()
}

/// P(either of two independent events) for each week.
fn of_either(p: &[f64], q: &[f64]) -> Vec<f64> {
    p.iter().zip(q).map(|(&p, &q)| p + q - p * q).collect()
}

/// The room of both directions. Where an extreme is above the risk, what it is short of is the same quantile: the same
/// figure is said.
fn headroom([min, max]: [&AssessedExtreme<'_>; 2], limits: &Limits) -> Option<Headroom> {
    let found = Headroom::of(min.at_risk_kw?, max.at_risk_kw?, limits);
    Some(Headroom {
        import_kw: max.shortfall_kw.map_or(found.import_kw, |kw| -kw),
        feed_in_kw: min.shortfall_kw.map_or(found.feed_in_kw, |kw| -kw),
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
        let of =
            |forecast, overload| AssessedExtreme { forecast, overload, shortfall_kw: None, at_risk_kw: None };
        assess(of(min, p), of(max, q), &limits, capacity, power_factor, Risk::default())
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
    fn the_weeks_after_the_half_year_change_nothing_in_its_verdict() {
        let calm = [-10.0, 0.0, 1.0, 2.0, 300.0];
        let mut future = vec![calm; RANKED_WEEKS + 9];
        let mut first_week = vec![0.01; RANKED_WEEKS + 9];
        let short = forecast(&future[..RANKED_WEEKS]);
        let none = overload(&[0.0; RANKED_WEEKS]);
        let expected = assessed(&short, &short, &none, &overload(&first_week[..RANKED_WEEKS])).unwrap();
        future[RANKED_WEEKS + 3] = [-900.0, 0.0, 1.0, 2.0, 900.0];
        first_week[RANKED_WEEKS + 3] = 0.5;
        let long = forecast(&future);
        let found =
            assessed(&long, &long, &overload(&[0.0; RANKED_WEEKS + 9]), &overload(&first_week)).unwrap();
        assert_eq!(found.ranked, expected.ranked);
        assert_eq!(found.peak_loading, expected.peak_loading);
        assert_eq!((found.overload_week, found.overload_probability), (None, expected.overload_probability));
        assert_eq!(found.weekly_probability[RANKED_WEEKS + 3], 0.5);
        let ranked = found.ranked.unwrap();
        assert_eq!((ranked.likelier(), ranked.until.index()), (Extreme::Max, RANKED_WEEKS as i32));
        assert_eq!(ranked.both.early_first_week.map(IsoWeek::index), Some(11));
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
