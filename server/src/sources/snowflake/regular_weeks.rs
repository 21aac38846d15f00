//! Week starts as runs of weeks of equal length, for engines that can't search in lists.

/// A week without a clock change, in seconds.
const WEEK: i64 = 7 * 86_400;

/// Weeks that start a whole number of 604,800 s after the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// The start of the first, Unix seconds.
    start: i64,
    /// The start of the last, relative to the first. The last may be longer or shorter than others.
    last: i64,
}

/// The runs of these starts, ascending; a clock change begins a new one.
fn runs(starts: &[i64]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for &start in starts {
        match runs.last_mut() {
            Some(run) if start - run.start == run.last + WEEK => run.last += WEEK,
            _ => runs.push(Run { start, last: 0 }),
        }
    }
    runs
}

/// An SQL expression for the start of the week that contains the column `second` (Unix seconds),
/// null before the first. `starts` are those of all weeks, ascending. Newer runs come first, as
/// most readings are in them.
pub(super) fn start_of_week(starts: &[i64], second: &str) -> String {
    let cases: String = runs(starts)
        .iter()
        .rev()
        .map(|Run { start, last }| {
            format!(
                "WHEN {second} >= {start} THEN {start} + \
                 LEAST({last}, {second} - {start} - MOD({second} - {start}, {WEEK})) "
            )
        })
        .collect();
    format!("CASE {cases}END")
}

#[cfg(test)]
mod tests {
    use domain::calendar::Calendar;
    use model::IsoWeek;

    use super::*;

    /// The value of the expression.
    fn evaluated(starts: &[i64], second: i64) -> Option<i64> {
        let run = runs(starts).into_iter().rev().find(|run| second >= run.start)?;
        let since = second - run.start;
        Some(run.start + run.last.min(since - since % WEEK))
    }

    #[test]
    fn every_quarter_hour_of_three_years_lies_in_the_calendars_week() {
        let calendar = Calendar::new(chrono_tz::Europe::Amsterdam);
        let first = IsoWeek::from_index(2_800);
        let starts = calendar.starts_between(first, first.plus(160)).unwrap();
        assert!(runs(starts).len() <= 8, "two changes of the clocks a year");
        for second in (starts[0]..starts[160]).step_by(900) {
            let place = starts.partition_point(|&start| start <= second) - 1;
            assert_eq!(evaluated(starts, second), Some(starts[place]), "{second}");
        }
        for &start in starts {
            assert_eq!(evaluated(starts, start), Some(start));
        }
        assert_eq!(evaluated(starts, starts[0] - 1), None);
    }

    #[test]
    fn the_expression_names_each_run_once_and_the_newest_first() {
        let sql = start_of_week(&[1_000, 1_000 + WEEK, 1_000 + 2 * WEEK + 3_600], "s");
        assert_eq!(
            sql,
            "CASE WHEN s >= 1214200 THEN 1214200 + LEAST(0, s - 1214200 - MOD(s - 1214200, 604800)) \
             WHEN s >= 1000 THEN 1000 + LEAST(604800, s - 1000 - MOD(s - 1000, 604800)) END"
        );
    }
}
