//! What a planner assumes, checked.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use model::question::{Count, ExtraLoad, Growth, Question, RatedPower, Technology};
use model::{Capacity, IsoWeek};
use serde::{Deserialize, Serialize};

use crate::week_span::WeekSpan;

/// What a planner assumes of a transformer; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assumptions {
    /// Another capacity, in every week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// Charging points of [`Self::CHARGER_KW`] each.
    pub chargers: Count,
    /// Heat pumps of [`Self::HEAT_PUMP_KW`] each.
    pub heat_pumps: Count,
    /// The peak power of all new panels together.
    pub panels_kwp: RatedPower,
    /// New homes.
    pub homes: Count,
    /// The day from which on the new loads are there; nothing if they are in every week of the forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Weeks that the fit leaves out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<WeekSpan>,
}

/// Why assumptions have no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum WhatIfError {
    /// The capacity is beyond any transformer.
    #[error("a capacity is at most {} kVA", Assumptions::MAX_KVA)]
    LargeCapacity,
    /// The day has passed.
    #[error("the day lies in the past")]
    PastDay,
    /// The day lies too far ahead to be meant.
    #[error("the day lies more than thirty years ahead")]
    FarDay,
    /// A span of weeks ends before it begins.
    #[error("the last week comes before the first")]
    WeekOrder,
    /// More weeks are left out than any history has.
    #[error("at most {} weeks can be left out", Assumptions::MAX_WEEKS)]
    ManyWeeks,
    /// Too few weeks are left to fit.
    #[error("too few weeks are left for a forecast")]
    FewWeeks,
    /// The forecast is not made of a history of its own, or there is none.
    #[error("there is no history to forecast from")]
    NoHistory,
}

impl Assumptions {
    /// The rated power of a charging point, kW.
    pub const CHARGER_KW: u16 = 11;
    /// The rated electric power of a heat pump, kW.
    pub const HEAT_PUMP_KW: u16 = 3;
    /// The peak of one home, kW.
    pub const HOME_KW: u16 = 5;
    /// The largest capacity, kVA: beyond any distribution transformer.
    pub const MAX_KVA: u32 = 100_000;
    /// How many weeks can be left out.
    pub const MAX_WEEKS: i32 = 520;
    const MAX_DAYS_AHEAD: i64 = 30 * 366;

    /// Whether nothing is assumed; a day alone changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self { from: self.from, ..Self::default() }
    }

    /// Whether they can be asked about today.
    ///
    /// # Errors
    /// [`WhatIfError`].
    pub fn check(&self, today: NaiveDate) -> Result<(), WhatIfError> {
        if self.capacity.is_some_and(|capacity| capacity.kva() > f64::from(Self::MAX_KVA)) {
            return Err(WhatIfError::LargeCapacity);
        }
        match self.from {
            // Somebody west of here may still have yesterday.
            Some(day) if day < today.pred_opt().unwrap_or(today) => return Err(WhatIfError::PastDay),
            Some(day) if (day - today).num_days() > Self::MAX_DAYS_AHEAD => {
                return Err(WhatIfError::FarDay);
            }
            _ => {}
        }
        self.check_weeks()
    }

    fn check_weeks(&self) -> Result<(), WhatIfError> {
        if self.left_out.iter().any(|span| span.last < span.first) {
            return Err(WhatIfError::WeekOrder);
        }
        let weeks = self.left_out.iter().map(|span| i64::from(span.last - span.first) + 1).sum::<i64>();
        if weeks > i64::from(Self::MAX_WEEKS) { Err(WhatIfError::ManyWeeks) } else { Ok(()) }
    }

    /// The question to the model.
    ///
    /// # Errors
    /// [`WhatIfError`] for weeks that can't be left out.
    pub fn question(&self) -> Result<Question, WhatIfError> {
        self.check_weeks()?;
        let masked_weeks: BTreeSet<IsoWeek> = self
            .left_out
            .iter()
            .flat_map(|span| (0..=span.last - span.first).map(|after| span.first.plus(after)))
            .collect();
        Ok(Question {
            masked_weeks,
            extra_loads: self.extra_loads(),
            capacity: self.capacity,
            ..Question::default()
        })
    }

    /// The loads that come on top of the forecast.
    pub fn extra_loads(&self) -> Vec<ExtraLoad> {
        let growth = self.from.and_then(|day| {
            let week = IsoWeek::containing(day);
            Growth::new(week, week).ok()
        });
        let power = |kw: u16| RatedPower::new(f64::from(kw)).unwrap_or_default();
        let technologies = [
            (
                self.chargers.get() > 0,
                Technology::EvChargers { count: self.chargers, each_kw: power(Self::CHARGER_KW) },
            ),
            (
                self.heat_pumps.get() > 0,
                Technology::HeatPumps { count: self.heat_pumps, each_kw: power(Self::HEAT_PUMP_KW) },
            ),
            (self.panels_kwp.kw() > 0.0, Technology::SolarPanels { peak_kw: self.panels_kwp }),
            (self.homes.get() > 0, Technology::Homes { count: self.homes, each_kw: power(Self::HOME_KW) }),
        ];
        let some = technologies.into_iter().filter(|(is_some, _)| *is_some);
        some.map(|(_, technology)| ExtraLoad { technology, growth }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn assumptions_are_checked_against_the_day() {
        let today = day("2026-11-30");
        let from = |text| Assumptions { from: Some(day(text)), ..Assumptions::default() };
        assert_eq!(from("2026-11-30").check(today), Ok(()));
        assert_eq!(from("2026-11-20").check(today), Err(WhatIfError::PastDay));
        assert_eq!(from("2226-11-20").check(today), Err(WhatIfError::FarDay));
        let capacity = Capacity::new(100_001.0).ok();
        assert_eq!(
            Assumptions { capacity, ..Assumptions::default() }.check(today),
            Err(WhatIfError::LargeCapacity)
        );
        let weeks = |first, last| Assumptions {
            left_out: vec![WeekSpan::new(IsoWeek::from_index(first), IsoWeek::from_index(last))],
            ..Assumptions::default()
        };
        assert_eq!(weeks(5, 4).check(today), Err(WhatIfError::WeekOrder));
        let all = IsoWeek::MIN.index()..=IsoWeek::MAX.index();
        assert_eq!(weeks(*all.start(), *all.end()).question().err(), Some(WhatIfError::ManyWeeks));
        assert_eq!(weeks(4, 6).question().unwrap().masked_weeks.len(), 3);
    }

    #[test]
    fn what_is_out_of_range_is_refused_when_read() {
        assert_eq!(serde_json::from_str::<Assumptions>("{}").unwrap(), Assumptions::default());
        for refused in [
            r#"{"chargers":-1}"#,
            r#"{"chargers":100001}"#,
            r#"{"panels_kwp":-0.5}"#,
            r#"{"capacity":0}"#,
            r#"{"from":"tomorrow"}"#,
            r#"{"kettles":3}"#,
        ] {
            assert!(serde_json::from_str::<Assumptions>(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_day_alone_assumes_nothing() {
        let mut assumed = Assumptions { from: Some(day("2027-03-01")), ..Assumptions::default() };
        assert!(assumed.is_empty());
        assumed.homes = Count::new(1).unwrap();
        assert!(!assumed.is_empty());
    }
}
