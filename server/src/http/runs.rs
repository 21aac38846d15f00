//! The page of runs.

use app::{RunsDocument, runs_failure};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;
use store::Store;

use crate::configuration::RunWatchSettings;
use crate::runs::report;

/// Runs that are shown.
const SHOWN: u32 = 30;

/// What the page is made from.
#[derive(Clone)]
pub(super) struct RunsPage {
    pub(super) store: Store,
    pub(super) settings: RunWatchSettings,
    pub(super) assets: app::Assets,
}

/// The page: the newest runs beside those before them, and forecasts beside what came.
pub(super) async fn page(State(page): State<RunsPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let report = match report(&page.store, &page.settings, SHOWN).await {
        Ok(report) => report,
        Err(error) => {
            tracing::error!("the runs could not be shown: {error}");
            let (language, text) = Owner::new().with(|| {
                provide_context(parts);
                runs_failure(&query)
            });
            let language = [(header::CONTENT_LANGUAGE, language)];
            return (StatusCode::INTERNAL_SERVER_ERROR, language, text).into_response();
        }
    };
    // Nothing in it waits or moves, so that it needs none of the scripts with which other pages come alive.
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(page.assets);
        view! { <RunsDocument report query /> }.to_html()
    });
    Html(html).into_response()
}
