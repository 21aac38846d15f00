//! Metrics, exported periodically.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use percent_encoding::percent_decode_str;
use prost::Message as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url, redirect};
use store::Store;

use super::points::{Period, metrics_of};
use super::{METRICS, endpoint, resource, variable};
use crate::configuration::TelemetrySettings;
use crate::secret::without_passwords;
use crate::telemetry::{Metrics, snapshot};

/// The default interval.
const INTERVAL_MILLISECONDS: u64 = 60_000;
/// The default timeout.
const TIMEOUT_MILLISECONDS: u64 = 10_000;

/// How long the end of a program waits for the collector.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Exports metrics in the background until it is finished.
pub(crate) struct MetricsExport {
    sender: Arc<Sender>,
    task: tokio::task::JoinHandle<()>,
}

/// Exports the metrics of a store and of this process.
struct Sender {
    client: Client,
    url: Url,
    headers: HeaderMap,
    interval: Duration,
    start: u64,
    store: Store,
    metrics: Metrics,
}

impl MetricsExport {
    /// Starts the export in the background; `None` if no collector is configured, or its address is
    /// invalid, which is logged.
    pub(crate) fn spawn(settings: &TelemetrySettings, store: &Store, metrics: &Metrics) -> Option<Self> {
        let address = endpoint(METRICS, settings, variable)?;
        match Sender::new(&address, store.clone(), metrics.clone()) {
            Ok(sender) => {
                let sender = Arc::new(sender);
                Some(Self { task: tokio::spawn(Arc::clone(&sender).run()), sender })
            }
            Err(reason) => {
                tracing::warn!("no figures are sent to a collector: {reason}");
                None
            }
        }
    }

    /// Exports a last time.
    pub(crate) async fn finish(self) {
        self.task.abort();
        // An unreachable collector has been logged already.
        let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, self.sender.send()).await;
    }
}

impl Sender {
    fn new(address: &str, store: Store, metrics: Metrics) -> Result<Self, String> {
        let url = Url::parse(address).map_err(|error| format!("its address is not right: {error}"))?;
        let milliseconds = |name, otherwise| {
            let number = variable(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
            Duration::from_millis(number)
        };
        let client = Client::builder()
            .timeout(milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", TIMEOUT_MILLISECONDS))
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| error.without_url().to_string())?;
        let interval = milliseconds("OTEL_METRIC_EXPORT_INTERVAL", INTERVAL_MILLISECONDS);
        Ok(Self {
            client,
            url,
            headers: headers(),
            interval: interval.max(Duration::from_millis(100)),
            start: now(),
            store,
            metrics,
        })
    }

    async fn run(self: Arc<Self>) {
        let mut has_warned = false;
        loop {
            match self.send().await {
                Ok(()) => has_warned = false,
                Err(reason) if !has_warned => {
                    has_warned = true;
                    tracing::warn!("the collector does not take figures, which does no harm: {reason}");
                }
                Err(_) => {}
            }
            tokio::time::sleep(self.interval).await;
        }
    }

    async fn send(&self) -> Result<(), String> {
        let text = snapshot(&self.store, &self.metrics).await.map_err(|error| without_passwords(&error))?;
        let period = Period { start: self.start, now: now() };
        let body = request(&text, period).encode_to_vec();
        let response = self
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, "application/x-protobuf")
            .body(body)
            .send()
            .await
            .map_err(|error| error.without_url().to_string())?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("it answered {}", response.status()))
        }
    }
}

fn request(text: &str, period: Period) -> ExportMetricsServiceRequest {
    let attributes = ResourceAttributesWithSchema::from(&resource()).attributes.0;
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(Resource { attributes, ..Resource::default() }),
            scope_metrics: vec![ScopeMetrics {
                scope: Some(InstrumentationScope {
                    name: "gridspark".to_owned(),
                    ..InstrumentationScope::default()
                }),
                metrics: metrics_of(text, period),
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    }
}

/// The headers set by a variable, such as `authorization=Bearer …`; they may be secret.
fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS"] {
        for pair in variable(name).unwrap_or_default().split(',') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = percent_decode_str(value.trim()).decode_utf8_lossy();
            let parsed = (name.trim().parse::<HeaderName>(), HeaderValue::from_str(&value));
            if let (Ok(name), Ok(mut value)) = parsed {
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
    }
    headers
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
