//! HTTP statuses of refused server functions: by default every failure is a 500, but a mistyped
//! identifier should not alert an operator.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::failures::status_of;

/// An error is a sentence and its name, so longer bodies are none.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Sets the status that a refusal's reason has.
pub(super) async fn by_reason(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_json = kind.is_some_and(|kind| kind.starts_with(b"application/json"));
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !is_json {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(text) = to_bytes(body, MAX_ERROR_BYTES).await else {
        return Response::from_parts(head, Body::empty());
    };
    if let Ok(error) = serde_json::from_slice(&text) {
        head.status = status_of(&error);
    }
    Response::from_parts(head, Body::from(text))
}
