//! Public holidays and holiday periods of the Netherlands.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whether a date is a public holiday on which most businesses are closed.
pub(crate) fn public_holiday(date: NaiveDate) -> bool {
    let fixed = matches!((date.month(), date.day()), (1, 1) | (12, 25) | (12, 26));
    let liberation = date.month() == 5 && date.day() == 5 && date.year() % 5 == 0;
    let since_easter = easter_sunday(date.year()).map(|easter| (date - easter).num_days());
    // Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
    let moving = matches!(since_easter, Some(0 | 1 | 39 | 49 | 50));
    fixed || liberation || moving || kings_day(date)
}

/// King's Day on 27 April since 2014, Queen's Day on 30 April before; a day earlier if on a Sunday.
fn kings_day(date: NaiveDate) -> bool {
    let day = if date.year() >= 2014 { 27 } else { 30 };
    let eve = date.day() + 1 == day && date.weekday() == Weekday::Sat;
    date.month() == 4 && (eve || (date.day() == day && date.weekday() != Weekday::Sun))
}

/// Whether offices and factories are mostly closed: around Christmas, and in the builders' holiday
/// of the south and east, three weeks from the last Monday of July.
pub(crate) fn holiday_period(date: NaiveDate) -> bool {
    let christmas = (date.month() == 12 && date.day() >= 24) || (date.month() == 1 && date.day() <= 2);
    let last_of_july = NaiveDate::from_ymd_opt(date.year(), 7, 31);
    let summer = last_of_july.is_some_and(|last| {
        let monday = last - Days::new(u64::from(last.weekday().num_days_from_monday()));
        (0..21).contains(&(date - monday).num_days())
    });
    christmas || summer
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus,
/// chapter 8).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let (leap_centuries, century_rest) = (century / 4, century % 4);
    let moon_shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30;
    let (leaps, leap_rest) = (rest / 4, rest % 4);
    let to_sunday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest) % 7;
    let correction = (golden + 11 * epact + 22 * to_sunday) / 451;
    let day = epact + to_sunday - 7 * correction + 114;
    NaiveDate::from_ymd_opt(year, (day / 31) as u32, (day % 31 + 1) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn easter_sundays_are_the_known_ones() {
        for (year, month, day) in [(2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2025, 4, 20), (2038, 4, 25)]
        {
            assert_eq!(easter_sunday(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn kings_day_avoids_sunday() {
        assert!(public_holiday(date(2024, 4, 27)));
        assert!(public_holiday(date(2025, 4, 26)));
        assert!(!public_holiday(date(2025, 4, 28)));
    }

    #[test]
    fn the_builders_holiday_begins_on_the_last_monday_of_july() {
        assert!(!holiday_period(date(2024, 7, 28)));
        assert!(holiday_period(date(2024, 7, 29)));
        assert!(holiday_period(date(2024, 8, 18)));
        assert!(!holiday_period(date(2024, 8, 19)));
    }
}
