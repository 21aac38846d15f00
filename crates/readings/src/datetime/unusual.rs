//! Other forms of times that leave no doubt, and forms that do.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use domain::calendar::Clock;

use super::civil::{days_to, parse_date, parse_offset};
use super::iso::{parse_behind_hour, parse_iso};
use super::{TimeError, WrittenTime};

const DAY_SECONDS: i64 = 86_400;

/// Parses what isn't of the usual form:
/// - a date alone, which is its midnight,
/// - the year first with other separators (`2021/1/3`, `2021.01.03`), hours without a leading zero,
/// - ISO 8601's basic form `20210103T2245[SS]`,
/// - a time zone's name in brackets behind an offset it agrees with (RFC 9557).
///
/// # Errors
/// [`TimeError::Ambiguous`] where the year comes last, [`TimeError::EndOfDay`] for 24:00.
pub(super) fn parse_unusual(text: &[u8]) -> Result<WrittenTime, TimeError> {
    let text = text.trim_ascii();
    if let Some(zoned) = text.strip_suffix(b"]") {
        return parse_zoned(zoned).unwrap_or(Err(TimeError::Unreadable));
    }
    if let Some(time) = parse_basic(text) {
        return time;
    }
    match parse_date_prefix(text) {
        Some((day, rest)) => parse_time_of_day(day, rest),
        None if has_year_last(text) => Err(TimeError::Ambiguous),
        None => Err(TimeError::Unreadable),
    }
}

/// A date with the year first and the same separator twice, and what follows it.
fn parse_date_prefix(text: &[u8]) -> Option<(i64, &[u8])> {
    let (year, rest) = number(text, 4, 4)?;
    let (&separator, rest) = rest.split_first().filter(|(byte, _)| matches!(byte, b'-' | b'/' | b'.'))?;
    let (month, rest) = number(rest, 1, 2)?;
    let (day, rest) = number(rest.strip_prefix(&[separator])?, 1, 2)?;
    Some((days_to(year, month, day)?, rest))
}

fn parse_time_of_day(day: i64, text: &[u8]) -> Result<WrittenTime, TimeError> {
    let midnight = day * DAY_SECONDS;
    if text.is_empty() {
        return Ok(WrittenTime { clock: Clock::Local, second: midnight });
    }
    let time = text.split_first().filter(|(separator, _)| matches!(separator, b'T' | b't' | b' '));
    let time = time.and_then(|(_, time)| {
        let (hour, rest) = number(time.trim_ascii_start(), 1, 2)?;
        match hour {
            24 => {
                let next_day = parse_behind_hour(day + 1, 0, rest)?;
                // Only 24:00 itself is there.
                let (_, offset) = parse_offset(offset_of(rest)).unwrap_or((Clock::Local, 0));
                (next_day.second + offset == midnight + DAY_SECONDS).then_some(Err(next_day))
            }
            _ => parse_behind_hour(day, hour, rest).map(Ok),
        }
    });
    match time {
        Some(Ok(time)) => Ok(time),
        Some(Err(next_day)) => Err(TimeError::EndOfDay(next_day)),
        None => Err(TimeError::Unreadable),
    }
}

/// What follows digits, colons and fractions.
fn offset_of(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit() || b":.,".contains(byte)).count();
    text[digits..].trim_ascii_start()
}

/// `20210103T2245[SS]` with `Z` or an offset, or local; None if it isn't of this form.
fn parse_basic(text: &[u8]) -> Option<Result<WrittenTime, TimeError>> {
    let (date, rest) = text.split_at_checked(8)?;
    let [y1, y2, y3, y4, m1, m2, d1, d2] = date else { return None };
    let day = parse_date(&[*y1, *y2, *y3, *y4, b'-', *m1, *m2, b'-', *d1, *d2])?;
    let rest = rest.strip_prefix(b"T")?;
    let (hour, rest) = rest.split_at_checked(2)?;
    let extended = match rest {
        [m1, m2, s1, s2, rest @ ..] if s1.is_ascii_digit() => {
            [b"T", hour, &[b':', *m1, *m2, b':', *s1, *s2], rest].concat()
        }
        [m1, m2, rest @ ..] => [b"T", hour, &[b':', *m1, *m2], rest].concat(),
        _ => return None,
    };
    Some(parse_time_of_day(day, &extended))
}

/// A time with an offset and, in brackets, the name of a zone that has this offset then. Further
/// brackets may hold what needn't be understood.
fn parse_zoned(text: &[u8]) -> Option<Result<WrittenTime, TimeError>> {
    let text = std::str::from_utf8(text).ok()?;
    let (written, suffixes) = text.split_once('[')?;
    let end_of_day = || {
        let (day, rest) = parse_date_prefix(written.as_bytes())?;
        match parse_time_of_day(day, rest) {
            Err(TimeError::EndOfDay(next_day)) => Some((next_day, true)),
            _ => None,
        }
    };
    let read = parse_iso(written.as_bytes()).map(|time| (time, false)).or_else(end_of_day);
    let (time, is_end_of_day) = read.filter(|(time, _)| time.clock == Clock::Utc)?;
    for suffix in suffixes.split("][") {
        let (is_critical, name) = match suffix.strip_prefix('!') {
            Some(name) => (true, name),
            None => (false, suffix),
        };
        let agrees = match name.contains('=') {
            true => !is_critical,
            false => zone_agrees(name, written, time.second)?,
        };
        if !agrees {
            return None;
        }
    }
    Some(if is_end_of_day { Err(TimeError::EndOfDay(time)) } else { Ok(time) })
}

