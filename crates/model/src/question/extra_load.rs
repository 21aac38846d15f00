//! A load that is to come.

use serde::{Deserialize, Serialize};

use super::{Growth, Technology};
use crate::{Extreme, IsoWeek};

/// Appliances that are to come, and from when on.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraLoad {
    /// Which, and how many.
    pub technology: Technology,
    /// How they come; nothing if all are there in every future week. What is there before the forecast begins
    /// is not taken out of the history.
    #[serde(default)]
    pub growth: Option<Growth>,
}

impl ExtraLoad {
    /// Appliances that are all there in every future week.
    #[must_use]
    pub const fn at_once(technology: Technology) -> Self {
        Self { technology, growth: None }
    }

    /// What is added to an extreme of a week, kW; negative is feed-in.
    #[must_use]
    pub fn added_kw(&self, week: IsoWeek, extreme: Extreme) -> f64 {
        let share = self.growth.map_or(1.0, |growth| growth.share(week));
        self.technology.added_kw(share, week, extreme)
    }

    /// What all of it adds to an extreme over the ISO weeks of a year, kW: 52 or 53 numbers, none for a year
    /// outside the calendar of [`IsoWeek`].
    #[must_use]
    pub fn year_kw(&self, year: i32, extreme: Extreme) -> Vec<f64> {
        let weeks = (1..=53).map_while(|number| IsoWeek::from_year_and_number(year, number).ok());
        weeks.map(|week| self.technology.added_kw(1.0, week, extreme)).collect()
    }
}

/// What loads together add to an extreme of each of some weeks, kW; negative is feed-in.
#[must_use]
pub fn added_kw(loads: &[ExtraLoad], weeks: &[IsoWeek], extreme: Extreme) -> Vec<f64> {
    weeks.iter().map(|&week| loads.iter().map(|load| load.added_kw(week, extreme)).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::{Count, RatedPower};

    fn load(technology: Technology) -> ExtraLoad {
        ExtraLoad::at_once(technology)
    }

    fn of(count: u32, kw: f64) -> (Count, RatedPower) {
        (Count::new(count).unwrap(), RatedPower::new(kw).unwrap())
    }

    #[test]
    fn profiles_agree_with_the_measured_figures() {
        let winter = IsoWeek::from_year_and_number(2027, 3).unwrap();
        let (count, each_kw) = of(40, 11.0);
        let chargers = load(Technology::EvChargers { count, each_kw });
        let each = chargers.added_kw(winter, Extreme::Max) / 40.0;
        assert!((each - 2.0).abs() < 0.3, "{each}");
        let (count, each_kw) = of(700, 3.0);
        let pumps = load(Technology::HeatPumps { count, each_kw });
        let each = pumps.added_kw(winter, Extreme::Max) / 700.0;
        assert!((each - 1.7).abs() < 0.2, "{each}");
        let (count, each_kw) = of(40, 5.0);
        let homes = load(Technology::Homes { count, each_kw });
        let each = homes.added_kw(winter, Extreme::Max) / 40.0;
        assert!((each - 1.6).abs() < 0.1 && homes.added_kw(winter, Extreme::Min) == 0.0, "{each}");
    }

    #[test]
    fn a_year_has_all_its_weeks_and_the_right_signs() {
        let (count, each_kw) = of(30, 4.0);
        let panels = load(Technology::SolarPanels { peak_kw: each_kw });
        let pumps = load(Technology::HeatPumps { count, each_kw });
        let chargers = load(Technology::EvChargers { count, each_kw });
        assert_eq!(pumps.year_kw(2026, Extreme::Max).len(), 53);
        assert_eq!(pumps.year_kw(2027, Extreme::Max).len(), 52);
        assert!(pumps.year_kw(0, Extreme::Max).is_empty());
        assert!(panels.year_kw(2027, Extreme::Max).iter().all(|&kw| kw == 0.0));
        let feed_in = panels.year_kw(2027, Extreme::Min);
        assert!(feed_in.iter().all(|&kw| kw < 0.0));
        assert!(feed_in[24] < 3.0 * feed_in[50], "June {} December {}", feed_in[24], feed_in[50]);
        let heat = pumps.year_kw(2027, Extreme::Max);
        assert!(heat[2] > 5.0 * heat[28]);
        assert!(pumps.year_kw(2027, Extreme::Min)[28] == 0.0);
        assert!(chargers.year_kw(2027, Extreme::Max).iter().all(|&kw| kw > 20.0));
    }
}
