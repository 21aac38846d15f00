//! A network in memory: calendar and weather shared by all boxes, and each box on demand.

mod other_channels;
mod pair;
mod phases;
mod quarter_hours;
mod transformer;
mod weekly;

use chrono::{DateTime, Utc};
use model::{Phase, WeekExtremes};
use rand::RngExt;

use crate::calendar::Calendar;
use crate::critical_quarters::{self, CriticalQuarter};
use crate::random::{Purpose, stream};
use crate::weather::Weather;
use crate::{Area, Future, Growth, Metadata, Settings, SimulationError, Truth};

pub(crate) use other_channels::OtherChannels;
pub(crate) use pair::Pair;
pub(crate) use transformer::Transformer;

/// Calendar and weather of a simulation, from which boxes are generated one by one, on any thread.
pub struct Network {
    seed: u64,
    growth: Growth,
    calendar: Calendar,
    weather: Weather,
    critical_quarters: Vec<Vec<Vec<CriticalQuarter>>>,
}

/// The mean active power of a quarter-hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Start of the quarter-hour.
    pub at: DateTime<Utc>,
    /// Mean active power, kW; negative is feed-in.
    pub value_kw: f64,
}

impl Network {
    /// Draws the weather of the time span, which takes some tens of milliseconds; boxes are drawn
    /// later.
    ///
    /// # Errors
    /// If a setting is out of range.
    pub fn new(settings: &Settings) -> Result<Self, SimulationError> {
        settings.check()?;
        let calendar = Calendar::new(settings.first_day(), settings.until);
        let weather = Weather::new(settings.seed, &calendar);
        let critical_quarters =
            Area::ALL.iter().map(|area| critical_quarters::by_week(&calendar, weather.of(*area))).collect();
        let Settings { seed, growth, .. } = *settings;
        Ok(Self { seed, growth, calendar, weather, critical_quarters })
    }

    /// The register entry of a box, numbered from 0.
    ///
    /// # Errors
    /// [`SimulationError::Metadata`] if an invented name violates a rule of the model: a bug in
    /// this crate.
    pub fn metadata(&self, number: usize) -> Result<Metadata, SimulationError> {
        Transformer::register(self, number)
    }

    /// The register entry of a box and the extremes of `sumli` in each complete week of the history
    /// that has readings, with the effects of bypasses, idling, gaps and outliers.
    ///
    /// In a mixed network they are those of the quarter-hours. In an exponential one they come from
    /// a fast model that doesn't draw quarter-hours but agrees with them on average.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn weekly_extremes(&self, number: usize) -> Result<(Metadata, Vec<WeekExtremes>), SimulationError> {
        let pair = Pair::new(self, number / 2)?;
        let loads = pair.loads_of_weeks();
        let weeks = pair.weekly_extremes(number % 2, Phase::Sumli, loads.as_ref());
        Ok((pair.boxes[number % 2].metadata.clone(), weeks))
    }

    /// The quarter-hours of a box and phase in chronological order, as `simulate` writes them.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn quarter_hours(&self, number: usize, phase: Phase) -> Result<Vec<Reading>, SimulationError> {
        let pair = Pair::new(self, number / 2)?;
        let quarters = pair.quarter_hours();
        let readings = pair.readings(number % 2, &quarters, phase);
        let reading = |(quarter, value_kw)| Reading { at: self.calendar.instant(quarter), value_kw };
        Ok(readings.map(reading).collect())
    }

    /// The ground truth of a box.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn truth(&self, number: usize) -> Result<Truth, SimulationError> {
        Ok(Pair::new(self, number / 2)?.truth(number % 2))
    }

    /// The weeks of a box after the history.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn future(&self, number: usize) -> Result<Future, SimulationError> {
        Ok(Pair::new(self, number / 2)?.future(number % 2))
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The area of a box, the same for both boxes of a pair.
    fn area(&self, number: usize) -> Area {
        let pair = (number / 2) as u64;
        Area::ALL[stream(self.seed, Purpose::Area, pair).random_range(0..Area::ALL.len())]
    }
}

/// The register entry and the weekly extremes of a single box. Each call draws the weather again,
/// so use [`Network::weekly_extremes`] for several boxes.
///
/// # Errors
/// If a setting is out of range, or as for [`Network::metadata`].
pub fn weekly_extremes(
    settings: &Settings,
    number: usize,
) -> Result<(Metadata, Vec<WeekExtremes>), SimulationError> {
    Network::new(settings)?.weekly_extremes(number)
}
