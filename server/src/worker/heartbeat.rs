//! A sign of life for claimed boxes: while their worker lives, the lease on them does not run out.

use chrono::{TimeDelta, Utc};
use tokio::task::JoinHandle;

use crate::store::{ClaimedJob, Store};

/// Renews the lease on a batch until it is dropped.
pub(super) struct Heartbeat(JoinHandle<()>);

impl Heartbeat {
    /// Beats three times a lease; a batch that is done before the first beat costs nothing.
    pub(super) fn start(store: &Store, jobs: &[ClaimedJob], lease: TimeDelta) -> Self {
        let store = store.clone();
        let claims: Vec<(i64, i32)> = jobs.iter().map(ClaimedJob::claim).collect();
        let pause = (lease / 3).to_std().unwrap_or_default();
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                // A beat that fails is no harm: the lease lasts for two more, and a lost one is seen at the landing.
                if let Err(error) = store.hold(&claims, Utc::now() + lease).await {
                    tracing::debug!("the lease could not be renewed: {error}");
                }
            }
        }))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}
