//! A hold on a statement that runs: letting go of it before its end cancels it.

use std::sync::Arc;

use super::client::Client;

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
        runtime.spawn(async move { client.cancel(&handle).await });
    }
}
