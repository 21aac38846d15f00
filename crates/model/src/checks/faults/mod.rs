//! Weekly extremes that no transformer can have had: error codes, wrong units, frozen meters.

mod error_code;
mod frozen;
#[cfg(test)]
mod tests;
mod wrong_unit;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::WeekExtremes;
use crate::{Capacity, Extreme, IsoWeek};
use error_code::mark_error_codes;
use frozen::mark_frozen;
pub use wrong_unit::is_wrong_unit;
use wrong_unit::mark_wrong_units;

/// Why an extreme is set aside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It lies beyond [`BEYOND_CAPACITY`] times the capacity.
    BeyondCapacity,
    /// It recurs exactly, far outside everything else that the box measured.
    ErrorCode,
    /// Both extremes of the week are a thousand times what the box measures otherwise.
    WrongUnit,
    /// The same two extremes, to the last digit, for weeks.
    FrozenMeter,
}

/// An extreme that is not to be believed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetAside {
    /// Its week.
    pub week: IsoWeek,
    /// Which of its extremes.
    pub extreme: Extreme,
    /// The reported value, kW.
    pub kw: f64,
    /// Why it is not believed.
    pub kind: FaultKind,
}

/// A transformer can't carry more than this many times its capacity for a quarter of an hour.
pub const BEYOND_CAPACITY: f64 = 5.0;

/// An error code recurs in so many weeks at least.
const MIN_RECURRENCES: usize = 3;
/// So many other values must be there to say what a box measures.
const MIN_OTHERS: usize = 8;

/// The extremes that are not to be believed, by week, the minimum before the maximum.
///
/// `weeks` ascend, each once. Without a capacity the criterion of size is left out. A box that tells the same
/// two values all the time has nothing that could be set aside.
pub(super) fn find_faults(weeks: &[WeekExtremes], capacity: Option<Capacity>) -> Vec<SetAside> {
    let mut found: HashMap<(IsoWeek, Extreme), FaultKind> = HashMap::new();
    let beyond_kw = capacity.map_or(f64::INFINITY, |capacity| BEYOND_CAPACITY * capacity.kva());
    for week in weeks {
        for extreme in Extreme::ALL {
            if week.get(extreme).abs() > beyond_kw {
                found.insert((week.week, extreme), FaultKind::BeyondCapacity);
            }
        }
    }
    mark_wrong_units(weeks, beyond_kw, &mut found);
    for extreme in Extreme::ALL {
        mark_error_codes(weeks, extreme, capacity, &mut found);
    }
    mark_frozen(weeks, &mut found);
    let listed = weeks.iter().flat_map(|week| {
        Extreme::ALL.map(|extreme| {
            let kind = *found.get(&(week.week, extreme))?;
            Some(SetAside { week: week.week, extreme, kw: week.get(extreme), kind })
        })
    });
    listed.flatten().collect()
}

/// Why values of one extreme are not to be believed, in their order: as for a box, but for a frozen meter, which one
/// extreme alone can't tell.
#[must_use]
pub fn faults_of_values(values: &[(IsoWeek, f64)], capacity: Option<Capacity>) -> Vec<Option<FaultKind>> {
    let alone =
        |&(week, kw): &(IsoWeek, f64)| WeekExtremes { week, min_kw: kw, max_kw: kw, readings: u16::MAX };
    let weeks: Vec<WeekExtremes> = values.iter().map(alone).collect();
    let mut found = Found::new();
    match capacity.map(|capacity| BEYOND_CAPACITY * capacity.kva()) {
        Some(beyond_kw) => {
            for week in weeks.iter().filter(|week| week.magnitude_kw() > beyond_kw) {
                found.insert((week.week, Extreme::Max), FaultKind::BeyondCapacity);
            }
            mark_wrong_units(&weeks, beyond_kw, &mut found);
        }
        None => mark_wrong_units(&weeks, beyond_itself_kw(&weeks), &mut found),
    }
    mark_error_codes(&weeks, Extreme::Max, capacity, &mut found);
    values.iter().map(|&(week, _)| found.get(&(week, Extreme::Max)).copied()).collect()
}

/// Where no capacity is known: what lies this far beyond the median week may be of another unit.
fn beyond_itself_kw(weeks: &[WeekExtremes]) -> f64 {
    /// Between the spread of weeks and the step from kilowatts to watts.
    const BEYOND_MEDIAN: f64 = 100.0;
    let mut sizes_kw: Vec<f64> = weeks.iter().map(WeekExtremes::magnitude_kw).collect();
    sizes_kw.sort_by(f64::total_cmp);
    match sizes_kw.get(sizes_kw.len() / 2) {
        Some(&median_kw) if median_kw > 0.0 => BEYOND_MEDIAN * median_kw,
        _ => f64::INFINITY,
    }
}

type Found = HashMap<(IsoWeek, Extreme), FaultKind>;
