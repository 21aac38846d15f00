//! Sessions of people in browsers, by the hashes of their tokens.

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{NewAuditEntry, WayIn};

use super::bands::{from_json, to_json};
use super::{Store, StoreError, audit, on, within};

/// A use is recorded at most this often, so that reading does not write.
const USE_INTERVAL: TimeDelta = TimeDelta::seconds(60);
/// So long the older token of a renewed session still finds it: a page has asked for several things at
/// once, and the answer with the newer token is one of several.
const OLDER_TOKEN_KEPT: TimeDelta = TimeDelta::seconds(30);

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The SHA-256 of its token, in hexadecimal.
    pub token_hash: String,
    /// The person.
    pub person: String,
    /// How they got in.
    pub way_in: WayIn,
    /// The groups that the provider named.
    pub groups: Vec<String>,
    /// What they may do, as text to compare with.
    pub rights: String,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// A session that has not ended.
#[derive(Debug, Clone)]
pub struct PersonSession {
    /// Its number.
    pub session_id: i64,
    /// The person.
    pub person: String,
    /// How they got in.
    pub way_in: WayIn,
    /// The groups that the provider named.
    pub groups: Vec<String>,
    /// What they might do at the last request.
    pub rights: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    session_id: i64,
    person: String,
    way_in: String,
    groups: String,
    rights: String,
    created_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

const COLUMNS: &str = "SELECT session_id, person, way_in, groups, rights, created_at, used_at, expires_at \
    FROM person_session";

impl Row {
    fn read(self) -> Result<PersonSession, StoreError> {
        let way_in = self.way_in.parse();
        Ok(PersonSession {
            session_id: self.session_id,
            person: self.person,
            way_in: way_in.map_err(|error: domain::UnknownWord| StoreError::Corrupt(error.to_string()))?,
            groups: from_json(&self.groups)?,
            rights: self.rights,
            created_at: self.created_at,
            used_at: self.used_at,
            expires_at: self.expires_at,
        })
    }
}

impl Store {
    /// Begins a session together with its entry in the audit, and removes those that have ended, and the
    /// one that the same browser had before.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn begin_session(
        &self,
        session: &NewSession,
        older_hash: Option<&str>,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let groups = to_json(&session.groups)?;
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "DELETE FROM person_session WHERE expires_at < $1 OR token_hash = $2 OR older_hash = $2")
            .bind(now).bind(older_hash).execute(connection).await?.rows_affected());
        within!(write, connection => sqlx::query(
            "INSERT INTO person_session (token_hash, person, way_in, groups, rights, created_at, used_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)")
            .bind(&session.token_hash).bind(&session.person).bind(session.way_in.as_str()).bind(groups)
            .bind(&session.rights).bind(now).bind(session.expires_at).execute(connection).await?.rows_affected());
        audit::append(&mut write, entry, now).await?;
        write.commit().await
    }

    /// The session of a token's hash, unless it has ended or was unused for `idle`; notes its use.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn use_session(
        &self,
        token_hash: &str,
        idle: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Option<PersonSession>, StoreError> {
        let statement = format!(
            "{COLUMNS} WHERE (token_hash = $1 OR (older_hash = $1 AND older_until > $2)) \
             AND expires_at > $2 AND used_at > $3"
        );
        let row: Option<Row> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(token_hash).bind(now).bind(now - idle).fetch_optional(pool).await?);
        let Some(session) = row.map(Row::read).transpose()? else { return Ok(None) };
        if now - session.used_at > USE_INTERVAL.min(idle / 4) {
            let mut write = self.write().await?;
            within!(write, connection => sqlx::query("UPDATE person_session SET used_at = $1 WHERE session_id = $2")
                .bind(now).bind(session.session_id).execute(connection).await?.rows_affected());
            write.commit().await?;
        }
        Ok(Some(session))
    }

    /// Gives a session another token and the rights that were found now, together with an entry in the
    /// audit; its older token is nobody's after some seconds. False if another request was first.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn renew_session(
        &self,
        old_hash: &str,
        new_hash: &str,
        rights: &str,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let renewed = within!(write, connection => sqlx::query(
            "UPDATE person_session SET token_hash = $2, rights = $3, older_hash = $1, older_until = $4 \
             WHERE token_hash = $1")
            .bind(old_hash).bind(new_hash).bind(rights).bind(now + OLDER_TOKEN_KEPT)
            .execute(connection).await?.rows_affected());
        if renewed == 0 {
            return Ok(false);
        }
        audit::append(&mut write, entry, now).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Ends the session of a token's hash together with an entry in the audit; false if there was none.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn end_session(
        &self,
        token_hash: &str,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let ended = within!(write, connection => sqlx::query(
            "DELETE FROM person_session WHERE token_hash = $1 OR older_hash = $1")
            .bind(token_hash).execute(connection).await?.rows_affected());
        if ended == 0 {
            return Ok(false);
        }
        audit::append(&mut write, entry, now).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Ends every session of a person together with an entry in the audit, whose detail becomes their
    /// number; how many there were.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn end_sessions_of(
        &self,
        person: &str,
        entry: &NewAuditEntry,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let ended = within!(write, connection => sqlx::query("DELETE FROM person_session WHERE person = $1")
            .bind(person).execute(connection).await?.rows_affected());
        if ended > 0 {
            audit::append(&mut write, &entry.clone().with(ended.to_string()), now).await?;
        }
        write.commit().await?;
        Ok(ended)
    }

    /// The sessions that have not ended, neither by age nor by having been unused for `idle`, by person.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn sessions(
        &self,
        idle: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<PersonSession>, StoreError> {
        let statement =
            format!("{COLUMNS} WHERE expires_at > $1 AND used_at > $2 ORDER BY person, session_id");
        let rows: Vec<Row> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(now).bind(now - idle).fetch_all(pool).await?);
        rows.into_iter().map(Row::read).collect()
    }
}
