//! The weekly values of one extreme of one box.

use serde::{Deserialize, Serialize};

use crate::{FitError, IsoWeek};

/// One row: a week and its value, or the knowledge that there is none.
///
/// A row without a value is unobserved: it does not enter the likelihood, but it is in the forecast's rows
/// and counts for the time range. A week without a row is simply absent.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Observation {
    /// The week.
    pub week: IsoWeek,
    /// The week's extreme in kW (negative is feed-in), or nothing.
    pub value_kw: Option<f64>,
}

/// At least one row, every value finite; in any order, and a week may come twice (then it counts twice).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(into = "Vec<Observation>", try_from = "Vec<Observation>")]
pub struct Series(Vec<Observation>);

/// Why rows do not form a series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SeriesError {
    /// There are no rows at all.
    #[error("a series needs at least one row")]
    Empty,
    /// A value is NaN or infinite.
    #[error("the value {value_kw} of week {week} is not finite")]
    NotFinite {
        /// The week of the first such value.
        week: IsoWeek,
        /// The value.
        value_kw: f64,
    },
}

impl Series {
    /// Checks rows; they keep their order.
    ///
    /// # Errors
    /// [`SeriesError`] if there is no row, or a value is not finite.
    pub fn new(rows: Vec<Observation>) -> Result<Self, SeriesError> {
        if rows.is_empty() {
            return Err(SeriesError::Empty);
        }
        for row in &rows {
            if let Some(value_kw) = row.value_kw.filter(|value| !value.is_finite()) {
                return Err(SeriesError::NotFinite { week: row.week, value_kw });
            }
        }
        Ok(Self(rows))
    }

    /// The rows in the order in which they were given.
    #[must_use]
    pub fn rows(&self) -> &[Observation] {
        &self.0
    }

    /// The number of rows with a value.
    #[must_use]
    pub fn observed(&self) -> usize {
        self.0.iter().filter(|row| row.value_kw.is_some()).count()
    }

    /// The weeks after the last row, ascending.
    ///
    /// # Errors
    /// [`FitError::Horizon`] if there is to be none, or they leave the calendar.
    pub(crate) fn future(&self, horizon_weeks: usize) -> Result<Vec<IsoWeek>, FitError> {
        let last = self.0.iter().map(|row| row.week).fold(IsoWeek::MIN, IsoWeek::max);
        match i32::try_from(horizon_weeks) {
            Ok(weeks) if weeks >= 1 && weeks <= IsoWeek::MAX - last => {
                Ok((1..=weeks).map(|ahead| last.plus(ahead)).collect())
            }
            _ => Err(FitError::Horizon { horizon_weeks, last }),
        }
    }
}

impl TryFrom<Vec<Observation>> for Series {
    type Error = SeriesError;

    fn try_from(rows: Vec<Observation>) -> Result<Self, SeriesError> {
        Self::new(rows)
    }
}

impl From<Series> for Vec<Observation> {
    fn from(series: Series) -> Self {
        series.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_order_and_doubles() {
        let row = |index, value_kw| Observation { week: IsoWeek::from_index(index), value_kw };
        let rows = vec![row(3, Some(1.0)), row(1, None), row(3, Some(2.0))];
        let series = Series::new(rows.clone()).unwrap();
        assert_eq!(series.rows(), rows);
        assert_eq!(series.observed(), 2);
    }

    #[test]
    fn empty_and_non_finite_rows_are_refused() {
        assert_eq!(Series::new(Vec::new()), Err(SeriesError::Empty));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let row = Observation { week: IsoWeek::from_index(0), value_kw: Some(bad) };
            assert!(matches!(Series::new(vec![row]), Err(SeriesError::NotFinite { .. })));
        }
    }
}
