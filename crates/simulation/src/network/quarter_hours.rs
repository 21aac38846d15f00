//! The quarter-hourly load of a transformer: expected load, noise, batteries and curtailment.

use rand_distr::{Distribution, StandardNormal};

use crate::calendar::Calendar;
use crate::components::{Components, SOLAR_NOISE};
use crate::faults::{Faults, IDLE_SHARE};
use crate::load::{Balance, Load};
use crate::random::{Purpose, stream};

/// The quarter-hours of the calendar's first `days`, kW, before bypasses and faults other than
/// idling.
///
/// Consumption varies around its expectation as an AR(1) process, solar production as one with a
/// shorter correlation time. Batteries act on the net load, then the inverters' limit.
pub(super) fn quarter_hours(
    seed: u64,
    number: usize,
    components: &Components,
    load: &Load<'_>,
    faults: &Faults,
    calendar: &Calendar,
    days: usize,
) -> Vec<f64> {
    const AUTOCORRELATION: f64 = 0.82;
    const SOLAR_AUTOCORRELATION: f64 = 0.6;
    let random = &mut stream(seed, Purpose::QuarterNoise, number as u64);
    let spread = components.quarter_noise * (1.0 - AUTOCORRELATION * AUTOCORRELATION).sqrt();
    let solar_spread = SOLAR_NOISE * (1.0 - SOLAR_AUTOCORRELATION * SOLAR_AUTOCORRELATION).sqrt();
    let (mut noise, mut solar_noise, mut stored_kwh) = (0.0, 0.0, 0.0);
    let idle_kw = IDLE_SHARE * components.capacity_kva;
    let days = &calendar.days[..days];
    let mut loads = Vec::with_capacity(days.last().map_or(0, |day| day.quarters.end));
    for (at, day) in days.iter().enumerate() {
        let solar_kwp = components.solar.kw(day.years_from_end);
        for quarter in day.quarters.clone() {
            let innovation: f64 = StandardNormal.sample(random);
            noise = AUTOCORRELATION * noise + spread * innovation;
            if quarter < faults.idle_until {
                loads.push(idle_kw * (1.0 + 0.1 * innovation.clamp(-3.0, 3.0)));
                continue;
            }
            let Balance { consumption_kw, solar_kw } = load.at(at, quarter);
            if solar_kw > 0.0 {
                let innovation: f64 = StandardNormal.sample(random);
                solar_noise = SOLAR_AUTOCORRELATION * solar_noise + solar_spread * innovation;
            }
            // Noise must not make consumption negative.
            let consumption_kw = consumption_kw * (1.0 + noise).max(0.2);
            let mut left = consumption_kw - solar_kw * (1.0 + solar_noise);
            if let Some(battery) = components.battery {
                let local = usize::from(calendar.local_quarter[quarter]);
                left = battery.apply(left, solar_kwp, local, &mut stored_kwh);
            }
            loads.push(components.curtailment.map_or(left, |curtailment| curtailment.apply(left)));
        }
    }
    loads
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::battery::Battery;
    use crate::curtailment::Curtailment;
    use crate::{Network, Settings};

    /// Loads of a box with much solar power during a summer: unchanged, and after a change.
    fn loads(change: impl Fn(&mut Components)) -> [Vec<f64>; 2] {
        let until = NaiveDate::from_ymd_opt(2025, 9, 1).unwrap();
        let network = Network::new(&Settings::new(1, 0.4, 3, until, "unused")).unwrap();
        let mut components = Components::draw(3, 0, &network.calendar);
        components.scale(100.0);
        components.solar.at_end_kw = 250.0;
        let faults = Faults { reports: 0..0, idle_until: 0, gaps: Vec::new(), outliers: Vec::new() };
        let weather = network.weather.of(network.area(0));
        let draw = |components: &Components| {
            let load = Load::new(3, 0, components, &network.calendar, weather);
            quarter_hours(3, 0, components, &load, &faults, &network.calendar, network.calendar.history_days)
        };
        let plain = draw(&components);
        change(&mut components);
        [plain, draw(&components)]
    }

    fn lowest(loads: &[f64]) -> f64 {
        loads.iter().copied().fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn batteries_lower_peak_feed_in_and_evening_consumption() {
        let [plain, with] = loads(|components| components.battery = Some(Battery { share: 0.6 }));
        assert!(lowest(&with) > 0.9 * lowest(&plain), "{} instead of {}", lowest(&with), lowest(&plain));
        let import = |loads: &[f64]| loads.iter().filter(|kw| **kw > 0.0).sum::<f64>();
        let (with, plain) = (import(&with), import(&plain));
        assert!(with < 0.99 * plain, "import: {with} instead of {plain}");
    }

    #[test]
    fn curtailment_caps_feed_in_and_leaves_lower_feed_in_unchanged() {
        let [plain, with] = loads(|components| components.curtailment = Some(Curtailment::new(100.0)));
        assert!(lowest(&plain) < -120.0 && lowest(&with) >= -100.0);
        for (plain, with) in plain.iter().zip(&with).filter(|(plain, _)| **plain > -80.0) {
            assert_eq!(plain, with);
        }
    }
}
