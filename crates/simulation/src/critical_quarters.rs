//! The few quarter-hours of a week in which its extremes can occur: cold evenings, dull and bright
//! noons, nights.

use std::ops::Range;

use crate::calendar::{Calendar, DayType};
use crate::weather::AreaWeather;

/// A quarter-hour and its day, counted from the calendar's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CriticalQuarter {
    pub(crate) quarter: usize,
    pub(crate) day: usize,
}

/// The critical quarter-hours of each week of the calendar in one area, in chronological order.
pub(crate) fn by_week(calendar: &Calendar, weather: &AreaWeather) -> Vec<Vec<CriticalQuarter>> {
    (0..calendar.weeks()).map(|week| of_week(calendar, weather, week)).collect()
}

fn of_week(calendar: &Calendar, weather: &AreaWeather, week: usize) -> Vec<CriticalQuarter> {
    let mut quarters = Vec::new();
    for working in [true, false] {
        let days: Vec<usize> = (week * 7..week * 7 + 7)
            .filter(|day| (calendar.days[*day].day_type == DayType::Workday) == working)
            .collect();
        let cold = |quarter: usize| -weather.temperature_c[quarter];
        let warm = |quarter: usize| weather.temperature_c[quarter];
        let dull = |quarter: usize| -weather.south_kw_per_kwp[quarter];
        // The local hours of the usual peaks, each on the coldest or dullest day.
        for hour in [6.25, 7.5, 17.5, 18.5, 19.5, 23.0] {
            quarters.extend(best(calendar, &days, hours(hour, hour + 0.25), cold));
        }
        for hour in [8.5, 10.0, 11.5, 14.5] {
            quarters.extend(best(calendar, &days, hours(hour, hour + 0.25), dull));
        }
        quarters.extend(best(calendar, &days, hours(3.0, 4.5), warm));
        let noon = hours(10.0, 16.0);
        quarters.extend(best(calendar, &days, noon.clone(), |quarter| weather.south_kw_per_kwp[quarter]));
        quarters.extend(best(calendar, &days, noon, |quarter| weather.east_west_kw_per_kwp[quarter]));
    }
    quarters.sort_unstable();
    quarters.dedup();
    quarters
}

/// Positions within a day; clock changes are ignored.
fn hours(from: f64, until: f64) -> Range<usize> {
    (from * 4.0) as usize..(until * 4.0) as usize
}

/// The quarter-hour with the highest score among these positions of these days.
fn best(
    calendar: &Calendar,
    days: &[usize],
    positions: Range<usize>,
    score: impl Fn(usize) -> f32,
) -> Option<CriticalQuarter> {
    let candidates = days.iter().flat_map(|day| {
        let start = calendar.days[*day].quarters.start;
        positions.clone().map(move |position| CriticalQuarter { quarter: start + position, day: *day })
    });
    candidates.max_by(|one, other| score(one.quarter).total_cmp(&score(other.quarter)))
}
