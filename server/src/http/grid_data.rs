//! The pages' data, answered from the store.

use std::sync::Arc;

use app::api::{Answer, ApiError, GridData};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::accuracy::BoxAccuracy;
use domain::actions::{ActionOutcome, NewAction};
use domain::box_detail::{BoxDetail, DataQuality, WeekDecision};
use domain::box_weeks::{BoxWeeks, WeekCompleteness};
use domain::calendar::Calendar;
use domain::identity::{AuditAction, NewAuditEntry, Person};
use domain::model_card::ModelCard;
use domain::neighbours::{Neighbour, Position};
use domain::overview::Overview;
use domain::plan::{Plan, PlanQuery};
use domain::proposals::{AcceptanceOutcome, ListedProposal, NewProposal, ProposalOutcome, RemovalOutcome};
use domain::ranking::{RankingPage, RankingQuery};
use domain::this_week::ThisWeek;
use domain::week_span::WeekSpan;
use domain::what_if::{Assumptions, InquiryBasis, WhatIfOutcome};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::{BoxId, Capacity, IsoWeek, Phase, WeekExtremes};
use store::{ScopedStore, Store, StoreError, StoredBox};
use tokio::sync::Notify;
use tracing::Instrument as _;

use super::accuracy::{accuracy_of, capacity_of};
use super::failures::hide;
use super::measured_coverage::KeptCoverage;
use super::model_card;
use super::what_if::{self, KeptPopulation};
use crate::configuration::Configuration;
use crate::identity::client_address;
use crate::runs::newest_backtest;

/// [`GridData`] over the store.
#[derive(Debug, Clone)]
pub struct StoredGridData {
    store: Store,
    configuration: Configuration,
    calendar: Calendar,
    worker: Arc<Notify>,
    coverage: KeptCoverage,
    population: KeptPopulation,
}

/// The person whose page or request this is. Whoever is not known gets nothing, wherever it is called
/// from.
fn asker() -> Result<Person, ApiError> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned()).ok_or(ApiError::SignIn)
}

impl StoredGridData {
    /// Answers from `store`; limits come from the configuration, completeness from the calendar.
    pub fn new(store: Store, configuration: Configuration, calendar: Calendar) -> Self {
        Self {
            store,
            configuration,
            calendar,
            worker: Arc::default(),
            coverage: KeptCoverage::default(),
            population: KeptPopulation::default(),
        }
    }

    /// Wakes `worker` when a planner's decision calls for a fit.
    pub fn waking(self, worker: Arc<Notify>) -> Self {
        Self { worker, ..self }
    }

    /// The store as the asker sees it.
    fn scoped(&self) -> Result<ScopedStore, ApiError> {
        asker().map(|person| self.store.as_seen_by(person))
    }

    /// The address that the asker asks from.
    fn asker_address(&self) -> Option<String> {
        let proxies = &self.configuration.identity.proxies;
        use_context::<Parts>()
            .and_then(|parts| client_address(&parts, proxies))
            .map(|address| address.to_string())
    }

    /// The store as the asker sees it, and the entry in the audit for what becomes of some weeks of a box.
    fn about_weeks(
        &self,
        (person, address): (Result<Person, ApiError>, Option<String>),
        box_id: &BoxId,
        (first, last): (IsoWeek, IsoWeek),
        what: &str,
    ) -> Result<(ScopedStore, NewAuditEntry), ApiError> {
        let person = person?;
        if last < first {
            return Err(ApiError::BadRequest("The last week comes before the first.".to_owned()));
        }
        let entry = NewAuditEntry::done(&person, AuditAction::DecideWeeks, box_id.to_string());
        let entry = NewAuditEntry { address, ..entry.with(format!("{first} to {last} {what}")) };
        Ok((self.store.as_seen_by(person), entry))
    }

