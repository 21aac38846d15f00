//! The section `[advice]`: in which ratings transformers are ordered.

use domain::advice::StandardRatings;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;

/// The section `[advice]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AdviceSettings {
    /// The ratings in which transformers are ordered, ascending; the smallest that holds the risk is
    /// advised. None: no advice. With other ratings, boxes that are short of room are due again.
    #[schemars(extend("unit" = "kVA"))]
    pub ratings_kva: Vec<f64>,
    /// What a transformer of each rating costs, in the same order; none: no price is told, and the
    /// plan has no budget. A change makes nothing due.
    #[schemars(extend("unit" = "€"))]
    pub prices_euro: Vec<f64>,
}

impl Default for AdviceSettings {
    fn default() -> Self {
        Self { ratings_kva: StandardRatings::default().capacities_kva(), prices_euro: Vec::new() }
    }
}

impl AdviceSettings {
    pub(super) fn checked(&self) -> Result<StandardRatings, ConfigurationError> {
        StandardRatings::new(&self.ratings_kva, &self.prices_euro).map_err(|error| {
            ConfigurationError::Value {
                name: "advice",
                value: error.to_string(),
                expected: "ascending ratings in kVA, with one price for each or none",
            }
        })
    }
}
