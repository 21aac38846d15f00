//! Traces and metrics for an OpenTelemetry collector, by OTLP over HTTP.
//!
//! Enabled by the standard variables, such as `OTEL_EXPORTER_OTLP_ENDPOINT`, or by `[telemetry]`.
//! An unreachable collector is logged once.

mod metrics;
mod open_spans;
mod parent;
mod spans;
mod warn_once;

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;

use crate::configuration::TelemetrySettings;
pub(crate) use metrics::MetricsExport;
pub(crate) use parent::continue_trace;
pub(crate) use spans::SpanExport;

/// A signal, and the variables that control it.
#[derive(Debug, Clone, Copy)]
struct Signal {
    /// Its path at the collector.
    path: &'static str,
    /// The variable of its address.
    endpoint: &'static str,
    /// The variable that disables it.
    exporter: &'static str,
}

const TRACES: Signal = Signal {
    path: "/v1/traces",
    endpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    exporter: "OTEL_TRACES_EXPORTER",
};
const METRICS: Signal = Signal {
    path: "/v1/metrics",
    endpoint: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    exporter: "OTEL_METRICS_EXPORTER",
};

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The address of a signal's collector; `None` if the signal is off.
fn endpoint(
    signal: Signal,
    settings: &TelemetrySettings,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let is_off = variable("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || variable(signal.exporter).is_some_and(|exporter| exporter == "none");
    if is_off {
        return None;
    }
    if let Some(endpoint) = variable(signal.endpoint) {
        return Some(endpoint);
    }
    let base = variable("OTEL_EXPORTER_OTLP_ENDPOINT").or_else(|| settings.endpoint.clone())?;
    Some(format!("{}{}", base.trim_end_matches('/'), signal.path))
}

/// The resource: the service, its version and this process.
fn resource() -> Resource {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let instance = format!("{}-{}", host.trim(), std::process::id());
    let mut builder = Resource::builder()
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new("service.instance.id", instance));
    let is_named = variable("OTEL_SERVICE_NAME").is_some()
        || variable("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|text| text.contains("service.name="));
    if !is_named {
        builder = builder.with_service_name("gridspark");
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_win_over_the_configuration_and_can_switch_off() {
        let settings = TelemetrySettings { endpoint: Some("http://configured:4318/".to_owned()) };
        let at = |variables: &[(&str, &str)]| {
            endpoint(TRACES, &settings, |name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(at(&[]).as_deref(), Some("http://configured:4318/v1/traces"));
        let general = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://general:4318");
        assert_eq!(at(&[general]).as_deref(), Some("http://general:4318/v1/traces"));
        let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://own:4318/there");
        assert_eq!(at(&[general, own]).as_deref(), Some("http://own:4318/there"));
        assert_eq!(at(&[general, ("OTEL_SDK_DISABLED", "true")]), None);
        assert_eq!(at(&[general, ("OTEL_TRACES_EXPORTER", "none")]), None);
        assert_eq!(endpoint(TRACES, &TelemetrySettings::default(), |_| None), None);
    }
}
