//! From a box's stored weeks to the series that a model is fitted to.

use domain::box_detail::WeekDecision;
use domain::week_span::WeekSpan;
use model::{Extreme, IsoWeek, Observation, Series, SeriesError, WeekExtremes};

/// The series over every week from the first to the last kept one, or on to `until`: a gap, and a week that is left out,
/// is a row without a value, as is an extreme that doesn't count, so that the bands run on through it while nothing is imputed.
///
/// # Errors
/// [`SeriesError`] if there is no week, or a value is not finite.
pub(super) fn series_with_gaps(
    kept: &[WeekExtremes],
    extreme: Extreme,
    left_out: &[WeekSpan],
    until: Option<IsoWeek>,
    counts: impl Fn(IsoWeek, Extreme) -> bool,
) -> Result<Series, SeriesError> {
    let mut rows: Vec<Observation> = Vec::with_capacity(kept.len());
    let fill = |rows: &mut Vec<Observation>, end: IsoWeek| {
        while let Some(next) = rows.last().map(|row| row.week.plus(1)).filter(|next| *next < end) {
            rows.push(Observation { week: next, value_kw: None });
        }
    };
    for week in kept {
        fill(&mut rows, week.week);
        let is_left_out = left_out.iter().any(|span| span.contains(week.week));
        let value_kw = (!is_left_out && counts(week.week, extreme)).then(|| week.get(extreme));
        rows.push(Observation { week: week.week, value_kw });
    }
    if let Some(until) = until {
        fill(&mut rows, until.plus(1));
    }
    Series::new(rows)
}

/// The weeks to leave out: those found to be a switching, unless the planner keeps them, and those
/// the planner leaves out.
pub(super) fn left_out(found: &[WeekSpan], decisions: &[WeekDecision]) -> Vec<WeekSpan> {
    let is_kept = |found: &WeekSpan| {
        decisions.iter().any(|decision| !decision.left_out && decision.span().overlaps(*found))
    };
    let decided = decisions.iter().filter(|decision| decision.left_out).map(WeekDecision::span);
    found.iter().copied().filter(|found| !is_kept(found)).chain(decided).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(index: i32) -> WeekExtremes {
        WeekExtremes { week: IsoWeek::from_index(index), min_kw: 1.0, max_kw: 2.0, readings: 672 }
    }

    fn at(index: i32) -> IsoWeek {
        IsoWeek::from_index(index)
    }

    fn span(first: i32, last: i32) -> WeekSpan {
        WeekSpan::new(at(first), at(last))
    }

    #[test]
    fn gaps_left_out_weeks_and_silence_are_rows_without_a_value() {
        let kept: Vec<WeekExtremes> = [10, 11, 14, 15].into_iter().map(week).collect();
        let series =
            series_with_gaps(&kept, Extreme::Max, &[span(11, 11)], Some(at(17)), |_, _| true).unwrap();
        let values: Vec<bool> = series.rows().iter().map(|row| row.value_kw.is_some()).collect();
        assert_eq!(values, [true, false, false, false, true, true, false, false]);
        assert!(series.rows().windows(2).all(|pair| pair[1].week - pair[0].week == 1));
    }

    #[test]
    fn a_planner_overrules_what_was_found() {
        let found = [span(10, 13), span(40, 44)];
        let decision = |first, last, left_out| WeekDecision::new(span(first, last), left_out);
        assert_eq!(left_out(&found, &[]), found);
        let decisions = [decision(12, 20, false), decision(60, 61, true)];
        assert_eq!(left_out(&found, &decisions), [span(40, 44), span(60, 61)]);
    }
}
