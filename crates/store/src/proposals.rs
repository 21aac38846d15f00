//! What planners propose of boxes: saved, listed, removed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::identity::{NewAuditEntry, Scope};
use domain::proposals::{
    Acceptance, AcceptanceOutcome, AcceptedProposals, NewProposal, Proposal, ProposalError, ProposalName,
    ProposalOutcome, RemovalOutcome,
};
use domain::what_if::Assumptions;
use model::BoxId;

use super::bands::{from_json, to_json};
use super::{ClaimedJob, Session, Store, StoreError, audit, scoped, within};

#[derive(sqlx::FromRow)]
struct Row {
    number: i32,
    name: String,
    assumed: String,
    person: String,
    saved_at: DateTime<Utc>,
    accepted_by: Option<String>,
    accepted_at: Option<DateTime<Utc>>,
}

impl Row {
    fn read(self) -> Result<Proposal, StoreError> {
        let corrupt = |error: ProposalError| StoreError::Corrupt(error.to_string());
        Ok(Proposal {
            number: u32::try_from(self.number).unwrap_or(0),
            name: ProposalName::new(&self.name).map_err(corrupt)?,
            assumed: from_json(&self.assumed)?,
            person: self.person,
            at: self.saved_at,
            accepted: self.accepted_by.zip(self.accepted_at).map(|(person, at)| Acceptance { person, at }),
        })
    }
}

const COLUMNS: &str = "number, name, assumed, person, saved_at, accepted_by, accepted_at";

