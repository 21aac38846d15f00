//! Questions to the model about one box.

use std::sync::{Arc, PoisonError, RwLock};

use app::api::ApiError;
use domain::calendar::Calendar;
use domain::proposals::{Effect, ListedProposal, Proposal};
use domain::what_if::{Assumptions, InquiryBasis, WhatIfError, WhatIfOutcome, answer};
use model::question::Inquiry;
use store::{FleetPopulation, Store, StoreError, StoredBox};

use super::failures::hide;
use crate::configuration::Configuration;
use crate::worker::{BoxInput, FitSettings, inquiry_basis};

/// The population of the run that was asked about last, which most boxes share.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptPopulation(Arc<RwLock<Option<OfRun>>>);

/// The number of a run, and what it learned.
type OfRun = (i64, Option<Arc<FleetPopulation>>);

impl KeptPopulation {
    async fn of_run(&self, store: &Store, run_id: i64) -> Result<Option<Arc<FleetPopulation>>, StoreError> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, population)) = kept.filter(|(of, _)| *of == run_id) {
            return Ok(population);
        }
        let population = store.population(run_id).await?.map(Arc::new);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((run_id, population.clone()));
        Ok(population)
    }
}

/// What the newest forecast of a box is made of; `None` for a box that has none, or none of a history of its own.
pub(super) async fn basis_of(
    stored: &StoredBox,
    (store, kept): (&Store, &KeptPopulation),
    configuration: &Configuration,
    calendar: &Calendar,
) -> Result<Option<InquiryBasis>, ApiError> {
    let (Some(_), Some(_), Some(provenance)) = (&stored.minimum, &stored.maximum, &stored.provenance) else {
        return Ok(None);
    };
    let population = kept.of_run(store, provenance.run).await.map_err(|error| hide(&error))?;
    let running_week = store.running_week().await.map_err(|error| hide(&error))?;
    let mut decisions = stored.special_weeks.decisions.clone();
    decisions.extend(stored.accepted.decisions());
    let settings = FitSettings { population, ..FitSettings::new(configuration.clone()) };
    let input = BoxInput {
        weeks: &stored.weeks,
        capacity_kva: stored.capacity_kva,
        in_service: true,
        implausible: stored.implausible,
        decisions: &decisions,
        accepted_loads: &stored.accepted.loads,
        running_week,
    };
    inquiry_basis(&input, &settings, calendar).map_err(|error| {
        hide(&StoreError::Corrupt(format!("no question can be asked of {}: {error}", stored.box_id)))
    })
}

/// Fits both series, away from the threads that answer requests.
pub(super) async fn inquiry_of(basis: Option<InquiryBasis>) -> Result<Inquiry, WhatIfError> {
    let basis = basis.ok_or(WhatIfError::NoHistory)?;
    let fitted = tokio::task::spawn_blocking(move || basis.inquiry()).await;
    fitted.map_err(|_| WhatIfError::NoHistory)?.map_err(|_| WhatIfError::NoHistory)
}

/// What each proposal would change, by the newest forecast.
pub(super) async fn effects_of(basis: Option<InquiryBasis>, proposals: Vec<Proposal>) -> Vec<ListedProposal> {
    if proposals.is_empty() {
        return Vec::new();
    }
    let inquiry = inquiry_of(basis).await.ok();
    let listed = move || {
        let effect = |proposal: &Proposal| {
            // The forecast counts on it already.
            if proposal.accepted.is_some() {
                return None;
            }
            let answered = answer(inquiry.as_ref()?, &proposal.assumed).ok()?;
            let (before, after) = (answered.before.assessment.ranked?, answered.after.assessment.ranked?);
            Some(Effect { before, after })
        };
        let listed = |proposal| ListedProposal { effect: effect(&proposal), proposal };
        proposals.into_iter().map(listed).collect()
    };
    tokio::task::spawn_blocking(listed).await.unwrap_or_default()
}

/// What the model answers today.
pub(super) async fn ask(
    basis: Option<InquiryBasis>,
    assumed: Assumptions,
    today: chrono::NaiveDate,
) -> WhatIfOutcome {
    let answered = async {
        assumed.check(today)?;
        let inquiry = inquiry_of(basis).await?;
        let asked = tokio::task::spawn_blocking(move || answer(&inquiry, &assumed)).await;
        asked.map_err(|_| WhatIfError::NoHistory)?
    };
    match answered.await {
        Ok(answer) => WhatIfOutcome::Answered(Box::new(answer)),
        Err(error) => WhatIfOutcome::Refused(error),
    }
}
