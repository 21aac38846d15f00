//! The seasonal naive forecast, the baseline for all models.
//!
//! The value of the same week last year (52 weeks before) plus the empirical quantiles of all
//! 52-week differences in the training window. If that week was not observed, the mean of those
//! within two weeks of it; if there are none, or fewer than 13 differences, the distribution of the
//! training values.

use std::collections::BTreeMap;

use model::{IsoWeek, Limits, Quantile};

use super::{OverloadPrediction, Prediction};
use crate::Window;
use crate::growth::WEEKS_PER_YEAR;

/// Differences needed for meaningful tails.
const MIN_DIFFERENCES: usize = 13;
/// Maximum distance of a substitute from the same week last year.
const MAX_WEEK_SHIFT: i32 = 2;

pub(super) fn predict(window: &Window, limits: Option<&Limits>) -> Prediction {
    let seen: BTreeMap<IsoWeek, f64> =
        window.seen().rows().iter().filter_map(|row| Some((row.week, row.value_kw?))).collect();
    let mut values: Vec<f64> = seen.values().copied().collect();
    values.sort_by(f64::total_cmp);
    let median_kw = quantile(&values, 0.5);
    let mut differences: Vec<f64> = seen
        .iter()
        .filter_map(|(week, value)| Some(value - seen.get(&week.plus(-WEEKS_PER_YEAR))?))
        .collect();
    differences.sort_by(f64::total_cmp);
    let about_median: Vec<f64> = values.iter().map(|value| value - median_kw).collect();

    let mut quantiles_kw = Vec::with_capacity(window.hold_out.len());
    let mut weekly = Vec::with_capacity(window.hold_out.len());
    for &(week, _) in &window.hold_out {
        let (level_kw, spread) = match last_year(&seen, week) {
            Some(level_kw) if differences.len() >= MIN_DIFFERENCES => (level_kw, &differences),
            _ => (median_kw, &about_median),
        };
        quantiles_kw.push(Quantile::ALL.map(|level| level_kw + quantile(spread, level.level())));
        weekly.extend(limits.map(|limits| {
            let over = spread.iter().filter(|&&difference| limits.reached_by(level_kw + difference)).count();
            over as f64 / spread.len() as f64
        }));
    }
    let overload = limits.map(|_| OverloadPrediction { weekly, any_week: None });
    Prediction { quantiles_kw, overload, one_way: Vec::new() }
}

/// The value a year before `week`, or the mean of the nearby ones.
fn last_year(seen: &BTreeMap<IsoWeek, f64>, week: IsoWeek) -> Option<f64> {
    let same = week.plus(-WEEKS_PER_YEAR);
    if let Some(value) = seen.get(&same) {
        return Some(*value);
    }
    let near: Vec<f64> =
        seen.range(same.plus(-MAX_WEEK_SHIFT)..=same.plus(MAX_WEEK_SHIFT)).map(|(_, value)| *value).collect();
    (!near.is_empty()).then(|| near.iter().sum::<f64>() / near.len() as f64)
}

/// The empirical quantile of ascending values with linear interpolation; NaN if there are none.
fn quantile(ascending: &[f64], level: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let index = level * last as f64;
    let below = (index.floor() as usize).min(last);
    let above = (below + 1).min(last);
    ascending[below] + (index - below as f64) * (ascending[above] - ascending[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WindowSettings;
    use model::{Capacity, Extreme, PowerFactor, WeekExtremes};

    fn window(max_kw: impl Fn(i32) -> f64, keep_last: Option<usize>) -> Window {
        let week = |index| WeekExtremes {
            week: IsoWeek::from_index(index),
            min_kw: -1_000.0,
            max_kw: max_kw(index),
            readings: 672,
        };
        let weeks: Vec<WeekExtremes> = (2_500..=2_750).map(week).collect();
        let settings = WindowSettings { keep_last, ..WindowSettings::default() };
        Window::cut(&weeks, Extreme::Max, None, IsoWeek::from_index(2_750), &settings).unwrap()
    }

    #[test]
    fn growth_by_a_fixed_annual_step_is_predicted_exactly() {
        let window = window(|index| 10.0 * f64::from(index / 52) + f64::from(index % 52), None);
        for (levels, (_, observed)) in predict(&window, None).quantiles_kw.iter().zip(&window.hold_out) {
            assert_eq!(*levels, [*observed; 5]);
        }
    }

    #[test]
    fn a_history_below_a_year_yields_the_distribution_of_its_values() {
        let window = window(f64::from, Some(21));
        let levels = predict(&window, None).quantiles_kw[0];
        let expected = [2_705.0, 2_707.0, 2_714.0, 2_721.0, 2_723.0];
        for (level, expected) in levels.iter().zip(expected) {
            assert!((level - expected).abs() < 1e-9, "{levels:?}");
        }
    }

    #[test]
    fn the_overload_probability_is_the_share_of_differences_beyond_the_limit() {
        let window = window(|index| if index % 2 == 0 { 90.0 } else { 110.0 }, Some(20));
        let limits = Limits::of(Capacity::new(100.0).unwrap(), PowerFactor::default(), 1.0, 1.0).unwrap();
        let overload = predict(&window, Some(&limits)).overload.unwrap();
        assert!(overload.weekly.iter().all(|&p| p == 0.5), "{:?}", overload.weekly);
        assert_eq!(overload.any_week, None);
    }
}
