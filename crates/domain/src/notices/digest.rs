//! The weekly digest: how overloads have changed since the digest before.

use chrono::{DateTime, Utc};
use model::{BoxId, Exceedance, IsoWeek};
use serde::{Deserialize, Serialize};

/// The changes of a week, and how many boxes are in each class now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The week of the digest.
    pub week: IsoWeek,
    /// When the digest before was made; `None` for the first, which counts every box as changed.
    pub since: Option<DateTime<Utc>>,
    /// Boxes that passed their limit in the last weeks, as measured.
    #[serde(default)]
    pub exceeded: u32,
    /// The other boxes that have an overload in their forecast.
    pub overloaded: u32,
    /// Boxes near their limit.
    pub near: u32,
    /// Those that passed their limit and had not before, whatever was forecast of them.
    #[serde(default)]
    pub newly_exceeded: ChangedBoxes,
    /// Those that have an overload ahead, and had none before or behind.
    pub newly_overloaded: ChangedBoxes,
    /// Newly near their limit, and below it before.
    pub newly_near: ChangedBoxes,
    /// Those that were overloaded, as measured or forecast, or near, and have ample room now; or were overloaded and are only
    /// near now.
    pub relieved: ChangedBoxes,
}

/// Boxes that changed in one way: their number, and the most urgent by name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangedBoxes {
    /// How many.
    pub count: u32,
    /// The most urgent ones, in order of urgency.
    pub first: Vec<DigestBox>,
}

/// A box as a digest names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DigestBox {
    /// The box.
    pub box_id: BoxId,
    /// The station's name; empty where the source has none.
    pub station: String,
    /// The town; empty where the source has none.
    pub town: String,
    /// What was measured beyond the limit in the last weeks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceedance: Option<Exceedance>,
    /// The likeliest week of the first overload by the likelier direction; none where there is no chance of one.
    pub week: Option<IsoWeek>,
    /// The week by which an overload is more probable than the risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_week: Option<IsoWeek>,
    /// The probability of at least one overload within the ranked weeks, 0 to 1.
    pub probability: Option<f64>,
    /// The peak loading as a share of the limit.
    pub peak_loading: Option<f64>,
}

impl Digest {
    /// Whether nothing has changed since the digest before.
    pub fn is_unchanged(&self) -> bool {
        self.newly_exceeded.count == 0
            && self.newly_overloaded.count == 0
            && self.newly_near.count == 0
            && self.relieved.count == 0
    }
}
