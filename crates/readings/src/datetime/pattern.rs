//! A form of times that was set.

use chrono::format::{Fixed, Item, Numeric, Parsed, StrftimeItems, parse};
use chrono::{DateTime, NaiveTime, Timelike};
use domain::calendar::Clock;
use serde::{Deserialize, Serialize};

use super::{TimeError, WrittenTime, whole_second};

/// An instant that a form must be able to write and read back: 2026-11-16 13:45 UTC.
const SAMPLE_SECOND: i64 = 1_794_836_700;

/// The form of times in text, in the notation of strftime: `%d-%m-%Y %H:%M`.
///
/// `%z` reads an offset and `%s` Unix seconds; without them a time is local. A date alone is its
/// midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimePattern {
    written: String,
    items: Vec<Item<'static>>,
    /// The part that is a date, where the time of day follows it and there is no offset.
    date_items: Option<Vec<Item<'static>>>,
    /// Whether its text names universal time.
    is_utc: bool,
}

/// A pattern that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimePatternError {
    /// It doesn't denote an instant.
    #[error(
        "{0:?} doesn't tell the day, hour and minute of a time; write it as strftime does, such as \
         \"%d-%m-%Y %H:%M\""
    )]
    NoInstant(String),
    /// It passes over an offset or the name of a zone without reading it.
    #[error(
        "{0:?} passes over the zone of a time; write %z for an offset such as +0100, or Z where it is UTC"
    )]
    UnreadZone(String),
}

impl TryFrom<String> for TimePattern {
    type Error = TimePatternError;

    fn try_from(written: String) -> Result<Self, TimePatternError> {
        let Ok(items) = StrftimeItems::new(&written).parse_to_owned() else {
            return Err(TimePatternError::NoInstant(written));
        };
        let is_utc = match zone_in_text(&items) {
            ZoneInText::None => false,
            ZoneInText::Utc => true,
            ZoneInText::Other => return Err(TimePatternError::UnreadZone(written)),
        };
        let pattern = Self { date_items: date_items(&items).filter(|_| !is_utc), items, written, is_utc };
        let sample = DateTime::from_timestamp(SAMPLE_SECOND, 0).unwrap_or_default();
        let mut text = String::new();
        use std::fmt::Write as _;
        let is_written = write!(text, "{}", sample.format_with_items(pattern.items.iter())).is_ok();
        match pattern.parse(text.as_bytes()) {
            Ok(read) if is_written && read.second == SAMPLE_SECOND => Ok(pattern),
            _ => Err(TimePatternError::NoInstant(pattern.written)),
        }
    }
}

impl std::str::FromStr for TimePattern {
    type Err = TimePatternError;

    fn from_str(text: &str) -> Result<Self, TimePatternError> {
        Self::try_from(text.to_owned())
    }
}

impl From<TimePattern> for String {
    fn from(pattern: TimePattern) -> Self {
        pattern.written
    }
}

impl TimePattern {
    pub(super) fn parse(&self, text: &[u8]) -> Result<WrittenTime, TimeError> {
        let text = std::str::from_utf8(text).map_err(|_| TimeError::Unreadable)?.trim();
        if let Some(time) = self.read(text, &self.items) {
            return Ok(time);
        }
        // 24:00 however it is written: with an hour of 0 instead it is a midnight.
        for (place, hour) in text.rmatch_indices("24") {
            let start = format!("{}00{}", &text[..place], &text[place + hour.len()..]);
            if let Some(start) = self.read(&start, &self.items).filter(|_| self.is_midnight(&start)) {
                let second = start.second + 86_400;
                return Err(TimeError::EndOfDay(WrittenTime { second, ..start }));
            }
        }
        let date = self.date_items.as_deref().and_then(|items| self.read(text, items));
        date.ok_or(TimeError::Unreadable)
    }

    fn read(&self, text: &str, items: &[Item<'static>]) -> Option<WrittenTime> {
        let time = read(text, items)?;
        Some(if self.is_utc { WrittenTime { clock: Clock::Utc, ..time } } else { time })
    }

    /// Whether a text that can be read has 00:00 for the time of day.
    fn is_midnight(&self, text: &str) -> bool {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, self.items.iter()).is_ok()
            && parsed.to_naive_time().is_ok_and(|time| time == NaiveTime::MIN)
    }
}

/// A zone that a pattern has as plain text.
enum ZoneInText {
    None,
    Utc,
    Other,
}

