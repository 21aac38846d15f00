//! One box: its parts fitted to its transformer, its load, its faults, its place in the register.

use rand::RngExt;

use super::Network;
use super::phases::{PhaseShares, hundredths};
use super::quarter_hours::quarter_hours;
use crate::calendar::WEEKS_AHEAD;
use crate::components::Components;
use crate::faults::{Faults, IDLE_SHARE};
use crate::growth::{self, Growth};
use crate::load::{Balance, Load};
use crate::random::{Purpose, stream};
use crate::stations::{self, Entry};
use crate::telltale::Telltale;
use crate::{Area, Metadata, SimulationError};

/// Noise of solar production around what the weather of the area gives, as a fraction of it.
pub(super) const SOLAR_NOISE: f64 = 0.025;

/// A box before faults and bypasses.
pub(crate) struct Transformer<'n> {
    pub(crate) number: usize,
    pub(crate) area: Area,
    pub(crate) components: Components,
    pub(crate) faults: Faults,
    pub(crate) metadata: Metadata,
    pub(crate) shares: PhaseShares,
    /// Each week's extremes, history and future: a draw of the quick model, or those of `physical`.
    pub(crate) weeks: Vec<WeekDraw>,
    /// The quarter-hours of history and future, kW, before bypasses and faults other than idling; in mixed
    /// networks only.
    physical: Option<Vec<f64>>,
    load: Load<'n>,
    network: &'n Network,
}

/// Extremes of a week by the quick model, and how far its noise reached, in standard deviations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeekDraw {
    pub(crate) min_kw: f64,
    pub(crate) max_kw: f64,
    reach_down: f64,
    reach_up: f64,
}

impl WeekDraw {
    /// The extremes of quarter-hours, kW, to the resolution of the meters.
    fn of(loads: &[f64]) -> Self {
        let min = loads.iter().copied().fold(f64::INFINITY, f64::min);
        let max = loads.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { min_kw: hundredths(min), max_kw: hundredths(max), reach_down: 0.0, reach_up: 0.0 }
    }

    /// The larger of both magnitudes, kW.
    pub(crate) fn magnitude_kw(&self) -> f64 {
        self.max_kw.abs().max(self.min_kw.abs())
    }
}

impl<'n> Transformer<'n> {
    /// Draws a box and fits its parts to its transformer.
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
        let mut physical = None;
        if let Growth::Mixed(_) = network.growth {
            growth::install(seed, number, &mut components, calendar);
            load = Load::new(seed, number, &components, calendar, network.weather.of(area));
            let days = calendar.days.len();
            let loads = quarter_hours(seed, number, &components, &load, &faults, calendar, days);
            let week = |week| WeekDraw::of(&loads[calendar.quarters_of_week(week)]);
            weeks = (0..calendar.weeks()).map(week).collect();
            physical = Some(loads);
        }
        Ok(Self { number, area, components, faults, metadata, shares, weeks, physical, load, network })
    }

    /// The register's entry alone, without drawing the load.
    pub(crate) fn register(network: &Network, number: usize) -> Result<Metadata, SimulationError> {
        let components = Components::draw(network.seed, number, &network.calendar);
        stations::metadata(network.seed, &entry(number, network.area(number), &components))
    }

    /// What an idling transformer draws, kW.
    pub(crate) fn idle_kw(&self) -> f64 {
        IDLE_SHARE * self.components.capacity_kva
    }

    /// How low and how high the load may get at a quarter-hour of a week, by the quick model, kW.
    pub(crate) fn reach(&self, week: usize, tale: Telltale) -> (f64, f64) {
        let WeekDraw { reach_down, reach_up, .. } = self.weeks[week];
        if tale.quarter < self.faults.idle_until {
            return (0.8 * self.idle_kw(), 1.2 * self.idle_kw());
        }
        let balance = self.load.at(tale.day, tale.quarter);
        (low(balance, &self.components, reach_down), high(balance, &self.components, reach_up))
    }

    /// The quarter-hours of the history, kW, before bypasses and faults other than idling.
    pub(crate) fn quarter_hours(&self) -> Vec<f64> {
        let calendar = &self.network.calendar;
        match &self.physical {
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

/// Draws the extremes of every week: the expected load at the tell-tale quarter-hours, and noise that reaches
/// as far as the largest of some dozen independent values does (a Gumbel variable).
fn draw_weeks(
    network: &Network,
    number: usize,
    area: Area,
    components: &Components,
    load: &Load<'_>,
) -> Vec<WeekDraw> {
    let random = &mut stream(network.seed, Purpose::WeekNoise, number as u64);
    // By inversion; location and scale fitted to quarter-hours of the full model.
    let mut gumbel = || 1.35 - 0.40 * (-(1.0 - random.random::<f64>()).ln()).max(1e-12).ln();
    let week = |tales: &Vec<Telltale>| {
        let (reach_down, reach_up): (f64, f64) = (gumbel(), gumbel());
        let mut draw = WeekDraw { min_kw: f64::INFINITY, max_kw: f64::NEG_INFINITY, reach_down, reach_up };
        for tale in tales {
            let balance = load.at(tale.day, tale.quarter);
            draw.min_kw = draw.min_kw.min(low(balance, components, reach_down));
            draw.max_kw = draw.max_kw.max(high(balance, components, reach_up));
        }
        draw
    };
    network.telltales[area as usize].iter().map(week).collect()
}

fn low(balance: Balance, components: &Components, reach: f64) -> f64 {
    balance.consumption_kw * (1.0 - components.quarter_noise * reach).max(0.2)
        - balance.solar_kw * (1.0 + SOLAR_NOISE * reach)
}

fn high(balance: Balance, components: &Components, reach: f64) -> f64 {
    balance.consumption_kw * (1.0 + components.quarter_noise * reach)
        - balance.solar_kw * (1.0 - SOLAR_NOISE * reach)
}
