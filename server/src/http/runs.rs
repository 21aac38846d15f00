//! The page of runs, with how much the pages are used.

use app::RunsDocument;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;
use store::Store;

use super::failures::{failure_page, hide};
use super::usage::Usage;
use crate::configuration::RunWatchSettings;
use crate::runs::report;

/// Days of use shown.
const MAX_DAYS: u32 = 14;
/// Runs shown.
const MAX_SHOWN: u32 = 30;

/// What the page needs.
#[derive(Clone)]
pub(super) struct RunsPage {
    pub(super) store: Store,
    pub(super) usage: Usage,
    pub(super) settings: RunWatchSettings,
    pub(super) assets: app::Assets,
    pub(super) clock: app::WallClock,
}

/// The page: the newest runs compared with those before them, and past forecasts verified.
pub(super) async fn page(State(page): State<RunsPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let report = match report(&page.store, &page.settings, MAX_SHOWN).await {
        Ok(report) => report,
        Err(error) => {
            return failure_page(parts, page.assets, hide(&error));
        }
    };
    page.usage.add().await;
    // The page is shown without it.
    let usage = page.store.usage(MAX_DAYS).await.unwrap_or_else(|error| {
        tracing::warn!("how much the pages are used could not be read: {error}");
        Vec::new()
    });
    // The page is static, so it needs none of the scripts of other pages.
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(page.assets);
        provide_context(page.clock);
        view! { <RunsDocument report usage query /> }.to_html()
    });
    Html(html).into_response()
}
