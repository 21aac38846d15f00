//! Cold and sun over the year, as far as loads follow them: for the Netherlands and its neighbours.

use chrono::Datelike;

use crate::IsoWeek;

/// Days of a year.
const YEAR_DAYS: f64 = 365.2425;
/// The day of the year that is the coldest in the mean of many years: 20 January, a month after the solstice.
const COLDEST_DAY: f64 = 20.0;
/// The day of the summer solstice.
const SOLSTICE_DAY: f64 = 172.0;
/// The tilt of the Earth's axis, and the latitude of the middle of the Netherlands, in degrees.
const TILT_DEGREES: f64 = 23.44;
const LATITUDE_DEGREES: f64 = 52.2;
/// Heating ends where the cosine of the year's angle from its coldest day falls to minus this: from mid-May
/// to the beginning of October.
const HEATING_ENDS: f64 = 0.25;

/// The day of the year in the middle of a week.
fn day(week: IsoWeek) -> f64 {
    f64::from(week.monday().ordinal()) + 3.0
}

/// The cosine of the angle of the year between a week and a day.
fn cosine_from(week: IsoWeek, day_of_year: f64) -> f64 {
    (std::f64::consts::TAU * (day(week) - day_of_year) / YEAR_DAYS).cos()
}

/// How cold it is: one in the coldest week of January, zero in the warmest of July.
pub(super) fn cold(week: IsoWeek) -> f64 {
    0.5 * (1.0 + cosine_from(week, COLDEST_DAY))
}

/// How much is heated: one in the coldest week, none from mid-May to the beginning of October.
pub(super) fn heating(week: IsoWeek) -> f64 {
    ((cosine_from(week, COLDEST_DAY) + HEATING_ENDS) / (1.0 + HEATING_ENDS)).max(0.0)
}

/// The sun's power on level ground at a clear noon as a share of that at midsummer: the ratio of the sines of
/// its heights, of 90° − latitude + declination; 0.28 in December.
pub(super) fn sun(week: IsoWeek) -> f64 {
    let height = |declination: f64| (90.0 - LATITUDE_DEGREES + declination).to_radians().sin();
    height(TILT_DEGREES * cosine_from(week, SOLSTICE_DAY)) / height(TILT_DEGREES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(number: u32) -> IsoWeek {
        IsoWeek::from_year_and_number(2027, number).unwrap()
    }

    #[test]
    fn cold_and_sun_take_turns() {
        assert!(cold(week(3)) > 0.99 && cold(week(29)) < 0.01);
        assert!(heating(week(3)) > 0.99);
        assert!((22..=38).all(|number| heating(week(number)) == 0.0));
        assert!(heating(week(16)) > 0.1 && heating(week(43)) > 0.1);
        assert!(sun(week(25)) > 0.999);
        assert!((0.25..0.32).contains(&sun(week(51))));
    }
}
