//! A collector that does not take what is sent: logged once, until it takes it again.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry_sdk::error::OTelSdkResult;

use crate::secret::without_passwords;

/// Whether the log knows already.
#[derive(Debug)]
pub(super) struct WarnOnce {
    what: &'static str,
    has_warned: AtomicBool,
}

impl WarnOnce {
    /// For a collector of `what`.
    pub(super) fn of(what: &'static str) -> Self {
        Self { what, has_warned: AtomicBool::new(false) }
    }

    /// Logs the first failure of a row; gives back what came of the export.
    pub(super) fn note(&self, sent: OTelSdkResult) -> OTelSdkResult {
        match &sent {
            Ok(()) => self.has_warned.store(false, Ordering::Relaxed),
            Err(error) if !self.has_warned.swap(true, Ordering::Relaxed) => {
                let (what, reason) = (self.what, without_passwords(error));
                tracing::warn!("the collector does not take {what}, which does no harm: {reason}");
            }
            Err(_) => {}
        }
        sent
    }
}
