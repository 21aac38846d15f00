//! Position of the sun at 52° N, and the yield of two roof orientations.

use chrono::{Datelike, Timelike};

use crate::calendar::Calendar;

const LATITUDE_DEGREES: f64 = 52.0;
const LONGITUDE_DEGREES: f64 = 5.4;
/// Performance ratio, the output per kWp at 1 kW/m² on the roof after losses in inverter and
/// wiring, from soiling and from heat. An assumption.
const PERFORMANCE: f64 = 0.87;
/// Rating of the inverter relative to the panels, which it is undersized for. An assumption.
const INVERTER_KW_PER_KWP: f64 = 0.86;
const SOUTH_TILT_DEGREES: f64 = 35.0;
const EAST_WEST_TILT_DEGREES: f64 = 15.0;

/// The position of the sun at the middle of a quarter-hour.
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// Sine of the elevation; not positive at night.
    up: f32,
    /// Components of the direction to the sun towards south and west.
    south: f32,
    west: f32,
}

/// The sun's positions at every quarter-hour of the calendar.
///
/// Declination and equation of time after Spencer (1971), hour angle from solar time; the direction
/// to the sun is up = sin φ sin δ + cos φ cos δ cos ω, south = sin φ cos δ cos ω − cos φ sin δ,
/// west = cos δ sin ω.
pub(super) fn positions(calendar: &Calendar) -> Vec<Position> {
    let (sin_latitude, cos_latitude) = LATITUDE_DEGREES.to_radians().sin_cos();
    let mut positions = Vec::with_capacity(calendar.local_quarter.len());
    for day in &calendar.days {
        let angle = std::f64::consts::TAU * f64::from(day.date.ordinal0()) / 365.25;
        let declination = 0.006_918 - 0.399_912 * angle.cos() + 0.070_257 * angle.sin()
            - 0.006_758 * (2.0 * angle).cos()
            + 0.000_907 * (2.0 * angle).sin();
        let equation_of_time_minutes = 229.18
            * (0.000_075 + 0.001_868 * angle.cos()
                - 0.032_077 * angle.sin()
                - 0.014_615 * (2.0 * angle).cos()
                - 0.040_849 * (2.0 * angle).sin());
        let (sin_declination, cos_declination) = declination.sin_cos();
        let start = calendar.instant(day.quarters.start);
        let start_minutes = f64::from(start.hour() * 60 + start.minute());
        for position in 0..day.quarters.len() {
            let utc_minutes = start_minutes + 15.0 * position as f64 + 7.5;
            let solar_minutes = utc_minutes + 4.0 * LONGITUDE_DEGREES + equation_of_time_minutes;
            let hour_angle = std::f64::consts::TAU * (solar_minutes - 720.0) / 1440.0;
            let (sin_hour, cos_hour) = hour_angle.sin_cos();
            let up = sin_latitude * sin_declination + cos_latitude * cos_declination * cos_hour;
            let south = sin_latitude * cos_declination * cos_hour - cos_latitude * sin_declination;
            let west = cos_declination * sin_hour;
            positions.push(Position { up: up as f32, south: south as f32, west: west as f32 });
        }
    }
    positions
}

impl Position {
    /// Yields in kW per kWp of south-facing and of east-west roofs at a clearness (global radiation
    /// relative to that of a clear sky).
    ///
    /// Clear-sky global radiation after Haurwitz (1945), 1098 sin h exp(−0.057 / sin h) W/m². The
    /// beam fraction grows with clearness; diffuse radiation is isotropic.
    pub(super) fn yields(self, clearness: f32) -> (f32, f32) {
        let up = f64::from(self.up);
        if up <= 0.01 {
            return (0.0, 0.0);
        }
        let clearness = f64::from(clearness);
        let global = clearness * 1.098 * up * (-0.057 / up).exp();
        let diffuse = global * (1.0 - 0.85 * clearness * clearness).clamp(0.12, 1.0);
        // The limit keeps the quotient finite near the horizon.
        let beam = (global - diffuse) / up.max(0.07);
        let roof = |towards: f64, tilt_degrees: f64| {
            let (sin_tilt, cos_tilt) = tilt_degrees.to_radians().sin_cos();
            let straight = beam * (up * cos_tilt + towards * sin_tilt).max(0.0);
            straight + diffuse * (1.0 + cos_tilt) / 2.0
        };
        let yielded = |on_roof: f64| (PERFORMANCE * on_roof).min(INVERTER_KW_PER_KWP) as f32;
        let west = f64::from(self.west);
        let both = (roof(west, EAST_WEST_TILT_DEGREES) + roof(-west, EAST_WEST_TILT_DEGREES)) / 2.0;
        (yielded(roof(f64::from(self.south), SOUTH_TILT_DEGREES)), yielded(both))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn noon_elevations_at_the_solstices_are_those_of_52_degrees_north() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let calendar = Calendar::new(first, first + chrono::Days::new(364));
        let sun = positions(&calendar);
        let highest = |day: usize| {
            let ups = calendar.days[day].quarters.clone().map(|quarter| sun[quarter].up);
            f64::from(ups.fold(f32::MIN, f32::max)).asin().to_degrees()
        };
        assert!((highest(172) - 61.4).abs() < 0.3, "summer: {}", highest(172));
        assert!((highest(355) - 14.6).abs() < 0.3, "winter: {}", highest(355));
    }

    #[test]
    fn the_yield_of_a_year_is_realistic_for_a_clear_and_a_dull_sky() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let calendar = Calendar::new(first, first + chrono::Days::new(364));
        let kwh = |clearness: f32| -> f64 {
            let sun = positions(&calendar);
            sun[..calendar.history_quarters].iter().map(|sun| f64::from(sun.yields(clearness).0) / 4.0).sum()
        };
        assert!((1400.0..2000.0).contains(&kwh(1.0)), "clear: {}", kwh(1.0));
        assert!((300.0..700.0).contains(&kwh(0.4)), "dull: {}", kwh(0.4));
    }
}
