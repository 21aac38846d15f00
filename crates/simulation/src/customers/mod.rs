//! Customer types and their base load, without solar panels, vehicles and heat pumps.
//!
//! Profiles and seasonal factors are plausible assumptions, not fitted to data.

mod business;
mod farm;
mod household;
mod profile;

use serde::{Deserialize, Serialize};

pub(crate) use profile::{DailyProfile, Hump};

use crate::calendar::Day;

/// The customer type that dominates a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Customers {
    /// Homes: an evening peak, higher in winter.
    Households,
    /// Shops: open six days and Sunday afternoon.
    Shops,
    /// Offices: used on workdays, some cooling in summer.
    Offices,
    /// A farm: milking twice a day, crop drying in autumn.
    Farm,
    /// Workshops and light industry: two shifts, closed in holiday periods.
    LightIndustry,
}

impl Customers {
    /// All types.
    pub const ALL: [Self; 5] =
        [Self::Households, Self::Shops, Self::Offices, Self::Farm, Self::LightIndustry];

    /// Relative load over the day, 1 at the highest quarter-hour of the week.
    pub(crate) fn profile(self) -> DailyProfile {
        match self {
            Self::Households => household::profile(),
            Self::Shops => business::shops(),
            Self::Offices => business::offices(),
            Self::Farm => farm::profile(),
            Self::LightIndustry => business::light_industry(),
        }
    }

    /// Seasonal factor of a day, including holiday periods.
    pub(crate) fn season(self, day: &Day) -> f64 {
        let winter = (std::f64::consts::TAU * (day.year_fraction - 0.03)).cos();
        let summer_break = day.holiday_period && (0.4..0.8).contains(&day.year_fraction);
        let winter_break = day.holiday_period && !summer_break;
        match self {
            Self::Households if summer_break => 0.9 + 0.17 * winter,
            Self::Households if winter_break => 1.04 * (1.0 + 0.17 * winter),
            Self::Households => 1.0 + 0.17 * winter,
            Self::Shops if winter_break => 1.12,
            Self::Shops => 1.0 + 0.06 * winter,
            Self::Offices if day.holiday_period => 0.7,
            // Lighting in winter, cooling in summer.
            Self::Offices => 1.0 + 0.07 * winter * winter - 0.02 * winter,
            Self::Farm => 1.0 - 0.04 * winter,
            Self::LightIndustry if day.holiday_period => 0.42,
            Self::LightIndustry => 1.0 + 0.05 * winter,
        }
    }

    /// Additional constant load of a day, relative to the profile's peak.
    pub(crate) fn seasonal_extra(self, day: &Day) -> f64 {
        match self {
            Self::Farm => farm::drying(day.year_fraction),
            _ => 0.0,
        }
    }

    /// The function of the station, as the register names it.
    pub(crate) const fn station_function(self) -> &'static str {
        match self {
            Self::Households | Self::Farm => "Distributiestation",
            Self::Shops | Self::Offices => "Distributie- en klantstation",
            Self::LightIndustry => "Klantstation",
        }
    }
}
