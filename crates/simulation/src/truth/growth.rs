//! The true growth of a box in a mixed network, with batteries and curtailment.

use chrono::NaiveDate;
use serde::Serialize;

use crate::adoption::Adoption;
use crate::calendar::Calendar;
use crate::components::Components;
use crate::growth::Law;

/// The growth of a box in a mixed network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GrowthTruth {
    /// Whether solar power, vehicles or heat pumps follow a law other than `stable`.
    pub grows: bool,
    /// Solar power; kW are kWp.
    pub solar: TechnologyTruth,
    /// Vehicle charging; kW are the peak of all vehicles together.
    pub vehicles: TechnologyTruth,
    /// Heat pumps; kW are those at −5 °C.
    pub heat_pumps: TechnologyTruth,
    /// Home batteries, if any.
    pub battery: Option<BatteryTruth>,
    /// The feed-in limit of the inverters, kW, if they curtail.
    pub curtailment_limit_kw: Option<f64>,
}

/// The growth of a technology at a box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TechnologyTruth {
    /// The law that its power follows.
    pub law: Law,
    /// Installed power on the first day of the time span, on each 1 January, and at its end.
    pub installed: Vec<Installed>,
    /// Mean growth per year over the time span, as a fraction of the box's capacity.
    pub growth_per_year: f64,
    /// Growth in the last year of the time span (or over all of a shorter one), as a fraction of
    /// the capacity.
    pub growth_in_last_year: f64,
    /// Single installations after the first day, including the weeks ahead; empty if power changes
    /// smoothly.
    pub installations: Vec<Installed>,
}

/// A power at a date: the total installed or the amount added.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Installed {
    /// The local day.
    pub date: NaiveDate,
    /// The power, kW.
    pub kw: f64,
}

/// The batteries of a box at the end of the time span.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BatteryTruth {
    /// Share of the solar power that has a battery, 0 to 1.
    pub share: f64,
    /// Maximum charging and discharging power, kW.
    pub power_kw: f64,
    /// Storage, kWh.
    pub energy_kwh: f64,
}

/// The true growth of a box's components.
pub(crate) fn of(components: &Components, calendar: &Calendar) -> GrowthTruth {
    let technology = |part: &Adoption| technology(part, components.capacity_kva, calendar);
    let solar_kwp = components.solar.kw(0.0);
    let parts = [&components.solar, &components.vehicles, &components.heat_pumps];
    GrowthTruth {
        grows: parts.iter().any(|part| part.law.grows()),
        solar: technology(&components.solar),
        vehicles: technology(&components.vehicles),
        heat_pumps: technology(&components.heat_pumps),
        battery: components.battery.map(|battery| BatteryTruth {
            share: battery.share,
            power_kw: battery.power_kw(solar_kwp),
            energy_kwh: battery.energy_kwh(solar_kwp),
        }),
        curtailment_limit_kw: components.curtailment.map(|curtailment| curtailment.limit_kw),
    }
}

fn technology(part: &Adoption, capacity_kva: f64, calendar: &Calendar) -> TechnologyTruth {
    use chrono::Datelike;
    let history = &calendar.days[..=calendar.history_days];
    let listed = history
        .iter()
        .enumerate()
        .filter(|(at, day)| *at == 0 || *at == calendar.history_days || day.date.ordinal0() == 0);
    let installed =
        |day: &crate::calendar::Day| Installed { date: day.date, kw: part.kw(day.years_from_end) };
    let years = -history[0].years_from_end;
    let added = |years: f64| (part.kw(0.0) - part.kw(-years)) / capacity_kva;
    let added_at = |at_years: f64, kw: f64| {
        let day = calendar.days.partition_point(|day| day.years_from_end < at_years);
        calendar.days.get(day).map(|day| Installed { date: day.date, kw })
    };
    let installations = match (&part.installations, &part.law) {
        (Some(installations), _) => {
            installations.added().iter().filter_map(|step| added_at(step.at_years, step.kw)).collect()
        }
        (None, Law::Steps { steps, .. }) => {
            let before = |at_years: f64| part.at_end_kw * part.law.relative(at_years - 1e-6);
            let size = |at_years: f64| part.kw(at_years) - before(at_years);
            let within = steps.iter().filter(|step| step.at_years > -years);
            within.filter_map(|step| added_at(step.at_years, size(step.at_years))).collect()
        }
        _ => Vec::new(),
    };
    TechnologyTruth {
        law: part.law.clone(),
        installed: listed.map(|(_, day)| installed(day)).collect(),
        growth_per_year: added(years) / years,
        growth_in_last_year: added(years.min(1.0)),
        installations,
    }
}
