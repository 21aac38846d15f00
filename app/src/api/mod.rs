//! What the pages ask of the server, and what they get.
//!
//! `ranking`, `detail` and `overview` hold the plain types; [`functions`] the server functions; on
//! the server [`GridData`] is the one interface behind them, implemented over the store.

mod detail;
mod error;
pub mod functions;
#[cfg(feature = "ssr")]
mod grid_data;
mod model_card;
mod overview;
mod ranking;
#[cfg(feature = "ssr")]
pub mod runs;

pub use detail::{
    BoxDetail, DataQuality, ExtremeForecast, Footing, Gap, GrowthFooting, Provenance, SpecialWeeks, Station,
    WeekDecision,
};
pub use error::ApiError;
#[cfg(feature = "ssr")]
pub use grid_data::{Answer, GridData, SharedGridData};
pub use model_card::{
    EventJudgement, GrowthClass, GrowthJudgement, JudgedModel, JudgedSet, Judgement, ModelCard, Range,
};
pub use overview::{AreaSummary, Overview};
pub use ranking::{Direction, RankingPage, RankingQuery, RankingRow, SortKey, UnknownWord, Urgency};
