//! The expected load of a box at any quarter-hour: the sum of its components under the weather of
//! its area.

use rand_distr::{Distribution, StandardNormal};

use crate::calendar::Calendar;
use crate::components::Components;
use crate::customers::DailyProfile;
use crate::random::{Purpose, stream};
use crate::weather::AreaWeather;
use crate::{heat_pumps, vehicles};

/// The components of a box by day.
pub(crate) struct Load<'n> {
    weather: &'n AreaWeather,
    calendar: &'n Calendar,
    days: Vec<DayLoad>,
    use_profile: DailyProfile,
    charging_profile: DailyProfile,
    heating_profile: DailyProfile,
    south_share: f32,
}

/// The powers of a day, which are constant within it, kW.
struct DayLoad {
    base: f32,
    extra: f32,
    vehicles: f32,
    heat_pumps: f32,
    solar: f32,
}

/// Consumption and solar production of a quarter-hour, both non-negative, kW.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Balance {
    pub(crate) consumption_kw: f64,
    pub(crate) solar_kw: f64,
}

impl<'n> Load<'n> {
    /// Evaluates the components on every day. Daily levels vary around their expectation as an
    /// AR(1) process.
    pub(crate) fn new(
        seed: u64,
        number: usize,
        components: &Components,
        calendar: &'n Calendar,
        weather: &'n AreaWeather,
    ) -> Self {
        const AUTOCORRELATION: f64 = 0.7;
        let customers = components.customers;
        let random = &mut stream(seed, Purpose::DayNoise, number as u64);
        let mut state: f64 = StandardNormal.sample(random);
        let days = calendar.days.iter().map(|day| {
            let innovation: f64 = StandardNormal.sample(random);
            state = AUTOCORRELATION * state + (1.0 - AUTOCORRELATION * AUTOCORRELATION).sqrt() * innovation;
            let level = 1.0 + components.day_noise * state;
            let years = day.years_from_end;
            let base = components.base.kw(years) * level;
            DayLoad {
                base: (base * customers.season(day)) as f32,
                extra: (base * customers.seasonal_extra(day)) as f32,
                vehicles: (components.vehicles.kw(years) * level) as f32,
                heat_pumps: (components.heat_pumps.kw(years) * level) as f32,
                solar: components.solar.kw(years) as f32,
            }
        });
        Self {
            days: days.collect(),
            weather,
            calendar,
            use_profile: customers.profile().delayed(components.delay_quarters),
            charging_profile: vehicles::charging_profile(customers).delayed(components.delay_quarters),
            heating_profile: heat_pumps::heating_profile(),
            south_share: components.south_share as f32,
        }
    }

    /// Multiplies every power by a factor.
    pub(crate) fn scale(&mut self, factor: f64) {
        let factor = factor as f32;
        for day in &mut self.days {
            for part in
                [&mut day.base, &mut day.extra, &mut day.vehicles, &mut day.heat_pumps, &mut day.solar]
            {
                *part *= factor;
            }
        }
    }

    /// The expected balance of a quarter-hour of a day.
    pub(crate) fn at(&self, day: usize, quarter: usize) -> Balance {
        let local = usize::from(self.calendar.local_quarter[quarter]);
        let (day, day_type) = (&self.days[day], self.calendar.days[day].day_type);
        let heating = heat_pumps::demand(self.weather.temperature_c[quarter]);
        let consumption = day.extra
            + day.base * self.use_profile.of(day_type)[local]
            + day.vehicles * self.charging_profile.of(day_type)[local]
            + day.heat_pumps * self.heating_profile.of(day_type)[local] * heating;
        let yielded = self.south_share * self.weather.south_kw_per_kwp[quarter]
            + (1.0 - self.south_share) * self.weather.east_west_kw_per_kwp[quarter];
        Balance { consumption_kw: f64::from(consumption), solar_kw: f64::from(day.solar * yielded) }
    }
}
