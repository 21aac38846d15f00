//! The bodies of requests: read when it is known that somebody may send one, whole, and not for long.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;

use super::Refusal;

/// More is not read of a request: decisions and keys are a few hundred bytes.
const MAX_BYTES: usize = 64 * 1024;
/// A body has to arrive within this.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Refuses a request that says itself that it is too long.
pub(super) fn check_length(parts: &Parts) -> Result<(), Refusal> {
    let said =
        parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > MAX_BYTES) { Err(Refusal::TooLarge) } else { Ok(()) }
}

/// Refuses what is not said to be JSON. Browsers send JSON to other sites only after having asked, which
/// is never allowed.
pub(super) fn check_json(parts: &Parts) -> Result<(), Refusal> {
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refusal::NotJson) }
}

/// A request's body, read whole.
pub(super) async fn read(body: Body) -> Result<Body, Refusal> {
    match tokio::time::timeout(TIMEOUT, to_bytes(body, MAX_BYTES)).await {
        Ok(Ok(bytes)) => Ok(Body::from(bytes)),
        Ok(Err(error)) => {
            let source: Option<&dyn std::error::Error> = std::error::Error::source(&error);
            let is_long = source.is_some_and(|source| source.to_string().contains("length limit"));
            Err(if is_long { Refusal::TooLarge } else { Refusal::Malformed })
        }
        Err(_) => Err(Refusal::SlowBody),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn json_alone_is_json() {
        let check = |kind: &str| {
            let (parts, ()) = Request::builder().header("content-type", kind).body(()).unwrap().into_parts();
            check_json(&parts)
        };
        for kind in ["application/json", "Application/JSON; charset=utf-8"] {
            assert_eq!(check(kind), Ok(()), "{kind}");
        }
        for kind in ["text/plain", "application/jsonx", "multipart/form-data; a=application/json", ""] {
            assert_eq!(check(kind), Err(Refusal::NotJson), "{kind}");
        }
    }
}
