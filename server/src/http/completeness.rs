//! The page of completeness.

use app::CompletenessDocument;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use domain::calendar::Calendar;
use domain::completeness::CompletenessMap;
use leptos::prelude::*;
use store::{Store, StoreError};

use super::failures::{failure_page, hide};

/// What the page needs.
#[derive(Clone)]
pub(super) struct CompletenessPage {
    pub(super) store: Store,
    pub(super) calendar: Calendar,
    pub(super) assets: app::Assets,
}

/// The page: how complete the last weeks are.
pub(super) async fn page(State(page): State<CompletenessPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let map = match map_of(&page).await {
        Ok(map) => map,
        Err(error) => return failure_page(parts, page.assets, hide(&error)),
    };
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(page.assets);
        view! { <CompletenessDocument map query /> }.to_html()
    });
    Html(html).into_response()
}

async fn map_of(page: &CompletenessPage) -> Result<Option<CompletenessMap>, StoreError> {
    let Some((running_week, boxes)) = page.store.box_readings().await? else { return Ok(None) };
    let map = CompletenessMap::of(running_week, boxes, |week| page.calendar.quarters_in(week));
    map.map(Some).map_err(|error| StoreError::Corrupt(error.to_string()))
}
