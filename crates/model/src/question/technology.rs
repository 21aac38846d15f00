//! What chargers, heat pumps, panels and homes add to a week's extremes.

use serde::{Deserialize, Serialize};

use super::season;
use super::simultaneity::Simultaneity;
use super::{Count, RatedPower};
use crate::{Extreme, IsoWeek};

/// Appliances of one kind behind the transformer.
///
/// The figures are planning values for homes without any control of the load; every kind is taken to be at
/// its peak when the transformer is at its own, which is cautious. For a transformer of which more is known
/// the number or the rated power can be chosen so that the addition comes out right.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Technology {
    /// Charging points of electric cars at homes.
    ///
    /// Added to the weekly maximum: n k(n) × rated power with k∞ = 0.05; a sixth less in midsummer, when
    /// neither cabin nor battery is heated. For 40 chargers of 11 kW that is 2.2 kW each. Measured: 2.0 kW
    /// each on Flemish feeders of 40 connections with cars that charge at more than 6.5 kW (Becker, Smet,
    /// Macharis and Vanthournout, "Effect of electric vehicles, heat pumps, and solar panels on low-voltage
    /// feeders", Sustainable Energy, Grids and Networks 2024, of 42,089 smart meters). Added to the weekly
    /// minimum: nothing, as no car can be counted on to charge in that quarter of an hour.
    EvChargers {
        /// How many.
        count: Count,
        /// The rated power of each, kW: 3.7, 7.4, 11 or 22.
        each_kw: RatedPower,
    },
    /// Electric heat pumps of homes.
    ///
    /// Added to the weekly maximum: n k(n) × rated electric power with k∞ = 0.5 in the coldest week; over the
    /// year with the heating, 15 % remaining in summer for hot water. For 275 pumps of 3 kW that is 1.6 kW
    /// each. Measured: 1.7 kW each over nearly 700 British homes in cold weather, dropping overnight to 40 %
    /// of it (Love and others, "The addition of heat pump electricity load profiles to GB electricity
    /// demand", Applied Energy 204, 2017); 1.2 kW each on Flemish feeders of 40 connections at the feeder's
    /// own peak (Becker and others, 2024). Added to the weekly minimum: that 40 % of k∞, as far as there is
    /// heating.
    HeatPumps {
        /// How many.
        count: Count,
        /// The rated electric power of each, kW: about 3 for a home, without electric back-up heating.
        each_kw: RatedPower,
    },
    /// Photovoltaic panels on roofs that face different ways.
    ///
    /// Taken from the weekly minimum: 0.8 × peak power at midsummer, over the year with the sine of the sun's
    /// height at noon at 52.2° north, 0.28 of that in December: many roofs together are about like one on
    /// level ground, and every week is taken to have one clear noon. No simultaneity below that of the roofs'
    /// directions: all share the same sun. The minimum may lie at night so far, so that this is an upper
    /// bound of the feed-in. Added to the weekly maximum: nothing, as that falls on the evening or on a dark
    /// day.
    SolarPanels {
        /// The peak power of all panels together, kWp.
        peak_kw: RatedPower,
    },
    /// Homes with everything but electric heating, cars and panels, which are loads of their own.
    ///
    /// Added to the weekly maximum: n k(n) × the peak of one home with k∞ = 0.2; a fifth less in midsummer. For 40
    /// homes of 5 kW that is 1.6 kW each, for very many 1.0 kW: a planning value, not a measured one. Added to the weekly
    /// minimum: nothing, which is cautious where feed-in counts.
    Homes {
        /// How many.
        count: Count,
        /// The peak of one home, kW: about 5 where cooking is electric.
        each_kw: RatedPower,
    },
}

/// Simultaneity of chargers, heat pumps and homes.
const CHARGERS: Simultaneity = Simultaneity { of_very_many: 0.05 };
const PUMPS: Simultaneity = Simultaneity { of_very_many: 0.5 };
const HOMES: Simultaneity = Simultaneity { of_very_many: 0.2 };
/// How much less is charged in the warmest week than in the coldest.
const SUMMER_CHARGING_LESS: f64 = 1.0 / 6.0;
/// How much less homes draw in the warmest week than in the coldest.
const SUMMER_HOMES_LESS: f64 = 0.2;
/// What heat pumps draw for hot water, as a share of their peak in the coldest week.
const HOT_WATER: f64 = 0.15;
/// What heat pumps draw in the quietest hour of a day, as a share of that day's peak.
const PUMPS_AT_NIGHT: f64 = 0.4;
/// What the panels of many roofs feed in at a clear noon of midsummer, as a share of their peak power.
const MIDSUMMER_NOON: f64 = 0.8;

impl Technology {
    /// What a share of the appliances (0 to 1) adds to an extreme of a week, kW; negative is feed-in.
    #[must_use]
    pub(super) fn added_kw(&self, share: f64, week: IsoWeek, extreme: Extreme) -> f64 {
        let present = |count: Count| share * f64::from(count.get());
        match (self, extreme) {
            (Self::EvChargers { count, each_kw }, Extreme::Max) => {
                let season = 1.0 - SUMMER_CHARGING_LESS * (1.0 - season::cold(week));
                CHARGERS.running(present(*count)) * each_kw.kw() * season
            }
            (Self::HeatPumps { count, each_kw }, Extreme::Max) => {
                let season = HOT_WATER + (1.0 - HOT_WATER) * season::heating(week);
                PUMPS.running(present(*count)) * each_kw.kw() * season
            }
            (Self::HeatPumps { count, each_kw }, Extreme::Min) => {
                let at_night = PUMPS_AT_NIGHT * PUMPS.of_very_many * present(*count);
                at_night * each_kw.kw() * season::heating(week)
            }
            (Self::SolarPanels { peak_kw }, Extreme::Min) => {
                -MIDSUMMER_NOON * share * peak_kw.kw() * season::sun(week)
            }
            (Self::Homes { count, each_kw }, Extreme::Max) => {
                let season = 1.0 - SUMMER_HOMES_LESS * (1.0 - season::cold(week));
                HOMES.running(present(*count)) * each_kw.kw() * season
            }
            (Self::EvChargers { .. } | Self::Homes { .. }, Extreme::Min)
            | (Self::SolarPanels { .. }, Extreme::Max) => 0.0,
        }
    }
}
