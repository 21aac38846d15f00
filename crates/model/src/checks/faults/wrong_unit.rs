//! Weeks in watts instead of kilowatts.

use super::{BEYOND_CAPACITY, FaultKind, Found, MIN_OTHERS, MIN_RECURRENCES};
use crate::checks::WeekExtremes;
use crate::{Capacity, Extreme};

/// Between kilo and the unit itself.
const KILO: f64 = 1_000.0;

/// Whether a value that is not among the weeks is a thousand times what they show: of the box itself, or where there is
/// little of it, of its capacity.
#[must_use]
pub fn is_wrong_unit(kw: f64, weeks: &[WeekExtremes], capacity: Option<Capacity>) -> bool {
    let mut sizes_kw: Vec<f64> = weeks.iter().map(WeekExtremes::magnitude_kw).collect();
    sizes_kw.sort_by(f64::total_cmp);
    let beyond_kw = capacity.map_or(f64::INFINITY, |capacity| BEYOND_CAPACITY * capacity.kva());
    kw.abs() > beyond_kw && usual_kw(&sizes_kw, beyond_kw).contains(&(kw.abs() / KILO))
}

/// What a week may come to: of the box itself by what it shows otherwise, ascending, or where all of it is wrong, of its
/// capacity.
fn usual_kw(others_kw: &[f64], beyond_kw: f64) -> std::ops::RangeInclusive<f64> {
    match others_kw.get(others_kw.len() / 2) {
        Some(&median) if others_kw.len() >= MIN_OTHERS => 0.2 * median..=2.0 * others_kw[others_kw.len() - 1],
        _ => 0.01 * beyond_kw / BEYOND_CAPACITY..=1.5 * beyond_kw / BEYOND_CAPACITY,
    }
}

/// Weeks beyond the capacity whose both extremes would be like the others of the box at a thousandth.
pub(super) fn mark_wrong_units(weeks: &[WeekExtremes], beyond_kw: f64, found: &mut Found) {
    // The same two values that recur are codes, of one kind or of two, whatever a thousandth of them would be.
    let is_code = |of: &WeekExtremes| {
        let same = |week: &&WeekExtremes| week.min_kw == of.min_kw && week.max_kw == of.max_kw;
        weeks.iter().filter(same).count() >= MIN_RECURRENCES
    };
    let is_beyond = |week: &&WeekExtremes| week.magnitude_kw() > beyond_kw;
    let mut others_kw: Vec<f64> =
        weeks.iter().filter(|week| !is_beyond(week)).map(WeekExtremes::magnitude_kw).collect();
    others_kw.sort_by(f64::total_cmp);
    let usual_kw = usual_kw(&others_kw, beyond_kw);
    // The median size of each extreme; none where all of the box is wrong.
    let medians = Extreme::ALL.map(|extreme| {
        let mut sizes_kw: Vec<f64> =
            weeks.iter().filter(|week| !is_beyond(week)).map(|week| week.get(extreme).abs()).collect();
        sizes_kw.sort_by(f64::total_cmp);
        sizes_kw.get(sizes_kw.len() / 2).copied().filter(|_| sizes_kw.len() >= MIN_OTHERS)
    });
    let usual_of = |extreme: Extreme| match extreme {
        Extreme::Min => medians[0],
        Extreme::Max => medians[1],
    };
    for week in weeks.iter().filter(is_beyond) {
        // Both extremes: an error code in one quarter of an hour spares the other.
        let is_both = Extreme::ALL.into_iter().all(|extreme| {
            let least_kw =
                usual_of(extreme).map_or(beyond_kw / BEYOND_CAPACITY, |usual_kw| usual_kw * KILO.sqrt());
            week.get(extreme).abs() >= least_kw
        });
        if is_both && !is_code(week) && usual_kw.contains(&(week.magnitude_kw() / KILO)) {
            for extreme in Extreme::ALL {
                found.insert((week.week, extreme), FaultKind::WrongUnit);
            }
        }
    }
}
