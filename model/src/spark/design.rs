//! Scaling of time and values, and the rows of the design matrix.
//!
//! t = (d − d_min) / (d_max' − d_min) over the rows and the future, y = (v − v_min) / (v_max − v_min) over the
//! observed values, and with the period p of one year in scaled time
//! a(t) = [1, t, t², cos(2πht/p) h = 1…5, sin(2πht/p) h = 1…5].
//! The prior standard deviations D^½ are multiplied in: w(t) = D^½ a(t), so that all coefficients g of w have a
//! standard normal prior.

use std::sync::LazyLock;

use crate::{IsoWeek, Observation};

/// Coefficients of level, slope and curvature.
pub(crate) const DRIFT: usize = 3;
/// Harmonics of the year.
pub(crate) const HARMONICS: usize = 5;
/// All coefficients.
pub(crate) const COEFFICIENTS: usize = DRIFT + 2 * HARMONICS;
/// Weeks of a year: 365.2425 days.
const YEAR_WEEKS: f64 = 52.1775;

/// Prior standard deviations of the coefficients of the scaled values.
pub(crate) const PRIOR_SD: [f64; COEFFICIENTS] = {
    let mut sd = [1.0; COEFFICIENTS];
    (sd[0], sd[1], sd[2]) = (0.5, 0.5, 0.5);
    sd
};

/// Names of the coefficients, in the order of the columns.
pub(crate) const NAMES: [&str; COEFFICIENTS] = [
    "drift0", "drift1", "drift2", "cos1", "cos2", "cos3", "cos4", "cos5", "sin1", "sin2", "sin3", "sin4",
    "sin5",
];

/// One row of the design matrix with the prior standard deviations multiplied in.
pub(crate) type Row = [f64; COEFFICIENTS];

/// From weeks to scaled time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct TimeScale {
    first: IsoWeek,
    span_weeks: f64,
}

impl TimeScale {
    /// The scale from the first row to the last future week, which must be later.
    pub(crate) fn new(first: IsoWeek, last: IsoWeek) -> Self {
        Self { first, span_weeks: f64::from(last - first) }
    }

    /// w(t) = D^½ a(t) of a week.
    pub(crate) fn row(&self, week: IsoWeek) -> Row {
        let weeks = f64::from(week - self.first);
        let t = weeks / self.span_weeks;
        let (sine, cosine) = year_angle(week - self.first);
        let mut row = [0.0; COEFFICIENTS];
        row[0] = PRIOR_SD[0];
        row[1] = PRIOR_SD[1] * t;
        row[2] = PRIOR_SD[2] * t * t;
        // Harmonic h from h − 1 by the addition theorem.
        let (mut cosine_h, mut sine_h) = (cosine, sine);
        for h in 0..HARMONICS {
            row[DRIFT + h] = PRIOR_SD[DRIFT + h] * cosine_h;
            row[DRIFT + HARMONICS + h] = PRIOR_SD[DRIFT + HARMONICS + h] * sine_h;
            (cosine_h, sine_h) = (cosine_h * cosine - sine_h * sine, sine_h * cosine + cosine_h * sine);
        }
        row
    }
}

/// Sine and cosine of the angle of the year that many weeks after the first one.
fn year_angle(weeks: i32) -> (f64, f64) {
    fn compute(weeks: i32) -> (f64, f64) {
        (std::f64::consts::TAU * (f64::from(weeks) / YEAR_WEEKS)).sin_cos()
    }
    static TWENTY_YEARS: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| (0..1044).map(compute).collect());
    let remembered = usize::try_from(weeks).ok().and_then(|weeks| TWENTY_YEARS.get(weeks));
    remembered.copied().unwrap_or_else(|| compute(weeks))
}

/// From kW to scaled values.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct ValueScale {
    /// v_min.
    pub(crate) min_kw: f64,
    /// v_max − v_min.
    pub(crate) range_kw: f64,
}

impl ValueScale {
    /// The scale of the observed values; the range may come out as zero, or infinite.
    pub(crate) fn of(rows: &[Observation]) -> Self {
        let values = || rows.iter().filter_map(|row| row.value_kw);
        let min_kw = values().fold(f64::INFINITY, f64::min);
        let max_kw = values().fold(f64::NEG_INFINITY, f64::max);
        Self { min_kw, range_kw: max_kw - min_kw }
    }

    /// Whether the values are constant up to rounding: range ≤ 1e-9 · max |v|.
    pub(crate) fn is_constant(&self) -> bool {
        self.range_kw <= 1e-9 * self.min_kw.abs().max((self.min_kw + self.range_kw).abs())
    }

    /// y = (v − v_min) / (v_max − v_min).
    pub(crate) fn scaled(&self, kw: f64) -> f64 {
        (kw - self.min_kw) / self.range_kw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_design_times_the_prior_deviations() {
        let scale = TimeScale::new(IsoWeek::from_index(100), IsoWeek::from_index(286));
        for week in [100, 137, 286] {
            let row = scale.row(IsoWeek::from_index(week));
            let t = f64::from(week - 100) / 186.0;
            assert_eq!(row[..3], [0.5, 0.5 * t, 0.5 * t * t]);
            for h in 1..=5_i32 {
                let angle = std::f64::consts::TAU * f64::from(h) * f64::from(week - 100) * 7.0 / 365.2425;
                let h = usize::try_from(h).unwrap();
                assert!((row[2 + h] - angle.cos()).abs() < 1e-13);
                assert!((row[7 + h] - angle.sin()).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn constants_are_told_from_small_ranges_on_large_offsets() {
        let scale = |a: f64, b: f64| {
            let row = |kw| Observation { week: IsoWeek::from_index(0), value_kw: Some(kw) };
            ValueScale::of(&[row(a), row(b)])
        };
        assert!(scale(0.0, 0.0).is_constant());
        assert!(scale(1e9, 1e9 + 0.5).is_constant());
        assert!(!scale(1e9, 1e9 + 100.0).is_constant());
        assert!(!scale(-1e-9, 1e-9).is_constant());
        assert!(scale(f64::MIN, f64::MAX).range_kw.is_infinite());
    }
}
