//! The scale of the values in the window that is shown.

use std::ops::Range;

use super::forecast::FAR;
use super::scale::Scale;

/// Grid lines on the scale, about.
const STEPS: f64 = 8.0;

/// The lowest and highest value drawn in each week, and the limits that are drawn, kW.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WindowScale {
    low_kw: Vec<f64>,
    high_kw: Vec<f64>,
    limits_kw: Vec<f64>,
}

impl WindowScale {
    /// Nothing in any of so many weeks yet.
    pub(super) fn new(weeks: usize) -> Self {
        let (low_kw, high_kw) = (vec![f64::INFINITY; weeks], vec![f64::NEG_INFINITY; weeks]);
        Self { low_kw, high_kw, limits_kw: Vec::new() }
    }

    /// Makes room for values in a week.
    pub(super) fn add(&mut self, row: usize, values_kw: impl IntoIterator<Item = f64>) {
        let (Some(low), Some(high)) = (self.low_kw.get_mut(row), self.high_kw.get_mut(row)) else { return };
        for kw in values_kw.into_iter().filter(|kw| kw.is_finite()) {
            *low = low.min(kw);
            *high = high.max(kw);
        }
    }

    /// Names the limits that are drawn, negative for feed-in.
    pub(super) fn set_limits(&mut self, limits_kw: Vec<f64>) {
        self.limits_kw = limits_kw;
    }

    /// The scale around zero and everything in these weeks, with the limits that it comes near.
    pub(super) fn around(&self, rows: Range<usize>) -> Scale {
        let of = |values: &[f64]| values.get(rows.clone()).unwrap_or(values).to_vec();
        let values: Vec<f64> =
            [of(&self.low_kw), of(&self.high_kw)].concat().into_iter().filter(|kw| kw.is_finite()).collect();
        let highest = values.iter().copied().fold(0.0, f64::max);
        let lowest = values.iter().copied().fold(0.0, f64::min);
        let near = |limit_kw: &f64| {
            let reached = if *limit_kw < 0.0 { lowest / limit_kw } else { highest / limit_kw };
            reached * FAR >= 1.0
        };
        let limits: Vec<f64> = self.limits_kw.iter().copied().filter(near).collect();
        // Where nothing but load or nothing but feed-in far from zero is shown, zero would flatten it.
        let spread = values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - values.iter().copied().fold(f64::INFINITY, f64::min);
        let is_far_from_zero = values.iter().all(|kw| kw.abs() > spread);
        let zero = (!is_far_from_zero).then_some(0.0);
        Scale::around(values.into_iter().chain(limits).chain(zero), STEPS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale() -> WindowScale {
        let mut scale = WindowScale::new(4);
        for (row, values) in
            [[10.0, 20.0], [30.0, -5.0], [900.0, f64::NAN], [12.0, 14.0]].into_iter().enumerate()
        {
            scale.add(row, values);
        }
        scale.set_limits(vec![100.0, -1_000.0]);
        scale
    }

    #[test]
    fn only_the_window_and_the_limits_it_comes_near_count() {
        let around = |rows| scale().around(rows);
        assert_eq!((around(0..2).low, around(0..2).high), (-10.0, 110.0), "the import limit is near");
        assert!(around(0..4).high >= 900.0);
        assert!(around(3..4).high < 20.0, "fourteen kilowatts are far from a hundred");
    }

    #[test]
    fn rows_outside_are_no_error() {
        scale().add(99, [1.0]);
        assert!(scale().around(90..99).high >= 900.0, "all weeks instead");
        assert!(WindowScale::new(0).around(0..0).high > 0.0);
    }
}
