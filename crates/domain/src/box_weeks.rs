//! The weeks of a box as they were read, phase by phase.

use model::{IsoWeek, Phase, WeekExtremes};
use serde::{Deserialize, Serialize};

/// The complete weeks of a box.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxWeeks {
    /// What was read, one entry a phase that was read.
    pub phases: Vec<PhaseWeeks>,
    /// The completeness of the sum of the phases, from the first to the last week; null in a week without readings.
    pub completeness: Vec<WeekCompleteness>,
}

/// The weeks of one phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseWeeks {
    /// Which.
    pub phase: Phase,
    /// Its weeks in their order.
    pub weeks: Vec<WeekExtremes>,
}

/// How complete a week is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WeekCompleteness {
    /// The week.
    pub week: IsoWeek,
    /// Readings over those expected, 0 to 1; none without readings.
    pub share: Option<f64>,
}
