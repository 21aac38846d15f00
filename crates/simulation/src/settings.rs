//! Settings of a simulation.

use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use model::Phase;

use crate::{Growth, SimulationError};

/// What to simulate. Equal settings give byte-identical files.
///
/// A box depends only on the seed, its number, the time span, the phases and the growth, so box 7
/// of a network of 120 boxes equals box 7 of a network of 35,000.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Number of boxes, at least one. Boxes are numbered from 0.
    pub boxes: usize,
    /// Length of the history in years, from one month (1/12) to 30 years. The start is moved back
    /// to a Monday.
    pub years: f64,
    /// The seed of every random stream.
    pub seed: u64,
    /// The first local date after the history, which ends at its midnight in Amsterdam.
    pub until: NaiveDate,
    /// The output folder; it is created if absent.
    pub output: PathBuf,
    /// Whether to write weekly extremes (quick, for load tests) instead of quarter-hours.
    pub weekly: bool,
    /// The phases to write, each once, at least one.
    pub phases: Vec<Phase>,
    /// Share of the boxes (0 to 1) that also report channels an import has to ignore, such as
    /// voltage.
    pub other_channels_share: f64,
    /// The laws by which solar power, vehicles and heat pumps grow.
    pub growth: Growth,
}

impl Settings {
    /// Defaults: quarter-hours of all four phases of a mixed network, other channels at one box in
    /// twenty.
    pub fn new(boxes: usize, years: f64, seed: u64, until: NaiveDate, output: impl Into<PathBuf>) -> Self {
        Self {
            boxes,
            years,
            seed,
            until,
            output: output.into(),
            weekly: false,
            phases: Phase::ALL.to_vec(),
            other_channels_share: 0.05,
            growth: Growth::default(),
        }
    }

    /// Checks every field against its documentation.
    ///
    /// # Errors
    /// The first field that is out of range.
    pub fn check(&self) -> Result<(), SimulationError> {
        if self.boxes == 0 {
            return Err(SimulationError::NoBoxes);
        }
        if !(self.years >= 1.0 / 12.0 && self.years <= 30.0) {
            return Err(SimulationError::Years(self.years));
        }
        if !(0.0..=1.0).contains(&self.other_channels_share) {
            return Err(SimulationError::OtherChannelsShare(self.other_channels_share));
        }
        let twice = |(at, phase)| self.phases.iter().take(at).any(|earlier: &Phase| earlier == phase);
        if self.phases.is_empty() || self.phases.iter().enumerate().any(twice) {
            return Err(SimulationError::Phases);
        }
        let earliest = NaiveDate::from_ymd_opt(1980, 1, 1);
        let latest = NaiveDate::from_ymd_opt(2090, 1, 1);
        if Some(self.until) < earliest || Some(self.until) > latest {
            return Err(SimulationError::Until(self.until));
        }
        Ok(())
    }

    /// The local Monday on which the longest histories begin; requires checked settings.
    pub fn first_day(&self) -> NaiveDate {
        use chrono::Datelike;
        let days = (self.years * 365.25).round() as u64;
        let start = self.until - Days::new(days);
        start - Days::new(u64::from(start.weekday().num_days_from_monday()))
    }
}
