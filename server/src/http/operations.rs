//! Endpoints for load balancers, orchestrators and monitoring: liveness, readiness, metrics.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use store::Store;
use tracing::Instrument as _;

use crate::telemetry::{Metrics, continue_trace, snapshot};

/// A database that takes longer counts as unreachable.
const READY_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Operations {
    store: Store,
    metrics: Metrics,
}

/// `/healthz` while the process lives, `/readyz` while it can serve, `/metrics` for Prometheus.
pub fn operations(store: Store, metrics: Metrics) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(Operations { store, metrics })
}

async fn ready(State(operations): State<Operations>) -> Response {
    match tokio::time::timeout(READY_TIMEOUT, operations.store.ping()).await {
        Ok(Ok(())) => "ready".into_response(),
        Ok(Err(error)) => not_ready(&error.to_string()),
        Err(_) => not_ready("it did not answer in time"),
    }
}

fn not_ready(reason: &str) -> Response {
    tracing::warn!("not ready: {reason}");
    (StatusCode::SERVICE_UNAVAILABLE, "not ready: the database does not answer; the log says more")
        .into_response()
}

async fn figures(State(operations): State<Operations>) -> Response {
    match snapshot(&operations.store, &operations.metrics).await {
        Ok(text) => {
            let kind = prometheus::TEXT_FORMAT;
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => not_ready(&error.to_string()),
    }
}

/// Counts responses by route.
pub(super) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("files", MatchedPath::as_str).to_owned();
    let start = Instant::now();
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{} {route}", request.method()),
        otel.kind = "server",
        http.request.method = %request.method(),
        http.route = route,
        http.response.status_code = tracing::field::Empty,
    );
    continue_trace(&span, request.headers());
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    metrics.answered(&route, response.status().as_u16(), start.elapsed());
    response
}
