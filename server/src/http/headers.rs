//! Security headers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::configuration::identity::IdentitySettings;

/// Headers of every response.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), payment=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];
/// That browsers come by https alone from now on, for a year.
const HTTPS_ONLY: &str = "max-age=31536000";

/// The content security policies, by the settings: who may show the dashboard in a frame, and
/// whether it is reached by https.
#[derive(Debug, Clone)]
pub(super) struct Policies {
    ancestors: Arc<str>,
    is_https: bool,
}

impl Policies {
    pub(super) fn new(settings: &IdentitySettings) -> Self {
        let listed = settings.frame_ancestors.iter().map(|origin| format!(" {origin}"));
        let ancestors = format!("'self'{}", listed.collect::<String>()).into();
        let is_https =
            settings.public_url.as_ref().is_some_and(|url| url.to_string().starts_with("https://"));
        Self { ancestors, is_https }
    }

    /// The policy of a page with this nonce: nothing from elsewhere, no inline script or style but
    /// ours, no `eval`.
    fn of_page(&self, nonce: &str) -> String {
        format!(
            "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
             img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {}",
            self.ancestors
        )
    }

    /// The policy of everything else: pages without scripts, data.
    fn of_the_rest(&self) -> String {
        format!(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; \
             frame-ancestors {}",
            self.ancestors
        )
    }

    /// Sets the page's policy; called while a page is rendered, where its nonce is known.
    pub(super) fn protect_page(&self) {
        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
        if let Ok(policy) = HeaderValue::from_str(&self.of_page(&nonce)) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
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
pub(super) async fn protect(State(policies): State<Policies>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if policies.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    if let Ok(policy) = HeaderValue::from_str(&policies.of_the_rest()) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_neither_eval_nor_inline_nor_other_origins() {
        let policy = Policies::new(&IdentitySettings::default()).of_page("abc");
        assert!(!policy.contains("'unsafe-eval'") && !policy.contains("'unsafe-inline'"));
        assert!(
            !policy.contains("http")
                && policy.contains("'nonce-abc'")
                && policy.contains("'wasm-unsafe-eval'")
        );
    }

    #[test]
    fn only_listed_sites_may_show_it_in_a_frame() {
        let settings = toml::from_str("frame_ancestors = ['https://portal.example.org']").unwrap();
        let policies = Policies::new(&settings);
        for policy in [policies.of_page("abc"), policies.of_the_rest()] {
            assert!(policy.ends_with("frame-ancestors 'self' https://portal.example.org"), "{policy}");
        }
    }
}
