//! Batteries behind the panels of some customers: they take the top off the feed-in at midday and give it back
//! in the evening and at night.

use crate::calendar::QUARTERS_A_DAY;

/// Batteries at a share of a box's panels; they come and grow with the panels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Battery {
    /// Share of the solar power that has a battery, 0 to 1.
    pub(crate) share: f64,
}

/// Storage that panels of 1 kWp are given, kWh.
const KWH_PER_KWP: f64 = 1.5;
/// Power of the battery's inverter, kW per kWp of panels.
const KW_PER_KWP: f64 = 0.5;
/// Batteries charge from the feed-in above this, kW per kWp: what lies below would fill them before noon.
const THRESHOLD_KW_PER_KWP: f64 = 0.45;
/// They are emptied evenly over about so many hours.
const HOURS_TO_EMPTY: f64 = 5.0;
/// What comes out of what went in.
const EFFICIENCY: f64 = 0.9;
/// Local quarter-hours of discharge: from five in the afternoon to seven in the morning.
const EVENING: usize = 68;
const MORNING: usize = 28;

impl Battery {
    /// Storage at an installed solar power, kWh.
    pub(crate) fn energy_kwh(self, solar_kwp: f64) -> f64 {
        KWH_PER_KWP * self.share * solar_kwp
    }

    /// Greatest charging and discharging power at an installed solar power, kW.
    pub(crate) fn power_kw(self, solar_kwp: f64) -> f64 {
        KW_PER_KWP * self.share * solar_kwp
    }

    /// Lets the batteries work for a quarter-hour: the load that is left, kW. `stored_kwh` is their content.
    ///
    /// Where a customer has a battery, it takes what his feed-in exceeds the threshold by, and later supplies
    /// his own use alone.
    pub(crate) fn settle(
        self,
        load_kw: f64,
        solar_kwp: f64,
        local_quarter: usize,
        stored_kwh: &mut f64,
    ) -> f64 {
        const HOURS: f64 = 0.25;
        debug_assert!(local_quarter < QUARTERS_A_DAY);
        let (energy, power) = (self.energy_kwh(solar_kwp), self.power_kw(solar_kwp));
        let excess = self.share * (-load_kw - THRESHOLD_KW_PER_KWP * solar_kwp);
        if excess > 0.0 {
            let charging = excess.min(power).min((energy - *stored_kwh).max(0.0) / HOURS);
            *stored_kwh += charging * HOURS;
            return load_kw + charging;
        }
        if load_kw > 0.0 && !(MORNING..EVENING).contains(&local_quarter) {
            let even = energy / HOURS_TO_EMPTY;
            let available = *stored_kwh * EFFICIENCY / HOURS;
            let discharging = (self.share * load_kw).min(power).min(even).min(available);
            *stored_kwh -= discharging * HOURS / EFFICIENCY;
            return load_kw - discharging;
        }
        load_kw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A summer's day of a box with 100 kWp: feed-in up to 70 kW, 30 kW in the evening.
    fn day() -> Vec<f64> {
        let hour = |quarter: usize| quarter as f64 / 4.0;
        let solar = |quarter| 80.0 * (1.0 - ((hour(quarter) - 13.5) / 6.0).powi(2)).max(0.0);
        (0..QUARTERS_A_DAY).map(|quarter| if quarter < 68 { 10.0 } else { 30.0 } - solar(quarter)).collect()
    }

    #[test]
    fn a_battery_lowers_the_peaks_of_feed_in_and_evening_and_returns_no_more_than_it_took() {
        let battery = Battery { share: 0.5 };
        let mut stored = 0.0;
        let left: Vec<f64> = day()
            .iter()
            .enumerate()
            .map(|(quarter, load)| battery.settle(*load, 100.0, quarter, &mut stored))
            .collect();
        let lowest = |loads: &[f64]| loads.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(lowest(&left) > lowest(&day()) + 10.0, "{} instead of {}", lowest(&left), lowest(&day()));
        assert!(left[76] < day()[76] - 5.0, "the evening: {} instead of {}", left[76], day()[76]);
        let kwh = |loads: &[f64]| loads.iter().sum::<f64>() / 4.0;
        assert!(kwh(&left) >= kwh(&day()), "energy came from nowhere");
        assert!(left.iter().zip(day()).all(|(left, load)| left.signum() == load.signum()));
    }

    #[test]
    fn a_full_battery_takes_nothing_and_an_empty_one_gives_nothing() {
        let battery = Battery { share: 0.5 };
        let mut full = battery.energy_kwh(100.0);
        assert_eq!(battery.settle(-70.0, 100.0, 50, &mut full), -70.0);
        let mut empty = 0.0;
        assert_eq!(battery.settle(40.0, 100.0, 80, &mut empty), 40.0);
    }
}
