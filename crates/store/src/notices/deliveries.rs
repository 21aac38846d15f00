//! Deliveries of notices: one for each subscribed webhook, claimed under a lease and completed
//! once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::notices::{Notice, NoticeKind};

use super::super::bands::{from_json, to_json};
use super::super::{Store, StoreError, on, within};

/// How long a failed delivery is counted as such.
const FAILURES_COUNTED_FOR: TimeDelta = TimeDelta::days(7);
/// The failure of a delivery that nobody claimed before it expired.
const UNCLAIMED: &str = "nobody who knows this webhook was there to deliver it";

/// A webhook and the kinds of notices it subscribes to.
#[derive(Debug, Clone)]
pub struct Subscription<'a> {
    /// Its name.
    pub webhook: &'a str,
    /// The kinds it subscribes to.
    pub kinds: &'a BTreeSet<NoticeKind>,
}

/// A delivery that this process may attempt until its lease expires.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ClaimedDelivery {
    notice_id: i64,
    webhook: String,
    attempts: i32,
    identity: String,
    body: String,
    announced_at: DateTime<Utc>,
}

impl ClaimedDelivery {
    /// How often it has been attempted, including this time.
    pub fn attempts(&self) -> i32 {
        self.attempts
    }

    /// The identity of the notice, such as `run-failed/12`.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// When it was announced.
    pub fn announced_at(&self) -> DateTime<Utc> {
        self.announced_at
    }

    /// The notice to deliver.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a notice of a newer Gridspark that this one doesn't know.
    pub fn notice(&self) -> Result<Notice, StoreError> {
        from_json(&self.body)
    }
}

/// Counts of pending and failed deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoticeCounts {
    /// Pending deliveries.
    pub undelivered: i64,
    /// Deliveries that failed within the last week.
    pub given_up: i64,
}

