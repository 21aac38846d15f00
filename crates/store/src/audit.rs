//! The audit: who did what. The database refuses to change or delete an entry.

use chrono::{DateTime, Utc};
use domain::identity::{AuditEntry, AuditOutcome, NewAuditEntry};

use super::{Session, Store, StoreError, on, within};

#[derive(sqlx::FromRow)]
struct Row {
    entry_id: i64,
    at: DateTime<Utc>,
    person: String,
    way_in: String,
    address: Option<String>,
    action: String,
    outcome: String,
    subject: String,
    detail: String,
}

impl Row {
    fn read(self) -> Result<AuditEntry, StoreError> {
        let corrupt = |error: domain::UnknownWord| StoreError::Corrupt(error.to_string());
        Ok(AuditEntry {
            number: self.entry_id,
            at: self.at,
            person: self.person,
            way_in: self.way_in.parse().map_err(corrupt)?,
            address: self.address,
            action: self.action.parse().map_err(corrupt)?,
            outcome: if self.outcome == "done" { AuditOutcome::Done } else { AuditOutcome::Refused },
            subject: self.subject,
            detail: self.detail,
        })
    }
}

impl Store {
    /// Records an entry.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn audit(&self, entry: &NewAuditEntry, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        append(&mut write, entry, now).await?;
        write.commit().await
    }

    /// The newest entries before the one of this number, newest first.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] for an entry of a later version.
    pub async fn audit_entries(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows: Vec<Row> = on!(&self.pool, pool => sqlx::query_as(
            "SELECT entry_id, at, person, way_in, address, action, outcome, subject, detail FROM audit_entry \
             WHERE entry_id < $1 ORDER BY entry_id DESC LIMIT $2")
            .bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).fetch_all(pool).await?);
        rows.into_iter().map(Row::read).collect()
    }
}

/// What is kept of a name, an address or a subject: requests name them, so they could be of any length.
const MAX_SUBJECT_CHARACTERS: usize = 200;
/// What is kept of the rest: a list of boxes may be long.
const MAX_DETAIL_CHARACTERS: usize = 1_000;

/// The beginning of a text, with a sign where it was cut.
fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Records an entry together with what it is about.
pub(super) async fn append(
    write: &mut Session,
    entry: &NewAuditEntry,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    within!(*write, connection => sqlx::query(
        "INSERT INTO audit_entry (at, person, way_in, address, action, outcome, subject, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(now).bind(beginning(&entry.person, MAX_SUBJECT_CHARACTERS)).bind(entry.way_in.as_str())
        .bind(&entry.address).bind(entry.action.as_str()).bind(entry.outcome.as_str())
        .bind(beginning(&entry.subject, MAX_SUBJECT_CHARACTERS)).bind(beginning(&entry.detail, MAX_DETAIL_CHARACTERS))
        .execute(connection).await?.rows_affected());
    Ok(())
}
