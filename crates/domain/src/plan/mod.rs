//! The plan: which transformers to replace first, by the weeks above the limit that each euro avoids.

mod orders;
mod selection;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use chrono::NaiveDate;
use model::{BoxId, Capacity, Risk};
use serde::{Deserialize, Serialize};

pub use self::orders::{OrderLine, by_area, by_size};
pub use self::selection::{Item, most_avoided};
use crate::actions::{ActionStatus, ActionSummary};
use crate::advice::{StandardRating, StandardRatings};
use crate::ranking::AreaCount;

/// The expected number of ranked weeks above the limit that a transformer of another capacity would have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WeeksAtRating {
    /// The other capacity, kVA.
    pub capacity: Capacity,
    /// The weeks.
    pub expected_weeks: f64,
}

/// A transformer that is short of room: its chance of an overload in the half-year, by either direction, is above the
/// risk.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanCandidate {
    /// The box.
    pub box_id: BoxId,
    /// The station's name, or empty.
    pub station_name: String,
    /// The area, or empty.
    pub area: String,
    /// Its capacity.
    pub capacity: Capacity,
    /// P(at least one overload in the half-year).
    pub probability: f64,
    /// The capacity at which the chance is the risk, kVA.
    pub needed_kva: f64,
    /// The expected weeks of the half-year above its limit.
    pub expected_weeks: f64,
    /// The same at larger ratings, as far as they were computed.
    pub weeks_at_ratings: Vec<WeeksAtRating>,
    /// What planners recorded last.
    pub action: Option<ActionSummary>,
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanQuery {
    /// Only this area.
    pub area: Option<String>,
    /// What may be spent, €.
    pub budget_euro: Option<u64>,
}

impl PlanQuery {
    /// The largest budget that pages take, €: a double holds it exactly, in cents too.
    pub const MAX_BUDGET_EURO: u64 = 1_000_000_000_000;
}

/// A transformer, and the rating that is advised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRow {
    /// The box.
    pub box_id: BoxId,
    /// The station's name, or empty.
    pub station_name: String,
    /// The area, or empty.
    pub area: String,
    /// Its capacity now, kVA.
    pub capacity_kva: Capacity,
    /// P(at least one overload in the half-year).
    pub overload_probability: f64,
    /// The capacity that would just do, kVA.
    pub needed_kva: f64,
    /// The rating that is advised.
    pub rating: StandardRating,
    /// The expected weeks of the half-year above the limit, as it is.
    pub weeks_now: f64,
    /// The same with the advised rating; nothing before a run has computed it.
    pub weeks_with_rating: Option<f64>,
    /// The difference.
    pub weeks_avoided: Option<f64>,
    /// The same for 1,000 €; nothing without a price above zero.
    pub weeks_avoided_per_1000_euro: Option<f64>,
    /// What this row and those before it cost, €; nothing without prices.
    pub cumulative_euro: Option<f64>,
    /// Whether it is among those that avoid the most weeks for the budget.
    pub is_chosen: bool,
    /// What planners recorded last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionSummary>,
}

impl PlanRow {
    /// Its price in cents.
    fn cents(&self) -> Option<u64> {
        self.rating.price_euro.map(|euro| (euro * 100.0).round() as u64)
    }

    /// Whether its price is spent or promised: what is done stands here until its new capacity is known.
    fn is_paid(&self) -> bool {
        let is_paid = |status| matches!(status, ActionStatus::Planned | ActionStatus::Done);
        self.action.as_ref().is_some_and(|action| is_paid(action.status))
    }

    /// Whether nothing was recorded that settles it: what is planned, done or left alone is not chosen again.
    fn is_open(&self, today: NaiveDate) -> bool {
        self.action.as_ref().is_none_or(|action| match action.status {
            ActionStatus::New | ActionStatus::Seen | ActionStatus::Investigating => true,
            ActionStatus::Planned | ActionStatus::Done => false,
            ActionStatus::Ignored => action.is_overdue(today),
        })
    }
}

