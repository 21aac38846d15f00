//! What planners record of boxes: status, day, owner and note, with its history.

use chrono::{DateTime, NaiveDate, Utc};
use domain::actions::{
    Action, ActionChange, ActionError, ActionOutcome, ActionStatus, ActionSummary, NewAction,
};
use domain::identity::{NewAuditEntry, Scope};

use super::ranking::next_action_revision;
use super::{Session, Store, StoreError, audit, scoped, within};

/// An action as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct ActionRow {
    version: i32,
    status: String,
    day: Option<NaiveDate>,
    owner: String,
    note: String,
    person: String,
    recorded_at: DateTime<Utc>,
}

impl ActionRow {
    pub(super) fn read(self) -> Result<Action, StoreError> {
        let corrupt = |error: ActionError| StoreError::Corrupt(error.to_string());
        Ok(Action {
            version: u32::try_from(self.version).unwrap_or(0),
            change: ActionChange::new(status_of(&self.status)?, self.day, &self.owner, &self.note)
                .map_err(corrupt)?,
            person: self.person,
            at: self.recorded_at,
        })
    }
}

fn status_of(text: &str) -> Result<ActionStatus, StoreError> {
    text.parse().map_err(|error: domain::UnknownWord| StoreError::Corrupt(error.to_string()))
}

/// The columns of the newest action beside a box.
#[derive(sqlx::FromRow)]
pub(super) struct MaybeAction {
    action_version: i32,
    action_status: Option<String>,
    action_day: Option<NaiveDate>,
    action_owner: Option<String>,
}

impl MaybeAction {
    pub(super) fn summary(self) -> Result<Option<ActionSummary>, StoreError> {
        let Some(status) = self.action_status else { return Ok(None) };
        Ok(Some(ActionSummary {
            version: u32::try_from(self.action_version).unwrap_or(0),
            status: status_of(&status)?,
            day: self.action_day,
            owner: self.action_owner.unwrap_or_default(),
        }))
    }
}

/// The most actions of a box that are listed.
const MAX_LISTED: i64 = 100;
const COLUMNS: &str = "version, status, day, owner, note, person, recorded_at";

impl Store {
    /// Records an action of a box within a scope, in one transaction with its entry in the audit: once for each
    /// idempotency key, and only on top of the version that the person saw.
    pub(super) async fn record_action_within(
        &self,
        scope: &Scope,
        new: &NewAction,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<ActionOutcome, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let mut write = self.write().await?;
        // The update comes first: it holds the box, so that of two at once one sees the other's.
        let statement = format!(
            "UPDATE box SET action_version = action_version WHERE box_id = $1 AND {} RETURNING box_key, action_version",
            scoped::condition(&write)
        );
        let found: Option<(i64, i32)> = within!(write, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(new.box_id.as_str()).bind(kind).bind(&names).fetch_optional(connection).await?);
        let Some((key, version)) = found else { return Ok(ActionOutcome::UnknownBox) };
        if let Some(earlier) = by_idempotency_key(&mut write, key, new).await? {
            return Ok(ActionOutcome::Recorded(earlier));
        }
        let before = newest(&mut write, key, 1).await?.pop();
        match &before {
            Some(before) if before.version != new.seen_version => {
                return Ok(ActionOutcome::Conflict(before.clone()));
            }
            None if new.seen_version != 0 => return Ok(ActionOutcome::Refused(ActionError::UnknownVersion)),
            _ => (),
        }
        let known = before.as_ref().map(|before| &before.change);
        if let Err(error) = new.change.check_day(known, now.date_naive()) {
            return Ok(ActionOutcome::Refused(error));
        }
        let (version, change) = (version + 1, &new.change);
        within!(write, connection => sqlx::query(
            "INSERT INTO action (box_key, version, status, day, owner, note, person, recorded_at, idempotency_key) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(key).bind(version).bind(change.status().as_str()).bind(change.day()).bind(change.owner())
            .bind(change.note()).bind(&entry.person).bind(now).bind(new.key.as_str())
            .execute(connection).await?.rows_affected());
        audit::append(&mut write, entry, now).await?;
        let revision = next_action_revision(&mut write).await?;
        within!(write, connection => sqlx::query(
            "UPDATE box SET action_version = $2, action_status = $3, action_day = $4, action_owner = $5, action_revision = $6 \
             WHERE box_key = $1")
            .bind(key).bind(version).bind(change.status().as_str()).bind(change.day()).bind(change.owner()).bind(revision)
            .execute(connection).await?.rows_affected());
        write.commit().await?;
        Ok(ActionOutcome::Recorded(Action {
            version: u32::try_from(version).unwrap_or(0),
            change: change.clone(),
            person: entry.person.clone(),
            at: now,
        }))
    }
}

async fn by_idempotency_key(
    session: &mut Session,
    key: i64,
    new: &NewAction,
) -> Result<Option<Action>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM action WHERE box_key = $1 AND idempotency_key = $2");
    let row: Option<ActionRow> = within!(*session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(key).bind(new.key.as_str()).fetch_optional(connection).await?);
    row.map(ActionRow::read).transpose()
}

/// The newest actions of a box, newest first.
async fn newest(session: &mut Session, key: i64, limit: i64) -> Result<Vec<Action>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM action WHERE box_key = $1 ORDER BY version DESC LIMIT $2");
    let rows: Vec<ActionRow> = within!(*session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(key).bind(limit).fetch_all(connection).await?);
    rows.into_iter().map(ActionRow::read).collect()
}

/// The actions of a box, the newest first.
pub(super) async fn actions_by_key(session: &mut Session, key: i64) -> Result<Vec<Action>, StoreError> {
    newest(session, key, MAX_LISTED).await
}
