//! Metrics, sent periodically to a collector by the OpenTelemetry SDK.

use std::time::Duration;

use opentelemetry_otlp::{MetricExporter, WithExportConfig as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use store::Store;

use super::warn_once::WarnOnce;
use super::{METRICS, endpoint, resource, variable};
use crate::configuration::TelemetrySettings;
use crate::secret::without_passwords;
use crate::telemetry::{Metrics, StoreState};

/// The default interval.
const INTERVAL_MILLISECONDS: u64 = 60_000;
/// How long the end of a program waits for the collector.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Keeps the store's gauges fresh for a collector until it is finished.
pub(crate) struct MetricsExport {
    metrics: Metrics,
    store: Store,
    refreshing: tokio::task::JoinHandle<()>,
}

impl MetricsExport {
    /// The metrics of this process, and their export in the background; none if no collector is configured, or its
    /// address is invalid, which is logged.
    pub(crate) fn start(settings: &TelemetrySettings, store: &Store) -> (Metrics, Option<Self>) {
        let Some(address) = endpoint(METRICS, settings, variable) else { return (Metrics::default(), None) };
        let exporter = match MetricExporter::builder().with_http().with_endpoint(address).build() {
            Ok(exporter) => WarningExporter { exporter, warn_once: WarnOnce::of("figures") },
            Err(error) => {
                tracing::warn!("no figures are sent to a collector: {}", without_passwords(&error));
                return (Metrics::default(), None);
            }
        };
        let interval = interval();
        let reader = PeriodicReader::builder(exporter).with_interval(interval).build();
        let metrics =
            Metrics::with(SdkMeterProvider::builder().with_resource(resource()).with_reader(reader));
        let refreshing = tokio::spawn(refresh(store.clone(), metrics.clone(), interval));
        (metrics.clone(), Some(Self { metrics, store: store.clone(), refreshing }))
    }

    /// Exports a last time.
    pub(crate) async fn finish(self) {
        self.refreshing.abort();
        if let Ok(state) = StoreState::of(&self.store).await {
            self.metrics.show_store(state);
        }
        // The exporter waits for its answer.
        let _ = tokio::task::spawn_blocking(move || self.metrics.shut_down(SHUTDOWN_TIMEOUT)).await;
    }
}

fn interval() -> Duration {
    let milliseconds = variable("OTEL_METRIC_EXPORT_INTERVAL").and_then(|text| text.parse().ok());
    Duration::from_millis(milliseconds.unwrap_or(INTERVAL_MILLISECONDS)).max(Duration::from_millis(100))
}

/// Reads the store as often as metrics are exported.
async fn refresh(store: Store, metrics: Metrics, interval: Duration) {
    loop {
        match StoreState::of(&store).await {
            Ok(state) => metrics.show_store(state),
            // The figures stay as they were; readiness tells of the store.
            Err(error) => tracing::debug!("the store's figures can't be read: {error}"),
        }
        tokio::time::sleep(interval).await;
    }
}

/// An exporter that logs its failures once.
#[derive(Debug)]
struct WarningExporter {
    exporter: MetricExporter,
    warn_once: WarnOnce,
}

impl PushMetricExporter for WarningExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.warn_once.note(self.exporter.export(metrics).await)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.exporter.temporality()
    }
}
