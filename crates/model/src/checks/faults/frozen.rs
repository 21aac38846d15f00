//! Meters that tell the same values for weeks.

use std::collections::HashSet;

use super::{FaultKind, Found};
use crate::Extreme;
use crate::checks::WeekExtremes;

/// Exactly the same extremes in so many weeks in a row are a frozen meter.
const MIN_FROZEN_WEEKS: usize = 3;
/// A meter has coarse steps where runs of equal weeks come back more than so many times on average.
const COARSE_TIMES: usize = 2;

/// Weeks in a row with exactly the same two extremes. The first of them may still be measured, unless it is as
/// flat as the others; a transformer without load is none.
pub(super) fn mark_frozen(weeks: &[WeekExtremes], found: &mut Found) {
    let is_same = |a: &WeekExtremes, b: &WeekExtremes| a.min_kw == b.min_kw && a.max_kw == b.max_kw;
    let runs = weeks.chunk_by(is_same);
    // Where the same two values come back in weeks apart, again and again, the meter has coarse steps.
    let pairs: HashSet<(u64, u64)> =
        runs.clone().map(|run| (run[0].min_kw.to_bits(), run[0].max_kw.to_bits())).collect();
    if COARSE_TIMES * pairs.len() < runs.clone().count() {
        return;
    }
    for run in runs.filter(|run| run.len() >= MIN_FROZEN_WEEKS && run.len() < weeks.len()) {
        if run[0].magnitude_kw() == 0.0 {
            continue;
        }
        let is_flat = run[0].min_kw == run[0].max_kw;
        for week in &run[usize::from(!is_flat)..] {
            for extreme in Extreme::ALL {
                found.entry((week.week, extreme)).or_insert(FaultKind::FrozenMeter);
            }
        }
    }
}