impl Store {
    /// Opens deliveries of notices announced after `since` to a webhook that has none of them yet,
    /// and fails unclaimed deliveries of notices announced before `abandoned`, whichever their
    /// webhook; returns how many failed.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn open_deliveries(
        &self,
        subscription: &Subscription<'_>,
        since: DateTime<Utc>,
        abandoned: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let Subscription { webhook, kinds } = subscription;
        let kinds = to_json(kinds)?;
        let mut read = self.read().await?;
        let statement = read.pick(
            "SELECT (SELECT count(*) FROM notice n WHERE n.announced_at > $1 AND n.kind IN (SELECT value FROM json_each($2)) \
             AND NOT EXISTS (SELECT 1 FROM notice_delivery d WHERE d.notice_id = n.notice_id AND d.webhook = $3)) \
             + (SELECT count(*) FROM notice_delivery d JOIN notice n USING (notice_id) WHERE d.done_at IS NULL \
             AND d.visible_at <= $4 AND n.announced_at <= $5)",
            "SELECT (SELECT count(*) FROM notice n WHERE n.announced_at > $1 \
             AND n.kind IN (SELECT json_array_elements_text($2::JSON)) \
             AND NOT EXISTS (SELECT 1 FROM notice_delivery d WHERE d.notice_id = n.notice_id AND d.webhook = $3)) \
             + (SELECT count(*) FROM notice_delivery d JOIN notice n USING (notice_id) WHERE d.done_at IS NULL \
             AND d.visible_at <= $4 AND n.announced_at <= $5)",
        );
        let waiting: i64 = within!(read, connection => sqlx::query_scalar(statement)
            .bind(since).bind(&kinds).bind(webhook).bind(now).bind(abandoned).fetch_one(connection).await?);
        drop(read);
        // Usually there is nothing to do: don't take the write lock.
        if waiting == 0 {
            return Ok(0);
        }
        let mut write = self.write().await?;
        let statement = write.pick(
            "INSERT INTO notice_delivery (notice_id, webhook, visible_at) SELECT notice_id, $1, $2 FROM notice \
             WHERE announced_at > $3 AND kind IN (SELECT value FROM json_each($4)) \
             ON CONFLICT (notice_id, webhook) DO NOTHING",
            "INSERT INTO notice_delivery (notice_id, webhook, visible_at) SELECT notice_id, $1, $2 FROM notice \
             WHERE announced_at > $3 AND kind IN (SELECT json_array_elements_text($4::JSON)) \
             ON CONFLICT (notice_id, webhook) DO NOTHING",
        );
        within!(write, connection => sqlx::query(statement)
            .bind(webhook).bind(now).bind(since).bind(&kinds).execute(connection).await?.rows_affected());
        let given_up = within!(write, connection => sqlx::query(
            "UPDATE notice_delivery SET done_at = $1, given_up = TRUE, failure = COALESCE(failure, $3) \
             WHERE done_at IS NULL AND visible_at <= $1 \
             AND notice_id IN (SELECT notice_id FROM notice WHERE announced_at <= $2)")
            .bind(now).bind(abandoned).bind(UNCLAIMED).execute(connection).await?.rows_affected());
        write.commit().await?;
        Ok(given_up)
    }

    /// Claims the delivery to a webhook that has waited longest, until `until`; `None` if none is
    /// due.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn claim_delivery(
        &self,
        webhook: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<ClaimedDelivery>, StoreError> {
        let due: i64 = on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT count(*) FROM notice_delivery WHERE webhook = $1 AND done_at IS NULL AND visible_at <= $2")
            .bind(webhook).bind(now).fetch_one(pool).await?);
        if due == 0 {
            return Ok(None);
        }
        let mut write = self.write().await?;
        let statement = write.pick(
            "UPDATE notice_delivery SET visible_at = $3, attempts = attempts + 1 WHERE webhook = $1 AND notice_id = \
             (SELECT notice_id FROM notice_delivery WHERE webhook = $1 AND done_at IS NULL AND visible_at <= $2 \
             ORDER BY visible_at, notice_id LIMIT 1) RETURNING notice_id, attempts",
            "UPDATE notice_delivery SET visible_at = $3, attempts = attempts + 1 WHERE webhook = $1 AND notice_id = \
             (SELECT notice_id FROM notice_delivery WHERE webhook = $1 AND done_at IS NULL AND visible_at <= $2 \
             ORDER BY visible_at, notice_id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING notice_id, attempts",
        );
        let claimed: Option<(i64, i32)> = within!(write, connection => sqlx::query_as(statement)
            .bind(webhook).bind(now).bind(until).fetch_optional(connection).await?);
        let Some((notice_id, attempts)) = claimed else { return Ok(None) };
        let claimed: ClaimedDelivery = within!(write, connection => sqlx::query_as(
            "SELECT notice_id, $2 AS webhook, $3 AS attempts, identity, body, announced_at FROM notice \
             WHERE notice_id = $1")
            .bind(notice_id).bind(webhook).bind(attempts).fetch_one(connection).await?);
        write.commit().await?;
        Ok(Some(claimed))
    }

    /// Completes a delivery.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn complete_delivery(
        &self,
        claim: &ClaimedDelivery,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.finish_delivery(claim, false, None, now).await
    }

    /// Fails a delivery for good, with this reason.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn fail_delivery(
        &self,
        claim: &ClaimedDelivery,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.finish_delivery(claim, true, Some(reason), now).await
    }

    async fn finish_delivery(
        &self,
        claim: &ClaimedDelivery,
        given_up: bool,
        failure: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE notice_delivery SET done_at = $1, given_up = $2, failure = $3 \
             WHERE notice_id = $4 AND webhook = $5 AND attempts = $6 AND done_at IS NULL")
            .bind(now).bind(given_up).bind(failure)
            .bind(claim.notice_id).bind(&claim.webhook).bind(claim.attempts)
            .execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// Releases a delivery that failed for this reason, to be retried at `again`.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn release_delivery(
        &self,
        claim: &ClaimedDelivery,
        reason: &str,
        again: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE notice_delivery SET visible_at = $1, failure = $2 \
             WHERE notice_id = $3 AND webhook = $4 AND attempts = $5 AND done_at IS NULL")
            .bind(again).bind(reason).bind(claim.notice_id).bind(&claim.webhook).bind(claim.attempts)
            .execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// How many deliveries are pending, and how many failed recently.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn notice_counts(&self, now: DateTime<Utc>) -> Result<NoticeCounts, StoreError> {
        let (undelivered, given_up): (i64, i64) = on!(&self.pool, pool => sqlx::query_as(
            "SELECT (SELECT count(*) FROM notice_delivery WHERE done_at IS NULL), \
             (SELECT count(*) FROM notice_delivery WHERE given_up AND done_at > $1)")
            .bind(now - FAILURES_COUNTED_FOR).fetch_one(pool).await?);
        Ok(NoticeCounts { undelivered, given_up })
    }
}
