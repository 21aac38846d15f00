//! The metrics of this process, by the OpenTelemetry SDK: described and counted once, read by
//! Prometheus and by a collector alike.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, MeterProvider as _};
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider};
use prometheus::{Registry, TextEncoder};

use super::store_state::{StoreGauges, StoreState};

/// Bucket bounds of response times, seconds.
const ANSWER_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// The metrics of this process. Cheap to clone: clones share the metrics.
#[derive(Clone)]
pub struct Metrics(Arc<Instruments>);

struct Instruments {
    provider: SdkMeterProvider,
    registry: Registry,
    store: StoreGauges,
    requests: Counter<u64>,
    answer_seconds: Histogram<f64>,
    boxes_assessed: Counter<u64>,
    runs_begun: Counter<u64>,
    run_failures: Counter<u64>,
    notice_attempts: Counter<u64>,
}

/// Why metrics can't be shown.
#[derive(Debug, thiserror::Error)]
#[error("the metrics can't be written as text: {0}")]
pub struct MetricsError(String);

impl Default for Metrics {
    /// Metrics for Prometheus alone.
    fn default() -> Self {
        Self::with(SdkMeterProvider::builder())
    }
}

impl Metrics {
    /// Metrics for Prometheus and for the readers that `builder` has.
    pub(super) fn with(builder: MeterProviderBuilder) -> Self {
        let registry = Registry::new();
        let prometheus = opentelemetry_prometheus::exporter().with_registry(registry.clone());
        let provider = match prometheus.without_target_info().scope_info_enabled(false).build() {
            Ok(prometheus) => builder.with_reader(prometheus).build(),
            // A registry of one exporter takes it.
            Err(error) => {
                tracing::error!("Prometheus will read no metrics: {error}");
                builder.build()
            }
        };
        let meter = provider.meter("gridspark");
        let counter = |name, help| meter.u64_counter(name).with_description(help).build();
        let answer_seconds = meter
            .f64_histogram("gridspark_http_answer")
            .with_description("Time from a request to its answer")
            .with_unit("s")
            .with_boundaries(ANSWER_SECONDS.to_vec())
            .build();
        let instruments = Instruments {
            requests: counter("gridspark_http_requests", "Requests answered"),
            answer_seconds,
            boxes_assessed: counter("gridspark_boxes_assessed", "Boxes this process has assessed"),
            runs_begun: counter("gridspark_runs_begun", "Runs this process has begun or joined"),
            run_failures: counter("gridspark_run_failures", "Runs that this process could not go on with"),
            notice_attempts: counter(
                "gridspark_notice_attempts",
                "Attempts of this process to deliver a notice to a webhook, by outcome",
            ),
            store: StoreGauges::new(&meter),
            registry,
            provider,
        };
        // What has not happened yet is zero, rather than missing.
        for counter in [&instruments.boxes_assessed, &instruments.runs_begun, &instruments.run_failures] {
            counter.add(0, &[]);
        }
        Self(Arc::new(instruments))
    }

    /// Counts a response, by route rather than by path, as there are as many paths as boxes.
    pub fn answered(&self, route: &str, status: u16, took: Duration) {
        let route = KeyValue::new("route", route.to_owned());
        self.0.answer_seconds.record(took.as_secs_f64(), std::slice::from_ref(&route));
        self.0.requests.add(1, &[route, KeyValue::new("status", i64::from(status))]);
    }

    /// Counts a run that is begun or joined.
    pub fn run_begun(&self) {
        self.0.runs_begun.add(1, &[]);
    }

    /// Counts a failed run.
    pub fn run_failed(&self) {
        self.0.run_failures.add(1, &[]);
    }

    /// Counts assessed boxes.
    pub fn assessed(&self, boxes: u64) {
        self.0.boxes_assessed.add(boxes, &[]);
    }

    /// Counts an attempt to deliver a notice.
    pub fn notice_attempted(&self, webhook: &str, outcome: &'static str) {
        let labels = [KeyValue::new("webhook", webhook.to_owned()), KeyValue::new("outcome", outcome)];
        self.0.notice_attempts.add(1, &labels);
    }

    /// Shows the store as it stands now.
    pub(crate) fn show_store(&self, state: StoreState) {
        self.0.store.show(state);
    }

