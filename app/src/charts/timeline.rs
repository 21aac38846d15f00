//! Weeks on the time axis: each week stands at its Monday, midnight in universal time.

use model::IsoWeek;

const MILLISECONDS_A_DAY: f64 = 86_400_000.0;
/// Monday 1970-01-05, the first day of week 0, in days since 1970-01-01.
const FIRST_MONDAY_DAYS: f64 = 4.0;

/// The week's place on the axis: milliseconds since 1970-01-01 00:00 UTC.
pub(super) fn place(week: IsoWeek) -> f64 {
    (f64::from(week.index()) * 7.0 + FIRST_MONDAY_DAYS) * MILLISECONDS_A_DAY
}

/// How many weeks a place on the axis lies after another; none before it.
pub(super) fn weeks_between(first: f64, at: f64) -> Option<usize> {
    let weeks = ((at - first) / (7.0 * MILLISECONDS_A_DAY)).round();
    // In range: a chart has some hundreds of weeks, and the cast saturates.
    (weeks >= 0.0).then_some(weeks as usize)
}

/// The place as text for parts that take no number, such as areas.
pub(super) fn place_text(week: IsoWeek) -> String {
    format!("{}T00:00:00Z", week.monday())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_stands_at_its_monday() {
        let week = IsoWeek::from_year_and_number(2026, 1).unwrap();
        assert_eq!(place(week), 1_766_966_400_000.0); // 2025-12-29T00:00:00Z
        assert_eq!(weeks_between(place(week), place(week.plus(3))), Some(3));
        assert_eq!(weeks_between(place(week), place(week.plus(-1))), None);
        assert_eq!(place_text(week), "2025-12-29T00:00:00Z");
    }
}
