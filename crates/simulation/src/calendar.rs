//! Local days of Amsterdam on contiguous UTC quarter-hours.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Amsterdam;
use model::IsoWeek;

use crate::holidays;

/// Weeks after the history that loads are scaled to: half a year ahead.
pub(crate) const WEEKS_AHEAD: usize = 26;
/// Weeks after the last complete one of the history whose extremes are written: the forecast
/// horizon.
pub(crate) const FUTURE_WEEKS: usize = 27;
/// Quarter-hours of a day without a clock change.
pub(crate) const QUARTERS_PER_DAY: usize = 96;

/// The kind of a day, by which load profiles differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayType {
    Workday,
    Saturday,
    /// Sundays and public holidays.
    Sunday,
}

/// A local day.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    pub(crate) day_type: DayType,
    /// Its quarter-hours, counted from the calendar's first: 92, 96 or 100.
    pub(crate) quarters: Range<usize>,
    /// Fraction of the year that has passed, 0 on 1 January, below 1.
    pub(crate) year_fraction: f64,
    /// Years from the end of the history, negative before it.
    pub(crate) years_from_end: f64,
    /// Whether offices and factories are closed for holidays, around Christmas or in summer.
    pub(crate) holiday_period: bool,
}

/// The time span of a simulation and the weeks after it, from a Monday to a Sunday.
pub(crate) struct Calendar {
    first_instant: DateTime<Utc>,
    first_week: IsoWeek,
    pub(crate) days: Vec<Day>,
    /// Local quarter-hour of the day, 0 to 95, of each quarter-hour.
    pub(crate) local_quarter: Vec<u8>,
    /// Number of days and quarter-hours of the history.
    pub(crate) history_days: usize,
    pub(crate) history_quarters: usize,
}

impl Calendar {
    /// The days from `first` (a Monday) to the last Sunday of the future; the history ends at
    /// `until`.
    pub(crate) fn new(first: NaiveDate, until: NaiveDate) -> Self {
        let history_days = until.signed_duration_since(first).num_days().max(0) as usize;
        let day_count = (history_days.div_ceil(7) + FUTURE_WEEKS) * 7;
        let first_instant = midnight(first);
        let mut days = Vec::with_capacity(day_count);
        let mut local_quarter = Vec::with_capacity(day_count * QUARTERS_PER_DAY);
        for at in 0..day_count {
            let date = first + Days::new(at as u64);
            let minutes = (midnight(date + Days::new(1)) - midnight(date)).num_minutes();
            let start = local_quarter.len();
            let count = (minutes / 15) as usize;
            local_quarter.extend((0..count).map(|quarter| local(quarter, count)));
            days.push(Day {
                date,
                day_type: day_type(date),
                quarters: start..start + count,
                year_fraction: f64::from(date.ordinal0()) / 366.0,
                years_from_end: (at as f64 - history_days as f64) / 365.25,
                holiday_period: holidays::holiday_period(date),
            });
        }
        let history_quarters = days.get(history_days).map_or(local_quarter.len(), |day| day.quarters.start);
        Self {
            first_instant,
            first_week: IsoWeek::containing(first),
            days,
            local_quarter,
            history_days,
            history_quarters,
        }
    }

    /// Number of weeks of history and future.
    pub(crate) fn weeks(&self) -> usize {
        self.days.len() / 7
    }

    /// Number of days from the first to the end of the weeks that loads are scaled to.
    pub(crate) fn fitted_days(&self) -> usize {
        (self.history_days.div_ceil(7) + WEEKS_AHEAD) * 7
    }

    /// Number of complete weeks of the history.
    pub(crate) fn history_weeks(&self) -> usize {
        self.history_days / 7
    }

    /// The days of a week, counted from the first.
    pub(crate) fn days_of_week(&self, week: usize) -> &[Day] {
        &self.days[week * 7..week * 7 + 7]
    }