    /// Wakes the worker if the box was there to be changed.
    fn renewed(&self, done: Result<bool, StoreError>, box_id: &BoxId) -> Result<(), ApiError> {
        if !done.map_err(|error| hide(&error))? {
            return Err(ApiError::UnknownBox(box_id.to_string()));
        }
        self.worker.notify_one();
        Ok(())
    }

    /// What the forecast of a box is made of, for questions to the model.
    async fn basis(&self, seen: &ScopedStore, box_id: &BoxId) -> Result<Option<InquiryBasis>, ApiError> {
        let stored = seen.stored_box(box_id).await.map_err(|error| hide(&error))?;
        let stored = stored.ok_or_else(|| ApiError::UnknownBox(box_id.to_string()))?;
        let from = (&self.store, &self.population);
        what_if::basis_of(&stored, from, &self.configuration, &self.calendar).await
    }

    /// The nearest transformers with room for what a box is short.
    async fn neighbours_of(
        &self,
        seen: &ScopedStore,
        detail: &BoxDetail,
    ) -> Result<Vec<Neighbour>, StoreError> {
        let within_m = self.configuration.neighbour_metres;
        let ranked = detail.assessment.as_ref().and_then(|assessment| assessment.ranked);
        let short = ranked.and_then(|ranked| ranked.headroom);
        let short = short.filter(|room| within_m > 0.0 && (room.import_kw < 0.0 || room.feed_in_kw < 0.0));
        let place = detail.station.latitude.zip(detail.station.longitude);
        let (Some(short), Some((latitude, longitude))) = (short, place) else { return Ok(Vec::new()) };
        let here = Position { latitude, longitude };
        let near = seen.neighbours((&detail.box_id, here), within_m).await?;
        Ok(Neighbour::nearest(near, &short, within_m))
    }

    fn describe(&self, stored: StoredBox) -> BoxDetail {
        let quality = DataQuality {
            imported_weeks: stored.imported_weeks,
            implausible: stored.implausible,
            ..self.quality(&stored.weeks, stored.idle_weeks)
        };
        let capacity = stored.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
        let limits = capacity.and_then(|capacity| self.configuration.forecast.limits(capacity).ok());
        let advice = stored.needed_kva.and_then(|needed_kva| self.configuration.ratings.advise(needed_kva));
        let has_forecast = stored.minimum.is_some() && stored.maximum.is_some();
        let measured = if has_forecast { Vec::new() } else { stored.weeks };
        BoxDetail {
            box_id: stored.box_id,
            rank: stored.rank,
            urgency: stored.urgency,
            exceedance: stored.exceedance,
            peers: stored.peers,
            station: stored.station,
            capacity_kva: stored.capacity_kva,
            limits,
            minimum: stored.minimum,
            maximum: stored.maximum,
            assessment: stored.assessment,
            advice,
            neighbours: Vec::new(),
            measured_coverage: None,
            flags: stored.flags,
            quality,
            provenance: stored.provenance,
            special_weeks: stored.special_weeks,
            measured,
            actions: stored.actions,
        }
    }

    /// Every week from the first to the last; those without readings have no share.
    fn completeness(&self, weeks: &[WeekExtremes]) -> Vec<WeekCompleteness> {
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return Vec::new() };
        let share = |week| {
            let place = weeks.binary_search_by_key(&week, |seen| seen.week).ok()?;
            let expected = f64::from(self.calendar.quarters_in(week).unwrap_or(672));
            weeks.get(place).map(|seen| (f64::from(seen.readings) / expected).min(1.0))
        };
        (0..=last.week - first.week)
            .map(|after| first.week.plus(after))
            .map(|week| WeekCompleteness { week, share: share(week) })
            .collect()
    }

    fn quality(&self, weeks: &[WeekExtremes], idle_weeks: u32) -> DataQuality {
        let expected: f64 =
            weeks.iter().map(|week| f64::from(self.calendar.quarters_in(week.week).unwrap_or(672))).sum();
        let seen: f64 = weeks.iter().map(|week| f64::from(week.readings)).sum();
        DataQuality {
            first_week: weeks.first().map(|week| week.week),
            last_week: weeks.last().map(|week| week.week),
            weeks: weeks.len() as u32,
            completeness: if expected > 0.0 { seen / expected } else { 0.0 },
            imported_weeks: 0,
            implausible: None,
            idle_weeks,
            gaps: gaps(weeks),
        }
    }
}

