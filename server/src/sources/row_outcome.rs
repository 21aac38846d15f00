//! Codes of row outcomes in aggregating engines, decided in the same order as in `readings`, so
//! that files and tables refuse the same rows for the same reasons.

use chrono::{DateTime, Utc};
use domain::calendar::{Calendar, MAX_CLOCK_LEAD};

/// Accepted.
pub(super) const ACCEPTED: i32 = 0;
/// A well-formed channel that is not used.
pub(super) const IGNORED: i32 = 1;
/// A wanted cell is null.
pub(super) const MISSING_CELL: i32 = 2;
/// The channel has no known shape.
pub(super) const UNKNOWN_CHANNEL: i32 = 3;
/// The value is NaN or infinite.
pub(super) const NOT_FINITE: i32 = 4;
/// The time lies outside of the calendar.
pub(super) const OUT_OF_CALENDAR: i32 = 5;
/// The time lies in the future.
pub(super) const FROM_THE_FUTURE: i32 = 6;
/// The value lies beyond what is believed of the box; only in the second query.
pub(super) const BEYOND_CAPACITY: i32 = 7;
/// The row names another unit than kW; only of tables with a column of units.
pub(super) const OTHER_UNIT: i32 = 8;

/// What SQL compares the trimmed name of a unit with, in lower case: kW, or none at all.
pub(super) const NAMES_OF_KILOWATT: &str = "'', 'kw', 'kilowatt', 'kilowatts', 'nan', 'none', 'null', '<na>'";
/// What may stand around the name of a unit, beside white space; quoted as in SQL.
pub(super) const AROUND_UNITS: &str = "[](){}\"''";

/// The latest accepted time of a reading, given the current time.
pub(super) fn latest(now: DateTime<Utc>) -> DateTime<Utc> {
    now + MAX_CLOCK_LEAD
}

/// The first Unix second too far in the future.
pub(super) fn after_latest(now: DateTime<Utc>) -> i64 {
    latest(now).timestamp() + 1
}

/// The first Unix second after the calendar.
pub(super) fn after_calendar(calendar: &Calendar) -> i64 {
    calendar.end().timestamp()
}

/// All white space that Rust trims.
pub(super) fn white_space() -> String {
    ('\0'..='\u{3000}').filter(|character| character.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use readings::Unit;

    use super::*;

    #[test]
    fn the_names_of_the_unit_are_those_of_files() {
        let names: Vec<&str> = NAMES_OF_KILOWATT.split(", ").map(|name| name.trim_matches('\'')).collect();
        for name in &names {
            assert!(Unit::Kilowatt.admits(name.as_bytes()), "{name}");
            for around in AROUND_UNITS.chars() {
                assert!(Unit::Kilowatt.admits(format!("{around}{name}").as_bytes()), "{around}{name}");
            }
        }
        for name in ["MW", "W", "kWh", "kVA", "-"] {
            assert!(!Unit::Kilowatt.admits(name.as_bytes()) && !names.contains(&name), "{name}");
        }
    }
}
