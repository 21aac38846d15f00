//! How far store and sources reach, and which weeks a source is asked for again.

use chrono::{DateTime, Utc};
use model::IsoWeek;

/// Two instants: how far the store reaches, and how far a source has reported its readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watermarks {
    /// The newest reading that was ever taken in, from wherever.
    pub store: Option<DateTime<Utc>>,
    /// The newest reading of the source; none of one that has not reported anything yet.
    pub source: Option<DateTime<Utc>>,
}

/// Which weeks a source answers for wholly. It takes none away that are later than it has ever told: those came from
/// elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IngestWindow {
    /// This week and all later ones: stored weeks among them that the source no longer tells are taken away.
    From(IsoWeek),
    /// All that the source holds. It may keep raw readings for a shorter time than the store keeps weeks; so weeks
    /// before a box's first one in the source stay, and boxes that the source doesn't name keep all of theirs.
    Everything,
}
