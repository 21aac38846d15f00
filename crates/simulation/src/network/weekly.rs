//! Weekly extremes of quarter-hours.

use model::WeekExtremes;

use crate::calendar::Calendar;

/// Extremes of the complete weeks of the history that have readings. `readings` are ordered pairs
/// of a quarter-hour, counted from the calendar's first, and kW.
pub(super) fn of_readings(
    calendar: &Calendar,
    readings: impl Iterator<Item = (usize, f64)>,
) -> Vec<WeekExtremes> {
    let mut readings = readings.peekable();
    let week = |week: usize| {
        let end = calendar.quarters_of_week(week).end;
        let (mut min_kw, mut max_kw, mut count) = (f64::INFINITY, f64::NEG_INFINITY, 0);
        while let Some((_, kw)) = readings.next_if(|(quarter, _)| *quarter < end) {
            (min_kw, max_kw, count) = (min_kw.min(kw), max_kw.max(kw), count + 1);
        }
        (count > 0).then(|| WeekExtremes { week: calendar.iso_week(week), min_kw, max_kw, readings: count })
    };
    (0..calendar.history_weeks()).filter_map(week).collect()
}
