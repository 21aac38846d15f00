//! Outdoor temperature: annual and daily cycle, and cold and warm spells of several days.

use super::daily_anomalies;
use crate::Area;
use crate::calendar::Calendar;

/// Temperature of every quarter-hour, °C. Clear days are colder in winter, warmer in summer, and
/// have a larger daily range.
pub(super) fn quarter_hours(seed: u64, area: Area, calendar: &Calendar, clearness: &[f64]) -> Vec<f32> {
    const AUTOCORRELATION: f64 = 0.82;
    const SPELL_C: f64 = 3.4;
    let anomalies = daily_anomalies(seed, 0, area, calendar, AUTOCORRELATION);
    // Away from the sea, winters are colder and summers warmer.
    let inland = if area == Area::Hengelo { 0.7 } else { 0.0 };
    let means: Vec<f64> = calendar
        .days
        .iter()
        .zip(anomalies)
        .zip(clearness)
        .map(|((day, anomaly), clear)| {
            let winter = (std::f64::consts::TAU * (day.year_fraction - 0.055)).cos();
            10.6 - (7.3 + inland) * winter + SPELL_C * anomaly - 2.5 * winter * (clear - 0.5)
        })
        .collect();
    let mut temperatures = Vec::with_capacity(calendar.local_quarter.len());
    for (at, day) in calendar.days.iter().enumerate() {
        let swing = 1.0 + 4.5 * clearness[at];
        // The last day that loads are scaled to ignores the day after it, so that loads don't
        // depend on the length of the calendar.
        let last = at + 1 == calendar.fitted_days() || at + 1 == means.len();
        let tomorrow = if last { at } else { at + 1 };
        let (yesterday, tomorrow) = (means[at.saturating_sub(1)], means[tomorrow]);
        for quarter in day.quarters.clone() {
            let of_day = (quarter - day.quarters.start) as f64 / day.quarters.len() as f64;
            // The daily mean applies at noon and is interpolated towards the neighbouring day's.
            let neighbour = if of_day < 0.5 { yesterday } else { tomorrow };
            let mean = means[at] + (neighbour - means[at]) * (of_day - 0.5).abs();
            let hour = (std::f64::consts::TAU * (of_day - 15.0 / 24.0)).cos();
            temperatures.push((mean + swing * hour) as f32);
        }
    }
    temperatures
}
