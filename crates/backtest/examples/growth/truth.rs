//! The true growth of a simulated box at an origin.

use backtest::{GrowthCourse, KnownGrowth};
use model::Extreme;
use simulation::{Law, TechnologyTruth, Truth};

/// A box that added less than this fraction of the capacity in the year before is stable.
const MIN_GROWTH: f64 = 0.005;
/// Maximum time since the stop of growth that has just stopped, years.
const JUST_YEARS: f64 = 0.5;

/// The growth of minima (panels) and maxima (charging and heat pumps) at a time in years from the
/// end of the history, which has a length of `years`.
pub(crate) fn known_growth(truth: &Truth, at: f64, years: f64) -> [KnownGrowth; 2] {
    Extreme::ALL.map(|extreme| {
        let technologies: Vec<Technology<'_>> = match (extreme, &truth.growth) {
            (Extreme::Min, Some(growth)) => vec![Technology::mixed(&growth.solar)],
            (Extreme::Max, Some(growth)) => {
                [&growth.vehicles, &growth.heat_pumps].map(Technology::mixed).into()
            }
            (Extreme::Min, None) => vec![Technology::exponential(truth.solar_kwp, years)],
            (Extreme::Max, None) => [truth.vehicles_kw, truth.heat_pumps_kw]
                .map(|ends| Technology::exponential(ends, years))
                .into(),
        };
        let added = |technology: &Technology<'_>| technology.added_kw(at) / truth.capacity_kva;
        let change_per_year = technologies.iter().map(added).sum();
        let largest = technologies.iter().max_by(|one, other| added(one).total_cmp(&added(other)));
        let course = match largest {
            Some(technology) if change_per_year >= MIN_GROWTH => technology.course(at),
            _ => GrowthCourse::Stable,
        };
        KnownGrowth { change_per_year, course }
    })
}

/// Panels, charging or heat pumps of a box.
enum Technology<'a> {
    Mixed { at_end_kw: f64, law: &'a Law },
    Exponential { at_end_kw: f64, rate_per_year: f64 },
}

impl<'a> Technology<'a> {
    fn mixed(truth: &'a TechnologyTruth) -> Self {
        Self::Mixed { at_end_kw: truth.installed.last().map_or(0.0, |last| last.kw), law: &truth.law }
    }

    /// From the powers at the start and the end of the history.
    fn exponential([begin_kw, end_kw]: [f64; 2], years: f64) -> Self {
        let rate_per_year = if begin_kw > 0.0 { (end_kw / begin_kw).ln() / years } else { 0.0 };
        Self::Exponential { at_end_kw: end_kw, rate_per_year }
    }

    fn kw(&self, at: f64) -> f64 {
        match *self {
            Self::Mixed { at_end_kw, law } => at_end_kw * law.relative(at),
            Self::Exponential { at_end_kw, rate_per_year } => at_end_kw * (rate_per_year * at).exp(),
        }
    }

    /// Power added in the year before.
    fn added_kw(&self, at: f64) -> f64 {
        self.kw(at) - self.kw(at - 1.0)
    }

    fn course(&self, at: f64) -> GrowthCourse {
        match self {
            Self::Mixed { law, .. } => course(law, at),
            Self::Exponential { .. } => GrowthCourse::Exponential,
        }
    }
}

fn course(law: &Law, at: f64) -> GrowthCourse {
    match law {
        Law::Linear { .. } => GrowthCourse::Linear,
        Law::Exponential { .. } => GrowthCourse::Exponential,
        Law::Logistic { .. } => GrowthCourse::Logistic,
        Law::Stop { before, stops_at_years } if *stops_at_years > at => course(before, at - stops_at_years),
        Law::Stop { stops_at_years, .. } if *stops_at_years > at - JUST_YEARS => GrowthCourse::JustStopped,
        Law::Start { starts_at_years, .. } if *starts_at_years < at => GrowthCourse::Begun,
        Law::Steps { .. } => GrowthCourse::Steps,
        _ => GrowthCourse::Stable,
    }
}
