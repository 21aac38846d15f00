//! Security headers.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Headers of every response.
const ALWAYS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), payment=()"),
];

/// The content security policy of a page with this nonce: nothing from elsewhere, no inline script
/// or style but ours, no `eval`.
fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
}

/// Sets the page's policy; called while a page is rendered, where its nonce is known.
pub(super) fn protect_page() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Remembers the language and the appearance that a switch of our own pages has asked for. A link from elsewhere shows its
/// choice without changing the person's.
pub(super) async fn remember_choices(request: Request, next: Next) -> Response {
    let is_ours = request.headers().get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    let is_page = request.headers().get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    let query = request.uri().query().filter(|_| is_ours && is_page);
    let cookies = query.map(app::choices_to_remember).unwrap_or_default();
    let mut response = next.run(request).await;
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Adds the headers of every response; responses that can change are revalidated.
pub(super) async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'self'",
    ));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::page_policy;

    #[test]
    fn the_policy_allows_neither_eval_nor_inline_nor_other_origins() {
        let policy = page_policy("abc");
        assert!(!policy.contains("'unsafe-eval'") && !policy.contains("'unsafe-inline'"));
        assert!(
            !policy.contains("http")
                && policy.contains("'nonce-abc'")
                && policy.contains("'wasm-unsafe-eval'")
        );
    }
}
