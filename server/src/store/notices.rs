//! The outbox: what is to be told outside lies here until every webhook that asks for it has it.

mod digest;
mod notice;

use chrono::{DateTime, Utc};

pub use digest::{ChangedBoxes, Digest, DigestBox};
pub use notice::{Notice, NoticeKind, Task, UnknownNoticeKind};

use super::bands::to_json;
use super::{Session, Store, StoreError, within};

impl Store {
    /// Lays a notice down to be delivered by whoever runs next; `false` if the same one was announced before.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn announce(&self, notice: &Notice, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let is_new = lay_down(&mut write, notice, now).await?;
        write.commit().await?;
        Ok(is_new)
    }
}

/// The same as part of a transaction.
async fn lay_down(write: &mut Session, notice: &Notice, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let laid = within!(*write, connection => sqlx::query(
        "INSERT INTO notice (identity, kind, body, announced_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (identity) DO NOTHING")
        .bind(notice.identity(now)).bind(notice.kind().as_str()).bind(to_json(notice)?).bind(now)
        .execute(connection).await?.rows_affected());
    Ok(laid == 1)
}
