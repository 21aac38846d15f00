//! The view that a person has made the start page: who opens the dashboard without saying what to show is led there.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers the bare address with the way to the start page; `/?` is the whole list.
pub(super) async fn lead(request: Request, next: Next) -> Response {
    let is_bare = request.uri().path() == "/" && request.uri().query().is_none();
    match start(request.headers()).filter(|_| is_bare) {
        // It is the person's own: no cache between may keep it for others.
        Some(query) => {
            let headers =
                [(header::LOCATION, format!("/?{query}")), (header::CACHE_CONTROL, "no-store".to_owned())];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        None => next.run(request).await,
    }
}

fn start(headers: &HeaderMap) -> Option<String> {
    app::start_view_of(headers.get(header::COOKIE)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn started(cookies: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookies).unwrap());
        start(&headers)
    }

    #[test]
    fn only_what_an_address_may_hold_is_led_to() {
        assert_eq!(
            started("a=b; gridspark-start=area=Breda&within=13&box=X").as_deref(),
            Some("area=Breda&within=13")
        );
        assert_eq!(started("gridspark-start=//elsewhere.example"), None);
        assert_eq!(started("gridspark-start="), None);
        assert_eq!(started("gridspark-theme=dark"), None);
    }
}
