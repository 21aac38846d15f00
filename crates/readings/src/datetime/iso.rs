//! The usual form of times: ISO 8601 with or without an offset, `T` or a space as separator.

use super::civil::{parse_date, parse_offset, two_digits};
use super::{WrittenTime, whole_second};

/// Parses `YYYY-MM-DD[T| ]HH:MM[:SS[.fraction]]`, optionally followed by `Z`, `UTC`, `GMT` or an
/// offset `±HH[:MM]`, which may stand after a space. Without an offset the time is local. Second 60
/// (a leap second) is the start of the next minute. None for any other text.
pub(super) fn parse_iso(text: &[u8]) -> Option<WrittenTime> {
    let text = text.trim_ascii();
    let (date, rest) = text.split_at_checked(10)?;
    let day = parse_date(date)?;
    let (separator, rest) = rest.split_first()?;
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (hour, rest) = rest.split_at_checked(2)?;
    parse_behind_hour(day, two_digits(hour[0], hour[1])?, rest)
}

/// Parses `:MM[:SS[.fraction]]` and what may follow it.
pub(super) fn parse_behind_hour(day: i64, hour: i64, text: &[u8]) -> Option<WrittenTime> {
    let [b':', m1, m2, rest @ ..] = text else { return None };
    let minute = two_digits(*m1, *m2)?;
    let (mut second, mut rest, mut has_fraction) = (0, rest, false);
    if let [b':', s1, s2, after @ ..] = rest {
        second = two_digits(*s1, *s2)?;
        rest = after;
        if let [b'.' | b',', fraction @ ..] = rest {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            has_fraction = fraction[..digits].iter().any(|&digit| digit != b'0');
            rest = &fraction[digits..];
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let wall = whole_second(day * 86_400 + hour * 3600 + minute * 60 + second, has_fraction);
    let (clock, offset) = parse_offset(rest.trim_ascii_start())?;
    Some(WrittenTime { clock, second: wall - offset })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::calendar::Clock;
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> Option<i64> {
        parse_iso(text.as_bytes()).filter(|time| time.clock == Clock::Utc).map(|time| time.second)
    }

    fn local(text: &str) -> Option<i64> {
        parse_iso(text.as_bytes()).filter(|time| time.clock == Clock::Local).map(|time| time.second)
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
            "2021-01-03 22:45 GMT",
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
    fn a_hair_short_of_the_quarter_hour_is_the_quarter_hour() {
        for text in ["2021-01-03 22:44:59.997", "2021-01-03 22:44:59.000001", "2021-01-03T22:44:59,5"] {
            assert_eq!(local(text), Some(1_609_713_900), "{text}");
        }
        assert_eq!(utc("2021-01-03T23:59:59.9999999+01:00"), Some(1_609_714_800));
        for text in ["2021-01-03 22:44:59", "2021-01-03 22:44:59.000"] {
            assert_eq!(local(text), Some(1_609_713_899), "{text}: a whole second short");
        }
        assert_eq!(local("2021-01-03 22:43:59.999"), Some(1_609_713_839));
    }

    #[test]
    fn other_text_is_not_a_usual_time() {
        for text in [
            "",
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
            "2021-01-03 22:45 CET",
            "1609713900",
            "\u{661}\u{662}\u{661}\u{662}\u{661}",
        ] {
            assert_eq!(parse_iso(text.as_bytes()), None, "{text}");
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
            let _ = parse_iso(&bytes);
        }
    }
}
