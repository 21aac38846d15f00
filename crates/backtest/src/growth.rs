//! The growth rate of an extreme, measured in the training weeks of an origin.
//!
//! The measure is the seasonal Kendall slope (Hirsch, Slack and Smith, 1982) over the more stressed
//! half of the year. The training weeks of the last five years are grouped into the 52 weeks of a
//! year; of these, the 26 with the highest mean stress (feed-in for minima, import for maxima) are
//! used, since panels and charging affect these most. Each pair of values of such a week, y years
//! apart, yields a change per year of (later − earlier) / y; the growth is the median of all
//! changes, positive towards more stress, divided by the capacity. The median is robust as long as
//! most pairs are sound.

use std::collections::BTreeMap;

use model::{Capacity, Extreme, Series};
use serde::{Deserialize, Serialize};

/// Weeks per year, for comparing the same week of different years.
pub(crate) const WEEKS_PER_YEAR: i32 = 52;
/// Weeks over which growth is measured: earlier growth says little about current growth.
const GROWTH_WINDOW_WEEKS: i32 = 5 * WEEKS_PER_YEAR;
/// Pairs of values needed for a meaningful median.
const MIN_PAIRS: usize = 13;

/// Growth classes by measured (or, for simulated loads, true) change per year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrowthClass {
    /// Less than 0.5 % of the capacity a year, or falling.
    Stable,
    /// From 0.5 to 2 %.
    Slow,
    /// From 2 to 5 %.
    Moderate,
    /// 5 % or more.
    Fast,
}

impl GrowthClass {
    /// All classes, the slowest first.
    pub const ALL: [Self; 4] = [Self::Stable, Self::Slow, Self::Moderate, Self::Fast];

    /// The class of a change per year, as a fraction of the capacity.
    #[must_use]
    pub fn of(change_per_year: f64) -> Self {
        match change_per_year {
            change if change >= 0.05 => Self::Fast,
            change if change >= 0.02 => Self::Moderate,
            change if change >= 0.005 => Self::Slow,
            _ => Self::Stable,
        }
    }

    /// The name in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Slow => "slow",
            Self::Moderate => "moderate",
            Self::Fast => "fast",
        }
    }

    /// The bounds of the class in percent of the capacity per year.
    #[must_use]
    pub const fn bounds(self) -> &'static str {
        match self {
            Self::Stable => "< 0.5 %",
            Self::Slow => "0.5–2 %",
            Self::Moderate => "2–5 %",
            Self::Fast => "≥ 5 %",
        }
    }
}

/// The change per year of an extreme towards stress, as a fraction of the capacity in kVA (or of
/// the range of values, without a capacity); None with fewer than 13 pairs of the same week in
/// different years.
#[must_use]
pub fn measured_growth(seen: &Series, extreme: Extreme, capacity: Option<Capacity>) -> Option<f64> {
    let toward_stress = match extreme {
        Extreme::Min => -1.0,
        Extreme::Max => 1.0,
    };
    let last = seen.rows().last()?.week.index();
    let mut years_of_week: BTreeMap<i32, Vec<(i32, f64)>> = BTreeMap::new();
    let (mut min_kw, mut max_kw) = (f64::INFINITY, f64::NEG_INFINITY);
    for row in seen.rows() {
        let Some(value_kw) = row.value_kw else { continue };
        (min_kw, max_kw) = (min_kw.min(value_kw), max_kw.max(value_kw));
        let index = row.week.index();
        if index > last - GROWTH_WINDOW_WEEKS {
            let years = years_of_week.entry(index.rem_euclid(WEEKS_PER_YEAR)).or_default();
            years.push((index.div_euclid(WEEKS_PER_YEAR), toward_stress * value_kw));
        }
    }
    let unit_kw = capacity.map_or(max_kw - min_kw, Capacity::kva);
    let mut changes = changes_per_year(busier_half(years_of_week.into_values().collect()));
    if changes.len() < MIN_PAIRS || unit_kw <= 0.0 {
        return None;
    }
    changes.sort_by(f64::total_cmp);
    let middle = changes.len() / 2;
    let median_kw =
        if changes.len() % 2 == 1 { changes[middle] } else { 0.5 * (changes[middle - 1] + changes[middle]) };
    Some(median_kw / unit_kw)
}

/// A week of the year: the years in which it was observed, with the stress in kW.
type WeekOfYear = Vec<(i32, f64)>;

/// The half of the weeks with the highest mean stress.
fn busier_half(mut weeks: Vec<WeekOfYear>) -> Vec<WeekOfYear> {
    let mean = |week: &WeekOfYear| week.iter().map(|(_, kw)| kw).sum::<f64>() / week.len() as f64;
    weeks.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
    weeks.truncate(weeks.len().div_ceil(2));
    weeks
}

