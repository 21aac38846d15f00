//! The weeks of local time as instants, computed once per time zone.
//!
//! Every engine that aggregates readings compares instants with these week starts and needs no
//! time-zone rules of its own.

mod offset_periods;
mod running;
mod since;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use model::IsoWeek;

pub use offset_periods::LocalTimeError;
use offset_periods::OffsetPeriods;
pub use running::running_week;
pub use since::Since;

/// Length of one reading's interval in seconds.
pub const QUARTER_SECONDS: i64 = 900;
/// How far the clock of a measuring box may run ahead; later readings are refused.
pub const MAX_CLOCK_LEAD: TimeDelta = TimeDelta::days(1);
/// Number of weeks in the calendar: indices 0 (Monday 1970-01-05) up to this one, exclusive
/// (2100-01-04).
const WEEKS: i32 = 6783;
const WEEK_SECONDS: i64 = 7 * 86_400;
/// Seconds from 1970-01-01 to Monday 1970-01-05.
const FIRST_MONDAY: i64 = 4 * 86_400;

/// An instant or week lies outside of the calendar (1970-01-05 to 2100-01-03 in local time).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("outside of the calendar, which covers 1970-01-05 to 2100-01-03")]
pub struct OutOfCalendar;

/// The ISO weeks of one time zone: the instant at which each starts and its number of
/// quarter-hours.
///
/// A week runs from local Monday 00:00 to the next. It has 672 quarter-hours, 668 when summer time
/// begins and 676 when it ends (in zones that change by one hour).
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Tz,
    /// Unix seconds of local Monday 00:00 for the weeks 0..=WEEKS.
    starts: Vec<i64>,
    offset_periods: OffsetPeriods,
}

/// Which clock a count of seconds was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Unix seconds.
    Utc,
    /// Seconds since 1970-01-01 00:00 on the wall clock of the calendar's zone.
    Local,
}

/// A part of one week, on one clock, with a constant offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which clock.
    pub clock: Clock,
    /// First second of the span, on its clock.
    pub low: i64,
    /// First second after the span, on its clock.
    pub high: i64,
    /// Start of the week's first quarter-hour, on the span's clock.
    pub origin: i64,
    /// Seconds to subtract from the clock to get Unix seconds.
    pub offset: i64,
    /// The week.
    pub week: IsoWeek,
}

impl Calendar {
    /// Computes the week starts of `zone`, which takes a few milliseconds.
    pub fn new(zone: Tz) -> Self {
        let end = FIRST_MONDAY + i64::from(WEEKS) * WEEK_SECONDS;
        let offset_periods = OffsetPeriods::of(zone, FIRST_MONDAY - WEEK_SECONDS, end + WEEK_SECONDS);
        let starts = (0..=WEEKS)
            .map(|index| offset_periods.utc_at_or_after(FIRST_MONDAY + i64::from(index) * WEEK_SECONDS))
            .collect();
        Self { zone, starts, offset_periods }
    }

    /// The time zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The week that an instant falls into.
    ///
    /// # Errors
    /// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
    pub fn week_of(&self, instant: DateTime<Utc>) -> Result<IsoWeek, OutOfCalendar> {
        self.week_at(instant.timestamp()).map(IsoWeek::from_index)
    }

    /// The instant of local Monday 00:00 at which a week starts, or the instant of the clock change
    /// if that wall-clock time is skipped.
    ///
    /// # Errors
    /// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
    pub fn start_of(&self, week: IsoWeek) -> Result<DateTime<Utc>, OutOfCalendar> {
        let start = usize::try_from(week.index()).ok().and_then(|index| self.starts.get(index));
        start.and_then(|&second| DateTime::from_timestamp(second, 0)).ok_or(OutOfCalendar)
    }

    /// The starts of the weeks from `first` to `last` and the end of `last`, in Unix seconds.
    ///
    /// # Errors
    /// [`OutOfCalendar`] if one of them lies outside of 1970-01-05 to 2100-01-03.
    pub fn starts_between(&self, first: IsoWeek, last: IsoWeek) -> Result<&[i64], OutOfCalendar> {
        let place = |index: i32| usize::try_from(index).map_err(|_| OutOfCalendar);
        self.starts.get(place(first.index())?..place(last.index())? + 2).ok_or(OutOfCalendar)
    }

