//! Spans: gathered while the program runs, sent in batches, and what is left at the end.

use std::sync::atomic::{AtomicBool, Ordering};
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

use super::{TRACES, endpoint, resource, variable};
use crate::configuration::TelemetrySettings;
use crate::secret::without_passwords;

/// For how long the end of a command waits for a collector.
const AT_THE_END: Duration = Duration::from_secs(5);

/// What sends spans, until it is finished.
pub(crate) struct SpanExport(SdkTracerProvider);

impl SpanExport {
    /// Begins; `None` if no collector is named. Must not be called on a thread of the asynchronous runtime.
    ///
    /// # Errors
    /// Why the collector's address can't be used, in words.
    pub(crate) fn start(settings: &TelemetrySettings) -> Result<Option<Self>, String> {
        let Some(endpoint) = endpoint(TRACES, settings, variable) else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint)
            .build()
            .map_err(|error| without_passwords(&error))?;
        let exporter = WarnOnce { exporter, has_warned: AtomicBool::new(false) };
        let provider =
            SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build();
        Ok(Some(Self(provider)))
    }

    /// What hands over the spans of this program; not those of libraries, least of all of what sends them.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let ours = Targets::new().with_target("gridspark", LevelFilter::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("gridspark"))
            .with_location(false)
            .with_threads(false)
            .with_filter(ours)
    }

    /// Sends what is left.
    pub(crate) fn finish(&self) {
        // What could not be sent has been warned of.
        let _ = self.0.shutdown_with_timeout(AT_THE_END);
    }
}

/// An exporter whose failures are told once.
#[derive(Debug)]
struct WarnOnce {
    exporter: SpanExporter,
    has_warned: AtomicBool,
}

impl opentelemetry_sdk::trace::SpanExporter for WarnOnce {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let sent = self.exporter.export(batch).await;
        match &sent {
            Ok(()) => self.has_warned.store(false, Ordering::Relaxed),
            Err(error) if !self.has_warned.swap(true, Ordering::Relaxed) => {
                let reason = without_passwords(error);
                tracing::warn!("the collector does not take traces, which does no harm: {reason}");
            }
            Err(_) => {}
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
