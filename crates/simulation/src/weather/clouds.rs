//! Cloudiness: the fraction of clear-sky radiation that arrives.

use rand_distr::{Distribution, StandardNormal};

use super::daily_anomalies;
use crate::Area;
use crate::calendar::Calendar;
use crate::random::{Purpose, stream};

/// Mean clearness of each day, 0.15 (overcast) to 1 (cloudless); summers are clearer than winters.
pub(super) fn daily_clearness(seed: u64, area: Area, calendar: &Calendar) -> Vec<f64> {
    const AUTOCORRELATION: f64 = 0.45;
    let anomalies = daily_anomalies(seed, 1, area, calendar, AUTOCORRELATION);
    let clearness = |(day, anomaly): (&crate::calendar::Day, f64)| {
        let summer = -(std::f64::consts::TAU * (day.year_fraction - 0.02)).cos();
        let logit = 0.1 + 0.55 * summer + 1.5 * anomaly;
        0.15 + 0.85 / (1.0 + (-logit).exp())
    };
    calendar.days.iter().zip(anomalies).map(clearness).collect()
}

/// Clearness of each quarter-hour; on days that are neither overcast nor cloudless it varies within
/// hours.
pub(super) fn quarter_hours(seed: u64, area: Area, calendar: &Calendar, daily: &[f64]) -> Vec<f32> {
    let mut clearness = Vec::with_capacity(calendar.local_quarter.len());
    let first_hour = calendar.instant(0).timestamp() / 3600;
    let passing = |hour: i64| -> f64 {
        let number = (first_hour + hour + 10_000_000) as u64 * 8 + area as u64;
        StandardNormal.sample(&mut stream(seed, Purpose::AreaClouds, number))
    };
    let (mut this, mut next, mut hour) = (passing(0), passing(1), 0);
    for (day, mean) in calendar.days.iter().zip(daily) {
        let broken = 1.1 * mean * (1.0 - mean);
        for quarter in day.quarters.clone() {
            if quarter as i64 / 4 != hour {
                hour = quarter as i64 / 4;
                (this, next) = (next, passing(hour + 1));
            }
            let share = (quarter % 4) as f64 / 4.0;
            let value = mean + broken * (this + share * (next - this));
            clearness.push(value.clamp(0.08, 1.04) as f32);
        }
    }
    clearness
}
