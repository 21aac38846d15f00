//! The audit, as a page and as an export.

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use store::Store;

use super::failure::Failure;
use crate::identity::{Identity, Refusal, audit_csv, pages, refusal};

/// Entries of the audit on a page.
const ENTRIES_ON_A_PAGE: u32 = 200;
/// Entries that are read at once for an export, which holds no more of them.
const EXPORT_STEP: u32 = 1_000;

pub(super) fn routes() -> Router<Identity> {
    Router::new().route("/audit", get(page)).route("/audit.csv", get(export))
}

#[derive(Deserialize)]
struct AuditPage {
    before: Option<i64>,
}

async fn page(State(identity): State<Identity>, Query(page): Query<AuditPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match identity.0.store.audit_entries(page.before, ENTRIES_ON_A_PAGE).await {
        Ok(entries) => pages::audit(&identity, &parts, entries, ENTRIES_ON_A_PAGE),
        Err(error) => refusal::respond(&identity, &Refusal::store(error), &parts),
    }
}

/// All entries, newest first, read while they are sent.
async fn export(State(identity): State<Identity>, request: Request) -> Result<Response, Failure> {
    identity.record_export(&request.into_parts().0, "audit", "").await?;
    let head = audit_csv::head().map_err(|error| Failure::Wanted(error.to_string()))?;
    let store = identity.0.store.clone();
    let lines = stream::unfold(Some(None), move |before| {
        let store = store.clone();
        async move { part(&store, before?).await }
    });
    let head = stream::once(async { Ok(head) });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"gridspark-audit.csv\""),
    ];
    Ok((headers, Body::from_stream(head.chain(lines))).into_response())
}

type Part = Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

/// The lines of the entries before a number, and the number to go on before; a failure ends the answer
/// early, so that nobody takes it for whole.
async fn part(store: &Store, before: Option<i64>) -> Option<(Part, Option<Option<i64>>)> {
    match store.audit_entries(before, EXPORT_STEP).await {
        Ok(entries) => {
            let last = entries.last()?.number;
            Some((audit_csv::lines_of(&entries).map_err(Into::into), Some(Some(last))))
        }
        Err(error) => {
            tracing::error!("an export of the audit ends early: {error}");
            Some((Err(error.into()), None))
        }
    }
}
