//! Traces and metrics as a collector receives them.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use store::Store;

use crate::support::fill;
use crate::support::pages::site_folder;
use crate::support::receiver::{Received, Receiver};

fn command(folder: &Path, collector: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"));
    command
        .args(words)
        .args(["--database", &format!("sqlite://{}", folder.join("test.db").display())])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
        .env("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hidden-token")
        .env("OTEL_BSP_SCHEDULE_DELAY", "100")
        .env("OTEL_METRIC_EXPORT_INTERVAL", "200")
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every received span.
fn spans(received: &[Received]) -> Vec<Span> {
    let requests = received.iter().filter(|received| received.path == "/v1/traces");
    let traces = requests.map(|received| ExportTraceServiceRequest::decode(&received.body[..]).unwrap());
    traces
        .flat_map(|request| request.resource_spans)
        .flat_map(|resource| resource.scope_spans)
        .flat_map(|scope| scope.spans)
        .collect()
}

async fn filled(folder: &Path, boxes: usize) {
    let store = Store::open(&format!("sqlite://{}", folder.join("test.db").display())).await.unwrap();
    fill(&store, &vec![300.0; boxes], 110).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_one_trace_from_the_command_to_its_batches_and_all_of_it_is_sent_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 40).await;
    let collector = Receiver::start().await;
    let ended = command(folder.path(), &collector.address, &["make-forecasts"]).output().unwrap();
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    let received = collector.received();
    assert!(received.iter().all(|received| received.header("authorization") == "Bearer hidden-token"));
    let request = ExportTraceServiceRequest::decode(&received[0].body[..]).unwrap();
    let resource = format!("{:?}", request.resource_spans[0].resource);
    assert!(resource.contains("service.name") && resource.contains("gridspark"), "{resource}");
    let spans = spans(&received);
    let find = |name: &str| {
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| {
            panic!("{name} in {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>())
        })
    };
    let (root, run) = (find("make-forecasts"), find("run"));
    assert!(root.parent_span_id.is_empty());
    assert_eq!(run.parent_span_id, root.span_id);
    assert_eq!(find("plan").parent_span_id, root.span_id);
    for name in ["learn population", "batch", "finish"] {
        assert_eq!(find(name).parent_span_id, run.span_id, "{name}");
    }
    assert!(spans.iter().all(|span| span.trace_id == root.trace_id));
    let batches = spans.iter().filter(|span| span.name == "batch").flat_map(|span| &span.attributes);
    let boxes: i64 = batches
        .filter(|attribute| attribute.key == "boxes")
        .map(|attribute| match attribute.value.as_ref().unwrap().value.as_ref().unwrap() {
            Value::IntValue(boxes) => *boxes,
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(boxes, 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_is_one_warning_and_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 3).await;
    let Output { status, stderr, .. } =
        command(folder.path(), "http://127.0.0.1:9", &["make-forecasts"]).output().unwrap();
    let stderr = text(&stderr);
    assert!(status.success(), "{stderr}");
    assert_eq!(stderr.matches("collector").count(), 1, "{stderr}");
    assert!(!stderr.contains("hidden-token"), "{stderr}");
    let wrong = command(folder.path(), "not an address", &["make-forecasts"]).output().unwrap();
    assert!(
        wrong.status.success() && text(&wrong.stderr).contains("no traces are sent"),
        "{}",
        text(&wrong.stderr)
    );
}

/// A program that ends with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The address that a program says it is at.
fn address(log: &Path, before: &str) -> String {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let said = std::fs::read_to_string(log).unwrap();
        if let Some((_, after)) = said.split_once(before)
            && let Some((address, _)) = after.split_once('\n')
        {
            return address.trim().to_owned();
        }
        assert!(std::time::Instant::now() < deadline, "{said}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn start(folder: &Path, collector: &str, words: &[&str]) -> Running {
    let log = std::fs::File::create(folder.join("log")).unwrap();
    Running(command(folder, collector, words).stdout(Stdio::null()).stderr(log).spawn().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_goes_on_with_the_trace_of_who_asks_and_the_figures_of_metrics_are_sent_as_well() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 2).await;
    let collector = Receiver::start().await;
    let site = site_folder(folder.path()).display().to_string();
    let words = ["serve", "--listen", "127.0.0.1:0", "--site", &site, "--no-worker"];
    let _server = start(folder.path(), &collector.address, &words);
    let address = address(&folder.path().join("log"), "the dashboard is at ");
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let asked = reqwest::Client::new()
        .get(format!("{address}/api/overview"))
        .header("traceparent", format!("00-{trace}-{parent}-01"))
        .send()
        .await
        .unwrap();
    assert!(asked.status().is_success());
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let (request, answer) = loop {
        let spans = spans(&collector.received());
        let find = |name: &str| spans.iter().find(|span| span.name == name).cloned();
        if let (Some(request), Some(answer)) = (find("GET /api/overview"), find("overview")) {
            break (request, answer);
        }
        assert!(std::time::Instant::now() < deadline, "{:?}", spans);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!((hex(&request.trace_id).as_str(), hex(&request.parent_span_id).as_str()), (trace, parent));
    assert_eq!((answer.trace_id, answer.parent_span_id), (request.trace_id, request.span_id));
    let names = loop {
        let received = collector.received();
        let figures = received.iter().rfind(|received| received.path == "/v1/metrics");
        let metrics: Vec<_> = figures
            .map(|received| ExportMetricsServiceRequest::decode(&received.body[..]).unwrap())
            .into_iter()
            .flat_map(|request| request.resource_metrics)
            .flat_map(|resource| resource.scope_metrics)
            .flat_map(|scope| scope.metrics)
            .map(|metric| metric.name)
            .collect();
        if metrics.iter().any(|name| name == "gridspark_http_requests") {
            break metrics;
        }
        assert!(std::time::Instant::now() < deadline, "{metrics:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    for name in
        ["gridspark_boxes", "gridspark_open_boxes", "gridspark_http_answer", "gridspark_undelivered_notices"]
    {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_reports_its_figures_and_its_health_where_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 2).await;
    let collector = Receiver::start().await;
    let _worker = start(folder.path(), &collector.address, &["worker", "--listen", "127.0.0.1:0"]);
    let address = address(&folder.path().join("log"), "figures and health are at ");
    let _ = rustls::crypto::ring::default_provider().install_default();
    for (path, expected) in
        [("healthz", "ok"), ("readyz", "ready"), ("metrics", "gridspark_boxes_assessed_total 0")]
    {
        let answer = reqwest::get(format!("{address}/{path}")).await.unwrap();
        assert!(answer.status().is_success());
        assert!(answer.text().await.unwrap().contains(expected), "{path}");
    }
    let again = reqwest::get(format!("{address}/metrics")).await.unwrap().text().await.unwrap();
    assert!(again.contains("gridspark_boxes{"), "{again}");
    assert!(
        !again.contains("gridspark_http_requests_total{"),
        "an alert would take it for a dashboard: {again}"
    );
}
