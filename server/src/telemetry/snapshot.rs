//! The figures of this process beside those of the store as it is now.

use chrono::Utc;
use store::{Store, StoreError};

use super::Metrics;

/// All figures as text in the OpenMetrics format.
///
/// # Errors
/// [`StoreError`] where the store can't be asked.
pub(crate) async fn snapshot(store: &Store, metrics: &Metrics) -> Result<String, StoreError> {
    let fleet = store.overview().await?;
    let open_boxes = store.open_boxes().await?;
    let notices = store.notice_counts(Utc::now()).await?;
    let growth = store.newest_growth().await?;
    metrics
        .text(&fleet, open_boxes, notices, growth.as_ref())
        .map_err(|error| StoreError::Corrupt(error.to_string()))
}
