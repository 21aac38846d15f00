//! The tally of a week's readings: minimum, maximum and the quarter-hours seen.

mod seen;

use model::{BoxId, IsoWeek, Phase};

pub use seen::{SeenQuarters, SeenQuartersError};

/// The tally of one box, phase and ISO week.
///
/// Invariants: at least one quarter-hour, finite kW values, minimum ≤ maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekTally {
    min_kw: f64,
    max_kw: f64,
    seen: SeenQuarters,
}

/// Why values don't form a valid [`WeekTally`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TallyError {
    /// A value is NaN or infinite.
    #[error("a value is not finite: {min_kw} to {max_kw} kW")]
    NotFinite {
        /// Minimum, kW.
        min_kw: f64,
        /// Maximum, kW.
        max_kw: f64,
    },
    /// The minimum lies above the maximum.
    #[error("the minimum {min_kw} kW lies above the maximum {max_kw} kW")]
    Crossed {
        /// Minimum, kW.
        min_kw: f64,
        /// Maximum, kW.
        max_kw: f64,
    },
    /// No quarter-hour was seen.
    #[error("no quarter-hour was seen")]
    Empty,
}

impl WeekTally {
    /// A tally from stored numbers.
    ///
    /// # Errors
    /// [`TallyError`] if a value isn't finite, the minimum exceeds the maximum, or nothing was
    /// seen.
    pub fn new(min_kw: f64, max_kw: f64, seen: SeenQuarters) -> Result<Self, TallyError> {
        if !(min_kw.is_finite() && max_kw.is_finite()) {
            return Err(TallyError::NotFinite { min_kw, max_kw });
        }
        if min_kw > max_kw {
            return Err(TallyError::Crossed { min_kw, max_kw });
        }
        if seen.count() == 0 {
            return Err(TallyError::Empty);
        }
        Ok(Self::from_checked(min_kw, max_kw, seen))
    }

    /// A tally of readings that were each checked: finite, at least one of them, minimum ≤ maximum.
    ///
    /// Adds zero to turn -0.0 into 0.0, so that equal tallies are equal to the bit.
    pub fn from_checked(min_kw: f64, max_kw: f64, seen: SeenQuarters) -> Self {
        Self { min_kw: min_kw + 0.0, max_kw: max_kw + 0.0, seen }
    }

    /// The smallest reading, kW (negative = feed-in).
    pub fn min_kw(&self) -> f64 {
        self.min_kw
    }

    /// The largest reading, kW (negative = feed-in).
    pub fn max_kw(&self) -> f64 {
        self.max_kw
    }

    /// The quarter-hours in which a reading was seen.
    pub fn seen(&self) -> &SeenQuarters {
        &self.seen
    }

    /// Number of quarter-hours with a reading. Two readings of the same quarter-hour count once.
    pub fn readings(&self) -> u16 {
        self.seen.count()
    }

    /// Whether each of a week's `quarters` quarter-hours was seen.
    pub fn is_full(&self, quarters: u16) -> bool {
        self.seen.is_full(quarters)
    }

    /// Both tallies combined: minimum, maximum and union of the quarter-hours.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min_kw: self.min_kw.min(other.min_kw),
            max_kw: self.max_kw.max(other.max_kw),
            seen: self.seen.union(&other.seen),
        }
    }

    /// The tally to store for a week when `self` is stored and an import brings `newer`.
    ///
    /// If `newer` covers every stored quarter-hour it replaces the stored tally, so that a
    /// corrected file repairs a wrong extreme; otherwise the result is the [union](Self::union).
    /// Importing a file again therefore changes nothing, and as long as files agree on each
    /// reading, neither their overlap nor their order matters. A correction with fewer
    /// quarter-hours than are stored can't be distinguished from an addition and only widens the
    /// extremes.
    #[must_use]
    pub fn merged(&self, newer: &Self) -> Self {
        if newer.seen.covers(&self.seen) { *newer } else { self.union(newer) }
    }
}

/// One box's tally of one phase and week.
#[derive(Debug, Clone, PartialEq)]
pub struct TallyRecord {
    /// The box.
    pub box_id: BoxId,
    /// The phase.
    pub phase: Phase,
    /// The ISO week of local time.
    pub week: IsoWeek,
    /// Minimum, maximum and quarter-hours seen.
    pub tally: WeekTally,
}

#[cfg(test)]
mod tests;
