//! What was found in a box's history.

use serde::{Deserialize, Serialize};

use crate::IsoWeek;

/// The two sides of a switching.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwitchingKind {
    /// The box carried a neighbour's load as well: an extreme moved away from zero.
    ExtraLoad,
    /// A neighbour carried the box's load, or part of it: the extremes moved towards zero.
    Relief,
}

/// A temporary step of the load.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Switching {
    /// The first week that it touched, be it for a day.
    pub first: IsoWeek,
    /// The last week that it touched; for one that has not ended, the last week of the history.
    pub last: IsoWeek,
    /// Whether load was added or taken away.
    pub kind: SwitchingKind,
    /// Median step of the weekly maximum over the weeks in which it shows, kW; negative is down, 0 where it
    /// shows in none.
    pub step_kw_max: f64,
    /// Median step of the weekly minimum over these weeks, kW; negative is down (with a neighbour's solar
    /// power the minimum falls while the maximum rises).
    pub step_kw_min: f64,
    /// Natural logarithm of the posterior odds of this switching against no change: the Bayes factor of the
    /// step times the prior probability of a switching in just these weeks. 0 is even odds, 5 is 150 to 1.
    /// The larger of both where a gap in the data parts a switching.
    pub strength: f64,
    /// Whether the load came back. A step that lasts to the end of the history may as well be one that stays,
    /// so it is reported on stronger evidence only.
    pub ended: bool,
}

impl Switching {
    /// Whether it touched a week.
    #[must_use]
    pub fn covers(&self, week: IsoWeek) -> bool {
        (self.first..=self.last).contains(&week)
    }
}

/// A step of the load that stays, as after a new connection.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct LevelShift {
    /// The first week on the new level.
    pub from: IsoWeek,
    /// Fitted step of the weekly maximum, kW.
    pub step_kw_max: f64,
    /// Fitted step of the weekly minimum, kW.
    pub step_kw_min: f64,
    /// Natural logarithm of the posterior odds against no change, as in [`Switching::strength`].
    pub strength: f64,
}

/// All that was found, each list in order of time.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Findings {
    /// Temporary steps.
    pub switchings: Vec<Switching>,
    /// Steps that stay.
    pub level_shifts: Vec<LevelShift>,
}
