//! The section `[runs]`: when a run counts as suspicious compared with the one before.

use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;

/// The section `[runs]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RunWatchSettings {
    /// The multiple of the duration of the run before from which a run is suspiciously slow.
    #[schemars(extend("unit" = "times the run before"))]
    pub slower_by: f64,
    /// The share by which the numbers of boxes and readings may change.
    #[schemars(range(min = 0, max = 10), extend("unit" = "share"))]
    pub data_change: f64,
    /// The share of the boxes by which overloaded ones, and those without a forecast, may change.
    #[schemars(range(min = 0, max = 10), extend("unit" = "share"))]
    pub result_change: f64,
    /// The share by which the pinball loss of the built-in backtest may grow.
    #[schemars(range(min = 0, max = 10), extend("unit" = "share"))]
    pub pinball_growth: f64,
    /// The minimum coverage of a 90 % band.
    #[schemars(range(min = 0, max = 10), extend("unit" = "share"))]
    pub least_coverage_90: f64,
    /// The minimum share of forecast growth that should be realised; a run is suspicious if it is
    /// lower by more than two standard errors.
    #[schemars(range(min = 0, max = 10), extend("unit" = "share"))]
    pub least_growth_realised: f64,
    /// The maximum share of forecast growth that should be realised; a run is suspicious if it is
    /// higher by more than two standard errors.
    #[schemars(range(min = 0, max = 10), extend("unit" = "share"))]
    pub most_growth_realised: f64,
    /// Boxes of the built-in backtest; 0 turns it off.
    #[schemars(extend("unit" = "boxes"))]
    pub backtest_boxes: u32,
    /// Boxes whose past forecasts are verified; 0 turns it off.
    #[schemars(extend("unit" = "boxes"))]
    pub scored_boxes: u32,
}

impl Default for RunWatchSettings {
    fn default() -> Self {
        Self {
            slower_by: 2.0,
            data_change: 0.2,
            result_change: 0.05,
            pinball_growth: 0.25,
            least_coverage_90: 0.8,
            least_growth_realised: 0.3,
            most_growth_realised: 1.7,
            backtest_boxes: 200,
            scored_boxes: 2_000,
        }
    }
}

impl RunWatchSettings {
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: f64, expected| {
            Err(ConfigurationError::Value { name, value: value.to_string(), expected })
        };
        if !(self.slower_by.is_finite() && self.slower_by >= 1.0) {
            return refuse("runs.slower_by", self.slower_by, "a number of at least 1");
        }
        for (name, value) in [
            ("runs.data_change", self.data_change),
            ("runs.result_change", self.result_change),
            ("runs.pinball_growth", self.pinball_growth),
            ("runs.least_coverage_90", self.least_coverage_90),
            ("runs.least_growth_realised", self.least_growth_realised),
            ("runs.most_growth_realised", self.most_growth_realised),
        ] {
            if !(value.is_finite() && (0.0..=10.0).contains(&value)) {
                return refuse(name, value, "a share from 0 to 10");
            }
        }
        Ok(())
    }
}