/// A transformer for which no rating is large enough: its load has to be split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitRow {
    /// The box.
    pub box_id: BoxId,
    /// The station's name, or empty.
    pub station_name: String,
    /// The area, or empty.
    pub area: String,
    /// Its capacity, kVA.
    pub capacity_kva: Capacity,
    /// P(at least one overload in the half-year).
    pub overload_probability: f64,
    /// The capacity that would just do, kVA.
    pub needed_kva: f64,
    /// The expected weeks of the half-year above the limit, as it is.
    pub weeks_now: f64,
    /// What planners recorded last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionSummary>,
}

/// The plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Those that a rating helps: by weeks avoided per euro where prices are known, else by weeks avoided, the most first.
    pub rows: Vec<PlanRow>,
    /// Those that no rating helps: by the expected weeks above the limit, the most first.
    pub splits: Vec<SplitRow>,
    /// The areas with such transformers, whichever is asked for, in the order of their names.
    pub areas: Vec<AreaCount>,
    /// The risk that the ratings hold.
    pub risk: Risk,
    /// Whether any ratings are known.
    pub has_ratings: bool,
    /// Whether they have prices.
    pub has_prices: bool,
    /// What may be spent, €.
    pub budget_euro: Option<u64>,
    /// What the rows that are planned or done already take of it, €.
    pub planned_euro: f64,
}

impl Plan {
    /// From the transformers that are short of room.
    pub fn of(
        candidates: Vec<PlanCandidate>,
        query: &PlanQuery,
        ratings: &StandardRatings,
        today: NaiveDate,
    ) -> Self {
        let mut plan = Self {
            has_ratings: !ratings.is_empty(),
            has_prices: ratings.have_prices(),
            budget_euro: query.budget_euro,
            ..Self::default()
        };
        let mut areas: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        for candidate in candidates {
            let Some(advice) = ratings.advise(candidate.needed_kva) else { continue };
            *areas.entry(candidate.area.clone()).or_default() += 1;
            if query.area.as_ref().is_some_and(|area| *area != candidate.area) {
                continue;
            }
            match advice.rating {
                Some(rating) => plan.rows.push(row(candidate, advice.needed_kva, rating)),
                None => plan.splits.push(split(candidate, advice.needed_kva)),
            }
        }
        plan.areas = areas.into_iter().map(|(area, boxes)| AreaCount { area, boxes }).collect();
        plan.rows.sort_by(|a, b| urgency(b).cmp(&urgency(a)).then_with(|| a.box_id.cmp(&b.box_id)));
        plan.splits.sort_by(|a, b| b.weeks_now.total_cmp(&a.weeks_now).then_with(|| a.box_id.cmp(&b.box_id)));
        plan.add_up();
        plan.choose(today);
        plan
    }

    /// How much more is planned and done than the budget pays for, €; nothing within it, or without one.
    pub fn beyond_budget_euro(&self) -> Option<f64> {
        let budget = self.budget_euro.filter(|_| self.has_prices)? as f64;
        Some(self.planned_euro - budget).filter(|beyond| *beyond > 0.0)
    }

    /// How many rows, from the first on, the budget pays for; nothing without a budget or prices, or where more than it is
    /// planned and done.
    pub fn rows_within_budget(&self) -> Option<usize> {
        let budget =
            self.budget_euro.filter(|_| self.has_prices && self.beyond_budget_euro().is_none())? as f64;
        let is_within = |row: &&PlanRow| row.cumulative_euro.is_some_and(|euro| euro <= budget);
        Some(self.rows.iter().take_while(is_within).count())
    }

    fn add_up(&mut self) {
        let mut sum_cents = 0_u64;
        for row in &mut self.rows {
            row.cumulative_euro = row.cents().map(|cents| {
                sum_cents = sum_cents.saturating_add(cents);
                sum_cents as f64 / 100.0
            });
        }
    }

