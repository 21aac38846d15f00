//! How many spans are open, so that the end of a program can wait for the last.
//!
//! A span closes with its last holder. That need not be the task which it names: the thread of a
//! SQLite connection holds the span of the last statement a little longer than the statement takes.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tracing::span::{Attributes, Id};
use tracing::{Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// A layer that counts open spans; clones count together.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenSpans(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    open: Mutex<usize>,
    closed: Condvar,
}

impl OpenSpans {
    /// Waits until no span is open; `false` if one still is after `timeout`.
    pub(super) fn wait_for_none(&self, timeout: Duration) -> bool {
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.closed.wait_timeout_while(open, timeout, |open| *open > 0);
        *waited.unwrap_or_else(PoisonError::into_inner).0 == 0
    }

    fn change(&self, change: impl FnOnce(usize) -> usize) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        *open = change(*open);
        self.0.closed.notify_all();
    }
}

impl<S: Subscriber> Layer<S> for OpenSpans {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.change(|open| open + 1);
    }

    fn on_close(&self, _: span::Id, _: Context<'_, S>) {
        self.change(|open| open.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_span_is_waited_for_while_another_thread_holds_it() {
        let open_spans = OpenSpans::default();
        let subscriber = tracing_subscriber::registry().with(open_spans.clone());
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("command");
            let held = span.clone();
            drop(span);
            assert!(!open_spans.wait_for_none(Duration::ZERO));
            let holder = std::thread::spawn(move || drop(held));
            assert!(open_spans.wait_for_none(Duration::from_secs(30)));
            holder.join().unwrap();
        });
    }
}
