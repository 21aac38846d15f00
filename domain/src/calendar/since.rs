//! From when on readings are wanted, on both clocks.

use chrono::{DateTime, Utc};

use super::{Calendar, Clock};

/// The first wanted second of each clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// In Unix seconds.
    pub utc: i64,
    local: i64,
}

impl Calendar {
    /// An instant, to the second, as the first wanted one.
    pub fn since(&self, instant: DateTime<Utc>) -> Since {
        let utc = instant.timestamp();
        Since { utc, local: self.stretches.local_at(utc) }
    }
}

impl Since {
    /// The first wanted second of a clock.
    #[inline]
    pub fn on(self, clock: Clock) -> i64 {
        match clock {
            Clock::Utc => self.utc,
            Clock::Local => self.local,
        }
    }

    /// By how many seconds a time comes too early; none where it is wanted.
    #[inline]
    pub fn too_early_by(self, clock: Clock, second: i64) -> Option<i64> {
        let first = self.on(clock);
        (second < first).then(|| first.saturating_sub(second))
    }
}
