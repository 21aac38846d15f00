//! Heartbeats: extend a lease while its holder lives.

use chrono::{DateTime, TimeDelta, Utc};
use store::StoreError;
use tokio::task::JoinHandle;

/// Extends a lease until it is dropped, also by a panic.
pub(crate) struct Heartbeat(JoinHandle<()>);

impl Heartbeat {
    /// Beats three times per lease, first after a third of it. A beat extends the lease until the
    /// time that it is given.
    pub(crate) fn start<F>(lease: TimeDelta, beat: impl Fn(DateTime<Utc>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<(), StoreError>> + Send,
    {
        let pause = (lease / 3).to_std().unwrap_or_default();
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                // A failed beat does no harm: two more follow, and a lost lease is noticed at the
                // end.
                if let Err(error) = beat(Utc::now() + lease).await {
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
