//! The weather of an area: temperature, and solar yield of two roof orientations.

mod clouds;
mod sun;
mod temperature;

use rayon::prelude::*;

use crate::Area;
use crate::calendar::Calendar;
use crate::random::{Purpose, stream};
use rand_distr::{Distribution, StandardNormal};

/// The weather of an area, one value per quarter-hour of the calendar.
pub(crate) struct AreaWeather {
    /// Outdoor temperature, °C.
    pub(crate) temperature_c: Vec<f32>,
    /// Yield of south-facing roofs, kW per kWp.
    pub(crate) south_kw_per_kwp: Vec<f32>,
    /// Yield of roofs facing half east and half west, kW per kWp.
    pub(crate) east_west_kw_per_kwp: Vec<f32>,
}

/// The weather of the six areas.
pub(crate) struct Weather {
    areas: Vec<AreaWeather>,
}

impl Weather {
    /// Draws the weather of a calendar. A day's weather depends only on the seed and the date.
    pub(crate) fn new(seed: u64, calendar: &Calendar) -> Self {
        let sun = sun::positions(calendar);
        let areas = Area::ALL.par_iter().map(|area| AreaWeather::new(seed, *area, calendar, &sun)).collect();
        Self { areas }
    }

    pub(crate) fn of(&self, area: Area) -> &AreaWeather {
        &self.areas[area as usize]
    }
}

impl AreaWeather {
    fn new(seed: u64, area: Area, calendar: &Calendar, sun: &[sun::Position]) -> Self {
        let clearness = clouds::daily_clearness(seed, area, calendar);
        let temperature_c = temperature::quarter_hours(seed, area, calendar, &clearness);
        let clearness = clouds::quarter_hours(seed, area, calendar, &clearness);
        let yields = sun.iter().zip(&clearness).map(|(sun, clearness)| sun.yields(*clearness));
        let (south_kw_per_kwp, east_west_kw_per_kwp) = yields.unzip();
        Self { temperature_c, south_kw_per_kwp, east_west_kw_per_kwp }
    }
}

/// Daily standard normal values with a lag-1 `autocorrelation`, mostly common to the country.
/// Streams with different `lane` are independent.
///
/// Each is a moving average of innovations that depend only on the date, so that a longer history
/// doesn't change the weather of the days it shares with a shorter one.
fn daily_anomalies(seed: u64, lane: u64, area: Area, calendar: &Calendar, autocorrelation: f64) -> Vec<f64> {
    const COMMON: f64 = 0.9;
    const WINDOW_DAYS: i64 = 30;
    let first_day = calendar.days[0].date.signed_duration_since(chrono::NaiveDate::default()).num_days();
    let innovation = |day: i64| {
        let country = lane * 1_000_003 + (day + 100_000) as u64;
        let local = country * 8 + area as u64;
        let common: f64 = StandardNormal.sample(&mut stream(seed, Purpose::CountryWeather, country));
        let own: f64 = StandardNormal.sample(&mut stream(seed, Purpose::AreaWeather, local));
        COMMON * common + (1.0 - COMMON * COMMON).sqrt() * own
    };
    let innovations: Vec<f64> =
        (-WINDOW_DAYS..calendar.days.len() as i64).map(|day| innovation(first_day + day)).collect();
    let unit_variance = (1.0 - autocorrelation * autocorrelation).sqrt();
    let average =
        |window: &[f64]| window.iter().fold(0.0, |state, new| autocorrelation * state + new) * unit_variance;
    innovations.windows(WINDOW_DAYS as usize + 1).map(average).collect()
}
