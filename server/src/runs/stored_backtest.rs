//! Stored backtests: the report as a whole.

use backtest::Report;
use chrono::{DateTime, Utc};
use store::{NewBacktest, Store, StoreError, StoredBacktest};

/// Stores a backtest; returns its number.
///
/// # Errors
/// [`StoreError::Query`]; [`StoreError::Corrupt`] if it can't be encoded.
pub async fn store_backtest(store: &Store, report: &Report, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let Report { code_version, settings, data, .. } = report;
    store.save_backtest(NewBacktest { code_version, settings, data, report }, now).await
}

/// The newest stored backtest; `None` before the first one.
///
/// # Errors
/// [`StoreError::Query`]; [`StoreError::Corrupt`] if a later version wrote it in another form.
pub async fn newest_backtest(store: &Store) -> Result<Option<StoredBacktest<Report>>, StoreError> {
    store.newest_backtest().await
}
