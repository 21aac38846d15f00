//! Stored backtests, and the fleet's weeks that they are made from.

use chrono::{DateTime, Utc};
use model::{IsoWeek, WeekExtremes};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::bands::to_json;
use super::extremes::series_by_key;
use super::overview::running_week;
use super::{Store, StoreError, on, within};

/// A backtest to store.
#[derive(Debug, Clone, Copy)]
pub struct NewBacktest<'a, S, D, R> {
    /// The program's version.
    pub code_version: &'a str,
    /// Its settings.
    pub settings: &'a S,
    /// The data it was made from.
    pub data: &'a D,
    /// The report, which is read back as a whole.
    pub report: &'a R,
}

/// A stored backtest.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredBacktest<R> {
    /// Its number.
    pub backtest_id: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The report.
    pub report: R,
}

/// A box in service with its complete weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetBox {
    /// The box's identifier.
    pub box_id: String,
    /// Nominal capacity in kVA, if known.
    pub capacity_kva: Option<f64>,
    /// Its complete weeks, ascending.
    pub weeks: Vec<WeekExtremes>,
}

#[derive(sqlx::FromRow)]
struct BacktestRow {
    backtest_id: i64,
    made_at: DateTime<Utc>,
    result: String,
}

/// Boxes per query.
const BOXES_AT_ONCE: usize = 1_000;

impl Store {
    /// Stores a backtest; returns its number.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if it can't be encoded.
    pub async fn save_backtest<S: Serialize, D: Serialize, R: Serialize>(
        &self,
        backtest: NewBacktest<'_, S, D, R>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let (settings, data) = (to_json(backtest.settings)?, to_json(backtest.data)?);
        let report = to_json(backtest.report)?;
        let mut write = self.write().await?;
        let backtest_id: i64 = within!(write, connection => sqlx::query_scalar(
            "INSERT INTO backtest (made_at, code_version, settings, data, result) \
             VALUES ($1, $2, $3, $4, $5) RETURNING backtest_id")
            .bind(now).bind(backtest.code_version).bind(settings).bind(data).bind(report)
            .fetch_one(connection).await?);
        write.commit().await?;
        Ok(backtest_id)
    }

    /// The number of the newest stored backtest; `None` before the first one.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn newest_backtest_id(&self) -> Result<Option<i64>, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_scalar("SELECT max(backtest_id) FROM backtest")
            .fetch_one(pool).await?))
    }

    /// The newest stored backtest; `None` before the first one.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if a later version wrote it in another form.
    pub async fn newest_backtest<R: DeserializeOwned>(
        &self,
    ) -> Result<Option<StoredBacktest<R>>, StoreError> {
        let row: Option<BacktestRow> = on!(&self.pool, pool => sqlx::query_as(
            "SELECT backtest_id, made_at, result FROM backtest ORDER BY backtest_id DESC LIMIT 1")
            .fetch_optional(pool).await?);
        row.map(|row| {
            let report = serde_json::from_str(&row.result).map_err(|error| {
                StoreError::Corrupt(format!("backtest {} cannot be read: {error}", row.backtest_id))
            })?;
            Ok(StoredBacktest { backtest_id: row.backtest_id, made_at: row.made_at, report })
        })
        .transpose()
    }

    /// The complete weeks of every box in service, by identifier.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn fleet(&self) -> Result<Vec<FleetBox>, StoreError> {
        let mut session = self.read().await?;
        let running: Option<IsoWeek> = running_week(&mut session).await?;
        let boxes: Vec<(i64, String, Option<f64>)> = within!(session, connection => sqlx::query_as(
            "SELECT box_key, box_id, capacity_kva FROM box WHERE in_service ORDER BY box_id")
            .fetch_all(connection).await?);
        let mut fleet = Vec::with_capacity(boxes.len());
        for some in boxes.chunks(BOXES_AT_ONCE) {
            let keys: Vec<i64> = some.iter().map(|(key, _, _)| *key).collect();
            let mut weeks = series_by_key(&mut session, &keys, running).await?;
            fleet.extend(some.iter().map(|(key, box_id, capacity_kva)| FleetBox {
                box_id: box_id.clone(),
                capacity_kva: *capacity_kva,
                weeks: weeks.remove(key).unwrap_or_default(),
            }));
        }
        Ok(fleet)
    }
}
