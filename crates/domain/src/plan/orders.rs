//! Which ratings a plan orders: by size and by area.

use std::collections::BTreeMap;

use model::Capacity;
use serde::Serialize;

use super::PlanRow;

/// A line of an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct OrderLine {
    /// How many transformers.
    pub count: u32,
    /// What they cost, €; nothing where a price is not known.
    pub cost_euro: Option<f64>,
}

impl OrderLine {
    /// The line of some rows.
    pub fn of<'a>(rows: impl Iterator<Item = &'a PlanRow> + Clone) -> Self {
        let count = u32::try_from(rows.clone().count()).unwrap_or(u32::MAX);
        let cost_euro = rows.map(|row| row.rating.price_euro).sum::<Option<f64>>();
        Self { count, cost_euro: cost_euro.filter(|_| count > 0) }
    }
}

/// The ratings that some rows order, the smallest first.
pub fn by_size<'a>(rows: impl Iterator<Item = &'a PlanRow>) -> Vec<(Capacity, OrderLine)> {
    let mut sizes: Vec<(Capacity, Vec<&PlanRow>)> = Vec::new();
    for row in rows {
        match sizes.iter_mut().find(|(size, _)| *size == row.rating.capacity) {
            Some((_, rows)) => rows.push(row),
            None => sizes.push((row.rating.capacity, vec![row])),
        }
    }
    sizes.sort_by(|(a, _), (b, _)| a.kva().total_cmp(&b.kva()));
    sizes.into_iter().map(|(size, rows)| (size, OrderLine::of(rows.iter().copied()))).collect()
}

/// The ratings that some rows order by area, in the order of their names; that without a name is empty.
pub fn by_area<'a>(rows: impl Iterator<Item = &'a PlanRow>) -> Vec<(String, OrderLine)> {
    let mut areas: BTreeMap<&str, Vec<&PlanRow>> = BTreeMap::new();
    for row in rows {
        areas.entry(&row.area).or_default().push(row);
    }
    areas.into_iter().map(|(area, rows)| (area.to_owned(), OrderLine::of(rows.iter().copied()))).collect()
}
