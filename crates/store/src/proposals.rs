//! What planners propose of boxes: saved, listed, removed.

use chrono::{DateTime, Utc};
use domain::identity::{NewAuditEntry, Scope};
use domain::proposals::{
    NewProposal, Proposal, ProposalError, ProposalName, ProposalOutcome, RemovalOutcome,
};
use model::BoxId;

use super::bands::{from_json, to_json};
use super::{Session, Store, StoreError, audit, scoped, within};

#[derive(sqlx::FromRow)]
struct Row {
    number: i32,
    name: String,
    assumed: String,
    person: String,
    saved_at: DateTime<Utc>,
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
        })
    }
}

const COLUMNS: &str = "number, name, assumed, person, saved_at";

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
        }))
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
        let removed: Option<String> = within!(write, connection => sqlx::query_scalar(
            "UPDATE proposal SET removed_at = $3 WHERE box_key = $1 AND number = $2 AND removed_at IS NULL RETURNING name")
            .bind(key).bind(i32::try_from(number).unwrap_or(0)).bind(now)
            .fetch_optional(connection).await?);
        let Some(name) = removed else { return Ok(RemovalOutcome::Gone) };
        audit::append(&mut write, &entry.with(name), now).await?;
        write.commit().await?;
        Ok(RemovalOutcome::Removed)
    }
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
