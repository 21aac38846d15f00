//! Home batteries: they shave the midday feed-in peak and discharge in the evening and at night.
//!
//! Sizes, threshold and hours are plausible assumptions, not fitted to data.

use crate::calendar::QUARTERS_PER_DAY;

/// Batteries at a share of a box's solar panels; they grow with the panels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Battery {
    /// Share of the solar power that has a battery, 0 to 1.
    pub(crate) share: f64,
}

/// Storage per kWp of panels, kWh.
const KWH_PER_KWP: f64 = 1.5;
/// Power of the battery inverter, kW per kWp of panels.
const KW_PER_KWP: f64 = 0.5;
/// Batteries charge from feed-in above this, kW per kWp: a lower threshold would fill them before
/// noon.
const THRESHOLD_KW_PER_KWP: f64 = 0.45;
/// Hours over which a full battery discharges evenly.
const HOURS_TO_EMPTY: f64 = 5.0;
/// Round-trip efficiency, applied when discharging.
const EFFICIENCY: f64 = 0.9;
/// Local quarter-hours of discharge: from 17:00 to 07:00.
const DISCHARGE_START: usize = 68;
const DISCHARGE_END: usize = 28;

impl Battery {
    /// Storage at an installed solar power, kWh.
    pub(crate) fn energy_kwh(self, solar_kwp: f64) -> f64 {
        KWH_PER_KWP * self.share * solar_kwp
    }

    /// Maximum charging and discharging power at an installed solar power, kW.
    pub(crate) fn power_kw(self, solar_kwp: f64) -> f64 {
        KW_PER_KWP * self.share * solar_kwp
    }

    /// Operates the batteries for a quarter-hour and returns the remaining load, kW. `stored_kwh`
    /// is their state of charge.
    ///
    /// A battery charges from its customer's feed-in above the threshold and later supplies only
    /// that customer's own consumption.
    pub(crate) fn apply(
        self,
        load_kw: f64,
        solar_kwp: f64,
        local_quarter: usize,
        stored_kwh: &mut f64,
    ) -> f64 {
        const HOURS: f64 = 0.25;
        debug_assert!(local_quarter < QUARTERS_PER_DAY);
        let (energy, power) = (self.energy_kwh(solar_kwp), self.power_kw(solar_kwp));
        let excess = self.share * (-load_kw - THRESHOLD_KW_PER_KWP * solar_kwp);
        if excess > 0.0 {
            let charging = excess.min(power).min((energy - *stored_kwh).max(0.0) / HOURS);
            *stored_kwh += charging * HOURS;
            return load_kw + charging;
        }
        if load_kw > 0.0 && !(DISCHARGE_END..DISCHARGE_START).contains(&local_quarter) {
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

    /// A summer day of a box with 100 kWp: feed-in up to 70 kW, 30 kW in the evening.
    fn day() -> Vec<f64> {
        let hour = |quarter: usize| quarter as f64 / 4.0;
        let solar = |quarter| 80.0 * (1.0 - ((hour(quarter) - 13.5) / 6.0).powi(2)).max(0.0);
        (0..QUARTERS_PER_DAY).map(|quarter| if quarter < 68 { 10.0 } else { 30.0 } - solar(quarter)).collect()
    }

    #[test]
    fn a_battery_lowers_feed_in_and_evening_peaks_and_returns_no_more_than_it_charged() {
        let battery = Battery { share: 0.5 };
        let mut stored = 0.0;
        let left: Vec<f64> = day()
            .iter()
            .enumerate()
            .map(|(quarter, load)| battery.apply(*load, 100.0, quarter, &mut stored))
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
        assert_eq!(battery.apply(-70.0, 100.0, 50, &mut full), -70.0);
        let mut empty = 0.0;
        assert_eq!(battery.apply(40.0, 100.0, 80, &mut empty), 40.0);
    }
}
