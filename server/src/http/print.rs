//! The sheets for paper.

use std::sync::Arc;

use app::api::{ApiError, SharedGridData};
use app::{PrintDocument, PrintRequest, Sheet};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::ranking::{RankingQuery, RankingRow};
use leptos::prelude::*;

use super::failures::failure_page;

/// What the sheets need.
#[derive(Clone)]
pub(super) struct PrintPage {
    pub(super) data: SharedGridData,
    pub(super) assets: app::Assets,
}

/// The sheet of the box in the address, or of all rows of the list as the address filters it.
pub(super) async fn page(State(page): State<PrintPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let origin = origin(&parts.headers);
    let wanted = PrintRequest::of(&query);
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
            Ok(rows) => (StatusCode::OK, Sheet::List(rows)),
            Err(error) => return failure_page(parts, page.assets, error),
        },
    };
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(page.assets);
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

/// Where the person reached us: as a proxy in between says, else as the request says.
fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    let host = text("x-forwarded-host").or_else(|| text(header::HOST.as_str())).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_link_on_paper_is_the_person_s_not_the_proxy_s() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("10.0.0.7:8080"));
        assert_eq!(origin(&headers), "http://10.0.0.7:8080");
        headers.insert("x-forwarded-host", HeaderValue::from_static("gridspark.example"));
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        assert_eq!(origin(&headers), "https://gridspark.example");
    }
}
