//! Rolling forecast origins, identified by their last hold-out week.

use chrono::{Datelike, NaiveDate, Weekday};
use model::IsoWeek;

use crate::DataSet;

/// The distance between automatic origins: half a year.
pub const STEP_WEEKS: i32 = 26;

/// Why there are no origins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginsError {
    /// The last hold-out week must be given by its Monday.
    #[error("{day} is a {weekday}; the last week of a hold-out is named by its Monday, {monday}")]
    NotMonday {
        /// The given day.
        day: NaiveDate,
        /// Its day of the week.
        weekday: Weekday,
        /// The Monday of its week.
        monday: NaiveDate,
    },
    /// The data set is empty.
    #[error("the data set {0} holds no week")]
    NoWeeks(String),
}

/// The last hold-out weeks from their Mondays, in the given order.
///
/// # Errors
/// [`OriginsError::NotMonday`].
pub fn from_mondays(mondays: &[NaiveDate]) -> Result<Vec<IsoWeek>, OriginsError> {
    mondays
        .iter()
        .map(|&day| {
            let week = IsoWeek::containing(day);
            if week.monday() == day {
                Ok(week)
            } else {
                Err(OriginsError::NotMonday { day, weekday: day.weekday(), monday: week.monday() })
            }
        })
        .collect()
}

/// The last week of the data set and `count` − 1 steps of [`STEP_WEEKS`] back, latest first.
///
/// # Errors
/// [`OriginsError::NoWeeks`].
pub fn latest(data: &DataSet, count: usize) -> Result<Vec<IsoWeek>, OriginsError> {
    let last = data
        .boxes
        .iter()
        .filter_map(|history| history.weeks.last())
        .map(|week| week.week)
        .max()
        .ok_or_else(|| OriginsError::NoWeeks(data.name.clone()))?;
    Ok(std::iter::successors(Some(last), |week| Some(week.plus(-STEP_WEEKS))).take(count).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BoxHistory;
    use model::{BoxId, WeekExtremes};

    #[test]
    fn only_mondays_name_a_week() {
        let monday = NaiveDate::from_ymd_opt(2024, 12, 23).unwrap();
        assert_eq!(from_mondays(&[monday]).unwrap()[0].monday(), monday);
        let error = from_mondays(&[monday.succ_opt().unwrap()]).unwrap_err();
        assert!(error.to_string().contains("2024-12-23"), "{error}");
    }

    #[test]
    fn origins_go_back_in_half_years_from_the_last_week_of_any_box() {
        let week = |index| WeekExtremes {
            week: IsoWeek::from_index(index),
            min_kw: 0.0,
            max_kw: 1.0,
            readings: 168,
        };
        let history = |name, last| BoxHistory {
            box_id: BoxId::new(name).unwrap(),
            capacity: None,
            weeks: vec![week(2000), week(last)],
        };
        let data = DataSet::new("two", vec![history("b", 2_200), history("a", 2_300)]);
        let indices: Vec<i32> = latest(&data, 3).unwrap().into_iter().map(IsoWeek::index).collect();
        assert_eq!(indices, [2_300, 2_274, 2_248]);
        assert!(latest(&DataSet::new("none", vec![]), 3).is_err());
    }
}
