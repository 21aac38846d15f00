//! Occurrences of the schedule: each is claimed by one of the servers that share the store.

use chrono::{DateTime, Utc};

use super::{Store, StoreError, on, within};

impl Store {
    /// Starts the schedule at an occurrence that counts as done, unless it has been started
    /// already.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn begin_occurrences(&self, over: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "INSERT INTO schedule_turn (only_row, due_at, leased_until, is_done) VALUES (1, $1, $1, TRUE) \
             ON CONFLICT (only_row) DO NOTHING").bind(over).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// Claims the occurrence due at this time, until `until`; `false` if it is done or another
    /// server has it.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn claim_occurrence(
        &self,
        due: DateTime<Utc>,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let taken = within!(write, connection => sqlx::query(
            "UPDATE schedule_turn SET due_at = $1, leased_until = $2, is_done = FALSE \
             WHERE due_at < $1 OR (due_at = $1 AND NOT is_done AND leased_until <= $3)")
            .bind(due).bind(until).bind(now).execute(connection).await?.rows_affected());
        write.commit().await?;
        Ok(taken == 1)
    }

    /// Extends the lease on an occurrence until `until`, from when on any server may claim it.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn extend_occurrence(
        &self,
        due: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE schedule_turn SET leased_until = $2 WHERE due_at = $1 AND NOT is_done")
            .bind(due).bind(until).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// The newest occurrence that was claimed, and whether it is done; `None` before the first.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn newest_occurrence(&self) -> Result<Option<(DateTime<Utc>, bool)>, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_as("SELECT due_at, is_done FROM schedule_turn")
            .fetch_optional(pool).await?))
    }

    /// Completes an occurrence.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn complete_occurrence(&self, due: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query("UPDATE schedule_turn SET is_done = TRUE WHERE due_at = $1")
            .bind(due).execute(connection).await?.rows_affected());
        write.commit().await
    }
}
