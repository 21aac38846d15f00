//! What happened after the history, and when boxes were overloaded for the first time.

use model::{BoxId, IsoWeek};
use serde::Serialize;

/// What a forecast can be compared with: the weeks after the history. `future.json` is a list of these, by box
/// number.
///
/// Loads are those of the transformer itself, as if it reported all the time: idling is in them; bypasses, gaps
/// and false readings are not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Future {
    /// The box.
    pub box_id: BoxId,
    /// Its number in the simulation, from 0.
    pub number: usize,
    /// The transformer's rating in kVA.
    pub capacity_kva: f64,
    /// The first complete week after the last one of the history (the week in which the history ends, when it
    /// doesn't end on a Monday).
    pub first_week: IsoWeek,
    /// Smallest load of 27 weeks, `first_week` and those after it, kW.
    pub min_kw: Vec<f64>,
    /// Largest load of these weeks, kW.
    pub max_kw: Vec<f64>,
    /// The first overloads within the complete weeks of the history, reported or not.
    pub first_overload_in_history: FirstOverload,
    /// The first overloads within the 27 weeks.
    pub first_overload_ahead: FirstOverload,
}

/// The first weeks in which a box carries more kW than its rating has kVA, by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FirstOverload {
    /// By consumption; none when that never happens.
    pub import: Option<IsoWeek>,
    /// By feed-in; none when that never happens.
    pub feed_in: Option<IsoWeek>,
}

impl FirstOverload {
    /// Searches weeks in order of time: each with its smallest and largest load, kW.
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
