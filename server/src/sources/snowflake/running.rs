//! A hold on a statement that runs: letting go of it before its end cancels it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::client::Client;

/// A program that ends waits for so long until its statements are cancelled.
const CANCELLED_WITHIN: Duration = Duration::from_secs(10);
/// How many statements are being cancelled.
static BEING_CANCELLED: std::sync::LazyLock<watch::Sender<usize>> =
    std::sync::LazyLock::new(|| watch::Sender::new(0));

/// Waits until every statement that was let go of is cancelled.
pub(crate) async fn all_cancelled() {
    let mut left = BEING_CANCELLED.subscribe();
    let waited = tokio::time::timeout(CANCELLED_WITHIN, left.wait_for(|left| *left == 0)).await;
    if waited.is_err() {
        tracing::warn!(
            "a statement in Snowflake may go on until its time is over: it was not cancelled in time"
        );
    }
}

/// A statement whose end is not known yet.
pub(super) struct Running {
    client: Arc<Client>,
    handle: Option<String>,
}

impl Running {
    /// A statement that was just sent; it has no handle yet.
    pub(super) fn new(client: &Arc<Client>) -> Self {
        Self { client: Arc::clone(client), handle: None }
    }

    /// The statement is known by this handle.
    pub(super) fn is(&mut self, handle: &str) {
        self.handle = Some(handle.to_owned());
    }

    /// There is nothing to cancel any more.
    pub(super) fn has_ended(&mut self) {
        self.handle = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let (Some(handle), Ok(runtime)) = (self.handle.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let client = Arc::clone(&self.client);
        BEING_CANCELLED.send_modify(|left| *left += 1);
        runtime.spawn(async move {
            client.cancel(&handle).await;
            BEING_CANCELLED.send_modify(|left| *left -= 1);
        });
    }
}
