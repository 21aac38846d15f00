//! The outbox: notices stay here until they are delivered to every subscribed webhook.

mod deliveries;
mod identity;
mod weekly;

use chrono::{DateTime, TimeDelta, Utc};
use domain::notices::Notice;

pub use deliveries::{ClaimedDelivery, NoticeCounts, Subscription};
pub use identity::notice_identity;

use super::bands::to_json;
use super::{Session, Store, StoreError, within};

/// How long notices are kept.
const RETENTION: TimeDelta = TimeDelta::days(90);

impl Store {
    /// Stores a notice for delivery; `false` if the same one was announced before.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn announce(&self, notice: &Notice, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let is_new = insert_notice(&mut write, notice, now).await?;
        write.commit().await?;
        Ok(is_new)
    }
}

/// The same within a transaction.
async fn insert_notice(write: &mut Session, notice: &Notice, now: DateTime<Utc>) -> Result<bool, StoreError> {
    within!(*write, connection => sqlx::query("DELETE FROM notice WHERE announced_at < $1")
        .bind(now - RETENTION).execute(connection).await?.rows_affected());
    let laid = within!(*write, connection => sqlx::query(
        "INSERT INTO notice (identity, kind, body, announced_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (identity) DO NOTHING")
        .bind(notice_identity(notice, now)).bind(notice.kind().as_str()).bind(to_json(notice)?).bind(now)
        .execute(connection).await?.rows_affected());
    Ok(laid == 1)
}