/// (later − earlier) / years for all pairs of the same week, kW per year.
fn changes_per_year(weeks: Vec<WeekOfYear>) -> Vec<f64> {
    let mut changes = Vec::new();
    for week in weeks {
        for (index, &(year, kw)) in week.iter().enumerate() {
            changes.extend(
                week[index + 1..].iter().map(|&(later, later_kw)| (later_kw - kw) / f64::from(later - year)),
            );
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{IsoWeek, Observation};

    fn series(weeks: std::ops::Range<i32>, value_kw: impl Fn(i32) -> f64) -> Series {
        let row = |index| Observation { week: IsoWeek::from_index(index), value_kw: Some(value_kw(index)) };
        Series::new(weeks.map(row).collect()).unwrap()
    }

    fn capacity() -> Option<Capacity> {
        Capacity::new(400.0).ok()
    }

    /// Cosine of the season, 1 in week 0 of the year.
    fn season(index: i32) -> f64 {
        (std::f64::consts::TAU * f64::from(index) / 52.0).cos()
    }

    fn scatter(index: i32) -> f64 {
        (f64::from(index) * 0.618_034).fract() - 0.5
    }

    #[test]
    fn growth_of_a_known_size_is_measured_in_the_direction_of_stress() {
        // 12 kW per year of 400 kVA is 3 %.
        let years = |index: i32| f64::from(index - 2_600) / 52.0;
        let rising = series(2_600..2_860, |index| 100.0 + 60.0 * season(index) + 12.0 * years(index));
        let falling = series(2_600..2_860, |index| -100.0 + 60.0 * season(index) - 12.0 * years(index));
        for (series, extreme) in [(&rising, Extreme::Max), (&falling, Extreme::Min)] {
            let growth = measured_growth(series, extreme, capacity()).unwrap();
            assert!((growth - 0.03).abs() < 1e-12, "{growth}");
            assert_eq!(GrowthClass::of(growth), GrowthClass::Moderate);
        }
        let relieved = measured_growth(&falling, Extreme::Max, capacity()).unwrap();
        assert!((relieved + 0.03).abs() < 1e-12, "{relieved}");
        assert_eq!(GrowthClass::of(relieved), GrowthClass::Stable);
    }

    #[test]
    fn growth_in_summer_is_not_hidden_by_a_stable_winter() {
        // The summer peak of feed-in grows by 8 kW per year, the winter is stable.
        let feed_in = |index: i32| (20.0 + 8.0 * f64::from(index - 2_600) / 52.0) * season(index).max(0.0);
        let minima = series(2_600..2_860, |index| 5.0 - feed_in(index));
        let growth = measured_growth(&minima, Extreme::Min, capacity()).unwrap();
        // The median over the 26 summer weeks: the cosine's median there, 0.7, times 2 %.
        assert!((0.012..0.016).contains(&growth), "{growth}");
        assert_eq!(
            measured_growth(&minima, Extreme::Max, capacity()).map(GrowthClass::of),
            Some(GrowthClass::Stable)
        );
    }

    #[test]
    fn growth_is_robust_to_gaps_and_ten_percent_outliers() {
        let value = |index: i32| {
            if index % 10 == 3 {
                5_000.0
            } else {
                200.0 + 12.0 * f64::from(index - 2_600) / 52.0 + 4.0 * scatter(index)
            }
        };
        let rows = (2_600..2_860)
            .filter(|index| index % 7 != 0)
            .map(|index| Observation { week: IsoWeek::from_index(index), value_kw: Some(value(index)) });
        let growth =
            measured_growth(&Series::new(rows.collect()).unwrap(), Extreme::Max, capacity()).unwrap();
        assert!((growth - 0.03).abs() < 0.005, "{growth}");
    }

    #[test]
    fn values_older_than_five_years_are_ignored() {
        let level = |index: i32| if index < 2_600 { f64::from(index) } else { 100.0 + season(index) };
        let whole = series(2_400..2_860, level);
        assert_eq!(
            measured_growth(&whole, Extreme::Max, capacity()),
            measured_growth(&series(2_600..2_860, level), Extreme::Max, capacity())
        );
    }

    #[test]
    fn without_a_capacity_the_range_is_the_unit_and_short_series_have_no_growth() {
        let rising = series(2_600..2_860, f64::from);
        let growth = measured_growth(&rising, Extreme::Max, None).unwrap();
        assert!((growth - 52.0 / 259.0).abs() < 1e-12, "{growth}");
        assert_eq!(measured_growth(&series(2_600..2_660, f64::from), Extreme::Max, None), None);
        assert_eq!(measured_growth(&series(2_600..2_860, |_| 4.0), Extreme::Max, None), None);
    }

    #[test]
    fn the_classes_are_contiguous() {
        let classes = [-0.1, 0.004_9, 0.005, 0.019_9, 0.02, 0.049_9, 0.05, 3.0].map(GrowthClass::of);
        use GrowthClass::{Fast, Moderate, Slow, Stable};
        assert_eq!(classes, [Stable, Stable, Slow, Slow, Moderate, Moderate, Fast, Fast]);
        assert_eq!(GrowthClass::of(f64::NAN), Stable);
    }
}
