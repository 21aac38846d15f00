//! The columns of the list.

use domain::ranking::{Direction, SortKey};

use crate::words::Words;

/// A column: what it shows, what it sorts by and how it is called in the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// What it sorts by; the picture of the coming weeks sorts by nothing.
    pub(super) key: Option<SortKey>,
    pub(super) class: &'static str,
    /// The direction of the first click: the one that is asked for most.
    pub(super) first: Direction,
}

const fn column(key: SortKey, class: &'static str, first: Direction) -> Column {
    Column { key: Some(key), class, first }
}

/// All columns in their order: a narrow list leaves out the last ones.
pub(super) const COLUMNS: [Column; 12] = [
    column(SortKey::Urgency, "col-status", Direction::Ascending),
    column(SortKey::BoxId, "col-box", Direction::Ascending),
    column(SortKey::Station, "col-station", Direction::Ascending),
    Column { key: None, class: "col-weeks-ahead", first: Direction::Ascending },
    column(SortKey::PeakLoading, "col-loading", Direction::Descending),
    column(SortKey::OverloadWeek, "col-overload-week", Direction::Ascending),
    column(SortKey::OverloadProbability, "col-probability", Direction::Descending),
    column(SortKey::ImportHeadroom, "col-room-import", Direction::Ascending),
    column(SortKey::FeedInHeadroom, "col-room-feed-in", Direction::Ascending),
    column(SortKey::Area, "col-area", Direction::Ascending),
    column(SortKey::PeakWeek, "col-peak-week", Direction::Ascending),
    column(SortKey::Capacity, "col-capacity", Direction::Descending),
];

/// An order without a column: the source system's.
pub(super) const BY_BANDS: Column = column(SortKey::Bands, "", Direction::Ascending);

impl Column {
    /// Its name where the choice is remembered.
    pub(super) fn name(&self) -> &'static str {
        self.class.strip_prefix("col-").unwrap_or(self.class)
    }

    /// Whether a person may leave it out: class and box stay.
    pub(super) fn is_optional(&self) -> bool {
        !matches!(self.key, Some(SortKey::Urgency | SortKey::BoxId))
    }

    /// Its heading.
    pub(super) fn title(&self, words: &Words) -> &'static str {
        self.key.map_or(words.list().weeks_ahead, |key| name(key, words))
    }
}

/// The name of an order.
pub(super) fn name(key: SortKey, words: &Words) -> &'static str {
    match key {
        SortKey::Urgency => words.status,
        SortKey::BoxId => words.box_id,
        SortKey::Station => words.station,
        SortKey::Area => words.area,
        SortKey::Capacity => words.capacity,
        SortKey::PeakLoading => words.peak_loading,
        SortKey::PeakWeek => words.peak_week,
        SortKey::OverloadWeek => words.overload_week,
        SortKey::OverloadProbability => words.overload_probability,
        SortKey::ImportHeadroom => words.headroom_labels().import,
        SortKey::FeedInHeadroom => words.headroom_labels().feed_in,
        SortKey::Bands => words.order_by_bands,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_its_column() {
        let is_there =
            |key: &SortKey| COLUMNS.iter().chain([&BY_BANDS]).any(|column| column.key == Some(*key));
        assert!(SortKey::ALL.iter().all(is_there));
    }
}