/// Runs of missing weeks between the first and the last.
fn gaps(weeks: &[WeekExtremes]) -> Vec<WeekSpan> {
    weeks
        .windows(2)
        .filter(|pair| pair[1].week - pair[0].week > 1)
        .map(|pair| WeekSpan::new(pair[0].week.plus(1), pair[1].week.plus(-1)))
        .collect()
}

/// Runs a server function in a span: rendering a page calls several.
fn asked<'a, T>(
    span: tracing::Span,
    answer: impl Future<Output = Result<T, ApiError>> + Send + 'a,
) -> Answer<'a, T> {
    Box::pin(answer.instrument(span))
}

impl GridData for StoredGridData {
    fn ranking(&self, query: RankingQuery) -> Answer<'_, RankingPage> {
        let store = self.scoped();
        asked(tracing::info_span!("ranking"), async move {
            if query.limit > RankingQuery::MAX_ROWS {
                let most = RankingQuery::MAX_ROWS;
                return Err(ApiError::BadRequest(format!("At most {most} rows can be asked for at once.")));
            }
            store?.ranking(&query, self.configuration.today()).await.map_err(|error| hide(&error))
        })
    }

    fn detail(&self, box_id: BoxId) -> Answer<'_, BoxDetail> {
        let (store, response) = (self.scoped(), use_context::<ResponseOptions>());
        asked(tracing::info_span!("detail"), async move {
            let store = store?;
            match store.stored_box(&box_id).await {
                Ok(Some(stored)) => {
                    let model = self.configuration.forecast.model;
                    let coverage = self.coverage.newest(&self.store, model).await;
                    // The box is described without it.
                    let coverage = coverage.unwrap_or_else(|error| {
                        tracing::warn!("the coverage of the newest backtest could not be read: {error}");
                        None
                    });
                    let detail = BoxDetail { measured_coverage: coverage, ..self.describe(stored) };
                    let neighbours =
                        self.neighbours_of(&store, &detail).await.map_err(|error| hide(&error))?;
                    Ok(BoxDetail { neighbours, ..detail })
                }
                Ok(None) => {
                    // The page around it says so as well: what isn't there is no page.
                    if let Some(response) = response {
                        response.set_status(StatusCode::NOT_FOUND);
                    }
                    Err(ApiError::UnknownBox(box_id.to_string()))
                }
                Err(error) => Err(hide(&error)),
            }
        })
    }

    fn weeks(&self, box_id: BoxId) -> Answer<'_, BoxWeeks> {
        let store = self.scoped();
        asked(tracing::info_span!("weeks"), async move {
            let store = store?;
            if store.stored_box(&box_id).await.map_err(|error| hide(&error))?.is_none() {
                return Err(ApiError::UnknownBox(box_id.to_string()));
            }
            let phases = store.weeks_by_phase(&box_id).await.map_err(|error| hide(&error))?;
            let sum = phases.iter().find(|phase| phase.phase == Phase::Sumli);
            let completeness = sum.map(|sum| self.completeness(&sum.weeks)).unwrap_or_default();
            Ok(BoxWeeks { phases, completeness })
        })
    }

    fn accuracy(&self, box_id: BoxId) -> Answer<'_, BoxAccuracy> {
        let store = self.scoped();
        asked(tracing::info_span!("accuracy"), async move {
            let seen = store?;
            let stored = seen.stored_box(&box_id).await.map_err(|error| hide(&error))?;
            let Some(stored) = stored else { return Err(ApiError::UnknownBox(box_id.to_string())) };
            let forecast = &self.configuration.forecast;
            let limits = capacity_of(&stored).and_then(|capacity| forecast.limits(capacity).ok());
            let is_filled = |week: &WeekExtremes| forecast.is_filled(week, &self.calendar);
            accuracy_of(&self.store, &seen, &stored, limits, is_filled).await.map_err(|error| hide(&error))
        })
    }

    fn decide_weeks(&self, box_id: BoxId, decision: WeekDecision) -> Answer<'_, ()> {
        let asked_by = (asker(), self.asker_address());
        let weeks = (decision.first_week, decision.last_week);
        asked(tracing::info_span!("decide_weeks"), async move {
            let what = if decision.left_out { "left out" } else { "counted" };
            let (store, entry) = self.about_weeks(asked_by, &box_id, weeks, what)?;
            let done = store.decide_weeks(&box_id, &decision, &entry, chrono::Utc::now()).await;
            self.renewed(done, &box_id)
        })
    }

    fn withdraw_decisions(&self, box_id: BoxId, weeks: WeekSpan) -> Answer<'_, ()> {
        let asked_by = (asker(), self.asker_address());
        asked(tracing::info_span!("withdraw_decisions"), async move {
            let (store, entry) =
                self.about_weeks(asked_by, &box_id, (weeks.first, weeks.last), "as the model decides")?;
            let done = store.withdraw_decisions(&box_id, weeks, &entry, chrono::Utc::now()).await;
            self.renewed(done, &box_id)
        })
    }

    fn record_actions(&self, actions: Vec<NewAction>) -> Answer<'_, Vec<ActionOutcome>> {
        let (person, address) = (asker(), self.asker_address());
        asked(tracing::info_span!("record_actions"), async move {
            let person = person?;
            if actions.len() > RankingQuery::MAX_ROWS as usize {
                let most = RankingQuery::MAX_ROWS;
                return Err(ApiError::BadRequest(format!("At most {most} boxes can be recorded at once.")));
            }
            let store = self.store.as_seen_by(person.clone());
            let mut outcomes = Vec::with_capacity(actions.len());
            for new in &actions {
                let change = &new.change;
                let entry = NewAuditEntry::done(&person, AuditAction::RecordAction, new.box_id.to_string());
                let day = change.day().map(|day| format!(" {day}")).unwrap_or_default();
                let entry = entry.with(format!("{}{day}", change.status().as_str()));
                let entry = NewAuditEntry { address: address.clone(), ..entry };
                let outcome = store.record_action(new, &entry, chrono::Utc::now()).await;
                outcomes.push(outcome.map_err(|error| hide(&error))?);
            }
            Ok(outcomes)
        })
    }

    fn what_if_basis(&self, box_id: BoxId) -> Answer<'_, Option<InquiryBasis>> {
        let store = self.scoped();
        asked(tracing::info_span!("what_if_basis"), async move { self.basis(&store?, &box_id).await })
    }

    fn what_if(&self, box_id: BoxId, assumed: Assumptions) -> Answer<'_, WhatIfOutcome> {
        let store = self.scoped();
        asked(tracing::info_span!("what_if"), async move {
            let basis = self.basis(&store?, &box_id).await?;
            Ok(what_if::ask(basis, assumed, self.configuration.today()).await)
        })
    }

    fn proposals(&self, box_id: BoxId) -> Answer<'_, Vec<ListedProposal>> {
        let store = self.scoped();
        asked(tracing::info_span!("proposals"), async move {
            let store = store?;
            let basis = self.basis(&store, &box_id).await?;
            let proposals = store.proposals(&box_id).await.map_err(|error| hide(&error))?;
            Ok(what_if::effects_of(basis, proposals).await)
        })
    }

    fn save_proposal(&self, proposal: NewProposal) -> Answer<'_, ProposalOutcome> {
        let (person, address) = (asker(), self.asker_address());
        asked(tracing::info_span!("save_proposal"), async move {
            let person = person?;
            let entry = NewAuditEntry::done(&person, AuditAction::SaveProposal, proposal.box_id.to_string());
            let entry = NewAuditEntry { address, ..entry.with(proposal.name.as_str()) };
            let store = self.store.as_seen_by(person);
            store.save_proposal(&proposal, &entry, chrono::Utc::now()).await.map_err(|error| hide(&error))
        })
    }

    fn accept_proposal(&self, box_id: BoxId, number: u32, accepted: bool) -> Answer<'_, AcceptanceOutcome> {
        let (person, address) = (asker(), self.asker_address());
        asked(tracing::info_span!("accept_proposal"), async move {
            let person = person?;
            let action = if accepted { AuditAction::AcceptProposal } else { AuditAction::WithdrawAcceptance };
            let entry = NewAuditEntry::done(&person, action, box_id.to_string());
            let entry = NewAuditEntry { address, ..entry };
            let store = self.store.as_seen_by(person);
            let recorded =
                store.accept_proposal((&box_id, number, accepted), entry, chrono::Utc::now()).await;
            self.worker.notify_one();
            recorded.map_err(|error| hide(&error))
        })
    }

    fn remove_proposal(&self, box_id: BoxId, number: u32) -> Answer<'_, RemovalOutcome> {
        let (person, address) = (asker(), self.asker_address());
        asked(tracing::info_span!("remove_proposal"), async move {
            let person = person?;
            let entry = NewAuditEntry::done(&person, AuditAction::RemoveProposal, box_id.to_string());
            let entry = NewAuditEntry { address, ..entry };
            let store = self.store.as_seen_by(person);
            let removed = store.remove_proposal((&box_id, number), entry, chrono::Utc::now()).await;
            self.worker.notify_one();
            removed.map_err(|error| hide(&error))
        })
    }

    fn model_card(&self) -> Answer<'_, Option<ModelCard>> {
        let person = asker();
        asked(tracing::info_span!("model_card"), async move {
            person?;
            let newest = newest_backtest(&self.store).await.map_err(|error| hide(&error))?;
            Ok(newest.map(model_card::card))
        })
    }

    fn overview(&self) -> Answer<'_, Overview> {
        let store = self.scoped();
        asked(tracing::info_span!("overview"), async move {
            let overview = store?.overview().await.map_err(|error| hide(&error))?;
            Ok(Overview { thresholds: self.configuration.forecast.classes, ..overview })
        })
    }

    fn plan(&self, query: PlanQuery) -> Answer<'_, Plan> {
        let store = self.scoped();
        asked(tracing::info_span!("plan"), async move {
            let candidates = store?.plan_candidates().await.map_err(|error| hide(&error))?;
            let Configuration { ratings, forecast, .. } = &self.configuration;
            let query = PlanQuery { area: query.area.filter(|area| !area.is_empty()), ..query };
            let today = self.configuration.today();
            Ok(Plan { risk: forecast.risk, ..Plan::of(candidates, &query, ratings, today) })
        })
    }

    fn this_week(&self) -> Answer<'_, ThisWeek> {
        let store = self.scoped();
        asked(tracing::info_span!("this_week"), async move {
            let (now, today) = (chrono::Utc::now(), self.configuration.today());
            store?.this_week(now, today).await.map_err(|error| hide(&error))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_runs_from_the_first_to_the_last_missing_week() {
        let week = |index| WeekExtremes {
            week: IsoWeek::from_index(index),
            min_kw: 0.0,
            max_kw: 1.0,
            readings: 672,
        };
        let found = gaps(&[week(1), week(2), week(6), week(8), week(9)]);
        let gap = |first, last| WeekSpan::new(IsoWeek::from_index(first), IsoWeek::from_index(last));
        assert_eq!(found, [gap(3, 5), gap(7, 7)]);
    }
}
