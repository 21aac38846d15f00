//! The server functions: thin, each forwards to [`GridData`](super::GridData).
//!
//! Questions are GET requests on fixed paths, so that an address is all that a program needs; what changes something is a
//! POST of JSON, which no form of another site can send.

#![expect(missing_docs, reason = "the macro makes a type of each function, whose fields are its arguments")]

use domain::accuracy::BoxAccuracy;
use domain::actions::{ActionOutcome, NewAction};
use domain::box_detail::{BoxDetail, WeekDecision};
use domain::box_weeks::BoxWeeks;
use domain::model_card::ModelCard;
use domain::overview::Overview;
use domain::plan::Plan;
#[cfg(feature = "ssr")]
use domain::plan::PlanQuery;
use domain::proposals::{AcceptanceOutcome, ListedProposal, NewProposal, ProposalOutcome, RemovalOutcome};
use domain::ranking::{RankingPage, RankingQuery};
use domain::this_week::ThisWeek;
use domain::week_span::WeekSpan;
use domain::what_if::{Assumptions, InquiryBasis, WhatIfOutcome};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use model::BoxId;

use super::ApiError;

#[cfg(feature = "ssr")]
fn grid_data() -> Result<super::SharedGridData, ApiError> {
    use_context().ok_or_else(|| ApiError::Internal("no data behind the page".to_owned()))
}

/// A window of the ranked list.
///
/// # Errors
/// [`ApiError::BadRequest`] for a window of more than [`RankingQuery::MAX_ROWS`] rows.
#[server(prefix = "/api", endpoint = "ranking", input = GetUrl, output = Json)]
pub async fn rank_boxes(query: RankingQuery) -> Result<RankingPage, ApiError> {
    grid_data()?.ranking(query).await
}

/// Everything about one box.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name.
#[server(prefix = "/api", endpoint = "box", input = GetUrl, output = Json)]
pub async fn describe_box(box_id: BoxId) -> Result<BoxDetail, ApiError> {
    grid_data()?.detail(box_id).await
}

/// The weeks of a box as they were read, phase by phase.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name.
#[server(prefix = "/api", endpoint = "box-weeks", input = GetUrl, output = Json)]
pub async fn describe_weeks(box_id: BoxId) -> Result<BoxWeeks, ApiError> {
    grid_data()?.weeks(box_id).await
}

/// How good the forecasts of a box turned out to be.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name.
#[server(prefix = "/api", endpoint = "accuracy", input = GetUrl, output = Json)]
pub async fn describe_accuracy(box_id: BoxId) -> Result<BoxAccuracy, ApiError> {
    grid_data()?.accuracy(box_id).await
}

/// What the model answers to what is assumed of a box: the weeks ahead before and after.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name.
#[server(prefix = "/api", endpoint = "what-if", input = GetUrl, output = Json)]
pub async fn ask_what_if(box_id: BoxId, assumed: Assumptions) -> Result<WhatIfOutcome, ApiError> {
    grid_data()?.what_if(box_id, assumed).await
}

/// What the forecast of a box is made of, so that the page can ask the model itself; nothing where it has none of a
/// history of its own.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name.
#[server(prefix = "/api", endpoint = "what-if/basis", input = GetUrl, output = Json)]
pub async fn what_if_basis(box_id: BoxId) -> Result<Option<InquiryBasis>, ApiError> {
    grid_data()?.what_if_basis(box_id).await
}

/// The fleet's counts and the age of its data.
///
/// # Errors
/// [`ApiError::Internal`] where the store fails.
#[server(prefix = "/api", endpoint = "overview", input = GetUrl, output = Json)]
pub async fn survey_fleet() -> Result<Overview, ApiError> {
    grid_data()?.overview().await
}

/// What is new since the run of an earlier week, and what planners recorded in the last days.
///
/// # Errors
/// [`ApiError::Internal`] where the store fails.
#[server(prefix = "/api", endpoint = "this-week", input = GetUrl, output = Json)]
pub async fn survey_week() -> Result<ThisWeek, ApiError> {
    grid_data()?.this_week().await
}

