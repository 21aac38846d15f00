//! Keys of programs and the embed tokens minted with them, by the hashes of what is shown once.

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{NewAuditEntry, Right, Scope};

use super::bands::{from_json, to_json};
use super::{Store, StoreError, audit, on, within};

/// How long ended keys and tokens stay listed.
const KEPT: TimeDelta = TimeDelta::days(400);
/// How long ended embed tokens stay: there are many.
const TOKEN_KEPT: TimeDelta = TimeDelta::days(1);

/// A key to create.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The SHA-256 of the key, in hexadecimal.
    pub token_hash: String,
    /// What it is for.
    pub name: String,
    /// Of an embed token, the key that mints it.
    pub minted_with: Option<i64>,
    /// What it may do.
    pub right: Right,
    /// With which boxes.
    pub scope: Scope,
    /// Who creates it.
    pub created_by: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its number.
    pub key_id: i64,
    /// What it is for.
    pub name: String,
    /// Of an embed token, the key that minted it.
    pub minted_with: Option<i64>,
    /// What it may do.
    pub right: Right,
    /// With which boxes.
    pub scope: Scope,
    /// Who created it.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    key_id: i64,
    name: String,
    minted_with: Option<i64>,
    person_right: String,
    scope: String,
    created_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

impl Row {
    fn read(self) -> Result<ApiKey, StoreError> {
        let right = self.person_right.parse();
        Ok(ApiKey {
            key_id: self.key_id,
            name: self.name,
            minted_with: self.minted_with,
            right: right.map_err(|error: domain::UnknownWord| StoreError::Corrupt(error.to_string()))?,
            scope: from_json(&self.scope)?,
            created_by: self.created_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
        })
    }
}

const COLUMNS: &str = "k.key_id, k.name, k.minted_with, k.person_right, k.scope, k.created_by, k.created_at, \
    k.expires_at, k.revoked_at";

impl Store {
    /// Creates a key together with its entry in the audit, to whose subject its number is added; its number.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn create_key(
        &self,
        key: &NewApiKey,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let scope = to_json(&key.scope)?;
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "DELETE FROM api_key WHERE minted_with IS NOT NULL AND expires_at < $1")
            .bind(now - TOKEN_KEPT).execute(connection).await?.rows_affected());
        within!(write, connection => sqlx::query(
            "DELETE FROM api_key WHERE minted_with IS NULL AND expires_at < $1 \
             AND key_id NOT IN (SELECT minted_with FROM api_key WHERE minted_with IS NOT NULL)")
            .bind(now - KEPT).execute(connection).await?.rows_affected());
        let key_id: i64 = within!(write, connection => sqlx::query_scalar(
            "INSERT INTO api_key (token_hash, name, minted_with, person_right, scope, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING key_id")
            .bind(&key.token_hash).bind(&key.name).bind(key.minted_with).bind(key.right.as_str()).bind(scope)
            .bind(&key.created_by).bind(now).bind(key.expires_at).fetch_one(connection).await?);
        audit::append(&mut write, &numbered(entry, key_id), now).await?;
        write.commit().await?;
        Ok(key_id)
    }

    /// The key of a hash, if neither it nor the key that minted it has ended or was revoked.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn valid_key(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<ApiKey>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM api_key k LEFT JOIN api_key m ON m.key_id = k.minted_with \
             WHERE k.token_hash = $1 AND k.expires_at > $2 AND k.revoked_at IS NULL \
             AND (k.minted_with IS NULL OR (m.revoked_at IS NULL AND m.expires_at > $2))"
        );
        let row: Option<Row> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(token_hash).bind(now).fetch_optional(pool).await?);
        row.map(Row::read).transpose()
    }

    /// The keys without the embed tokens, newest first.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let statement =
            format!("SELECT {COLUMNS} FROM api_key k WHERE k.minted_with IS NULL ORDER BY k.key_id DESC");
        let rows: Vec<Row> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .fetch_all(pool).await?);
        rows.into_iter().map(Row::read).collect()
    }

    /// Revokes a key and with it the tokens that it has minted, together with an entry in the audit, whose
    /// subject becomes the key's name and number; false if there is no such key that was still valid.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn revoke_key(
        &self,
        key_id: i64,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let revoked: Option<String> = within!(write, connection => sqlx::query_scalar(
            "UPDATE api_key SET revoked_at = $1 WHERE key_id = $2 AND revoked_at IS NULL RETURNING name")
            .bind(now).bind(key_id).fetch_optional(connection).await?);
        let Some(name) = revoked else { return Ok(false) };
        let entry = NewAuditEntry { subject: format!("key {name}"), ..entry.clone() };
        audit::append(&mut write, &numbered(&entry, key_id), now).await?;
        write.commit().await?;
        Ok(true)
    }
}

/// An entry that tells keys of one name apart.
fn numbered(entry: &NewAuditEntry, key_id: i64) -> NewAuditEntry {
    NewAuditEntry { subject: format!("{} (number {key_id})", entry.subject), ..entry.clone() }
}
