//! Both extremes of a box, in order and on one scale.

use crate::WeekExtremes;

use crate::robust::quantile;

/// The two extremes are kept in this order everywhere in the room.
pub(super) const MIN: usize = 0;
/// See [`MIN`].
pub(super) const MAX: usize = 1;

/// Observed weeks, ascending and each once, with both extremes divided by half of the box's range.
pub(super) struct Extremes {
    /// [`IsoWeek::index`](crate::IsoWeek::index) of each.
    pub(super) weeks: Vec<i32>,
    pub(super) values: [Vec<f64>; 2],
    /// kW a unit of the values.
    pub(super) unit_kw: f64,
}

impl Extremes {
    /// Nothing where there is no range.
    pub(super) fn new(weeks: &[WeekExtremes]) -> Option<Self> {
        let sound = |row: &&WeekExtremes| {
            row.min_kw.is_finite() && row.max_kw.is_finite() && row.min_kw <= row.max_kw
        };
        let mut rows: Vec<&WeekExtremes> = weeks.iter().filter(sound).collect();
        // Stable: of equal weeks the one given last is the first after turning round.
        rows.reverse();
        rows.sort_by_key(|row| row.week);
        rows.dedup_by_key(|row| row.week);
        let lowest = rows.iter().map(|row| row.min_kw).fold(f64::INFINITY, f64::min);
        let highest = rows.iter().map(|row| row.max_kw).fold(f64::NEG_INFINITY, f64::max);
        // Half of the range, which cannot overflow.
        let unit_kw = 0.5 * highest - 0.5 * lowest;
        let magnitude = lowest.abs().max(highest.abs());
        if rows.is_empty() || unit_kw <= 1e-9 * magnitude || !(1.0 / unit_kw).is_finite() {
            return None;
        }
        Some(Self {
            weeks: rows.iter().map(|row| row.week.index()).collect(),
            values: [
                rows.iter().map(|row| row.min_kw / unit_kw).collect(),
                rows.iter().map(|row| row.max_kw / unit_kw).collect(),
            ],
            unit_kw,
        })
    }

    /// The observed weeks within a span of weeks.
    pub(super) fn part(&self, first: i32, end: i32) -> Self {
        let from = self.weeks.partition_point(|&week| week < first);
        let until = self.weeks.partition_point(|&week| week < end);
        Self {
            weeks: self.weeks[from..until].to_vec(),
            values: self.values.each_ref().map(|values| values[from..until].to_vec()),
            unit_kw: self.unit_kw,
        }
    }

    /// The number of weeks.
    pub(super) fn len(&self) -> usize {
        self.weeks.len()
    }

    /// The range of an extreme without its outermost twentieths, which outliers and short steps may hold.
    pub(super) fn spread(&self, extreme: usize) -> f64 {
        let mut values = self.values[extreme].clone();
        let highest = quantile(&mut values, 0.95);
        // Counted from above, so that a mirror image has the same spread.
        values.iter_mut().for_each(|value| *value = -*value);
        highest + quantile(&mut values, 0.95)
    }
}
