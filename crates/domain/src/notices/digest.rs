//! The weekly digest: how overloads have changed since the digest before.

use chrono::{DateTime, Utc};
use model::{BoxId, IsoWeek};
use serde::{Deserialize, Serialize};

/// The changes of a week, and how many boxes are in each class now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The week of the digest.
    pub week: IsoWeek,
    /// When the digest before was made; `None` for the first, which counts every box as changed.
    pub since: Option<DateTime<Utc>>,
    /// Boxes with an overload in their forecast.
    pub overloaded: u32,
    /// Boxes near their limit.
    pub near: u32,
    /// Newly overloaded.
    pub newly_overloaded: ChangedBoxes,
    /// Newly near their limit, and below it before.
    pub newly_near: ChangedBoxes,
    /// Relieved: overloaded or near before and with ample room now, or overloaded before and near
    /// now.
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
    /// The first overloaded week, or else the week of the peak loading.
    pub week: Option<IsoWeek>,
    /// The probability of at least one overload within the horizon, 0 to 1.
    pub probability: Option<f64>,
    /// The peak loading as a share of the limit.
    pub peak_loading: Option<f64>,
}

impl Digest {
    /// Whether nothing has changed since the digest before.
    pub fn is_unchanged(&self) -> bool {
        self.newly_overloaded.count == 0 && self.newly_near.count == 0 && self.relieved.count == 0
    }
}
