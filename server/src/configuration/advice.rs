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
    /// How far from a transformer that is short others with room are named; 0: none.
    #[schemars(extend("unit" = "m"), range(min = 0.0, max = 10_000.0))]
    pub neighbour_metres: f64,
}

/// How far other transformers may be, unless set otherwise, m: what a cable of low voltage reaches.
pub(super) const NEIGHBOUR_METRES: f64 = 500.0;
const MAX_NEIGHBOUR_METRES: f64 = 10_000.0;

impl Default for AdviceSettings {
    fn default() -> Self {
        Self {
            ratings_kva: StandardRatings::default().capacities_kva(),
            prices_euro: Vec::new(),
            neighbour_metres: NEIGHBOUR_METRES,
        }
    }
}

impl AdviceSettings {
    pub(super) fn checked_metres(&self) -> Result<f64, ConfigurationError> {
        let metres = self.neighbour_metres;
        match (0.0..=MAX_NEIGHBOUR_METRES).contains(&metres) {
            true => Ok(metres),
            false => Err(ConfigurationError::Value {
                name: "advice.neighbour_metres",
                value: metres.to_string(),
                expected: "metres from 0 to 10,000",
            }),
        }
    }

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
