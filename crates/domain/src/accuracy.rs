//! How good the forecasts of one box turned out to be, beside the fleet's.

use chrono::{DateTime, Utc};
use model::{Extreme, IsoWeek};
use serde::{Deserialize, Serialize};

use crate::ledger::{LedgerEntry, LedgerSums};

/// What was forecast of a box, and what came.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxAccuracy {
    /// The stored forecast that lies nearest to half a year back; none before weeks of one are over.
    pub past: Option<PastForecastOfBox>,
    /// The scores of that forecast, one entry an extreme that was judged.
    pub scores: Vec<ExtremeScore>,
    /// The fleet's forecasts of the last year, as far as they were judged.
    pub fleet: Option<FleetScore>,
    /// The warnings of this box, in the order of time.
    pub ledger: Vec<LedgerEntry>,
    /// What the ledgers of all boxes of its area come to.
    pub area: Option<LedgerSums>,
    /// What those of all boxes come to.
    pub all: Option<LedgerSums>,
}

/// A forecast of the past beside what was measured since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PastForecastOfBox {
    /// When it was made.
    pub made_on: DateTime<Utc>,
    /// The weeks that are over.
    pub maximum: Vec<PastWeek>,
    /// The same of the minimum.
    pub minimum: Vec<PastWeek>,
}

/// A week that was forecast and is over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PastWeek {
    /// The week.
    pub week: IsoWeek,
    /// The 5, 15, 50, 85 and 95 % quantile, kW.
    pub quantiles_kw: [f64; 5],
    /// What was measured, kW; none in a week without enough readings.
    pub observed_kw: Option<f64>,
    /// What was measured a year before, kW.
    pub last_year_kw: Option<f64>,
}

/// How good a forecast of one extreme was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExtremeScore {
    /// Which extreme.
    pub extreme: Extreme,
    /// Weeks that were measured.
    pub weeks: u32,
    /// Of them within the 90 % band.
    pub within_90: u32,
    /// Of them within the 70 % band.
    pub within_70: u32,
    /// The mean distance of the median from what was measured, kW.
    pub error_kw: f64,
    /// The same of what was measured a year before, over the weeks that have it; none where none has.
    pub last_year_error_kw: Option<f64>,
    /// The mean pinball loss of the five quantiles, a share of the capacity; none without a capacity.
    pub pinball: Option<f64>,
}

/// How good the forecasts of the fleet were over the last year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FleetScore {
    /// Weeks of boxes that were judged.
    pub judged: u64,
    /// The share of them within the 90 % band.
    pub coverage_90: f64,
    /// The share of them within the 70 % band.
    pub coverage_70: f64,
    /// The mean pinball loss, a share of the capacity.
    pub pinball: f64,
}

impl ExtremeScore {
    /// Scores the weeks of a past forecast; nothing where none was measured.
    pub fn of(extreme: Extreme, weeks: &[PastWeek], capacity_kva: Option<f64>) -> Option<Self> {
        let judged: Vec<(&PastWeek, f64)> =
            weeks.iter().filter_map(|week| Some((week, week.observed_kw?))).collect();
        let count = |from: usize, to: usize| {
            let within = |(week, kw): &&(&PastWeek, f64)| {
                (week.quantiles_kw[from]..=week.quantiles_kw[to]).contains(kw)
            };
            judged.iter().filter(within).count() as u32
        };
        let mean =
            |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        let error_kw = mean(judged.iter().map(|(week, kw)| (week.quantiles_kw[2] - kw).abs()).collect())?;
        let last_year = judged.iter().filter_map(|(week, kw)| Some((week.last_year_kw? - kw).abs()));
        let loss = |(week, kw): &(&PastWeek, f64)| {
            let levels = model::Quantile::ALL.map(model::Quantile::level);
            let of = |(level, forecast): (f64, f64)| {
                let over = kw - forecast;
                (level * over).max((level - 1.0) * over)
            };
            levels.into_iter().zip(week.quantiles_kw).map(of).sum::<f64>() / 5.0
        };
        let pinball_kw = mean(judged.iter().map(loss).collect())?;
        Some(Self {
            extreme,
            weeks: judged.len() as u32,
            within_90: count(0, 4),
            within_70: count(1, 3),
            error_kw,
            last_year_error_kw: mean(last_year.collect()),
            pinball: capacity_kva.filter(|kva| *kva > 0.0).map(|kva| pinball_kw / kva),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_judged_by_hand() {
        let week = |observed_kw, last_year_kw| PastWeek {
            week: IsoWeek::from_index(2_900),
            quantiles_kw: [60.0, 70.0, 80.0, 90.0, 95.0],
            observed_kw,
            last_year_kw,
        };
        let weeks = [
            week(Some(110.0), Some(90.0)),
            week(Some(92.0), None),
            week(None, Some(1.0)),
            week(Some(80.0), None),
        ];
        let score = ExtremeScore::of(Extreme::Max, &weeks, Some(100.0)).unwrap();
        assert_eq!((score.weeks, score.within_90, score.within_70), (3, 2, 1));
        assert!((score.error_kw - (30.0 + 12.0 + 0.0) / 3.0).abs() < 1e-12);
        assert_eq!(score.last_year_error_kw, Some(20.0));
        let first = (2.5 + 6.0 + 15.0 + 17.0 + 14.25) / 500.0;
        let second = (0.05 * 32.0 + 0.15 * 22.0 + 0.5 * 12.0 + 0.85 * 2.0 + 0.05 * 3.0) / 500.0;
        let third = (0.05 * 20.0 + 0.15 * 10.0 + 0.15 * 10.0 + 0.05 * 15.0) / 500.0;
        assert!((score.pinball.unwrap() - (first + second + third) / 3.0).abs() < 1e-12);
        assert_eq!(ExtremeScore::of(Extreme::Max, &[week(None, None)], None), None);
    }
}
