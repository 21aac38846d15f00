//! The week that isn't complete yet.

use chrono::{DateTime, Utc};
use model::IsoWeek;

use super::{Calendar, OutOfCalendar};

/// The first week that isn't complete yet, given the newest reading of the source.
///
/// It is the week of that reading, unless the reading is the week's last quarter-hour: then the week is complete and
/// the next one is running. The store holds the running week and all later ones back from the forecasts.
///
/// # Errors
/// [`OutOfCalendar`] outside of 1970-01-05 to 2100-01-03.
pub fn running_week(newest: DateTime<Utc>, calendar: &Calendar) -> Result<IsoWeek, OutOfCalendar> {
    let (week, quarter) = calendar.quarter_of(newest)?;
    let is_complete = quarter + 1 >= calendar.quarters_in(week)?;
    Ok(if is_complete { week.plus(1) } else { week })
}
