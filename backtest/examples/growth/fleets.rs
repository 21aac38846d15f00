//! The simulated fleets, and how they become jobs.

use std::collections::BTreeMap;
use std::error::Error;

use backtest::{BoxHistory, DataSet, DataSource, GrowthCourse, Job, KnownGrowth, WindowSettings, origins};
use chrono::NaiveDate;
use model::{BoxId, CheckSettings, IsoWeek, clean};
use rayon::prelude::*;
use simulation::{Network, Settings, Truth};

use crate::options::Options;

/// The day after the last reading.
const UNTIL: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 5).unwrap();
/// Half-years that are judged, the last one ending with the history.
const ORIGINS: usize = 3;
/// Weeks of the hold-out.
const HORIZON_WEEKS: i32 = 26;
const DAYS_A_YEAR: f64 = 365.25;

/// What a fleet is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// A part of the model may be chosen with it in view.
    Choosing,
    /// Never looked at before.
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

/// A fleet to be simulated.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Fleet {
    pub(crate) part: Use,
    seed: u64,
}

impl Fleet {
    pub(crate) fn all() -> Vec<Self> {
        let of = |part: Use, seeds: [u64; 2]| seeds.map(|seed| Self { part, seed });
        [of(Use::Choosing, [5, 6]), of(Use::Confirming, [7, 8])].concat()
    }

    pub(crate) fn name(self) -> String {
        format!("exponential-{}", self.seed)
    }

    pub(crate) fn about(self) -> String {
        "every technology of every box grows by a constant rate".to_owned()
    }

    /// Draws the fleet and cleans its weeks as before a fit.
    pub(crate) fn job(self, options: &Options) -> Result<Job, Box<dyn Error>> {
        let settings = Settings::new(options.boxes, options.years, self.seed, UNTIL, "");
        let network = Network::new(&settings)?;
        let drawn = (0..options.boxes).into_par_iter().map(|number| {
            let (metadata, weeks) = network.weekly_extremes(number)?;
            let weeks = clean(&weeks, metadata.capacity, &CheckSettings::default()).kept;
            let history = BoxHistory { box_id: metadata.box_id, capacity: metadata.capacity, weeks };
            Ok((history, network.truth(number)?))
        });
        let drawn = drawn.collect::<Result<Vec<_>, simulation::SimulationError>>()?;
        let (boxes, truths): (Vec<BoxHistory>, Vec<Truth>) = drawn.into_iter().unzip();
        let mut data = DataSet::new(self.name(), boxes);
        data.about = Some(self.about());
        data.source = DataSource::Simulated { for_choosing: self.part == Use::Choosing };
        let origins = origins::latest(&data, ORIGINS)?;
        if !options.measured_classes {
            let known = origins.iter().map(|&last| (last, known(&truths, last, options.years)));
            data.known_growth = known.collect();
        }
        Ok(Job { data, origins, windows: WindowSettings::default() })
    }
}

/// The growth of all boxes as it is where the hold-out that ends with `last` begins.
fn known(truths: &[Truth], last: IsoWeek, years: f64) -> BTreeMap<BoxId, [KnownGrowth; 2]> {
    let begins = last.plus(1 - HORIZON_WEEKS).monday();
    let at = -(UNTIL - begins).num_days() as f64 / DAYS_A_YEAR;
    let of = |truth: &Truth| {
        // amount(t) = end · (end / begin)^(t / years), t in years from the end of the history
        let added_kw = |[begin, end]: [f64; 2]| {
            let amount = |t: f64| if begin > 0.0 { end * (end / begin).powf(t / years) } else { 0.0 };
            amount(at) - amount(at - 1.0)
        };
        let known = |kw: f64| {
            let change_a_year = kw / truth.capacity_kva;
            let course = if kw > 0.0 { GrowthCourse::Exponential } else { GrowthCourse::Stable };
            KnownGrowth { change_a_year, course }
        };
        let import_kw = added_kw(truth.vehicles_kw) + added_kw(truth.heat_pumps_kw);
        (truth.box_id.clone(), [known(added_kw(truth.solar_kwp)), known(import_kw)])
    };
    truths.iter().map(of).collect()
}