    /// All metrics in Prometheus' text format.
    ///
    /// # Errors
    /// [`MetricsError`] where a metric can't be written.
    pub fn text(&self) -> Result<String, MetricsError> {
        let families = self.0.registry.gather();
        TextEncoder::new().encode_to_string(&families).map_err(|error| MetricsError(error.to_string()))
    }

    /// Sends what there is to the collector, and stops sending.
    pub(super) fn shut_down(&self, timeout: Duration) {
        // An unreachable collector has been logged already.
        let _ = self.0.provider.shutdown_with_timeout(timeout);
    }
}

#[cfg(test)]
mod tests {
    use domain::overview::Overview;
    use domain::runs::{ExtremeGrowth, GrowthFacts};
    use store::NoticeCounts;

    use super::*;

    /// A minimum with learned growth, and a maximum with too few series.
    fn growth() -> GrowthFacts {
        let minimum = ExtremeGrowth {
            weight: 1.0,
            realised: 0.95,
            standard_error: 0.1,
            half_years: 4,
            judged: 48,
            learned_from: 12,
            future_noise: 0.8,
            growing_future_noise: 1.1,
        };
        GrowthFacts { minimum, maximum: ExtremeGrowth { future_noise: 0.78, ..ExtremeGrowth::default() } }
    }

    #[test]
    fn figures_are_counted_by_route_and_status_and_the_store_s_are_those_of_now() {
        let metrics = Metrics::default();
        metrics.answered("/api/describe_box", 200, Duration::from_millis(3));
        metrics.answered("/api/describe_box", 200, Duration::from_millis(30));
        metrics.answered("/", 500, Duration::from_millis(3));
        metrics.assessed(32);
        let unknown = metrics.text().unwrap();
        assert!(!unknown.contains("gridspark_open_boxes"), "nobody has looked into the store: {unknown}");
        let state = StoreState {
            fleet: Overview { boxes: 5, overloaded: 2, ample: 3, ..Overview::default() },
            open_boxes: 7,
            notices: NoticeCounts { undelivered: 2, given_up: 1 },
            growth: Some(growth()),
        };
        metrics.show_store(state.clone());
        let text = metrics.text().unwrap();
        for line in [
            r#"gridspark_http_requests_total{route="/api/describe_box",status="200"} 2"#,
            r#"gridspark_http_requests_total{route="/",status="500"} 1"#,
            r#"gridspark_http_answer_seconds_bucket{route="/api/describe_box",le="0.005"} 1"#,
            "gridspark_boxes_assessed_total 32",
            "gridspark_run_failures_total 0",
            r#"gridspark_boxes{urgency="overload"} 2"#,
            r#"gridspark_boxes{urgency="near"} 0"#,
            "gridspark_open_boxes 7",
            "gridspark_undelivered_notices 2",
            "gridspark_given_up_notices 1",
            "gridspark_forecast_age_seconds -1",
            r#"gridspark_growth_weight{extreme="min"} 1"#,
            r#"gridspark_growth_realised{extreme="min"} 0.95"#,
            r#"gridspark_future_noise{extreme="max"} 0.78"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(
            !text.contains(r#"gridspark_growth_realised{extreme="max"}"#),
            "nothing was verified: {text}"
        );
        metrics.show_store(StoreState { growth: None, ..state });
        let none = metrics.text().unwrap();
        assert!(!none.contains("gridspark_growth_weight"), "the newest run learned nothing: {none}");
    }

    #[test]
    fn alerts_and_dashboard_ask_only_for_figures_that_there_are() {
        let metrics = Metrics::default();
        metrics.answered("/api/box", 200, Duration::from_millis(3));
        metrics.show_store(StoreState { growth: Some(growth()), ..StoreState::default() });
        let text = metrics.text().unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/monitoring");
        for file in ["alerts.yml", "grafana.json"] {
            let asked = std::fs::read_to_string(folder.join(file)).unwrap();
            let is_part = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            let names: Vec<&str> = asked
                .match_indices("gridspark_")
                .map(|(at, _)| asked[at..].split(|letter| !is_part(letter)).next().unwrap_or_default())
                .collect();
            assert!(names.len() > 5, "{file} asks for {names:?}");
            for name in names {
                let found = text.lines().any(|line| line.split(['{', ' ']).next() == Some(name));
                assert!(found, "{file} asks for {name}");
            }
        }
    }
}
