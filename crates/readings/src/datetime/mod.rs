//! Times of readings in text: ISO 8601 and what else denotes an instant without doubt, or a form
//! that was set.

mod civil;
mod iso;
mod pattern;
mod unusual;

use domain::calendar::Clock;

use crate::Reason;
use iso::parse_iso;
pub use pattern::{TimePattern, TimePatternError};
use unusual::parse_unusual;

/// A time parsed from text, in whole seconds: a fraction doesn't change a reading's quarter-hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenTime {
    pub(crate) clock: Clock,
    /// Seconds since 1970-01-01 00:00 on this clock.
    pub(crate) second: i64,
}

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeError {
    Unreadable,
    /// Day and month, or the century, could be something else.
    Ambiguous,
    /// `24:00`; the start of the next day.
    EndOfDay(WrittenTime),
}

/// Whether the time of a reading is the start or the end of its quarter-hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stamps {
    /// 00:00 to 23:45 on each day.
    Starts,
    /// 00:15 to 24:00, or to 00:00 of the next day.
    Ends,
}

/// Reads the times of one file.
#[derive(Debug)]
pub(crate) struct TimeReader<'a> {
    pattern: Option<&'a TimePattern>,
    stamps: Option<Stamps>,
    /// The first time of 24:00, where nothing was set that says what it means.
    end_of_day: Option<String>,
}

impl<'a> TimeReader<'a> {
    pub(crate) fn new(pattern: Option<&'a TimePattern>, stamps: Option<Stamps>) -> Self {
        Self { pattern, stamps, end_of_day: None }
    }

    /// Whether times are the ends of quarter-hours.
    pub(crate) fn are_ends(&self) -> bool {
        self.stamps == Some(Stamps::Ends)
    }

    /// The first time of 24:00, if nothing says whether times are starts or ends.
    #[inline]
    pub(crate) fn end_of_day(&self) -> Option<&str> {
        self.end_of_day.as_deref()
    }

    /// Parses a time as it is written.
    #[inline]
    pub(crate) fn parse(&mut self, text: &[u8]) -> Result<WrittenTime, Reason> {
        match self.pattern {
            None => match parse_iso(text) {
                Some(time) => Ok(time),
                None => self.judge(parse_unusual(text), text),
            },
            Some(pattern) => self.judge(pattern.parse(text), text),
        }
    }

    #[cold]
    fn judge(&mut self, read: Result<WrittenTime, TimeError>, text: &[u8]) -> Result<WrittenTime, Reason> {
        match read {
            Ok(time) => Ok(time),
            Err(TimeError::Unreadable) => Err(Reason::BadTime),
            Err(TimeError::Ambiguous) => Err(Reason::AmbiguousTime),
            Err(TimeError::EndOfDay(time)) => {
                if self.stamps.is_none() {
                    self.end_of_day.get_or_insert_with(|| String::from_utf8_lossy(text).into_owned());
                }
                Ok(time)
            }
        }
    }
}

/// The second that a time with a fraction belongs to: a hair short of a quarter-hour it is the
/// quarter-hour, as spreadsheets and binary fractions of days fall short of it.
#[inline]
pub(crate) fn whole_second(second: i64, has_fraction: bool) -> i64 {
    let is_short = has_fraction && (second + 1).rem_euclid(domain::calendar::QUARTER_SECONDS) == 0;
    second + i64::from(is_short)
}
