//! The section `[telemetry]`: where traces and metrics are sent.

use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;
use crate::secret::without_passwords;

/// The section `[telemetry]`. The variables of OpenTelemetry override it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// The collector that takes OTLP over HTTP, such as `http://collector:4318`; without one
    /// nothing is sent.
    pub endpoint: Option<String>,
}

impl TelemetrySettings {
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        match &self.endpoint {
            Some(address) if !address.starts_with("http://") && !address.starts_with("https://") => {
                Err(ConfigurationError::Value {
                    name: "telemetry.endpoint",
                    value: without_passwords(address),
                    expected: "the address of a collector that takes OTLP over HTTP, such as http://collector:4318",
                })
            }
            _ => Ok(()),
        }
    }
}
