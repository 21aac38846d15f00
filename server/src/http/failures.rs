//! What failed, as the API and the pages that the server makes alone say it.

use std::sync::Arc;

use app::api::ApiError;
use app::{FailureDocument, MarkUnknown};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::StoreError;

/// The person gets a reference number, the log the cause.
pub(super) fn hide(error: &StoreError) -> ApiError {
    let reference = format!("{:x}", chrono::Utc::now().timestamp_millis());
    tracing::error!(reference, "a page could not be answered: {error}");
    ApiError::Internal(reference)
}

/// The status of a failure; the person's own mistakes alert no operator.
pub(super) fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::UnknownBox(_) => StatusCode::NOT_FOUND,
        ApiError::BadRequest(_) => StatusCode::BAD_REQUEST,
        ApiError::SignIn | ApiError::FrameEnded => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden => StatusCode::FORBIDDEN,
        ApiError::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
        ApiError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::Away => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A page that was asked for something that does not exist says so in its status too; the rest of it is shown. What
/// only the data tell, such as an area, the page marks itself.
pub(super) fn mark_unknown() {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else {
        return;
    };
    let mark = move || response.set_status(StatusCode::NOT_FOUND);
    if app::asks_for_unknown(parts.uri.query().unwrap_or_default()) {
        mark();
    }
    provide_context(MarkUnknown(Arc::new(mark)));
}

/// The page of a failure, in the person's language.
pub(super) fn failure_page(parts: Parts, assets: app::Assets, error: ApiError) -> Response {
    let status = status_of(&error);
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(assets);
        view! { <FailureDocument error query /> }.to_html()
    });
    (status, Html(html)).into_response()
}
