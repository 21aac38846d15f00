//! Backtests: kept for the dashboard, and the fleet's weeks that they are made from.

use backtest::Report;
use chrono::{DateTime, Utc};
use model::{IsoWeek, WeekExtremes};

use super::extremes::series_by_key;
use super::overview::running_week;
use super::{Store, StoreError, on, within};

/// A backtest as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredBacktest {
    /// Its number.
    pub backtest_id: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Its findings.
    pub report: Report,
}

/// A box in service, and its complete weeks.
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

/// Boxes whose weeks are read with one query.
const BOXES_AT_ONCE: usize = 1_000;

impl Store {
    /// Keeps a backtest; returns its number.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if it can't be encoded.
    pub async fn save_backtest(&self, report: &Report, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let (settings, data, result) = (encode(&report.settings)?, encode(&report.data)?, encode(report)?);
        let mut write = self.write().await?;
        let backtest_id: i64 = within!(write, connection => sqlx::query_scalar(
            "INSERT INTO backtest (made_at, code_version, settings, data, result) \
             VALUES ($1, $2, $3, $4, $5) RETURNING backtest_id")
            .bind(now).bind(&report.code_version).bind(settings).bind(data).bind(result)
            .fetch_one(connection).await?);
        write.commit().await?;
        Ok(backtest_id)
    }

    /// The backtest that was kept last; `None` before the first one.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if a later version wrote it in another form.
    pub async fn newest_backtest(&self) -> Result<Option<StoredBacktest>, StoreError> {
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

fn encode(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
