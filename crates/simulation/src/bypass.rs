//! Bypass switching: a neighbour carries a box's load for days or weeks, as during maintenance.

use std::ops::Range;

use rand::RngExt;

use crate::calendar::Calendar;
use crate::random::{Purpose, stream};

/// A bypass between the two boxes of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bypass {
    /// When, in quarter-hours counted from the calendar's first.
    pub(crate) span: Range<usize>,
    /// The box (0 or 1) whose load the other one carries.
    pub(crate) relieved: usize,
}

/// Draws the bypasses of a pair: 4 to 28 days, from morning to afternoon, at one pair in five.
/// Sorted and disjoint.
pub(crate) fn spans(seed: u64, pair: usize, calendar: &Calendar) -> Vec<Range<usize>> {
    let random = &mut stream(seed, Purpose::Switching, pair as u64);
    let count = if random.random_bool(0.2) { random.random_range(1..=2) } else { 0 };
    let mut spans: Vec<Range<usize>> = Vec::new();
    for _ in 0..count {
        let days = random.random_range(4..=28);
        let place: f64 = random.random();
        let first_day = (place * calendar.history_days as f64) as usize;
        let last_day = first_day + days;
        if last_day < calendar.history_days {
            // From about 9:00 to 14:00.
            let span =
                calendar.days[first_day].quarters.start + 36..calendar.days[last_day].quarters.start + 56;
            if spans.iter().all(|other| span.end < other.start || other.end < span.start) {
                spans.push(span);
            }
        }
    }
    spans.sort_by_key(|span| span.start);
    spans
}

/// The box to relieve: the one with the smaller transformer, provided that the larger one can carry
/// the sum of both peaks. `peaks_kw` are the largest |kW| of both during the weeks in question.
pub(crate) fn relieved(peaks_kw: [f64; 2], capacities_kva: [f64; 2]) -> Option<usize> {
    const MAX_LOADING: f64 = 0.97;
    let sum = peaks_kw[0] + peaks_kw[1];
    let carrier = usize::from(capacities_kva[1] > capacities_kva[0]);
    (sum <= MAX_LOADING * capacities_kva[carrier]).then_some(1 - carrier)
}

/// Moves the load during a bypass: `residue_kw` remains at the relieved box, and the sum is
/// unchanged.
pub(crate) fn switch(loads_kw: &mut [Vec<f64>; 2], bypass: &Bypass, residue_kw: f64) {
    let [first, second] = loads_kw;
    let (relieved, carrying) = if bypass.relieved == 0 { (first, second) } else { (second, first) };
    let end = bypass.span.end.min(relieved.len()).min(carrying.len());
    let span = bypass.span.start.min(end)..end;
    for (from, to) in relieved[span.clone()].iter_mut().zip(&mut carrying[span]) {
        *to += *from - residue_kw;
        *from = residue_kw;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bypass_preserves_the_sum_and_changes_nothing_outside_its_span() {
        let before = [vec![10.0, 20.0, 30.0, 40.0], vec![1.0, 2.0, 3.0, 4.0]];
        let mut after = before.clone();
        switch(&mut after, &Bypass { span: 1..3, relieved: 0 }, 0.25);
        assert_eq!(after, [vec![10.0, 0.25, 0.25, 40.0], vec![1.0, 21.75, 32.75, 4.0]]);
        for quarter in 0..4 {
            assert_eq!(after[0][quarter] + after[1][quarter], before[0][quarter] + before[1][quarter]);
        }
    }

    #[test]
    fn the_larger_transformer_carries_the_load_within_its_rating() {
        assert_eq!(relieved([50.0, 300.0], [100.0, 400.0]), Some(0));
        assert_eq!(relieved([300.0, 50.0], [400.0, 100.0]), Some(1));
        assert_eq!(relieved([90.0, 350.0], [100.0, 400.0]), None);
    }
}
