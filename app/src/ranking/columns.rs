//! The columns of the list.

use domain::ranking::{Direction, SortKey};

use crate::words::Words;

/// A column: what it sorts by and how it is called in the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) key: SortKey,
    pub(super) class: &'static str,
    /// The direction of the first click: the one that is asked for most.
    pub(super) first: Direction,
}

const fn column(key: SortKey, class: &'static str, first: Direction) -> Column {
    Column { key, class, first }
}

/// All columns in their order: a narrow list leaves out the last ones.
pub(super) const COLUMNS: [Column; 9] = [
    column(SortKey::Urgency, "col-status", Direction::Ascending),
    column(SortKey::BoxId, "col-box", Direction::Ascending),
    column(SortKey::Station, "col-station", Direction::Ascending),
    column(SortKey::PeakLoading, "col-loading", Direction::Descending),
    column(SortKey::OverloadWeek, "col-overload-week", Direction::Ascending),
    column(SortKey::OverloadProbability, "col-probability", Direction::Descending),
    column(SortKey::Area, "col-area", Direction::Ascending),
    column(SortKey::PeakWeek, "col-peak-week", Direction::Ascending),
    column(SortKey::Capacity, "col-capacity", Direction::Descending),
];

/// An order without a column: the source system's.
pub(super) const BY_BANDS: Column = column(SortKey::Bands, "", Direction::Ascending);

/// The name of a column.
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
        SortKey::Bands => words.order_by_bands,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_its_column() {
        let is_there = |key: &SortKey| COLUMNS.iter().chain([&BY_BANDS]).any(|column| column.key == *key);
        assert!(SortKey::ALL.iter().all(is_there));
    }
}
