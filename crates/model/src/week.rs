//! Weeks of the ISO 8601 calendar as whole numbers.

use std::fmt;
use std::ops::Sub;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Days from 0001-01-01 (day 1) to Monday 1970-01-05, the first day of week 0.
const EPOCH_MONDAY_FROM_CE: i32 = 719_167;

/// A week of the ISO 8601 calendar, counted in whole weeks since Monday 1970-01-05 (index 0).
///
/// It has no time zone: which instants belong to a week is decided where readings are aggregated.
/// The range is 0001-W01 to 9999-W52; arithmetic that would leave it saturates. Text and serialised form are
/// `2026-W47`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct IsoWeek(i32);

/// Why a week could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeekError {
    /// The year has no week of that number, or lies outside 1 to 9999.
    #[error("the ISO year {year} has no week {number}")]
    NoSuchWeek {
        /// The ISO week-numbering year asked for.
        year: i32,
        /// The week number asked for.
        number: u32,
    },
    /// The text is not of the form `2026-W47`.
    #[error("{text:?} is not an ISO week such as 2026-W47")]
    Malformed {
        /// The text as it was given.
        text: String,
    },
}

impl IsoWeek {
    /// The first week of the supported range, 0001-W01.
    pub const MIN: Self = Self(-102_738);
    /// The last week of the supported range, 9999-W52.
    pub const MAX: Self = Self(418_984);

    /// The week that begins `index` weeks after Monday 1970-01-05; saturates at [`Self::MIN`] and
    /// [`Self::MAX`].
    #[must_use]
    pub const fn from_index(index: i32) -> Self {
        if index < Self::MIN.0 {
            Self::MIN
        } else if index > Self::MAX.0 {
            Self::MAX
        } else {
            Self(index)
        }
    }

    /// Whole weeks since Monday 1970-01-05.
    #[must_use]
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The week in which a calendar day lies; saturates outside the years 1 to 9999.
    #[must_use]
    pub fn containing(day: NaiveDate) -> Self {
        Self::from_index((day.num_days_from_ce() - EPOCH_MONDAY_FROM_CE).div_euclid(7))
    }

    /// The week's first day.
    #[must_use]
    pub fn monday(self) -> NaiveDate {
        // In range by construction, so the default is never taken.
        NaiveDate::from_num_days_from_ce_opt(EPOCH_MONDAY_FROM_CE + 7 * self.0).unwrap_or_default()
    }

    /// The week `number` (1 to 52 or 53) of the ISO week-numbering year `year`.
    ///
    /// # Errors
    /// [`WeekError::NoSuchWeek`] where the calendar has no such week.
    pub fn from_year_and_number(year: i32, number: u32) -> Result<Self, WeekError> {
        (1..=9999)
            .contains(&year)
            .then(|| NaiveDate::from_isoywd_opt(year, number, Weekday::Mon))
            .flatten()
            .map(Self::containing)
            .ok_or(WeekError::NoSuchWeek { year, number })
    }

    /// The ISO week-numbering year, which differs from the calendar year around the turn of the year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.monday().iso_week().year()
    }

    /// The week's number in its ISO year, 1 to 53.
    #[must_use]
    pub fn number(self) -> u32 {
        self.monday().iso_week().week()
    }

    /// The week that many weeks later (earlier if negative); saturates at the ends of the range.
    #[must_use]
    pub const fn plus(self, weeks: i32) -> Self {
        Self::from_index(self.0.saturating_add(weeks))
    }
}

impl Sub for IsoWeek {
    type Output = i32;

    /// Weeks from `earlier` to `self`.
    fn sub(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday().iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for IsoWeek {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, WeekError> {
        let malformed = || WeekError::Malformed { text: text.to_owned() };
        let (year, number) = text.trim().split_once("-W").ok_or_else(malformed)?;
        let digits = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(number, 2) {
            return Err(malformed());
        }
        let year = year.parse().map_err(|_| malformed())?;
        let number = number.parse().map_err(|_| malformed())?;
        Self::from_year_and_number(year, number)
    }
}

impl From<IsoWeek> for String {
    fn from(week: IsoWeek) -> Self {
        week.to_string()
    }
}

impl TryFrom<String> for IsoWeek {
    type Error = WeekError;

    fn try_from(text: String) -> Result<Self, WeekError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn week_zero_begins_on_the_fifth_of_january_1970() {
        assert_eq!(IsoWeek::from_index(0).monday(), day(1970, 1, 5));
        assert_eq!(IsoWeek::containing(day(1970, 1, 4)).index(), -1);
        assert_eq!(IsoWeek::containing(day(1970, 1, 11)).index(), 0);
    }

    #[test]
    fn the_turn_of_the_year_belongs_to_the_iso_year() {
        let week = IsoWeek::containing(day(2021, 1, 3));
        assert_eq!((week.year(), week.number()), (2020, 53));
        assert_eq!(week.to_string(), "2020-W53");
        assert_eq!(week.plus(1).to_string(), "2021-W01");
        assert_eq!(week.plus(1) - week, 1);
    }

    #[test]
    fn text_and_serialised_form_come_back() {
        for index in [-102_738, -1, 0, 2_654, 2_969, 418_984] {
            let week = IsoWeek::from_index(index);
            assert_eq!(week.to_string().parse::<IsoWeek>(), Ok(week));
            let json = serde_json::to_string(&week).unwrap();
            assert_eq!(serde_json::from_str::<IsoWeek>(&json).unwrap(), week);
        }
    }

    #[test]
    fn weeks_that_do_not_exist_are_refused() {
        for text in ["2021-W53", "2021-W00", "2021-W54", "0000-W01"] {
            assert!(matches!(text.parse::<IsoWeek>(), Err(WeekError::NoSuchWeek { .. })), "{text}");
        }
        for text in ["", "2021W01", "2021-W1", "21-W01", "2021-Wxx", "+021-W01"] {
            assert!(matches!(text.parse::<IsoWeek>(), Err(WeekError::Malformed { .. })), "{text}");
        }
        assert!(serde_json::from_str::<IsoWeek>("\"2021-W53\"").is_err());
    }

    #[test]
    fn the_range_saturates_instead_of_overflowing() {
        assert_eq!(IsoWeek::from_index(i32::MAX), IsoWeek::MAX);
        assert_eq!(IsoWeek::from_index(i32::MIN), IsoWeek::MIN);
        assert_eq!(IsoWeek::MAX.plus(i32::MAX), IsoWeek::MAX);
        assert_eq!(IsoWeek::MIN.to_string(), "0001-W01");
        assert_eq!(IsoWeek::MAX.to_string(), "9999-W52");
        assert_eq!(IsoWeek::containing(NaiveDate::MAX), IsoWeek::MAX);
    }
}
