//! A sign of life: while whoever has a lease lives, the lease does not run out.

use chrono::{DateTime, TimeDelta, Utc};
use store::StoreError;
use tokio::task::JoinHandle;

/// Renews a lease until it is dropped, also by a panic.
pub(crate) struct Heartbeat(JoinHandle<()>);

impl Heartbeat {
    /// Beats three times a lease; what is done before the first beat costs nothing. A beat holds the lease until the time
    /// that it is given.
    pub(crate) fn start<F>(lease: TimeDelta, beat: impl Fn(DateTime<Utc>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<(), StoreError>> + Send,
    {
        let pause = (lease / 3).to_std().unwrap_or_default();
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                // A beat that fails is no harm: the lease lasts for two more, and a lost one is seen at the end.
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
