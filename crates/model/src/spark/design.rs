//! Scaling of time, and the rows of the design matrix.
//!
//! t = (d − d_min) / (d_max' − d_min) over the rows and the future, and with the period p of one year in
//! scaled time a(t) = [1, t, t², cos(2πht/p) h = 1…5, sin(2πht/p) h = 1…5]. The prior standard deviations D^½
//! are multiplied in: w(t) = D^½ a(t), so that all coefficients g of w have a standard normal prior.

use crate::IsoWeek;
use crate::additive::{self, COEFFICIENTS, Row};

/// Prior standard deviations of the coefficients of the scaled values.
pub(crate) const PRIOR_SD: Row = {
    let mut sd = [1.0; COEFFICIENTS];
    (sd[0], sd[1], sd[2]) = (0.5, 0.5, 0.5);
    sd
};

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

    /// w(t) = D^½ a(t) of a week: a row of the design with the prior standard deviations multiplied in.
    pub(crate) fn row(&self, week: IsoWeek) -> Row {
        let weeks = week - self.first;
        let mut row = additive::row(f64::from(weeks) / self.span_weeks, weeks);
        for (entry, sd) in row.iter_mut().zip(PRIOR_SD) {
            *entry *= sd;
        }
        row
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
}
