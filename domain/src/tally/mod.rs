//! What a week's readings come to: minimum, maximum and the quarter-hours seen.

mod seen;

use model::{BoxId, IsoWeek, Phase};

pub use seen::{SeenQuarters, SeenQuartersError};

/// The readings of one box, phase and ISO week, condensed.
///
/// Always at least one quarter-hour, finite kW values and minimum ≤ maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekTally {
    min_kw: f64,
    max_kw: f64,
    seen: SeenQuarters,
}

/// Why numbers aren't a week's tally.
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
    /// [`TallyError`] where a value isn't finite, minimum and maximum are crossed, or nothing was seen.
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
    /// Adding zero makes -0.0 the plain zero: equal tallies are then equal to the bit.
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

    /// Both tallies together: min of the minima, max of the maxima, union of the quarter-hours.
    #[must_use]
    pub fn united(&self, other: &Self) -> Self {
        Self {
            min_kw: self.min_kw.min(other.min_kw),
            max_kw: self.max_kw.max(other.max_kw),
            seen: self.seen.union(&other.seen),
        }
    }

    /// What to store when a file brings the tally `newer` for a week of which `self` is stored.
    ///
    /// Where the newer tally covers every quarter-hour of the stored one, it takes its place: the last import wins,
    /// so that a corrected file mends a wrong extreme. Else the two are [united](Self::united). Hence importing a
    /// file again changes nothing, and as long as files agree on the reading of each quarter-hour, neither the way
    /// in which they overlap nor their order matters. A correction that comes in a file with fewer quarter-hours
    /// than are stored can't be told from an addition and widens the extremes only.
    #[must_use]
    pub fn merged(&self, newer: &Self) -> Self {
        if newer.seen.covers(&self.seen) { *newer } else { self.united(newer) }
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