    /// The quarter-hours of a week, counted from the first: 668, 672 or 676.
    pub(crate) fn quarters_of_week(&self, week: usize) -> Range<usize> {
        let days = self.days_of_week(week);
        days[0].quarters.start..days[6].quarters.end
    }

    pub(crate) fn iso_week(&self, week: usize) -> IsoWeek {
        self.first_week.plus(week as i32)
    }

    /// Start of a quarter-hour.
    pub(crate) fn instant(&self, quarter: usize) -> DateTime<Utc> {
        self.first_instant + TimeDelta::minutes(15 * quarter as i64)
    }

    /// Start of a quarter-hour in microseconds since 1970 (UTC).
    pub(crate) fn microseconds(&self, quarter: usize) -> i64 {
        self.first_instant.timestamp_micros() + 900_000_000 * quarter as i64
    }

    /// The day of a quarter-hour.
    pub(crate) fn day_of(&self, quarter: usize) -> usize {
        self.days.partition_point(|day| day.quarters.end <= quarter).min(self.days.len() - 1)
    }
}

/// The instant of a local midnight, which is unique: clocks in Amsterdam change at 02:00 or 03:00.
fn midnight(date: NaiveDate) -> DateTime<Utc> {
    let naive = date.and_time(chrono::NaiveTime::MIN);
    let local = Amsterdam.from_local_datetime(&naive).earliest();
    local.map_or_else(|| naive.and_utc(), |local| local.with_timezone(&Utc))
}

/// The local quarter-hour at a position in a day of `count` quarter-hours: the hour from 02:00 is
/// skipped in spring and repeated in autumn.
fn local(position: usize, count: usize) -> u8 {
    let quarter = match count {
        92 if position >= 8 => position + 4,
        100 if position >= 12 => position - 4,
        _ => position,
    };
    quarter.min(QUARTERS_PER_DAY - 1) as u8
}

fn day_type(date: NaiveDate) -> DayType {
    match date.weekday() {
        _ if holidays::public_holiday(date) => DayType::Sunday,
        Weekday::Sat => DayType::Saturday,
        Weekday::Sun => DayType::Sunday,
        _ => DayType::Workday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn clock_changes_give_days_of_92_and_100_quarter_hours() {
        let calendar = Calendar::new(date(2024, 1, 1), date(2024, 12, 30));
        let count = |at| calendar.days.iter().find(|day| day.date == at).unwrap().quarters.len();
        assert_eq!(count(date(2024, 3, 31)), 92);
        assert_eq!(count(date(2024, 10, 27)), 100);
        assert_eq!(count(date(2024, 7, 1)), 96);
    }

    #[test]
    fn the_local_clock_agrees_with_the_time_zone_at_every_quarter_hour_of_two_years() {
        use chrono::Timelike;
        let calendar = Calendar::new(date(2023, 1, 2), date(2025, 1, 6));
        for quarter in 0..calendar.local_quarter.len() {
            let local = calendar.instant(quarter).with_timezone(&Amsterdam);
            let expected = local.hour() * 4 + local.minute() / 15;
            assert_eq!(u32::from(calendar.local_quarter[quarter]), expected, "at {local}");
            assert_eq!(calendar.days[calendar.day_of(quarter)].date, local.date_naive());
        }
    }

    #[test]
    fn history_ends_at_the_local_midnight_of_until() {
        let calendar = Calendar::new(date(2024, 1, 1), date(2024, 7, 3));
        assert_eq!(calendar.instant(calendar.history_quarters).to_rfc3339(), "2024-07-02T22:00:00+00:00");
        assert_eq!(calendar.history_weeks(), 26);
        assert_eq!(calendar.weeks(), 27 + FUTURE_WEEKS);
        assert_eq!(calendar.fitted_days(), (27 + WEEKS_AHEAD) * 7);
        assert_eq!(calendar.iso_week(26).monday(), date(2024, 7, 1));
    }
}
