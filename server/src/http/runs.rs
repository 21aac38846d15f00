//! The page of runs.

use app::RunsDocument;
use app::api::runs::RunsReport;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use leptos_axum::render_app_async_with_context;

use crate::configuration::RunWatchSettings;
use crate::runs::report;
use crate::store::Store;

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
    let report = match report(&page.store, &page.settings, SHOWN).await {
        Ok(report) => report,
        Err(error) => {
            tracing::error!("the runs could not be shown: {error}");
            let text = "The runs can't be shown now; the server's log says why.";
            return (StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
        }
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let assets = page.assets.clone();
    let document = document(report, query);
    render_app_async_with_context(move || provide_context(assets.clone()), document)(request).await
}

fn document(report: RunsReport, query: String) -> impl Fn() -> AnyView + Clone + Send + Sync {
    move || {
        let (report, query) = (report.clone(), query.clone());
        view! { <RunsDocument report query /> }.into_any()
    }
}