fn zone_in_text(items: &[Item<'static>]) -> ZoneInText {
    let is_read = |item: &Item<'_>| is_offset(item) || matches!(item, Item::Numeric(Numeric::Timestamp, _));
    if items.iter().any(|item| matches!(item, Item::Fixed(Fixed::TimezoneName))) {
        return ZoneInText::Other;
    }
    if items.iter().any(is_read) {
        return ZoneInText::None;
    }
    let mut zone = ZoneInText::None;
    for item in items {
        let text = match item {
            Item::Literal(text) | Item::Space(text) => *text,
            Item::OwnedLiteral(text) | Item::OwnedSpace(text) => text,
            _ => continue,
        };
        let digit_behind = |place: usize| text[place + 1..].starts_with(|it: char| it.is_ascii_digit());
        if text.match_indices(['+', '-']).any(|(place, _)| digit_behind(place)) {
            return ZoneInText::Other;
        }
        let text = text.trim().to_ascii_uppercase();
        if text == "Z" || text.contains("UTC") || text.contains("GMT") {
            zone = ZoneInText::Utc;
        }
    }
    zone
}

/// Whether an item reads an offset from universal time.
fn is_offset(item: &Item<'_>) -> bool {
    matches!(
        item,
        Item::Fixed(
            Fixed::TimezoneOffset
                | Fixed::TimezoneOffsetColon
                | Fixed::TimezoneOffsetZ
                | Fixed::TimezoneOffsetColonZ
                | Fixed::RFC2822
                | Fixed::RFC3339
        )
    )
}

fn read(text: &str, items: &[Item<'static>]) -> Option<WrittenTime> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items.iter()).ok()?;
    let is_instant = parsed.offset().is_some() || parsed.timestamp().is_some();
    let offset = parsed.offset().unwrap_or(0);
    let local = match parsed.to_naive_datetime_with_offset(offset) {
        Ok(local) => local,
        // A pattern without a time of day.
        Err(_) if parsed.hour_mod_12().is_none() && parsed.hour_div_12().is_none() => {
            parsed.to_naive_date().ok()?.and_time(NaiveTime::MIN)
        }
        Err(_) => return None,
    };
    let wall = whole_second(local.and_utc().timestamp(), local.nanosecond() % 1_000_000_000 > 0);
    let clock = if is_instant { Clock::Utc } else { Clock::Local };
    Some(WrittenTime { clock, second: wall - i64::from(offset) })
}

/// The items before the time of day.
fn date_items(items: &[Item<'static>]) -> Option<Vec<Item<'static>>> {
    let tells_time = |item: &Item<'_>| match item {
        Item::Numeric(number, _) => matches!(
            number,
            Numeric::Hour | Numeric::Hour12 | Numeric::Minute | Numeric::Second | Numeric::Timestamp
        ),
        Item::Fixed(fixed) => !matches!(
            fixed,
            Fixed::ShortMonthName | Fixed::LongMonthName | Fixed::ShortWeekdayName | Fixed::LongWeekdayName
        ),
        _ => false,
    };
    if items.iter().any(is_offset) {
        return None;
    }
    let end = items.iter().position(tells_time)?;
    let is_date = |item: &Item<'_>| matches!(item, Item::Numeric(..) | Item::Fixed(_));
    let length = items[..end].iter().rposition(is_date)? + 1;
    Some(items[..length].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(pattern: &str, text: &str) -> Result<i64, TimeError> {
        let pattern: TimePattern = pattern.parse().unwrap();
        pattern.parse(text.as_bytes()).map(|time| {
            assert_eq!(time.clock, Clock::Local);
            time.second
        })
    }

    #[test]
    fn a_form_that_was_set_reads_its_times() {
        let dutch = "%d-%m-%Y %H:%M";
        for text in ["16-11-2026 13:45", "16-11-2026  13:45 "] {
            assert_eq!(local(dutch, text), Ok(SAMPLE_SECOND), "{text}");
        }
        assert_eq!(local(dutch, "16-11-2026 0:15"), Ok(SAMPLE_SECOND - 48_600));
        assert_eq!(local(dutch, "16-11-2026"), Ok(SAMPLE_SECOND - 49_500), "a date alone");
        assert_eq!(local("%m/%d/%Y %I:%M:%S %p", "11/16/2026 1:45:00 PM"), Ok(SAMPLE_SECOND));
        assert_eq!(local("%d-%m-%Y %H:%M:%S%.f", "16-11-2026 13:44:59.997"), Ok(SAMPLE_SECOND));
        for text in ["2026-11-16 13:45", "11/16/2026 13:45", "16-13-2026 13:45", "16-11-2026 13", "", "x"] {
            assert_eq!(local(dutch, text), Err(TimeError::Unreadable), "{text}");
        }
        let midnight = WrittenTime { clock: Clock::Local, second: SAMPLE_SECOND - 49_500 + 86_400 };
        assert_eq!(local(dutch, "16-11-2026 24:00"), Err(TimeError::EndOfDay(midnight)));
        assert_eq!(local("%Y%m%d%H%M", "202611162400"), Err(TimeError::EndOfDay(midnight)));
        assert_eq!(local("%d.%m.%Y %H.%M", "16.11.2026 24.00"), Err(TimeError::EndOfDay(midnight)));
        for text in ["16-11-2026 24:15", "24-13-2026 00:00", "31-02-2024 00:00"] {
            assert_eq!(local(dutch, text), Err(TimeError::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_zone_in_plain_text_is_utc_or_refused() {
        for (pattern, text) in
            [("%d-%m-%Y %H:%MZ", "16-11-2026 13:45Z"), ("%d-%m-%Y %H:%M UTC", "16-11-2026 13:45 UTC")]
        {
            let pattern: TimePattern = pattern.parse().unwrap();
            let expected = WrittenTime { clock: Clock::Utc, second: SAMPLE_SECOND };
            assert_eq!(pattern.parse(text.as_bytes()), Ok(expected), "{text}");
        }
        for pattern in ["%Y-%m-%dT%H:%M+00:00", "%Y-%m-%d %H:%M -05", "%Y-%m-%d %H:%M %Z"] {
            let error = pattern.parse::<TimePattern>().unwrap_err();
            assert_eq!(error, TimePatternError::UnreadZone(pattern.to_owned()));
        }
    }

    #[test]
    fn offsets_and_unix_seconds_are_instants() {
        for (pattern, text) in [("%d/%m/%Y %H:%M %z", "16/11/2026 14:45 +0100"), ("%s", "1794836700")] {
            let pattern: TimePattern = pattern.parse().unwrap();
            let expected = WrittenTime { clock: Clock::Utc, second: SAMPLE_SECOND };
            assert_eq!(pattern.parse(text.as_bytes()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_form_must_tell_an_instant() {
        for pattern in ["", "%d-%m-%Y", "%H:%M", "%d-%m %H:%M", "%Q", "%d-%m-%Y %I:%M", "d-m-y"] {
            assert!(pattern.parse::<TimePattern>().is_err(), "{pattern}");
        }
    }
}
