//! The server's side of the server functions: one interface, implemented over the store.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::accuracy::BoxAccuracy;
use domain::actions::{ActionOutcome, NewAction};
use domain::box_detail::{BoxDetail, WeekDecision};
use domain::box_weeks::BoxWeeks;
use domain::model_card::ModelCard;
use domain::overview::Overview;
use domain::plan::{Plan, PlanQuery};
use domain::proposals::{AcceptanceOutcome, ListedProposal, NewProposal, ProposalOutcome, RemovalOutcome};
use domain::ranking::{RankingPage, RankingQuery};
use domain::this_week::ThisWeek;
use domain::week_span::WeekSpan;
use domain::what_if::{Assumptions, InquiryBasis, WhatIfOutcome};
use model::BoxId;

use super::ApiError;

/// An answer that is still being fetched.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'a>>;

/// What the pages read, and the little that they write. Each answer comes from one consistent state of the store.
pub trait GridData: Send + Sync {
    /// A window of the ranked list.
    fn ranking(&self, query: RankingQuery) -> Answer<'_, RankingPage>;
    /// One box.
    fn detail(&self, box_id: BoxId) -> Answer<'_, BoxDetail>;
    /// The weeks of a box as they were read.
    fn weeks(&self, box_id: BoxId) -> Answer<'_, BoxWeeks>;
    /// How good its forecasts turned out to be.
    fn accuracy(&self, box_id: BoxId) -> Answer<'_, BoxAccuracy>;
    /// What its forecast is made of, for questions to the model.
    fn what_if_basis(&self, box_id: BoxId) -> Answer<'_, Option<InquiryBasis>>;
    /// What the model answers to what is assumed of a box.
    fn what_if(&self, box_id: BoxId, assumed: Assumptions) -> Answer<'_, WhatIfOutcome>;
    /// Keeps a planner's decision on some weeks.
    fn decide_weeks(&self, box_id: BoxId, decision: WeekDecision) -> Answer<'_, ()>;
    /// Withdraws the decisions on some weeks.
    fn withdraw_decisions(&self, box_id: BoxId, weeks: WeekSpan) -> Answer<'_, ()>;
    /// Records what planners do about boxes.
    fn record_actions(&self, actions: Vec<NewAction>) -> Answer<'_, Vec<ActionOutcome>>;
    /// The proposals of a box with what each would change, the newest first.
    fn proposals(&self, box_id: BoxId) -> Answer<'_, Vec<ListedProposal>>;
    /// Saves a proposal.
    fn save_proposal(&self, proposal: NewProposal) -> Answer<'_, ProposalOutcome>;
    /// Lets forecasts count on a proposal, or no longer.
    fn accept_proposal(&self, box_id: BoxId, number: u32, accepted: bool) -> Answer<'_, AcceptanceOutcome>;
    /// Removes a proposal by its number.
    fn remove_proposal(&self, box_id: BoxId, number: u32) -> Answer<'_, RemovalOutcome>;
    /// The newest backtest that was kept.
    fn model_card(&self) -> Answer<'_, Option<ModelCard>>;
    /// The fleet.
    fn overview(&self) -> Answer<'_, Overview>;
    /// Which transformers to replace first.
    fn plan(&self, query: PlanQuery) -> Answer<'_, Plan>;
    /// What is new since the run of an earlier week.
    fn this_week(&self) -> Answer<'_, ThisWeek>;
}

/// The interface as it is handed to the pages through the context.
pub type SharedGridData = Arc<dyn GridData>;
