//! How large the loads of a fleet are against the capacities.

use serde::{Deserialize, Serialize};

use super::training_series::TrainingSeries;
use super::{MIN_SERIES, scale};
use crate::Capacity;

/// Quantiles that represent the distribution.
const POINTS: usize = 15;

/// The distribution of size / capacity over a fleet, kW per kVA.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SizeToCapacity {
    /// Quantiles at (i + ½) / 15, ascending.
    ratios: Vec<f64>,
}

impl SizeToCapacity {
    /// From training windows; nothing from fewer than a handful with a capacity.
    pub(super) fn learn(taught: &[&TrainingSeries]) -> Option<Self> {
        let mut ratios: Vec<f64> = taught
            .iter()
            .filter_map(|taught| Some(scale(&taught.window.values_kw)?.unit_kw / taught.capacity?.kva()))
            .collect();
        if ratios.len() < MIN_SERIES {
            return None;
        }
        ratios.sort_by(f64::total_cmp);
        let at = |i: usize| {
            let place = (i as f64 + 0.5) / POINTS as f64 * ratios.len() as f64;
            ratios[(place as usize).min(ratios.len() - 1)]
        };
        Some(Self { ratios: (0..POINTS).map(at).collect() })
    }

    /// Equally probable sizes of a transformer of this capacity, kW.
    pub(super) fn sizes_kw(&self, capacity: Capacity) -> impl Iterator<Item = f64> + '_ {
        self.ratios.iter().map(move |ratio| ratio * capacity.kva())
    }
}
