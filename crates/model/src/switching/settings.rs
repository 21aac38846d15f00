//! What counts as a switching.

use serde::{Deserialize, Serialize};

/// What is looked for, and how much evidence it takes.
///
/// Steps are measured in standard deviations of the box's own noise: what drift and season leave of an
/// extreme.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SwitchingSettings {
    /// A history of fewer observed weeks is not searched: nothing tells a step from the season.
    pub fewest_weeks: usize,
    /// The longest switching, weeks filled; it may touch another week on either side.
    pub longest_weeks: i32,
    /// How many switchings a box has in a year, a priori; as many level shifts.
    pub per_year: f64,
    /// Least [`strength`](crate::switching::Switching::strength) of a switching that ended.
    pub least_strength: f64,
    /// Least strength of a switching that touched no more than two weeks: a spell of weather looks like it.
    pub least_strength_two_weeks: f64,
    /// Least strength of a switching that has not ended.
    pub least_strength_open: f64,
    /// Least strength of a level shift.
    pub least_strength_level_shift: f64,
    /// Least step, of either extreme, in standard deviations.
    pub least_step: f64,
    /// Least step, of both extremes, of a switching that touched a single week only; anything less is an
    /// outlier.
    pub least_step_single_week: f64,
}

impl Default for SwitchingSettings {
    /// 20 weeks, 26 weeks, one in ten years; strengths 4.5, 22, 10, 10; steps 3 and 8.
    fn default() -> Self {
        Self {
            fewest_weeks: 20,
            longest_weeks: 26,
            per_year: 0.1,
            least_strength: 4.5,
            least_strength_two_weeks: 22.0,
            least_strength_open: 10.0,
            least_strength_level_shift: 10.0,
            least_step: 3.0,
            least_step_single_week: 8.0,
        }
    }
}
