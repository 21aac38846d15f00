//! The plan as CSV: the rows of the page, in its order.

use app::api::{ApiError, SharedGridData};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::actions::ActionSummary;
use domain::identity::EXPORTED_PLAN;
use domain::plan::{Plan, PlanQuery, PlanRow, SplitRow};
use leptos::prelude::*;
use serde::Deserialize;

use super::failures::{hide, status_of};
use crate::identity::Identity;
use crate::identity::audit_csv::harmless;

/// What the export needs.
#[derive(Clone)]
pub(super) struct PlanExport {
    pub(super) data: SharedGridData,
    pub(super) identity: Identity,
}

/// What may stand in the address, as for the plan itself.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    area: Option<String>,
    budget_euro: Option<u64>,
}

const HEAD: [&str; 16] = [
    "place",
    "box_id",
    "station_name",
    "area",
    "capacity_kva",
    "overload_probability",
    "needed_kva",
    "rating_kva",
    "price_euro",
    "weeks_now",
    "weeks_with_rating",
    "weeks_avoided",
    "weeks_avoided_per_1000_euro",
    "cumulative_euro",
    "is_chosen",
    "action",
];

/// All rows, then those that have to be split, without a rating. Whoever takes them is recorded first.
pub(super) async fn export(
    State(export): State<PlanExport>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let Asked { area, budget_euro } = match asked {
        Ok(Query(asked)) => asked,
        Err(error) => return refused(ApiError::BadRequest(error.body_text())),
    };
    // Whoever asks is known from the request, wherever the answer is made.
    let asker = Owner::new();
    asker.with(|| provide_context(parts.clone()));
    let plan = match asker.with(|| export.data.plan(PlanQuery { area, budget_euro })).await {
        Ok(plan) => plan,
        Err(error) => return refused(error),
    };
    let detail = parts.uri.query().unwrap_or_default();
    if let Err(error) = export.identity.record_export(&parts, EXPORTED_PLAN, detail).await {
        return refused(hide(&error));
    }
    match lines(&plan) {
        Ok(text) => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"gridspark-plan.csv\""),
            ];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!("the plan could not be written as CSV: {error}");
            refused(ApiError::Internal("plan".to_owned()))
        }
    }
}

fn refused(error: ApiError) -> Response {
    (status_of(&error), Json(error)).into_response()
}

fn lines(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD)?;
    let rows = plan.rows.iter().map(cells_of_row);
    for (place, cells) in (1_u32..).zip(rows.chain(plan.splits.iter().map(cells_of_split))) {
        writer.write_record(std::iter::once(place.to_string()).chain(cells))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn cells_of_row(row: &PlanRow) -> [String; 15] {
    let optional = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        harmless(row.box_id.to_string()),
        harmless(row.station_name.clone()),
        harmless(row.area.clone()),
        row.capacity_kva.kva().to_string(),
        row.overload_probability.to_string(),
        row.needed_kva.to_string(),
        row.rating.capacity.kva().to_string(),
        optional(row.rating.price_euro),
        row.weeks_now.to_string(),
        optional(row.weeks_with_rating),
        optional(row.weeks_avoided),
        optional(row.weeks_avoided_per_1000_euro),
        optional(row.cumulative_euro),
        row.is_chosen.to_string(),
        action(row.action.as_ref()),
    ]
}

fn cells_of_split(row: &SplitRow) -> [String; 15] {
    let none = String::new;
    [
        harmless(row.box_id.to_string()),
        harmless(row.station_name.clone()),
        harmless(row.area.clone()),
        row.capacity_kva.kva().to_string(),
        row.overload_probability.to_string(),
        row.needed_kva.to_string(),
        none(),
        none(),
        row.weeks_now.to_string(),
        none(),
        none(),
        none(),
        none(),
        false.to_string(),
        action(row.action.as_ref()),
    ]
}

/// `planned 2027-03-01`, or nothing.
fn action(action: Option<&ActionSummary>) -> String {
    let day = |action: &ActionSummary| action.day.map(|day| format!(" {day}")).unwrap_or_default();
    action.map(|action| format!("{}{}", action.status.as_str(), day(action))).unwrap_or_default()
}
