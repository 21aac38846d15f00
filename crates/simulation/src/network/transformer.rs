//! One box: components scaled to its transformer, load, faults and register entry.

use rand::RngExt;

use super::Network;
use super::phases::{PhaseShares, round_to_hundredths};
use super::quarter_hours::quarter_hours;
use crate::calendar::WEEKS_AHEAD;
use crate::components::{Components, SOLAR_NOISE};
use crate::critical_quarters::CriticalQuarter;
use crate::faults::{Faults, IDLE_SHARE};
use crate::growth::{self, Growth};
use crate::load::{Balance, Load};
use crate::random::{Purpose, stream};
use crate::stations::{self, Entry};
use crate::{Area, Metadata, SimulationError};

/// A box before faults and bypasses.
pub(crate) struct Transformer<'n> {
    pub(crate) number: usize,
    pub(crate) area: Area,
    pub(crate) components: Components,
    pub(crate) faults: Faults,
    pub(crate) metadata: Metadata,
    pub(crate) shares: PhaseShares,
    /// The extremes of each week of history and future: drawn by the fast model, or those of
    /// `quarter_hours_kw`.
    pub(crate) weeks: Vec<WeekDraw>,
    /// The quarter-hours of history and future before bypasses and faults other than idling; in
    /// mixed networks only.
    quarter_hours_kw: Option<Vec<f64>>,
    load: Load<'n>,
    network: &'n Network,
}

/// Extremes of a week by the fast model, with the noise of each in standard deviations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeekDraw {
    pub(crate) min_kw: f64,
    pub(crate) max_kw: f64,
    min_noise: f64,
    max_noise: f64,
}

impl WeekDraw {
    /// The extremes of quarter-hours, kW, rounded to the resolution of the meters.
    fn of(loads: &[f64]) -> Self {
        let min = loads.iter().copied().fold(f64::INFINITY, f64::min);
        let max = loads.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self {
            min_kw: round_to_hundredths(min),
            max_kw: round_to_hundredths(max),
            min_noise: 0.0,
            max_noise: 0.0,
        }
    }

    /// The larger absolute extreme, kW.
    pub(crate) fn magnitude_kw(&self) -> f64 {
        self.max_kw.abs().max(self.min_kw.abs())
    }
}

impl<'n> Transformer<'n> {
    /// Draws a box and scales its components to its transformer.
    pub(crate) fn new(network: &'n Network, number: usize) -> Result<Self, SimulationError> {
        let (seed, calendar, area) = (network.seed, &network.calendar, network.area(number));
        let mut components = Components::draw(seed, number, calendar);
        if let Growth::Mixed(share) = network.growth {
            growth::draw(seed, number, share, calendar, &mut components);
        }
        let metadata = stations::metadata(seed, &entry(number, area, &components))?;
        let mut load = Load::new(seed, number, &components, calendar, network.weather.of(area));
        let mut weeks = draw_weeks(network, number, area, &components, &load);
        let largest = |weeks: &[WeekDraw]| weeks.iter().map(WeekDraw::magnitude_kw).fold(0.0, f64::max);
        let (past, ahead) = weeks.split_at(calendar.history_weeks());
        let scale = components.fitting_scale(largest(past), largest(&ahead[..ahead.len().min(WEEKS_AHEAD)]));
        components.scale(scale);
        load.scale(scale);
        for week in &mut weeks {
            week.min_kw *= scale;
            week.max_kw *= scale;
        }
        let faults = Faults::draw(seed, number, &components, calendar);
        let shares = PhaseShares::draw(seed, number);
        let mut quarter_hours_kw = None;
        if let Growth::Mixed(_) = network.growth {
            growth::install(seed, number, &mut components, calendar);
            load = Load::new(seed, number, &components, calendar, network.weather.of(area));
            let days = calendar.days.len();
            let loads = quarter_hours(seed, number, &components, &load, &faults, calendar, days);
            let week = |week| WeekDraw::of(&loads[calendar.quarters_of_week(week)]);
            weeks = (0..calendar.weeks()).map(week).collect();
            quarter_hours_kw = Some(loads);
        }
        Ok(Self {
            number,
            area,
            components,
            faults,
            metadata,
            shares,
            weeks,
            quarter_hours_kw,
            load,
            network,
        })
    }

