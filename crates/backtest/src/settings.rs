//! Settings of a backtest.

use model::{Extreme, PowerFactor, gridspark::Gridspark};
use serde::{Deserialize, Serialize};

use crate::ModelName;

/// Settings of a backtest.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// The models; the report is about the first.
    pub models: Vec<ModelName>,
    /// The fraction of the capacity from which on a box counts as overloaded by import.
    pub import_threshold: f64,
    /// The same for feed-in.
    pub feed_in_threshold: f64,
    /// Active over apparent power.
    pub power_factor: PowerFactor,
    /// Number of draws of the bootstrap over boxes.
    pub bootstrap_draws: usize,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// The number of threads; None for one per core.
    pub threads: Option<usize>,
    /// The number of most recent training weeks that `gridspark` is fitted to.
    #[serde(default = "training_weeks")]
    pub training_weeks: usize,
    /// Whether `gridspark` masks switchings detected in the training weeks, as in production.
    #[serde(default)]
    pub leave_out_switchings: bool,
    /// Fractions of the capacity at which overloads are scored by direction; if empty, the
    /// thresholds above.
    #[serde(default)]
    pub one_way_thresholds: Vec<f64>,
    /// Whether the report contains the scores of each series.
    #[serde(default)]
    pub each_series: bool,
}

fn training_weeks() -> usize {
    Gridspark::default().training_weeks
}

impl Default for Settings {
    /// All models, 100 % of the capacity, power factor 1, 1,000 draws.
    fn default() -> Self {
        Self {
            models: ModelName::ALL.to_vec(),
            import_threshold: 1.0,
            feed_in_threshold: 1.0,
            power_factor: PowerFactor::default(),
            bootstrap_draws: 1_000,
            seed: 1,
            threads: None,
            training_weeks: training_weeks(),
            leave_out_switchings: false,
            one_way_thresholds: Vec::new(),
            each_series: false,
        }
    }
}

impl Settings {
    /// Fractions of the capacity at which overloads in an extreme's own direction are scored.
    pub(crate) fn one_way_thresholds(&self, extreme: Extreme) -> Vec<f64> {
        if !self.one_way_thresholds.is_empty() {
            return self.one_way_thresholds.clone();
        }
        match extreme {
            Extreme::Min => vec![self.feed_in_threshold],
            Extreme::Max => vec![self.import_threshold],
        }
    }
}
