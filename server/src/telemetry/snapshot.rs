//! The metrics of this process together with the store's current state.

use chrono::Utc;
use store::{Store, StoreError};

use super::Metrics;

/// All metrics as text in the OpenMetrics format.
///
/// # Errors
/// [`StoreError`] if the store can't be queried.
pub(crate) async fn snapshot(store: &Store, metrics: &Metrics) -> Result<String, StoreError> {
    let fleet = store.overview().await?;
    let open_boxes = store.open_boxes().await?;
    let notices = store.notice_counts(Utc::now()).await?;
    let growth = store.newest_growth().await?;
    metrics
        .text(&fleet, open_boxes, notices, growth.as_ref())
        .map_err(|error| StoreError::Corrupt(error.to_string()))
}
