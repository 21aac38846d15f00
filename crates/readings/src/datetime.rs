//! Parses dates with times: ISO 8601 with or without an offset, `T` or a space as separator.

use domain::calendar::Clock;

/// A time parsed from text, in whole seconds: a fraction doesn't change a reading's quarter-hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenTime {
    pub(crate) clock: Clock,
    /// Seconds since 1970-01-01 00:00 on this clock.
    pub(crate) second: i64,
}

/// Parses `YYYY-MM-DD[T| ]HH:MM[:SS[.fraction]]`, optionally followed by `Z`, `UTC` or an offset
/// `±HH[:MM]`, which may stand after a space. Without an offset the time is local. Second 60 (a
/// leap second) is the start of the next minute. None for any other text, including a date alone.
pub(crate) fn parse_time(text: &[u8]) -> Option<WrittenTime> {
    let text = text.trim_ascii();
    let (date, rest) = text.split_at_checked(10)?;
    let day = parse_date(date)?;
    let (separator, rest) = rest.split_first()?;
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (clock_time, mut rest) = rest.split_at_checked(5)?;
    let &[h1, h2, b':', m1, m2] = clock_time else { return None };
    let (hour, minute) = (two_digits(h1, h2)?, two_digits(m1, m2)?);
    let mut second = 0;
    if let [b':', s1, s2, after @ ..] = rest {
        second = two_digits(*s1, *s2)?;
        rest = after;
        if let [b'.' | b',', fraction @ ..] = rest {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            rest = &fraction[digits..];
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let wall = day * 86_400 + hour * 3600 + minute * 60 + second;
    let (clock, offset) = parse_offset(rest.trim_ascii_start())?;
    Some(WrittenTime { clock, second: wall - offset })
}

/// Days from 1970-01-01 to `YYYY-MM-DD`.
fn parse_date(text: &[u8]) -> Option<i64> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = two_digits(y1, y2)? * 100 + two_digits(y3, y4)?;
    let (month, day) = (two_digits(m1, m2)?, two_digits(d1, d2)?);
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
fn parse_offset(text: &[u8]) -> Option<(Clock, i64)> {
    match text {
        [] => Some((Clock::Local, 0)),
        b"Z" | b"z" | b"UTC" => Some((Clock::Utc, 0)),
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
fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> Option<i64> {
        parse_time(text.as_bytes()).filter(|time| time.clock == Clock::Utc).map(|time| time.second)
    }

    fn local(text: &str) -> Option<i64> {
        parse_time(text.as_bytes()).filter(|time| time.clock == Clock::Local).map(|time| time.second)
    }

    #[test]
    fn all_spellings_of_an_instant_parse_to_the_same_second() {
        for text in [
            "2021-01-03T23:45:00+01:00",
            "2021-01-03 23:45:00.000 +0100",
            "2021-01-03 23:45+01",
            "2021-01-03T22:45:00Z",
            "2021-01-03T22:45:00.123456789Z",
            "2021-01-03 22:45 UTC",
            "2021-01-03T17:15:00-05:30",
            " 2021-01-03T22:45z ",
        ] {
            assert_eq!(utc(text), Some(1_609_713_900), "{text}");
        }
        for text in ["2021-01-03 22:45", "2021-01-03T22:45:00", "2021-01-03 22:45:00,5"] {
            assert_eq!(local(text), Some(1_609_713_900), "{text}");
        }
    }

    #[test]
    fn other_text_is_not_a_time() {
        for text in [
            "",
            "2021-01-03",
            "2021-01-03 22",
            "2021-13-03 22:45",
            "2021-02-29 22:45",
            "2021-00-03 22:45",
            "2021-01-00 22:45",
            "2021-01-32 22:45",
            "2021-01-03 24:00",
            "2021-01-03 22:60",
            "2021-01-03 22:45:61",
            "2021-01-03 22:45:00.",
            "2021-01-03 22:45:0",
            "2021-01-03 22:45+1",
            "2021-01-03 22:45+24:00",
            "2021-01-03x22:45",
            "03-01-2021 22:45",
            "2021/01/03 22:45",
            "2021-01-03 22:45 CET",
            "1609713900",
            "\u{661}\u{662}\u{661}\u{662}\u{661}",
        ] {
            assert_eq!(parse_time(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn dates_agree_with_chrono(days in -719_000_i32..2_900_000) {
            let date = NaiveDate::from_epoch_days(days).unwrap();
            prop_assert_eq!(parse_date(date.format("%Y-%m-%d").to_string().as_bytes()), Some(i64::from(days)));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_time(&bytes);
        }
    }
}
