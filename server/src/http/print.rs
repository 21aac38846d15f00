//! The sheets for paper.

use std::sync::Arc;

use app::api::{ApiError, SharedGridData};
use app::{PrintDocument, PrintRequest, Sheet};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::identity::PRINTED_LIST;
use domain::ranking::{RankingQuery, RankingRow};
use leptos::prelude::*;

use super::failures::{failure_page, hide};
use crate::configuration::identity::IdentitySettings;
use crate::identity::{Identity, is_from_proxy};

/// What the sheets need.
#[derive(Clone)]
pub(super) struct PrintPage {
    pub(super) data: SharedGridData,
    pub(super) assets: app::Assets,
    pub(super) identity: Identity,
    pub(super) clock: app::WallClock,
}

/// The sheet of the box in the address, or of all rows of the list as the address filters it.
pub(super) async fn page(State(page): State<PrintPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let origin = origin(&parts, page.identity.settings());
    let wanted = PrintRequest::of(&query);
    if wanted.box_id.is_none() && names_a_box(&query) {
        let error = ApiError::BadRequest("There can be no box of this name.".to_owned());
        return failure_page(parts, page.assets, error);
    }
    // Whoever asks is known from the request, wherever the answer is made.
    let asker = Owner::new();
    asker.with(|| provide_context(parts.clone()));
    let (status, sheet) = match wanted.box_id {
        Some(box_id) => match asker.with(|| page.data.detail(box_id)).await {
            Ok(detail) => (StatusCode::OK, Sheet::One(Arc::new(detail))),
            Err(ApiError::UnknownBox(name)) => (StatusCode::NOT_FOUND, Sheet::NoSuchBox(name)),
            Err(error) => return failure_page(parts, page.assets, error),
        },
        None => match all_rows(&asker, &page.data, wanted.ranking).await {
            Ok(rows) => {
                let recorded = page.identity.record_export(&parts, PRINTED_LIST, &query).await;
                if let Err(error) = recorded {
                    return failure_page(parts, page.assets, hide(&error));
                }
                (StatusCode::OK, Sheet::List(rows))
            }
            Err(error) => return failure_page(parts, page.assets, error),
        },
    };
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(page.assets);
        provide_context(page.clock);
        view! { <PrintDocument sheet query origin made=chrono::Utc::now() /> }.to_html()
    });
    (status, Html(html)).into_response()
}

/// Every row that the filter lets through.
async fn all_rows(
    asker: &Owner,
    data: &SharedGridData,
    query: RankingQuery,
) -> Result<Vec<RankingRow>, ApiError> {
    let mut rows = Vec::new();
    loop {
        let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let window = RankingQuery { offset, limit: RankingQuery::MAX_ROWS, ..query.clone() };
        let page = asker.with(|| data.ranking(window)).await?;
        let is_last = page.rows.len() < RankingQuery::MAX_ROWS as usize;
        rows.extend(page.rows);
        if is_last {
            return Ok(rows);
        }
    }
}

/// Whether a query asks for one box.
fn names_a_box(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "box" && !value.trim().is_empty())
}

/// Where the person reached us: as the settings say, else a proxy that they name, else the request.
fn origin(parts: &Parts, settings: &IdentitySettings) -> String {
    if let Some(url) = &settings.public_url {
        return url.to_string();
    }
    let is_from_proxy = is_from_proxy(parts, settings);
    let text = |name: &str| {
        let is_believed = is_from_proxy || name == header::HOST;
        parts.headers.get(name).filter(|_| is_believed).and_then(|value| value.to_str().ok())
    };
    let scheme = text("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    let host = text("x-forwarded-host").or_else(|| text(header::HOST.as_str())).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::identity::Peer;

    #[test]
    fn the_link_on_paper_is_the_person_s_and_no_stranger_s() {
        let found = |peer: &str, settings: &str| {
            let request = Request::builder()
                .header("host", "10.0.0.7:8080")
                .header("x-forwarded-host", "gridspark.example")
                .header("x-forwarded-proto", "https");
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            parts.extensions.insert(Peer(peer.parse().unwrap()));
            origin(&parts, &toml::from_str(settings).unwrap())
        };
        assert_eq!(found("192.0.2.1", "proxies = ['10.0.0.1']"), "http://10.0.0.7:8080");
        assert_eq!(found("10.0.0.1", "proxies = ['10.0.0.1']"), "https://gridspark.example");
        assert_eq!(found("10.0.0.1", "public_url = 'https://grid.example.org'"), "https://grid.example.org");
    }

    #[test]
    fn what_cannot_be_a_box_is_not_the_whole_list() {
        assert!(names_a_box("box=%00") && names_a_box("a=b&box=ESD.1"));
        assert!(!names_a_box("box=") && !names_a_box("") && !names_a_box("boxes=1"));
    }
}
