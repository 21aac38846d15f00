//! Watermarks of store and sources, and the weeks that a source is queried for again.

use chrono::{DateTime, Utc};
use model::IsoWeek;

/// How far the store's readings reach, and how far the source has delivered its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watermarks {
    /// The newest reading ever imported, from any source.
    pub store: Option<DateTime<Utc>>,
    /// The newest reading delivered by this source; `None` before its first delivery.
    pub source: Option<DateTime<Utc>>,
}

/// The weeks for which a source's answer is complete. Weeks later than the source ever delivered
/// came from elsewhere and are never removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IngestWindow {
    /// This week and all later ones: stored weeks among them that the source no longer has are
    /// removed.
    From(IsoWeek),
    /// Everything the source holds. It may keep raw readings for a shorter time than the store
    /// keeps weeks, so weeks before a box's first one in the source stay, and so do boxes the
    /// source lacks.
    Everything,
}
