//! Gaps of quarter-hours, days or weeks without readings.

use std::ops::Range;

use rand::{Rng, RngExt};

use crate::calendar::{Calendar, QUARTERS_PER_DAY};

/// Draws the gaps within the reported span, sorted and disjoint.
///
/// A year has about eight gaps of up to three hours and one of a day or two; one box in four also
/// loses one to six weeks once.
pub(super) fn draw(random: &mut impl Rng, reports: &Range<usize>, calendar: &Calendar) -> Vec<Range<usize>> {
    let years = reports.len() as f64 / (365.25 * QUARTERS_PER_DAY as f64);
    let mut gaps = Vec::new();
    let mut add = |start: usize, length: usize| gaps.push(start..(start + length).min(reports.end));
    if !reports.is_empty() {
        for _ in 0..(8.0 * years).round() as usize {
            add(random.random_range(reports.clone()), random.random_range(1..=12));
        }
        for _ in 0..(2.0 * years * random.random::<f64>()).round() as usize {
            let day = calendar.day_of(random.random_range(reports.clone()));
            let end = (day + random.random_range(1..=2)).min(calendar.days.len());
            let start = calendar.days[day].quarters.start.max(reports.start);
            add(start, calendar.days[end - 1].quarters.end - start);
        }
        if random.random_bool(0.25) {
            let weeks = random.random_range(1..=6);
            add(random.random_range(reports.clone()), weeks * 7 * QUARTERS_PER_DAY);
        }
    }
    merge(gaps)
}

/// Sorts spans and joins those that touch or overlap.
fn merge(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// Whether a quarter-hour is reported and not in a gap.
pub(crate) fn present(reports: &Range<usize>, gaps: &[Range<usize>], quarter: usize) -> bool {
    let next = gaps.partition_point(|gap| gap.end <= quarter);
    reports.contains(&quarter) && gaps.get(next).is_none_or(|gap| quarter < gap.start)
}

/// Quarter-hours of a span that lie in gaps.
pub(crate) fn missing(gaps: &[Range<usize>], span: &Range<usize>) -> usize {
    let first = gaps.partition_point(|gap| gap.end <= span.start);
    let touching = gaps[first..].iter().take_while(|gap| gap.start < span.end);
    touching.map(|gap| gap.end.min(span.end) - gap.start.max(span.start)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_gaps_are_joined_and_counted_once() {
        let gaps = merge(vec![10..20, 15..25, 40..41, 25..26]);
        assert_eq!(gaps, vec![10..26, 40..41]);
        assert_eq!(missing(&gaps, &(0..100)), 17);
        assert_eq!(missing(&gaps, &(12..40)), 14);
        assert_eq!(missing(&gaps, &(26..40)), 0);
    }

    #[test]
    fn a_quarter_hour_is_present_when_reported_and_in_no_gap() {
        let here = |quarter| present(&(5..50), &[10..26, 40..41], quarter);
        assert!(
            !here(4) && here(5) && here(9) && !here(10) && !here(25) && here(26) && !here(40) && here(49)
        );
        assert!(!here(50));
    }
}
