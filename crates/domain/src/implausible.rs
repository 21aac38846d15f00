//! Readings that no transformer can have had, by its capacity: they don't enter its extremes.

use std::collections::HashMap;

use model::{BEYOND_CAPACITY, BoxId, Capacity, IsoWeek};
use serde::{Deserialize, Serialize};

/// The largest active power that is believed of each box: [`BEYOND_CAPACITY`] kW for each kVA.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BelievedPower(HashMap<BoxId, f64>);

impl BelievedPower {
    /// Of boxes whose capacity is known; the last of a box counts.
    pub fn of(capacities: impl IntoIterator<Item = (BoxId, Capacity)>) -> Self {
        Self(
            capacities
                .into_iter()
                .map(|(box_id, capacity)| (box_id, BEYOND_CAPACITY * capacity.kva()))
                .collect(),
        )
    }

    /// The largest magnitude, kW; infinite where no capacity is known.
    pub fn max_kw(&self, box_id: &BoxId) -> f64 {
        self.0.get(box_id).copied().unwrap_or(f64::INFINITY)
    }
}

/// The readings of a box that were not counted, as they lie beyond what is believed.
///
/// Invariant: first week ≤ last week, finite minimum ≤ maximum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ImplausibleReadings {
    /// The first week with such a reading.
    pub first_week: IsoWeek,
    /// The last one.
    pub last_week: IsoWeek,
    /// The smallest such reading, kW.
    pub min_kw: f64,
    /// The largest one, kW.
    pub max_kw: f64,
}

impl ImplausibleReadings {
    /// A single reading.
    pub fn one(week: IsoWeek, kw: f64) -> Self {
        Self { first_week: week, last_week: week, min_kw: kw, max_kw: kw }
    }

    /// Both together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            first_week: self.first_week.min(other.first_week),
            last_week: self.last_week.max(other.last_week),
            min_kw: self.min_kw.min(other.min_kw),
            max_kw: self.max_kw.max(other.max_kw),
        }
    }

    /// The largest magnitude, kW.
    pub fn magnitude_kw(&self) -> f64 {
        self.min_kw.abs().max(self.max_kw.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_capacity_is_known_every_power_is_believed() {
        let box_id = |id: &str| BoxId::new(id).unwrap();
        let believed = BelievedPower::of([(box_id("A"), Capacity::new(630.0).unwrap())]);
        assert_eq!(believed.max_kw(&box_id("A")), 3_150.0);
        assert_eq!(believed.max_kw(&box_id("B")), f64::INFINITY);
    }

    #[test]
    fn the_union_spans_weeks_and_values_of_both() {
        let week = IsoWeek::from_index;
        let both =
            ImplausibleReadings::one(week(8), -9_999.0).union(&ImplausibleReadings::one(week(3), 32_767.0));
        let expected = ImplausibleReadings {
            first_week: week(3),
            last_week: week(8),
            min_kw: -9_999.0,
            max_kw: 32_767.0,
        };
        assert_eq!((both, both.magnitude_kw()), (expected, 32_767.0));
    }
}
