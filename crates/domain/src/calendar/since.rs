//! The instant before which readings are excluded, on both clocks.

use chrono::{DateTime, Utc};

use super::{Calendar, Clock};

/// The first included second on each clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// In Unix seconds.
    pub utc: i64,
    local: i64,
}

impl Calendar {
    /// An instant, to the second, as the first included one.
    pub fn since(&self, instant: DateTime<Utc>) -> Since {
        let utc = instant.timestamp();
        Since { utc, local: self.offset_periods.local_at(utc) }
    }
}

impl Since {
    /// The first included second on a clock.
    #[inline]
    pub fn on(self, clock: Clock) -> i64 {
        match clock {
            Clock::Utc => self.utc,
            Clock::Local => self.local,
        }
    }

    /// Seconds by which a time precedes this instant; None if it doesn't.
    #[inline]
    pub fn seconds_before(self, clock: Clock, second: i64) -> Option<i64> {
        let first = self.on(clock);
        (second < first).then(|| first.saturating_sub(second))
    }
}