    /// The first instant after the last week of the calendar.
    pub fn end(&self) -> DateTime<Utc> {
        let end = self.starts.last().and_then(|&second| DateTime::from_timestamp(second, 0));
        end.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Number of quarter-hours of a complete week: 672, or 668 and 676 when summer time begins and
    /// ends.
    ///
    /// # Errors
    /// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
    pub fn quarters_in(&self, week: IsoWeek) -> Result<u16, OutOfCalendar> {
        let (start, end) = (self.start_of(week)?, self.start_of(week.plus(1))?);
        let quarters = (end - start).num_seconds() / QUARTER_SECONDS;
        u16::try_from(quarters).map_err(|_| OutOfCalendar)
    }

    /// Week and quarter-hour (0 = Monday 00:00 to 00:15) that an instant falls into.
    ///
    /// # Errors
    /// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
    pub fn quarter_of(&self, instant: DateTime<Utc>) -> Result<(IsoWeek, u16), OutOfCalendar> {
        let second = instant.timestamp();
        let span = self.utc_span(second)?;
        let quarter = (second - span.origin) / QUARTER_SECONDS;
        u16::try_from(quarter).map(|quarter| (span.week, quarter)).map_err(|_| OutOfCalendar)
    }

    /// The instant of a wall-clock time without a zone.
    ///
    /// An ambiguous time (the hour repeated at the end of summer time) is the earlier of the two:
    /// without an offset the second pass can't be distinguished from a repeated row, and the result
    /// must not depend on the order of rows. A skipped time (when summer time begins) is refused:
    /// no meter on the wall clock writes it.
    ///
    /// # Errors
    /// [`LocalTimeError`] if the time is skipped or outside of the calendar.
    pub fn instant_of_local(&self, local: NaiveDateTime) -> Result<DateTime<Utc>, LocalTimeError> {
        let second = local.and_utc().timestamp();
        let span = self.local_span(second)?;
        let nanoseconds = local.and_utc().timestamp_subsec_nanos();
        DateTime::from_timestamp(second - span.offset, nanoseconds).ok_or(LocalTimeError::OutOfCalendar)
    }

    /// The span around an instant in Unix seconds: its whole week.
    ///
    /// # Errors
    /// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
    pub fn utc_span(&self, second: i64) -> Result<Span, OutOfCalendar> {
        let index = self.week_at(second)?;
        let (low, high) = self.bounds(index)?;
        Ok(Span { clock: Clock::Utc, low, high, origin: low, offset: 0, week: IsoWeek::from_index(index) })
    }

    /// The span around a wall-clock time in seconds: its week, or the part of it up to a clock
    /// change.
    ///
    /// # Errors
    /// [`LocalTimeError`] where the time is skipped or outside of the calendar.
    pub fn local_span(&self, second: i64) -> Result<Span, LocalTimeError> {
        let period = self.offset_periods.around(second)?;
        let index = self.week_at(second - period.offset)?;
        let (start, end) = self.bounds(index)?;
        Ok(Span {
            clock: Clock::Local,
            low: period.local_from.max(start + period.offset),
            high: period.local_to.min(end + period.offset),
            origin: start + period.offset,
            offset: period.offset,
            week: IsoWeek::from_index(index),
        })
    }

    fn week_at(&self, second: i64) -> Result<i32, OutOfCalendar> {
        let after = self.starts.partition_point(|&start| start <= second);
        if after == 0 || after == self.starts.len() {
            return Err(OutOfCalendar);
        }
        i32::try_from(after - 1).map_err(|_| OutOfCalendar)
    }

    fn bounds(&self, index: i32) -> Result<(i64, i64), OutOfCalendar> {
        let index = usize::try_from(index).map_err(|_| OutOfCalendar)?;
        match self.starts.get(index..index + 2) {
            Some(&[low, high]) => Ok((low, high)),
            _ => Err(OutOfCalendar),
        }
    }
}

#[cfg(test)]
mod tests;
