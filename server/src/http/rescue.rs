//! Answers in place of those that do not come: what takes too long, and what panics.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::api::ApiError;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;

use super::failures::{failure_page, status_of};

/// An answer that takes longer is given up.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// How often a page that panicked is made again. While a thread writes a value of a page, the page's framework has another
/// one that reads it panic, as if the value were gone; that is over a moment later.
const RETRIES: usize = 2;

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
    let is_page = parts.method == Method::GET && !parts.uri.path().starts_with("/api/");
    let mut answer = attempt(&next, &parts, body, rescue.timeout).await;
    for _ in 0..RETRIES {
        match &answer {
            Err(Failed::Panicked(said)) if is_page => {
                tracing::warn!("a page is made again, as making it panicked: {said}");
                answer = attempt(&next, &parts, Body::empty(), rescue.timeout).await;
            }
            _ => break,
        }
    }
    let error = match answer {
        Ok(response) => return response,
        Err(Failed::Panicked(said)) => {
            let reference = format!("{:x}", chrono::Utc::now().timestamp_millis());
            tracing::error!(reference, "an answer panicked: {said}");
            ApiError::Internal(reference)
        }
        Err(Failed::TimedOut) => ApiError::Away,
    };
    if parts.uri.path().starts_with("/api/") {
        return (status_of(&error), axum::Json(error)).into_response();
    }
    failure_page(parts, rescue.assets, error)
}

/// Why there is no answer.
enum Failed {
    /// With what was said.
    Panicked(String),
    TimedOut,
}

async fn attempt(next: &Next, parts: &Parts, body: Body, timeout: Duration) -> Result<Response, Failed> {
    let request = Request::from_parts(parts.clone(), body);
    let answer = AssertUnwindSafe(next.clone().run(request)).catch_unwind();
    match tokio::time::timeout(timeout, answer).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(panic)) => {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Failed::Panicked(said.unwrap_or_default()))
        }
        Err(_) => Err(Failed::TimedOut),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::body::to_bytes;
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

    #[tokio::test]
    async fn a_page_that_panicked_once_is_made_again_but_what_changes_something_is_not() {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        async fn panics_at_first() -> &'static str {
            assert!(MADE.fetch_add(1, Ordering::SeqCst) > 0, "this test panics once");
            "made"
        }
        let assets = app::Assets { stylesheet: "/a.css".to_owned(), charts: "/a.js".to_owned() };
        let state = Rescue { assets, timeout: REQUEST_TIMEOUT };
        let router = Router::new()
            .route("/page", get(panics_at_first).post(panics_at_first))
            .layer(axum::middleware::from_fn_with_state(state, rescue));
        let ask = async |method: &str| {
            let request = Request::builder().method(method).uri("/page").body(Body::empty()).unwrap();
            router.clone().oneshot(request).await.unwrap().status().as_u16()
        };
        assert_eq!((ask("POST").await, MADE.load(Ordering::SeqCst)), (500, 1));
        MADE.store(0, Ordering::SeqCst);
        assert_eq!((ask("GET").await, MADE.load(Ordering::SeqCst)), (200, 2));
    }
}
