//! The metrics of this process together with the store's current state.

use store::{Store, StoreError};

use super::{Metrics, StoreState};

/// All metrics in Prometheus' text format.
///
/// # Errors
/// [`StoreError`] if the store can't be queried.
pub(crate) async fn snapshot(store: &Store, metrics: &Metrics) -> Result<String, StoreError> {
    metrics.show_store(StoreState::of(store).await?);
    metrics.text().map_err(|error| StoreError::Corrupt(error.to_string()))
}