/// Whether a zone has the written offset at this second; None if it is unknown.
fn zone_agrees(name: &str, written: &str, second: i64) -> Option<bool> {
    let behind_date = written.get(10..)?;
    let offset = behind_date.rfind(['+', '-']).map(|start| &behind_date[start..]);
    let Some(offset) = offset.filter(|offset| !offset.starts_with("-00")) else {
        // Z says the instant and nothing of the zone's offset.
        return name.parse::<Tz>().ok().map(|_| true).or_else(|| parse_offset(name.as_bytes()).map(|_| true));
    };
    let (_, offset) = parse_offset(offset.trim().as_bytes())?;
    if let Some((Clock::Utc, named)) = parse_offset(name.as_bytes()) {
        return Some(named == offset);
    }
    let zone: Tz = name.parse().ok()?;
    let instant = DateTime::from_timestamp(second, 0)?.naive_utc();
    Some(i64::from(zone.offset_from_utc_datetime(&instant).fix().local_minus_utc()) == offset)
}

/// Whether a text begins like a date whose year comes last, or has two digits.
fn has_year_last(text: &[u8]) -> bool {
    let is_date = || {
        let (_, rest) = number(text, 1, 2)?;
        let (&separator, rest) = rest.split_first().filter(|(byte, _)| matches!(byte, b'-' | b'/' | b'.'))?;
        let (_, rest) = number(rest, 1, 2)?;
        number(rest.strip_prefix(&[separator])?, 2, 4).map(|_| ())
    };
    is_date().is_some()
}

/// A number of so many digits at the start of a text, and the rest.
fn number(text: &[u8], least_digits: usize, most_digits: usize) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(least_digits..=most_digits).contains(&digits) {
        return None;
    }
    let (digits, rest) = text.split_at(digits);
    Some((digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_609_713_900; // 2021-01-03 22:45 UTC

    fn parse(text: &str) -> Result<WrittenTime, TimeError> {
        parse_unusual(text.as_bytes())
    }

    #[test]
    fn forms_without_doubt_are_read() {
        for (text, clock) in [
            ("2021/01/03 22:45", Clock::Local),
            ("2021-1-3 22:45:00", Clock::Local),
            ("2021.01.03T22:45Z", Clock::Utc),
            ("20210103T2245", Clock::Local),
            ("20210103T224500Z", Clock::Utc),
            ("20210103T234500.000+0100", Clock::Utc),
            ("2021-01-03T23:45:00+01:00[Europe/Amsterdam]", Clock::Utc),
            ("2021-01-03T23:45:00+01:00[!Europe/Amsterdam][u-ca=iso8601]", Clock::Utc),
            ("2021-01-03T23:45:00+01:00[+01:00]", Clock::Utc),
            ("2021-01-03T22:45:00Z[Europe/Amsterdam]", Clock::Utc),
        ] {
            assert_eq!(parse(text), Ok(WrittenTime { clock, second: SECOND }), "{text}");
        }
        let midnight = WrittenTime { clock: Clock::Local, second: SECOND - 81_900 };
        for text in ["2021-01-03", " 2021/1/3 ", "2021-01-03 0:00", "2021-1-3T0:00:00"] {
            assert_eq!(parse(text), Ok(midnight), "{text}");
        }
    }

    #[test]
    fn doubtful_and_other_forms_are_refused_by_name() {
        for text in ["03-01-2021 22:45", "1/3/2021", "3.1.2021 22:45", "03/01/21 22:45", "31-12-2021 0:00"] {
            assert_eq!(parse(text), Err(TimeError::Ambiguous), "{text}");
        }
        for text in [
            "",
            "1609713900",
            "20210103",
            "20210103224500",
            "2021-02-30",
            "2021-01/03",
            "2021-01-03 24:15",
            "2021-01-03 25:00",
            "2021-01-03 22:45 CET",
            "2021-01-03T23:45:00+02:00[Europe/Amsterdam]",
            "2021-01-03T23:45:00+01:00[Europe/Nowhere]",
            "2021-01-03T23:45:00+01:00[!x=y]",
            "2021-01-03T23:45:00[Europe/Amsterdam]",
            "2021-01-03T23:45:00+01:00[",
            "]",
        ] {
            assert_eq!(parse(text), Err(TimeError::Unreadable), "{text}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_told_apart() {
        for (text, clock, second) in [
            ("2021-01-03 24:00", Clock::Local, SECOND + 4500),
            ("2021-01-03T24:00:00+01:00", Clock::Utc, SECOND + 900),
            ("2021-01-03T24:00:00+01:00[Europe/Amsterdam]", Clock::Utc, SECOND + 900),
            ("2021-01-03T24:00:00+00:00[UTC]", Clock::Utc, SECOND + 4500),
            ("2021-12-31 24:00", Clock::Local, 1_640_995_200),
            ("20211231T2400", Clock::Local, 1_640_995_200),
            ("20211231T240000", Clock::Local, 1_640_995_200),
        ] {
            assert_eq!(parse(text), Err(TimeError::EndOfDay(WrittenTime { clock, second })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9TZ:+/. \\[\\]a-z-]{0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_unusual(&bytes);
        }
    }
}