    /// The register entry only, without drawing the load.
    pub(crate) fn register(network: &Network, number: usize) -> Result<Metadata, SimulationError> {
        let components = Components::draw(network.seed, number, &network.calendar);
        stations::metadata(network.seed, &entry(number, network.area(number), &components))
    }

    /// The power of the idling transformer, kW.
    pub(crate) fn idle_kw(&self) -> f64 {
        IDLE_SHARE * self.components.capacity_kva
    }

    /// The lowest and the highest load in a quarter-hour of a week by the fast model, kW.
    pub(crate) fn load_range(&self, week: usize, critical: CriticalQuarter) -> (f64, f64) {
        let WeekDraw { min_noise, max_noise, .. } = self.weeks[week];
        if critical.quarter < self.faults.idle_until {
            return (0.8 * self.idle_kw(), 1.2 * self.idle_kw());
        }
        let balance = self.load.at(critical.day, critical.quarter);
        (low(balance, &self.components, min_noise), high(balance, &self.components, max_noise))
    }

    /// The quarter-hours of the history, kW, before bypasses and faults other than idling.
    pub(crate) fn quarter_hours(&self) -> Vec<f64> {
        let calendar = &self.network.calendar;
        match &self.quarter_hours_kw {
            Some(loads) => loads[..calendar.history_quarters].to_vec(),
            None => {
                let Self { number, components, load, faults, network, .. } = self;
                let days = calendar.history_days;
                quarter_hours(network.seed, *number, components, load, faults, calendar, days)
            }
        }
    }
}

fn entry(number: usize, area: Area, components: &Components) -> Entry {
    Entry {
        number,
        area,
        capacity_kva: components.capacity_registered.then_some(components.capacity_kva),
        in_service: components.in_service,
        function: components.customers.station_function(),
    }
}

/// Draws the extremes of every week: the expected load in the critical quarter-hours plus noise as
/// large as the maximum of a few dozen independent values (a Gumbel variable).
fn draw_weeks(
    network: &Network,
    number: usize,
    area: Area,
    components: &Components,
    load: &Load<'_>,
) -> Vec<WeekDraw> {
    let random = &mut stream(network.seed, Purpose::WeekNoise, number as u64);
    // Sampled by inversion; location and scale are fitted to quarter-hours of the full model.
    let mut gumbel = || 1.35 - 0.40 * (-(1.0 - random.random::<f64>()).ln()).max(1e-12).ln();
    let week = |quarters: &Vec<CriticalQuarter>| {
        let (min_noise, max_noise): (f64, f64) = (gumbel(), gumbel());
        let mut draw = WeekDraw { min_kw: f64::INFINITY, max_kw: f64::NEG_INFINITY, min_noise, max_noise };
        for critical in quarters {
            let balance = load.at(critical.day, critical.quarter);
            draw.min_kw = draw.min_kw.min(low(balance, components, min_noise));
            draw.max_kw = draw.max_kw.max(high(balance, components, max_noise));
        }
        draw
    };
    network.critical_quarters[area as usize].iter().map(week).collect()
}

fn low(balance: Balance, components: &Components, noise_sd: f64) -> f64 {
    balance.consumption_kw * (1.0 - components.quarter_noise * noise_sd).max(0.2)
        - balance.solar_kw * (1.0 + SOLAR_NOISE * noise_sd)
}

fn high(balance: Balance, components: &Components, noise_sd: f64) -> f64 {
    balance.consumption_kw * (1.0 + components.quarter_noise * noise_sd)
        - balance.solar_kw * (1.0 - SOLAR_NOISE * noise_sd)
}
