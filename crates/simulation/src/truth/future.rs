//! The weeks after the history, and the first overload of each box.

use model::{BoxId, IsoWeek};
use serde::Serialize;

/// The weeks after the history, for verifying forecasts. `future.json` is a list of these by box
/// number.
///
/// Loads are those of the transformer itself, including idling but without bypasses, gaps and
/// outliers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Future {
    /// The box.
    pub box_id: BoxId,
    /// Its number in the simulation, from 0.
    pub number: usize,
    /// The transformer's rating in kVA.
    pub capacity_kva: f64,
    /// The week after the last complete one of the history (the week in which the history ends,
    /// unless it ends on a Monday).
    pub first_week: IsoWeek,
    /// Minimum load in each of 27 weeks from `first_week` on, kW.
    pub min_kw: Vec<f64>,
    /// Maximum load in each of these weeks, kW.
    pub max_kw: Vec<f64>,
    /// The first overloads within the complete weeks of the history, reported or not.
    pub first_overload_in_history: FirstOverload,
    /// The first overloads within the 27 weeks.
    pub first_overload_ahead: FirstOverload,
}

/// The first weeks in which a box carries more kW than its rating has kVA, by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FirstOverload {
    /// By consumption, if ever.
    pub import: Option<IsoWeek>,
    /// By feed-in, if ever.
    pub feed_in: Option<IsoWeek>,
}

impl FirstOverload {
    /// Searches weeks in chronological order, each with its minimum and maximum load, kW.
    pub(crate) fn of(weeks: impl Iterator<Item = (IsoWeek, f64, f64)>, capacity_kva: f64) -> Self {
        let mut first = Self { import: None, feed_in: None };
        for (week, min_kw, max_kw) in weeks {
            if max_kw > capacity_kva {
                first.import.get_or_insert(week);
            }
            if -min_kw > capacity_kva {
                first.feed_in.get_or_insert(week);
            }
        }
        first
    }
}
