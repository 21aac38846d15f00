//! Verification of probabilities: reliability by decile, and the Brier score.
//!
//! The Brier score is the mean of (p − o)², with o = 1 if the event occurred and 0 otherwise
//! (Brier, 1950). Always predicting the base rate b scores b (1 − b); a forecast has skill if it
//! scores less.

use serde::{Deserialize, Serialize};

/// Number of bins of a reliability diagram, of equal width.
pub const BINS: usize = 10;

/// Sums over predicted probabilities and events.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct EventTally {
    bins: [BinTally; BINS],
    squares: f64,
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct BinTally {
    count: u64,
    events: u64,
    probability: f64,
}

/// Scores of event probabilities.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EventScores {
    /// The number of predictions.
    pub count: u64,
    /// The number of events that occurred.
    pub events: u64,
    /// The mean of (p − o)².
    pub brier: f64,
    /// The Brier score of the base rate of these events, known in hindsight.
    pub brier_base_rate: f64,
    /// Reliability by decile of the predicted probability, without empty bins.
    pub reliability: Vec<ReliabilityBin>,
}

/// One bin of a reliability diagram.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// The lower end of the bin, which is a tenth wide.
    pub from: f64,
    /// Number of predictions in the bin.
    pub count: u64,
    /// The mean of the predicted probabilities.
    pub predicted: f64,
    /// The share of events that occurred.
    pub observed: f64,
}

impl EventTally {
    pub(crate) fn add(&mut self, probability: f64, occurred: bool) {
        let index = ((probability * BINS as f64) as usize).min(BINS - 1);
        let bin = &mut self.bins[index];
        bin.count += 1;
        bin.events += u64::from(occurred);
        bin.probability += probability;
        self.squares += (probability - f64::from(u8::from(occurred))).powi(2);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.count += other.count;
            bin.events += other.events;
            bin.probability += other.probability;
        }
        self.squares += other.squares;
    }

    /// The scores; None without predictions.
    pub(crate) fn scores(&self) -> Option<EventScores> {
        let count: u64 = self.bins.iter().map(|bin| bin.count).sum();
        if count == 0 {
            return None;
        }
        let events: u64 = self.bins.iter().map(|bin| bin.events).sum();
        let rate = events as f64 / count as f64;
        let bin = |(index, bin): (usize, &BinTally)| {
            (bin.count > 0).then(|| ReliabilityBin {
                from: index as f64 / BINS as f64,
                count: bin.count,
                predicted: bin.probability / bin.count as f64,
                observed: bin.events as f64 / bin.count as f64,
            })
        };
        Some(EventScores {
            count,
            events,
            brier: self.squares / count as f64,
            brier_base_rate: rate * (1.0 - rate),
            reliability: self.bins.iter().enumerate().filter_map(bin).collect(),
        })
    }
}

/// The contingency table of warnings and events.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Warnings {
    /// Warnings with an event.
    pub right: u64,
    /// Warnings without an event.
    pub false_alarms: u64,
    /// Events without a warning.
    pub missed: u64,
}

impl Warnings {
    pub(crate) fn add(&mut self, warned: bool, occurred: bool) {
        self.right += u64::from(warned && occurred);
        self.false_alarms += u64::from(warned && !occurred);
        self.missed += u64::from(!warned && occurred);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.missed += other.missed;
    }

    /// The share of warnings that were right; None without warnings.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.right + self.false_alarms)
    }

    /// The share of events that were warned of; None without events.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_forecast_scores_zero_and_the_base_rate_its_variance() {
        let (mut certain, mut base) = (EventTally::default(), EventTally::default());
        for occurred in [true, false, false, false] {
            certain.add(f64::from(u8::from(occurred)), occurred);
            base.add(0.25, occurred);
        }
        let certain = certain.scores().unwrap();
        assert_eq!((certain.brier, certain.brier_base_rate), (0.0, 0.1875));
        assert_eq!(certain.reliability.len(), 2);
        assert_eq!(certain.reliability[1].from, 0.9);
        let base = base.scores().unwrap();
        assert_eq!(base.brier, base.brier_base_rate);
        let bin = base.reliability[0];
        assert_eq!((bin.predicted, bin.observed, bin.count), (0.25, 0.25, 4));
        assert_eq!(EventTally::default().scores(), None);
    }

    #[test]
    fn merging_is_adding() {
        let (mut left, mut right, mut both) =
            (EventTally::default(), EventTally::default(), EventTally::default());
        for (index, probability) in [0.125, 0.5, 0.75, 1.0].into_iter().enumerate() {
            let tally = if index < 2 { &mut left } else { &mut right };
            tally.add(probability, index == 2);
            both.add(probability, index == 2);
        }
        left.merge(&right);
        assert_eq!(left, both);
    }

    #[test]
    fn precision_and_recall_count_alarms_and_misses() {
        let mut warnings = Warnings::default();
        assert_eq!((warnings.precision(), warnings.recall()), (None, None));
        for (warned, occurred) in [(true, true), (true, false), (true, false), (true, false), (false, true)] {
            warnings.add(warned, occurred);
        }
        assert_eq!((warnings.precision(), warnings.recall()), (Some(0.25), Some(0.5)));
    }
}
