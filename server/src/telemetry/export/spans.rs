//! Spans: collected while the program runs, exported in batches, flushed at the end.

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::registry::LookupSpan;

use super::open_spans::OpenSpans;
use super::warn_once::WarnOnce;
use super::{TRACES, endpoint, resource, variable};
use crate::configuration::TelemetrySettings;
use crate::secret::without_passwords;

/// How long the end of a command waits for a collector.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it waits for spans that another thread still holds.
const CLOSING_TIMEOUT: Duration = Duration::from_secs(1);

/// Exports spans until it is finished.
pub(crate) struct SpanExport {
    provider: SdkTracerProvider,
    open_spans: OpenSpans,
}

impl SpanExport {
    /// Starts; `None` if no collector is configured. Must not be called on a thread of the
    /// asynchronous runtime.
    ///
    /// # Errors
    /// Why the collector's address is invalid.
    pub(crate) fn start(settings: &TelemetrySettings) -> Result<Option<Self>, String> {
        let Some(endpoint) = endpoint(TRACES, settings, variable) else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint)
            .build()
            .map_err(|error| without_passwords(&error))?;
        let exporter = WarningExporter { exporter, warn_once: WarnOnce::of("traces") };
        let provider =
            SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build();
        Ok(Some(Self { provider, open_spans: OpenSpans::default() }))
    }

    /// The layer that exports this program's spans; not those of libraries, least of all the
    /// exporter's.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let ours = Targets::new().with_target("gridspark", LevelFilter::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("gridspark"))
            .with_location(false)
            .with_threads(false)
            // Counted as closed after it has been given to the exporter.
            .and_then(self.open_spans.clone())
            .with_filter(ours)
    }

    /// Exports what is left.
    pub(crate) fn finish(&self) {
        if !self.open_spans.wait_for_none(CLOSING_TIMEOUT) {
            tracing::debug!("a span that is still open is not sent to the collector");
        }
        // Failures have been logged already.
        let _ = self.provider.shutdown_with_timeout(SHUTDOWN_TIMEOUT);
    }
}

/// An exporter that logs its failures once.
#[derive(Debug)]
struct WarningExporter {
    exporter: SpanExporter,
    warn_once: WarnOnce,
}

impl opentelemetry_sdk::trace::SpanExporter for WarningExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.warn_once.note(self.exporter.export(batch).await)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
