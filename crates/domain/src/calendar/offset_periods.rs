//! Converts between wall-clock time and UTC by the periods of constant offset of a time zone.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::OutOfCalendar;

/// Why a wall-clock time corresponds to no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// The clocks were put forward past this time.
    #[error("this local time is skipped by the change to summer time")]
    Skipped,
    /// Before 1970-01-05 or after 2100-01-03.
    #[error("outside of the calendar, which covers 1970-01-05 to 2100-01-03")]
    OutOfCalendar,
}

impl From<OutOfCalendar> for LocalTimeError {
    fn from(_: OutOfCalendar) -> Self {
        Self::OutOfCalendar
    }
}

/// A period of constant UTC offset. Its wall-clock range excludes what the previous period covers,
/// so that an ambiguous time belongs to the earlier period.
#[derive(Debug, Clone, Copy)]
pub(super) struct OffsetPeriod {
    utc_from: i64,
    pub(super) local_from: i64,
    pub(super) local_to: i64,
    /// Seconds east of Greenwich.
    pub(super) offset: i64,
}

/// All periods of a zone in chronological order.
#[derive(Debug, Clone)]
pub(super) struct OffsetPeriods(Vec<OffsetPeriod>);

const DAY_SECONDS: i64 = 86_400;

impl OffsetPeriods {
    /// Finds the offset changes between two instants (Unix seconds) by daily samples and bisection.
    pub(super) fn of(zone: Tz, from: i64, to: i64) -> Self {
        let mut changes = vec![(from, offset_at(zone, from))];
        let mut day = from;
        let mut offset = changes[0].1;
        while day < to {
            let next = day + DAY_SECONDS;
            let next_offset = offset_at(zone, next);
            if next_offset != offset {
                changes.push((change_between(zone, day, next), next_offset));
                offset = next_offset;
            }
            day = next;
        }
        let mut offset_periods: Vec<OffsetPeriod> = Vec::with_capacity(changes.len());
        for (index, &(utc_from, offset)) in changes.iter().enumerate() {
            let utc_to = changes.get(index + 1).map_or(day, |next| next.0);
            let covered = offset_periods.last().map_or(i64::MIN, |earlier| earlier.local_to);
            offset_periods.push(OffsetPeriod {
                utc_from,
                local_from: covered.max(utc_from + offset),
                local_to: covered.max(utc_to + offset),
                offset,
            });
        }
        Self(offset_periods)
    }

    /// The period of a wall-clock time.
    pub(super) fn around(&self, local: i64) -> Result<OffsetPeriod, LocalTimeError> {
        let after = self.0.partition_point(|period| period.local_from <= local);
        let period = after.checked_sub(1).and_then(|index| self.0.get(index));
        match period {
            Some(period) if local < period.local_to => Ok(*period),
            Some(_) if after < self.0.len() => Err(LocalTimeError::Skipped),
            _ => Err(LocalTimeError::OutOfCalendar),
        }
    }

    /// The first wall-clock time of an instant not before `utc`.
    pub(super) fn local_at(&self, utc: i64) -> i64 {
        let after = self.0.partition_point(|period| period.utc_from <= utc);
        let period = after.checked_sub(1).and_then(|index| self.0.get(index)).or(self.0.first());
        period.map_or(utc, |period| period.local_from.max(utc + period.offset))
    }

    /// The first instant whose wall-clock time is not before `local`.
    pub(super) fn utc_at_or_after(&self, local: i64) -> i64 {
        match self.around(local) {
            Ok(period) => local - period.offset,
            Err(_) => {
                let after = self.0.partition_point(|period| period.local_from <= local);
                self.0.get(after).map_or(local, |period| period.utc_from)
            }
        }
    }
}

/// The zone's offset at an instant, in seconds east of Greenwich.
fn offset_at(zone: Tz, second: i64) -> i64 {
    let instant = DateTime::from_timestamp(second, 0).unwrap_or_default().naive_utc();
    i64::from(zone.offset_from_utc_datetime(&instant).fix().local_minus_utc())
}

/// The first second whose offset differs from that at `low`.
fn change_between(zone: Tz, mut low: i64, mut high: i64) -> i64 {
    let before = offset_at(zone, low);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset_at(zone, middle) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
