//! The store as somebody sees it whose right is for a part of the grid: every answer is limited by
//! the query itself.

use chrono::{DateTime, NaiveDate, Utc};
use domain::actions::{ActionOutcome, NewAction};
use domain::box_detail::WeekDecision;
use domain::box_weeks::PhaseWeeks;
use domain::identity::{NewAuditEntry, Person, Scope};
use domain::neighbours::{Neighbour, Position};
use domain::overview::Overview;
use domain::plan::PlanCandidate;
use domain::proposals::{AcceptanceOutcome, NewProposal, Proposal, ProposalOutcome, RemovalOutcome};
use domain::ranking::{RankingPage, RankingQuery};
use domain::this_week::ThisWeek;
use domain::week_span::WeekSpan;
use model::BoxId;

use super::bands::to_json;
use super::{PastForecastOfBox, Session, Store, StoreError, StoredBox, StoredWarnings};

/// A store within the scopes of a person.
#[derive(Debug, Clone)]
pub struct ScopedStore {
    store: Store,
    person: Person,
}

impl Store {
    /// The store as this person sees it.
    pub fn as_seen_by(&self, person: Person) -> ScopedStore {
        ScopedStore { store: self.clone(), person }
    }
}

impl ScopedStore {
    /// A window of the ranked list: boxes in the person's scope alone, also in its counts.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn ranking(&self, query: &RankingQuery, today: NaiveDate) -> Result<RankingPage, StoreError> {
        self.store.ranking_within(&self.person.reads, query, today).await
    }

    /// The counts of the boxes in the person's scope.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        self.store.overview_within(&self.person.reads).await
    }

    /// What is new of the boxes in the person's scope since the run of an earlier week.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn this_week(&self, now: DateTime<Utc>, today: NaiveDate) -> Result<ThisWeek, StoreError> {
        self.store.this_week_within(&self.person.reads, now, today).await
    }

    /// The boxes in the person's scope that are short of room, for the plan.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn plan_candidates(&self) -> Result<Vec<PlanCandidate>, StoreError> {
        self.store.plan_candidates_within(&self.person.reads).await
    }

    /// One box; `None` if there is none, or none in the person's scope.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn stored_box(&self, box_id: &BoxId) -> Result<Option<StoredBox>, StoreError> {
        self.store.stored_box_within(&self.person.reads, box_id).await
    }

    /// The boxes in the person's scope around the place of one of them, with their room.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn neighbours(
        &self,
        of: (&BoxId, Position),
        within_m: f64,
    ) -> Result<Vec<Neighbour>, StoreError> {
        self.store.neighbours_within(&self.person.reads, of, within_m).await
    }

    /// The complete weeks of a box in the person's scope, phase by phase; none of any other.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn weeks_by_phase(&self, box_id: &BoxId) -> Result<Vec<PhaseWeeks>, StoreError> {
        self.store.weeks_by_phase_within(&self.person.reads, box_id).await
    }

    /// The stored forecast of a box in the person's scope that began nearest to half a year before the
    /// running week; nothing of any other.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn past_forecast_of(&self, box_id: &BoxId) -> Result<Option<PastForecastOfBox>, StoreError> {
        self.store.past_forecast_within(&self.person.reads, box_id).await
    }

    /// The warnings of a box, and the sums of its area and of all boxes in the person's scope.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn stored_warnings(&self, stored: &StoredBox) -> Result<StoredWarnings, StoreError> {
        let (box_id, area) = (&stored.box_id, &stored.station.area);
        self.store.stored_warnings_within(&self.person.reads, box_id, area).await
    }

    /// Stores a decision together with its entry in the audit; false if there is no such box among
    /// those that the person decides about.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn decide_weeks(
        &self,
        box_id: &BoxId,
        decision: &WeekDecision,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let settled = (decision.span(), Some(decision.left_out));
        self.store.settle_weeks_within(&self.person.decides, box_id, settled, Some(entry), now).await
    }

    /// Withdraws all decisions on these weeks together with an entry in the audit; false if there is
    /// no such box among those that the person decides about.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn withdraw_decisions(
        &self,
        box_id: &BoxId,
        weeks: WeekSpan,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.store.settle_weeks_within(&self.person.decides, box_id, (weeks, None), Some(entry), now).await
    }

    /// Records an action together with its entry in the audit, of a box that the person decides about.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn record_action(
        &self,
        new: &NewAction,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<ActionOutcome, StoreError> {
        self.store.record_action_within(&self.person.decides, new, entry, now).await
    }

    /// The proposals of a box in the person's scope, the newest first; none of any other.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn proposals(&self, box_id: &BoxId) -> Result<Vec<Proposal>, StoreError> {
        self.store.proposals_within(&self.person.reads, box_id).await
    }

    /// Saves a proposal together with its entry in the audit, of a box that the person decides about.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn save_proposal(
        &self,
        new: &NewProposal,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<ProposalOutcome, StoreError> {
        self.store.save_proposal_within(&self.person.decides, new, entry, now).await
    }

    /// Lets forecasts count on a proposal, or no longer, together with an entry in the audit; of a box that the person
    /// decides about.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn accept_proposal(
        &self,
        of: (&BoxId, u32, bool),
        entry: NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<AcceptanceOutcome, StoreError> {
        self.store.accept_proposal_within(&self.person.decides, of, entry, now).await
    }

    /// Removes a proposal together with its entry in the audit, of a box that the person decides about.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn remove_proposal(
        &self,
        of: (&BoxId, u32),
        entry: NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<RemovalOutcome, StoreError> {
        self.store.remove_proposal_within(&self.person.decides, of, entry, now).await
    }
}

/// A scope as parameters of the conditions below: which kind, and its names as JSON.
pub(super) fn parameters(scope: &Scope) -> Result<(i32, String), StoreError> {
    Ok(match scope {
        Scope::All => (0, "[]".to_owned()),
        Scope::Areas(areas) => (1, to_json(areas)?),
        Scope::Boxes(boxes) => (2, to_json(boxes)?),
    })
}

/// The condition that a row of `box` is in the scope bound as `$2` and `$3`.
pub(super) fn condition(session: &Session) -> &'static str {
    session.pick(
        "($2 = 0 OR ($2 = 1 AND area IN (SELECT value FROM json_each($3))) \
         OR ($2 = 2 AND box_id IN (SELECT value FROM json_each($3))))",
        "($2 = 0 OR ($2 = 1 AND area IN (SELECT json_array_elements_text($3::JSON))) \
         OR ($2 = 2 AND box_id IN (SELECT json_array_elements_text($3::JSON))))",
    )
}
