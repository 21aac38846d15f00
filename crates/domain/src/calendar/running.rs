//! The running week: the first that isn't complete yet.

use chrono::{DateTime, Utc};
use model::IsoWeek;

use super::{Calendar, OutOfCalendar};

/// The first week that isn't complete yet, given the source's newest reading.
///
/// It is that reading's week, or the next one if the reading is the week's last quarter-hour.
/// Forecasts use the weeks before the running week only.
///
/// # Errors
/// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
pub fn running_week(newest: DateTime<Utc>, calendar: &Calendar) -> Result<IsoWeek, OutOfCalendar> {
    let (week, quarter) = calendar.quarter_of(newest)?;
    let is_complete = quarter + 1 >= calendar.quarters_in(week)?;
    Ok(if is_complete { week.plus(1) } else { week })
}