impl Store {
    /// The proposals of a box in a scope, the newest first; none of any other.
    pub(super) async fn proposals_within(
        &self,
        scope: &Scope,
        box_id: &BoxId,
    ) -> Result<Vec<Proposal>, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let mut session = self.read().await?;
        let statement = format!(
            "SELECT {COLUMNS} FROM proposal JOIN box USING (box_key) WHERE box_id = $1 AND {} AND removed_at IS NULL \
             ORDER BY number DESC",
            scoped::condition(&session)
        );
        let rows: Vec<Row> = within!(session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(box_id.as_str()).bind(kind).bind(&names).fetch_all(connection).await?);
        rows.into_iter().map(Row::read).collect()
    }

    /// Saves a proposal of a box within a scope, in one transaction with its entry in the audit: once for each
    /// idempotency key, and under a name that no other one of the box has.
    pub(super) async fn save_proposal_within(
        &self,
        scope: &Scope,
        new: &NewProposal,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<ProposalOutcome, StoreError> {
        if new.assumed.is_empty() {
            return Ok(ProposalOutcome::Refused(ProposalError::NothingAssumed));
        }
        let mut write = self.write().await?;
        let Some(key) = held_box(&mut write, scope, &new.box_id).await? else {
            return Ok(ProposalOutcome::UnknownBox);
        };
        let sent = one(&mut write, "idempotency_key = $2", key, new.key.as_str()).await?;
        if let Some(earlier) = sent {
            return Ok(ProposalOutcome::Saved(earlier));
        }
        if let Err(error) = new.assumed.check(now.date_naive()) {
            return Ok(ProposalOutcome::Refused(ProposalError::Assumed(error)));
        }
        let namesake = one(&mut write, "name = $2 AND removed_at IS NULL", key, new.name.as_str()).await?;
        if let Some(namesake) = namesake {
            return Ok(ProposalOutcome::NameTaken(namesake));
        }
        let (before, kept): (i32, i64) = within!(write, connection => sqlx::query_as(
            "SELECT coalesce(max(number), 0), count(CASE WHEN removed_at IS NULL THEN 1 END) FROM proposal WHERE box_key = $1")
            .bind(key).fetch_one(connection).await?);
        if kept >= i64::from(Proposal::MOST) {
            return Ok(ProposalOutcome::Refused(ProposalError::TooMany));
        }
        let number = before + 1;
        within!(write, connection => sqlx::query(
            "INSERT INTO proposal (box_key, number, name, assumed, person, saved_at, idempotency_key) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(key).bind(number).bind(new.name.as_str()).bind(to_json(&new.assumed)?).bind(&entry.person)
            .bind(now).bind(new.key.as_str())
            .execute(connection).await?.rows_affected());
        audit::append(&mut write, entry, now).await?;
        write.commit().await?;
        Ok(ProposalOutcome::Saved(Proposal {
            number: u32::try_from(number).unwrap_or(0),
            name: new.name.clone(),
            assumed: new.assumed.clone(),
            person: entry.person.clone(),
            at: now,
            accepted: None,
        }))
    }

    /// Lets forecasts count on a proposal of a box within a scope, or no longer: in one transaction with its entry in the
    /// audit, which is given its name. The box falls due where that changes anything.
    pub(super) async fn accept_proposal_within(
        &self,
        scope: &Scope,
        (box_id, number, is_accepted): (&BoxId, u32, bool),
        entry: NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<AcceptanceOutcome, StoreError> {
        let mut write = self.write().await?;
        let Some(key) = held_box(&mut write, scope, box_id).await? else {
            return Ok(AcceptanceOutcome::UnknownBox);
        };
        let number = i32::try_from(number).unwrap_or(0);
        let before: Option<(String, Option<String>)> = within!(write, connection => sqlx::query_as(
            "SELECT name, accepted_by FROM proposal WHERE box_key = $1 AND number = $2 AND removed_at IS NULL")
            .bind(key).bind(number).fetch_optional(connection).await?);
        let Some((name, accepted_by)) = before else { return Ok(AcceptanceOutcome::Gone) };
        if accepted_by.is_some() == is_accepted {
            return Ok(AcceptanceOutcome::Recorded);
        }
        within!(write, connection => sqlx::query(
            "UPDATE proposal SET accepted_by = $3, accepted_at = $4 WHERE box_key = $1 AND number = $2")
            .bind(key).bind(number).bind(is_accepted.then_some(&entry.person)).bind(is_accepted.then_some(now))
            .execute(connection).await?.rows_affected());
        make_due(&mut write, key).await?;
        audit::append(&mut write, &entry.with(name), now).await?;
        write.commit().await?;
        Ok(AcceptanceOutcome::Recorded)
    }

    /// Removes a proposal of a box within a scope, in one transaction with its entry in the audit, which is given its name.
    pub(super) async fn remove_proposal_within(
        &self,
        scope: &Scope,
        (box_id, number): (&BoxId, u32),
        entry: NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<RemovalOutcome, StoreError> {
        let mut write = self.write().await?;
        let Some(key) = held_box(&mut write, scope, box_id).await? else {
            return Ok(RemovalOutcome::UnknownBox);
        };
        let removed: Option<(String, bool)> = within!(write, connection => sqlx::query_as(
            "UPDATE proposal SET removed_at = $3 WHERE box_key = $1 AND number = $2 AND removed_at IS NULL \
             RETURNING name, accepted_by IS NOT NULL")
            .bind(key).bind(i32::try_from(number).unwrap_or(0)).bind(now)
            .fetch_optional(connection).await?);
        let Some((name, was_accepted)) = removed else { return Ok(RemovalOutcome::Gone) };
        if was_accepted {
            make_due(&mut write, key).await?;
        }
        audit::append(&mut write, &entry.with(name), now).await?;
        write.commit().await?;
        Ok(RemovalOutcome::Removed)
    }

    /// What the forecasts of each claimed box count on, in the order of the jobs.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn accepted_proposals_of(
        &self,
        jobs: &[ClaimedJob],
    ) -> Result<Vec<AcceptedProposals>, StoreError> {
        let keys: Vec<i64> = jobs.iter().map(|job| job.box_key).collect();
        let mut session = self.read().await?;
        let mut by_key = accepted_by_key(&mut session, &keys).await?;
        Ok(keys.iter().map(|key| by_key.remove(key).unwrap_or_default()).collect())
    }
}

/// What the forecasts of the boxes with these keys count on.
pub(super) async fn accepted_by_key(
    session: &mut Session,
    keys: &[i64],
) -> Result<HashMap<i64, AcceptedProposals>, StoreError> {
    let statement = session.pick(
        "SELECT box_key, assumed FROM proposal WHERE box_key IN (SELECT value FROM json_each($1)) \
         AND removed_at IS NULL AND accepted_by IS NOT NULL ORDER BY box_key, number",
        "SELECT box_key, assumed FROM proposal \
         WHERE box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
         AND removed_at IS NULL AND accepted_by IS NOT NULL ORDER BY box_key, number",
    );
    let wanted = to_json(keys)?;
    let rows: Vec<(i64, String)> = within!(*session, connection => sqlx::query_as(statement)
        .bind(&wanted).fetch_all(connection).await?);
    let mut by_key: HashMap<i64, Vec<Assumptions>> = HashMap::new();
    for (key, assumed) in rows {
        by_key.entry(key).or_default().push(from_json(&assumed)?);
    }
    Ok(by_key.into_iter().map(|(key, assumed)| (key, assumed.into_iter().collect())).collect())
}

/// The box is fitted anew with the next run.
async fn make_due(session: &mut Session, key: i64) -> Result<(), StoreError> {
    within!(*session, connection => sqlx::query("UPDATE box SET revision = revision + 1 WHERE box_key = $1")
        .bind(key).execute(connection).await?.rows_affected());
    Ok(())
}

/// The key of a box in a scope. The update holds it, so that of two at once one sees the other's.
async fn held_box(session: &mut Session, scope: &Scope, box_id: &BoxId) -> Result<Option<i64>, StoreError> {
    let (kind, names) = scoped::parameters(scope)?;
    let statement = format!(
        "UPDATE box SET action_version = action_version WHERE box_id = $1 AND {} RETURNING box_key",
        scoped::condition(session)
    );
    Ok(within!(*session, connection => sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
        .bind(box_id.as_str()).bind(kind).bind(&names).fetch_optional(connection).await?))
}

/// The proposal of a box by a condition on `$2`.
async fn one(
    session: &mut Session,
    condition: &str,
    key: i64,
    value: &str,
) -> Result<Option<Proposal>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM proposal WHERE box_key = $1 AND {condition}");
    let row: Option<Row> = within!(*session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(key).bind(value).fetch_optional(connection).await?);
    row.map(Row::read).transpose()
}
