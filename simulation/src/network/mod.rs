//! A network in memory: what all boxes share, and each box on demand.

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
use crate::random::{Purpose, stream};
use crate::telltale::{self, Telltale};
use crate::weather::Weather;
use crate::{Area, Future, Growth, Metadata, Settings, SimulationError, Truth};

pub(crate) use other_channels::OtherChannels;
pub(crate) use pair::Pair;
pub(crate) use transformer::Transformer;

/// The calendar and the weather of a simulation; boxes are made from them one by one, on any thread.
pub struct Network {
    seed: u64,
    growth: Growth,
    calendar: Calendar,
    weather: Weather,
    telltales: Vec<Vec<Vec<Telltale>>>,
}

/// A quarter-hour's mean active power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Start of the quarter-hour.
    pub at: DateTime<Utc>,
    /// Mean active power, kW; negative is feed-in.
    pub value_kw: f64,
}

impl Network {
    /// Draws the weather of the time span. Costs some tens of milliseconds; boxes are drawn later.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn new(settings: &Settings) -> Result<Self, SimulationError> {
        settings.check()?;
        let calendar = Calendar::new(settings.first_day(), settings.until);
        let weather = Weather::new(settings.seed, &calendar);
        let telltales =
            Area::ALL.iter().map(|area| telltale::by_week(&calendar, weather.of(*area))).collect();
        let Settings { seed, growth, .. } = *settings;
        Ok(Self { seed, growth, calendar, weather, telltales })
    }

    /// The register's entry of a box, numbered from 0.
    ///
    /// # Errors
    /// [`SimulationError::Metadata`] when an invented name breaks a rule of the model: a fault of this crate.
    pub fn metadata(&self, number: usize) -> Result<Metadata, SimulationError> {
        Transformer::register(self, number)
    }

    /// The register's entry of a box and its extremes of each complete week of the history that has readings.
    /// Those of `sumli`; bypasses, idling, gaps and false readings are in them.
    ///
    /// In a mixed network they are those of the quarter-hours. In an exponential one they come from a quick
    /// model that doesn't draw quarter-hours, and agree with these on average.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn weekly_extremes(&self, number: usize) -> Result<(Metadata, Vec<WeekExtremes>), SimulationError> {
        let pair = Pair::new(self, number / 2)?;
        let loads = pair.loads_of_weeks();
        let weeks = pair.weekly_extremes(number % 2, Phase::Sumli, loads.as_ref());
        Ok((pair.boxes[number % 2].metadata.clone(), weeks))
    }

    /// The quarter-hours of a box and phase in order of time, as `simulate` writes them.
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

    /// What was put into the data of a box.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn truth(&self, number: usize) -> Result<Truth, SimulationError> {
        Ok(Pair::new(self, number / 2)?.truth(number % 2))
    }

    /// What happens to a box after the history.
    ///
    /// # Errors
    /// As for [`Network::metadata`].
    pub fn future(&self, number: usize) -> Result<Future, SimulationError> {
        Ok(Pair::new(self, number / 2)?.future(number % 2))
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Both boxes of a pair stand in the same area.
    fn area(&self, number: usize) -> Area {
        let pair = (number / 2) as u64;
        Area::ALL[stream(self.seed, Purpose::Area, pair).random_range(0..Area::ALL.len())]
    }
}

/// The register's entry and the weekly extremes of one box: [`Network::weekly_extremes`] for callers that need
/// a single box. The weather is drawn anew with each call, so use a [`Network`] for many.
///
/// # Errors
/// When a setting is out of its range, or as for [`Network::metadata`].
pub fn weekly_extremes(
    settings: &Settings,
    number: usize,
) -> Result<(Metadata, Vec<WeekExtremes>), SimulationError> {
    Network::new(settings)?.weekly_extremes(number)
}
