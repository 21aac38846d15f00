//! The orders of the list.

use std::cmp::Ordering;

use domain::ranking::{Direction, RankingRow, SortKey};

use super::super::search;
use super::ListIndex;

impl ListIndex {
    /// The places of all boxes in an order, which is found as it is first asked for.
    pub(super) fn order(&self, key: SortKey, direction: Direction) -> &[u32] {
        let place = SortKey::ALL.iter().position(|known| *known == key).unwrap_or_default();
        let is_down = direction == Direction::Descending;
        self.orders[place][usize::from(is_down)].get_or_init(|| {
            let mut order: Vec<u32> = (0..self.boxes.len() as u32).collect();
            // The sort is stable: boxes that are equal stay in the order of urgency.
            match key {
                SortKey::Urgency => {
                    order.sort_by(|&a, &b| self.compare(a, b, is_down, |row| Some(row.rank), Ord::cmp))
                }
                SortKey::BoxId => self.sort_by_text(&mut order, is_down, |row| row.box_id.as_str()),
                SortKey::Station => self.sort_by_text(&mut order, is_down, |row| &row.station_name),
                SortKey::Area => self.sort_by_text(&mut order, is_down, |row| &row.area),
                SortKey::Capacity => self.sort_by_number(&mut order, is_down, |row| row.capacity_kva),
                SortKey::PeakLoading => self.sort_by_number(&mut order, is_down, |row| row.peak_loading),
                SortKey::OverloadProbability => {
                    self.sort_by_number(&mut order, is_down, |row| row.overload_probability);
                }
                SortKey::PeakWeek => {
                    order.sort_by(|&a, &b| self.compare(a, b, is_down, |row| row.peak_week, Ord::cmp));
                }
                SortKey::OverloadWeek => {
                    let likeliest = |row: &RankingRow| row.first_overload?.likeliest_week;
                    order.sort_by(|&a, &b| self.compare(a, b, is_down, likeliest, Ord::cmp));
                }
                SortKey::ImportHeadroom => {
                    self.sort_by_number(&mut order, is_down, |row| Some(row.headroom?.import_kw));
                }
                SortKey::FeedInHeadroom => {
                    self.sort_by_number(&mut order, is_down, |row| Some(row.headroom?.feed_in_kw));
                }
                // The fuller box is the more urgent one.
                SortKey::Bands => order.sort_by(|&a, &b| {
                    let week = self.compare(a, b, is_down, |row| row.overload_week, Ord::cmp);
                    week.then_with(|| self.compare(a, b, !is_down, |row| row.peak_loading, f64::total_cmp))
                }),
            }
            order
        })
    }

    fn sort_by_number(&self, order: &mut [u32], is_down: bool, value: fn(&RankingRow) -> Option<f64>) {
        order.sort_by(|&a, &b| self.compare(a, b, is_down, value, f64::total_cmp));
    }

    /// Names without regard to case and accents; boxes without a name come last.
    fn sort_by_text(&self, order: &mut [u32], is_down: bool, text: fn(&RankingRow) -> &str) {
        let folded: Vec<String> = self.boxes.iter().map(|listed| search::folded(text(&listed.row))).collect();
        let value = |at: u32| Some(folded[at as usize].as_str()).filter(|text| !text.is_empty());
        order.sort_by(|&a, &b| ordered(value(a), value(b), is_down, Ord::cmp));
    }

    fn compare<T>(
        &self,
        a: u32,
        b: u32,
        is_down: bool,
        value: fn(&RankingRow) -> Option<T>,
        compare: fn(&T, &T) -> Ordering,
    ) -> Ordering {
        let value = |at: u32| value(&self.boxes[at as usize].row);
        ordered(value(a), value(b), is_down, compare)
    }
}

/// The order of two values; those that are absent come last either way.
fn ordered<T>(a: Option<T>, b: Option<T>, is_down: bool, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_down => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
