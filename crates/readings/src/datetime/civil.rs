//! Dates and times of day as seconds, by the rules of the Gregorian calendar.

use domain::calendar::Clock;

/// Days from 1970-01-01 to `YYYY-MM-DD`.
pub(super) fn parse_date(text: &[u8]) -> Option<i64> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = two_digits(y1, y2)? * 100 + two_digits(y3, y4)?;
    days_to(year, two_digits(m1, m2)?, two_digits(d1, d2)?)
}

/// Days from 1970-01-01 to a day; None if there is no such day.
#[inline]
pub(super) fn days_to(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    if day < 1 || day > length {
        return None;
    }
    // With years starting in March the leap day comes last, and the days before month m are
    // (153 m + 2) / 5, rounded down.
    let (from_march, march_year) = if month > 2 { (month - 3, year) } else { (month + 9, year - 1) };
    let leap_days = march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    let days_to_1970 = 719_469; // from 0000-03-01 (day 1) to 1970-01-01
    Some(march_year * 365 + leap_days + (153 * from_march + 2) / 5 + day - days_to_1970)
}

/// Parses an offset in seconds east of Greenwich; an empty text means local time.
pub(super) fn parse_offset(text: &[u8]) -> Option<(Clock, i64)> {
    match text {
        [] => Some((Clock::Local, 0)),
        b"Z" | b"z" | b"UTC" | b"GMT" => Some((Clock::Utc, 0)),
        [sign @ (b'+' | b'-'), h1, h2, minutes @ ..] => {
            let minutes = match minutes {
                [] => 0,
                [b':', m1, m2] | [m1, m2] => two_digits(*m1, *m2)?,
                _ => return None,
            };
            let hours = two_digits(*h1, *h2)?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            Some((Clock::Utc, if *sign == b'-' { -seconds } else { seconds }))
        }
        _ => None,
    }
}

#[inline]
pub(super) fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}
