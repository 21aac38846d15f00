//! The section `[data_tests]`: the tests of the data before a run may change anything.

use domain::runs::Severity;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;

/// The section `[data_tests]`. Each test is `off`, `warn` or `stop`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DataTestSettings {
    /// Whether the newest reading is recent.
    #[schemars(with = "String", extend("enum" = ["off", "warn", "stop"]))]
    pub freshness: Severity,
    /// Its maximum age in days.
    #[schemars(extend("unit" = "days"))]
    pub freshness_most_days: f64,
    /// Whether the last complete week holds about as many readings as the four before it.
    #[schemars(with = "String", extend("enum" = ["off", "warn", "stop"]))]
    pub volume: Severity,
    /// The minimum share of their median.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share"))]
    pub volume_least_share: f64,
    /// Whether few boxes have gone silent.
    #[schemars(with = "String", extend("enum" = ["off", "warn", "stop"]))]
    pub silent_boxes: Severity,
    /// The maximum share of the boxes with readings in the four weeks before.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the boxes"))]
    pub silent_boxes_most_share: f64,
    /// Whether few boxes report physically impossible values.
    #[schemars(with = "String", extend("enum" = ["off", "warn", "stop"]))]
    pub impossible_values: Severity,
    /// The maximum share of the boxes of known capacity.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the boxes"))]
    pub impossible_values_most_share: f64,
    /// The multiple of the capacity from which a value counts as impossible.
    #[schemars(extend("unit" = "times the capacity"))]
    pub impossible_beyond_capacity: f64,
    /// Whether few rows of the source were refused.
    #[schemars(with = "String", extend("enum" = ["off", "warn", "stop"]))]
    pub refused_rows: Severity,
    /// The maximum share of the rows read.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the rows"))]
    pub refused_rows_most_share: f64,
    /// A week with fewer boxes than this is not tested: its shares mean nothing.
    #[schemars(extend("unit" = "boxes"))]
    pub least_boxes: u32,
}

impl Default for DataTestSettings {
    fn default() -> Self {
        Self {
            freshness: Severity::Warn,
            freshness_most_days: 14.0,
            volume: Severity::Stop,
            volume_least_share: 0.5,
            silent_boxes: Severity::Stop,
            silent_boxes_most_share: 0.3,
            impossible_values: Severity::Stop,
            impossible_values_most_share: 0.05,
            impossible_beyond_capacity: 5.0,
            refused_rows: Severity::Stop,
            refused_rows_most_share: 0.05,
            least_boxes: 20,
        }
    }
}

impl DataTestSettings {
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let shares = [
            ("data_tests.volume_least_share", self.volume_least_share),
            ("data_tests.silent_boxes_most_share", self.silent_boxes_most_share),
            ("data_tests.impossible_values_most_share", self.impossible_values_most_share),
            ("data_tests.refused_rows_most_share", self.refused_rows_most_share),
        ];
        for (name, value) in shares {
            if !(0.0..=1.0).contains(&value) {
                let expected = "a share from 0 to 1";
                return Err(ConfigurationError::Value { name, value: value.to_string(), expected });
            }
        }
        let positive = [
            ("data_tests.freshness_most_days", self.freshness_most_days),
            ("data_tests.impossible_beyond_capacity", self.impossible_beyond_capacity),
        ];
        for (name, value) in positive {
            if !(value.is_finite() && value > 0.0) {
                let expected = "a number above 0";
                return Err(ConfigurationError::Value { name, value: value.to_string(), expected });
            }
        }
        Ok(())
    }
}
