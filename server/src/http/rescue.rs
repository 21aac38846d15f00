//! Answers in place of those that do not come: what takes too long, and what panics.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::api::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;

use super::failures::{failure_page, status_of};

/// An answer that takes longer is given up.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// What an answer in place of another needs.
#[derive(Debug, Clone)]
pub(super) struct Rescue {
    assets: app::Assets,
    timeout: Duration,
}

impl Rescue {
    pub(super) fn new(assets: app::Assets) -> Self {
        Self { assets, timeout: REQUEST_TIMEOUT }
    }
}

/// Answers in any case.
pub(super) async fn rescue(State(rescue): State<Rescue>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let answer = AssertUnwindSafe(next.run(Request::from_parts(parts.clone(), body))).catch_unwind();
    let error = match tokio::time::timeout(rescue.timeout, answer).await {
        Ok(Ok(response)) => return response,
        Ok(Err(panic)) => {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            let reference = format!("{:x}", chrono::Utc::now().timestamp_millis());
            tracing::error!(reference, "an answer panicked: {said}");
            ApiError::Internal(reference)
        }
        Err(_) => ApiError::Away,
    };
    if parts.uri.path().starts_with("/api/") {
        return (status_of(&error), axum::Json(error)).into_response();
    }
    failure_page(parts, rescue.assets, error)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn never() {
        std::future::pending::<()>().await;
    }

    async fn panics() {
        assert!(std::env::args().count() == 0, "this test panics");
    }

    #[tokio::test]
    async fn what_panics_or_never_comes_is_said_in_words() {
        let assets = app::Assets { stylesheet: "/a.css".to_owned(), charts: "/a.js".to_owned() };
        let state = Rescue { assets, timeout: Duration::from_millis(20) };
        let router = Router::new()
            .route("/never", get(never))
            .route("/api/never", get(never))
            .route("/panics", get(panics))
            .route("/api/panics", get(panics))
            .layer(axum::middleware::from_fn_with_state(state, rescue));
        for (path, status, said) in [
            ("/never", 503, "role=\"alert\""),
            ("/api/never", 503, "\"Away\""),
            ("/panics", 500, "role=\"alert\""),
            ("/api/panics", 500, "Internal"),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{path}");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let body = String::from_utf8_lossy(&body);
            assert!(body.contains(said) && !body.contains("this test panics"), "{path}: {body}");
        }
    }
}
