//! How often the pages were used, by day.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::usage::{Use, UsedOn};

use super::{Store, StoreError, on, within};

/// Days that are kept.
const KEPT_DAYS: u64 = 400;

impl Store {
    /// Adds counts to what was counted before.
    ///
    /// # Errors
    /// [`StoreError::Query`]: then nothing is added.
    pub async fn add_usage(&self, counts: &BTreeMap<(NaiveDate, Use), u64>) -> Result<(), StoreError> {
        let Some(((newest, _), _)) = counts.last_key_value() else { return Ok(()) };
        let mut write = self.write().await?;
        for ((day, what), count) in counts {
            within!(write, connection => sqlx::query(
                "INSERT INTO page_use (day, what, uses) VALUES ($1, $2, $3) \
                 ON CONFLICT (day, what) DO UPDATE SET uses = page_use.uses + excluded.uses")
                .bind(day).bind(what.as_str()).bind(i64::try_from(*count).unwrap_or(i64::MAX))
                .execute(connection).await?.rows_affected());
        }
        let oldest = newest.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(*newest);
        within!(write, connection => sqlx::query("DELETE FROM page_use WHERE day < $1")
            .bind(oldest).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// The newest days on which something was used, newest first.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn usage(&self, days: u32) -> Result<Vec<UsedOn>, StoreError> {
        let rows: Vec<(NaiveDate, String, i64)> = on!(&self.pool, pool => sqlx::query_as(
            "SELECT day, what, uses FROM page_use WHERE day IN (SELECT DISTINCT day FROM page_use ORDER BY day DESC LIMIT $1)")
            .bind(i64::from(days)).fetch_all(pool).await?);
        let mut by_day: BTreeMap<NaiveDate, [u64; Use::ALL.len()]> = BTreeMap::new();
        for (day, what, uses) in rows {
            // What another version counted is left out.
            let place =
                what.parse().ok().and_then(|what: Use| Use::ALL.iter().position(|known| *known == what));
            let counts = by_day.entry(day).or_default();
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += uses.unsigned_abs();
            }
        }
        Ok(by_day.into_iter().rev().map(|(day, counts)| UsedOn { day, counts }).collect())
    }
}