/// Which transformers to replace first: those that are forecast to be overloaded, with the ratings that are advised.
///
/// # Errors
/// [`ApiError::Internal`] where the store fails.
#[server(prefix = "/api", endpoint = "plan", input = GetUrl, output = Json)]
pub async fn plan_replacements(area: Option<String>, budget_euro: Option<u64>) -> Result<Plan, ApiError> {
    grid_data()?.plan(PlanQuery { area, budget_euro }).await
}

/// The newest backtest that was kept; nothing before the first one.
///
/// # Errors
/// [`ApiError::Internal`] where the store fails.
#[server(prefix = "/api", endpoint = "model", input = GetUrl, output = Json)]
pub async fn describe_model() -> Result<Option<ModelCard>, ApiError> {
    grid_data()?.model_card().await
}

/// Keeps a planner's decision on some weeks of a box; the forecast follows within a minute or so.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name, [`ApiError::BadRequest`] for weeks in the wrong order.
#[server(prefix = "/api", endpoint = "weeks", input = Json, output = Json)]
pub async fn decide_weeks(box_id: BoxId, decision: WeekDecision) -> Result<(), ApiError> {
    grid_data()?.decide_weeks(box_id, decision).await
}

/// Withdraws the decisions on some weeks of a box: the model decides again, and the forecast follows within a minute or so.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name, [`ApiError::BadRequest`] for weeks in the wrong order.
#[server(prefix = "/api", endpoint = "weeks/withdraw", input = Json, output = Json)]
pub async fn withdraw_decisions(box_id: BoxId, weeks: WeekSpan) -> Result<(), ApiError> {
    grid_data()?.withdraw_decisions(box_id, weeks).await
}

/// Records what planners do about boxes: one outcome for each, in their order. Each is recorded by itself, and once for
/// its idempotency key.
///
/// # Errors
/// [`ApiError::BadRequest`] for more than [`RankingQuery::MAX_ROWS`] at once.
#[server(prefix = "/api", endpoint = "actions", input = Json, output = Json)]
pub async fn record_actions(actions: Vec<NewAction>) -> Result<Vec<ActionOutcome>, ApiError> {
    grid_data()?.record_actions(actions).await
}

/// The proposals of a box, the newest first, each with what it would change by the newest forecast.
///
/// # Errors
/// [`ApiError::UnknownBox`] where there is none of that name.
#[server(prefix = "/api", endpoint = "proposals", input = GetUrl, output = Json)]
pub async fn list_proposals(box_id: BoxId) -> Result<Vec<ListedProposal>, ApiError> {
    grid_data()?.proposals(box_id).await
}

/// Saves a proposal: once for its idempotency key, under a name that no other one of the box has.
///
/// # Errors
/// [`ApiError::Internal`] where the store fails.
#[server(prefix = "/api", endpoint = "proposals/save", input = Json, output = Json)]
pub async fn save_proposal(proposal: NewProposal) -> Result<ProposalOutcome, ApiError> {
    grid_data()?.save_proposal(proposal).await
}

/// Lets forecasts count on a proposal from the next run on, or no longer.
///
/// # Errors
/// [`ApiError`].
#[server(prefix = "/api", endpoint = "proposals/accept", input = Json, output = Json)]
pub async fn accept_proposal(
    box_id: BoxId,
    number: u32,
    accepted: bool,
) -> Result<AcceptanceOutcome, ApiError> {
    grid_data()?.accept_proposal(box_id, number, accepted).await
}

/// Removes a proposal.
///
/// # Errors
/// [`ApiError::Internal`] where the store fails.
#[server(prefix = "/api", endpoint = "proposals/remove", input = Json, output = Json)]
pub async fn remove_proposal(box_id: BoxId, number: u32) -> Result<RemovalOutcome, ApiError> {
    grid_data()?.remove_proposal(box_id, number).await
}
