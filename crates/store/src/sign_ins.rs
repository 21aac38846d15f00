//! Sign-ins that have been sent to a provider: kept here, as another server may see them come back.

use chrono::{DateTime, Utc};

use super::{Store, StoreError, within};

/// What has to be known when a sign-in comes back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PendingSignIn {
    /// The SHA-256 of its state, in hexadecimal.
    pub state_hash: String,
    /// What the identity token has to repeat.
    pub nonce: String,
    /// The secret of PKCE, whose hash the provider was told.
    pub verifier: String,
    /// The page to show afterwards.
    pub return_to: String,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Keeps a sign-in, and removes those that never came back.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn begin_sign_in(&self, sign_in: &PendingSignIn, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query("DELETE FROM pending_sign_in WHERE expires_at < $1")
            .bind(now).execute(connection).await?.rows_affected());
        within!(write, connection => sqlx::query(
            "INSERT INTO pending_sign_in (state_hash, nonce, verifier, return_to, expires_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&sign_in.state_hash).bind(&sign_in.nonce).bind(&sign_in.verifier).bind(&sign_in.return_to)
            .bind(sign_in.expires_at).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// Takes a sign-in out: each comes back once.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn take_sign_in(
        &self,
        state_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PendingSignIn>, StoreError> {
        let mut write = self.write().await?;
        let taken: Option<PendingSignIn> = within!(write, connection => sqlx::query_as(
            "DELETE FROM pending_sign_in WHERE state_hash = $1 \
             RETURNING state_hash, nonce, verifier, return_to, expires_at")
            .bind(state_hash).fetch_optional(connection).await?);
        write.commit().await?;
        Ok(taken.filter(|sign_in| sign_in.expires_at > now))
    }
}
