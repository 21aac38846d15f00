//! The simulated fleets and their backtest jobs.

use std::error::Error;

use backtest::{BoxHistory, DataSet, DataSource, Job, WindowSettings, origins};
use chrono::NaiveDate;
use model::{CheckSettings, IsoWeek, WeekExtremes, clean};
use rayon::prelude::*;
use simulation::{GrowingShare, Growth, Network, Settings, SimulationError, Truth};

use crate::options::Options;
use crate::truth::known_growth;

/// The day after the history: a Monday.
const UNTIL: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 5).unwrap();
/// Evaluated half-years: the one after the history, and its last three.
const ORIGINS: usize = 4;
/// Number of hold-out weeks.
const HORIZON_WEEKS: usize = 26;
/// Readings of a complete week.
const QUARTERS_PER_WEEK: u16 = 672;
const WEEKS_PER_YEAR: f64 = 365.25 / 7.0;
/// Shares of growing boxes.
const GROWING: [f64; 4] = [0.03, 0.15, 0.5, 0.97];

/// The purpose of a fleet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// Used for developing the model.
    Choosing,
    /// Reserved for validation.
    Confirming,
}

impl Use {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Choosing => "for choosing",
            Self::Confirming => "for confirming",
        }
    }
}

/// A fleet to simulate.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Fleet {
    pub(crate) part: Use,
    /// The share of growing boxes, each with its own laws; None if all grow at a constant rate.
    growing: Option<f64>,
    seed: u64,
}

impl Fleet {
    /// Networks in which all boxes grow and mixed ones, each with seeds for choosing and for
    /// confirming.
    pub(crate) fn all() -> Vec<Self> {
        let of = |part, exponential: [u64; 2], mixed: u64| {
            let exponential = exponential.map(|seed| Self { part, growing: None, seed });
            let mixed = GROWING.map(|share| Self { part, growing: Some(share), seed: mixed });
            exponential.into_iter().chain(mixed)
        };
        of(Use::Choosing, [5, 6], 11).chain(of(Use::Confirming, [7, 8], 21)).collect()
    }

    pub(crate) fn name(self) -> String {
        match self.growing {
            None => format!("exponential-{}", self.seed),
            Some(share) => format!("mixed-{:02.0}-{}", 100.0 * share, self.seed),
        }
    }

    pub(crate) fn about(self) -> String {
        match self.growing {
            None => "every technology of every box, by a constant rate".to_owned(),
            Some(share) => {
                format!("{:.0} % of the boxes, by many laws; the others do not grow", 100.0 * share)
            }
        }
    }

    /// Simulates the fleet, cleans its weeks as before a fit, and appends the following half-year.
    pub(crate) fn job(self, options: &Options) -> Result<Job, Box<dyn Error>> {
        let mut settings = Settings::new(options.boxes, options.years, self.seed, UNTIL, "");
        settings.growth = match self.growing {
            None => Growth::Exponential,
            Some(share) => Growth::Mixed(GrowingShare::new(share)?),
        };
        let network = Network::new(&settings)?;
        let drawn = (0..options.boxes).into_par_iter().map(|number| {
            let (metadata, weeks) = network.weekly_extremes(number)?;
            let mut weeks = clean(&weeks, |_| true, metadata.capacity, &CheckSettings::default()).kept;
            weeks.extend(ahead(&network, number)?);
            let history = BoxHistory { box_id: metadata.box_id, capacity: metadata.capacity, weeks };
            Ok((history, network.truth(number)?))
        });
        let drawn = drawn.collect::<Result<Vec<_>, SimulationError>>()?;
        let (boxes, truths): (Vec<BoxHistory>, Vec<Truth>) = drawn.into_iter().unzip();
        let mut data = DataSet::new(self.name(), boxes);
        data.about = Some(self.about());
        data.source = DataSource::Simulated { for_choosing: self.part == Use::Choosing };
        let origins = origins::latest(&data, ORIGINS)?;
        if !options.measured_classes {
            // The hold-out of the first origin starts at the end of the history.
            let years_from_end = |last: IsoWeek| f64::from(last - origins[0]) / WEEKS_PER_YEAR;
            let known = |last: IsoWeek| {
                let growth = |truth| known_growth(truth, years_from_end(last), options.years);
                truths.iter().map(|truth| (truth.box_id.clone(), growth(truth))).collect()
            };
            data.known_growth = origins.iter().map(|&last| (last, known(last))).collect();
        }
        Ok(Job { data, origins, windows: WindowSettings::default() })
    }
}

/// The true half-year after the history.
fn ahead(network: &Network, number: usize) -> Result<Vec<WeekExtremes>, SimulationError> {
    let future = network.future(number)?;
    let values = future.min_kw.iter().zip(&future.max_kw).take(HORIZON_WEEKS);
    let week = |(weeks, (&min_kw, &max_kw)): (i32, (&f64, &f64))| WeekExtremes {
        week: future.first_week.plus(weeks),
        min_kw,
        max_kw,
        readings: QUARTERS_PER_WEEK,
    };
    Ok((0..).zip(values).map(week).collect())
}
