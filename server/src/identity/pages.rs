//! The pages of identity: made by the server alone, without scripts.

use app::{AuditDocument, RefusalDocument, RefusalKind, SignedOutDocument};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use domain::identity::AuditEntry;
use leptos::prelude::*;

use super::Identity;

fn rendered<View: IntoView>(
    identity: &Identity,
    parts: &Parts,
    view: impl FnOnce(String) -> View,
) -> Html<String> {
    let query = parts.uri.query().unwrap_or_default().to_owned();
    Html(Owner::new().with(|| {
        provide_context(parts.clone());
        provide_context(identity.0.assets.clone());
        provide_context(identity.0.clock.clone());
        view(query).to_html()
    }))
}

/// Says what is refused.
pub(super) fn refused(
    identity: &Identity,
    parts: &Parts,
    status: StatusCode,
    kind: RefusalKind,
    can_sign_in: bool,
) -> Response {
    let page = rendered(identity, parts, |query| view! { <RefusalDocument kind can_sign_in query /> });
    (status, page).into_response()
}

/// Says that the person is signed out here; the browser goes on to the provider, which does the same.
pub(super) fn signed_out(identity: &Identity, parts: &Parts, to: Option<&str>) -> Response {
    let to = to.map(str::to_owned);
    rendered(identity, parts, |query| view! { <SignedOutDocument to query /> }).into_response()
}

/// The audit.
pub(super) fn audit(identity: &Identity, parts: &Parts, entries: Vec<AuditEntry>, most: u32) -> Response {
    let before = (entries.len() as u32 == most).then(|| entries.last().map(|entry| entry.number)).flatten();
    rendered(identity, parts, |query| view! { <AuditDocument entries before query /> }).into_response()
}