    /// Chooses what avoids the most weeks for what the rows that are planned or done already leave of the budget.
    fn choose(&mut self, today: NaiveDate) {
        let paid = self.rows.iter().filter(|row| row.is_paid()).filter_map(PlanRow::cents);
        let planned_cents = paid.fold(0, u64::saturating_add);
        self.planned_euro = planned_cents as f64 / 100.0;
        let Some(budget_euro) = self.budget_euro else { return };
        let left_cents = budget_euro.saturating_mul(100).saturating_sub(planned_cents);
        let item = |(place, row): (usize, &PlanRow)| {
            let cents = row.cents().filter(|_| row.is_open(today))?;
            let nanoweeks = (row.weeks_avoided? * 1e9).round() as u64;
            Some((place, Item { cents, nanoweeks }))
        };
        let (places, items): (Vec<usize>, Vec<Item>) = self.rows.iter().enumerate().filter_map(item).unzip();
        for chosen in most_avoided(&items, left_cents) {
            self.rows[places[chosen]].is_chosen = true;
        }
    }
}

fn row(candidate: PlanCandidate, needed_kva: f64, rating: StandardRating) -> PlanRow {
    let at_rating = candidate.weeks_at_ratings.iter().find(|at| at.capacity == rating.capacity);
    let weeks_with_rating = at_rating.map(|at| at.expected_weeks);
    // Limits grow with the capacity, so nothing can be added: what is below zero is rounding.
    let weeks_avoided = weeks_with_rating.map(|with| (candidate.expected_weeks - with).max(0.0));
    let price = rating.price_euro.filter(|euro| *euro > 0.0);
    PlanRow {
        box_id: candidate.box_id,
        station_name: candidate.station_name,
        area: candidate.area,
        capacity_kva: candidate.capacity,
        overload_probability: candidate.probability,
        needed_kva,
        rating,
        weeks_now: candidate.expected_weeks,
        weeks_with_rating,
        weeks_avoided,
        weeks_avoided_per_1000_euro: weeks_avoided.zip(price).map(|(weeks, euro)| 1_000.0 * weeks / euro),
        cumulative_euro: None,
        is_chosen: false,
        action: candidate.action,
    }
}

fn split(candidate: PlanCandidate, needed_kva: f64) -> SplitRow {
    SplitRow {
        box_id: candidate.box_id,
        station_name: candidate.station_name,
        area: candidate.area,
        capacity_kva: candidate.capacity,
        overload_probability: candidate.probability,
        needed_kva,
        weeks_now: candidate.expected_weeks,
        action: candidate.action,
    }
}

/// What rows are ordered by, the largest first: what is not known yet comes last, by the weeks above the limit as it is.
#[derive(Debug, PartialEq)]
enum RowUrgency {
    Unknown { weeks_now: f64 },
    Known { per_euro: f64 },
}

fn urgency(row: &PlanRow) -> RowUrgency {
    match (row.weeks_avoided, row.rating.price_euro) {
        (None, _) => RowUrgency::Unknown { weeks_now: row.weeks_now },
        (Some(weeks), None) => RowUrgency::Known { per_euro: weeks },
        (Some(weeks), Some(euro)) if euro > 0.0 => RowUrgency::Known { per_euro: weeks / euro },
        (Some(weeks), Some(_)) => {
            RowUrgency::Known { per_euro: if weeks > 0.0 { f64::INFINITY } else { 0.0 } }
        }
    }
}

impl RowUrgency {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Known { per_euro: a }, Self::Known { per_euro: b })
            | (Self::Unknown { weeks_now: a }, Self::Unknown { weeks_now: b }) => a.total_cmp(b),
            (Self::Known { .. }, Self::Unknown { .. }) => Ordering::Greater,
            (Self::Unknown { .. }, Self::Known { .. }) => Ordering::Less,
        }
    }
}
