//! A forecast that is being renewed after a planner's decision: the pane polls until it is there.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::box_detail::BoxDetail;
use leptos::prelude::*;

use crate::api::ApiError;

/// The time between two polls.
const POLL_INTERVAL: Duration = Duration::from_millis(1_500);
/// Polls until the page no longer waits: a server without a worker leaves the fit to the next run.
const MAX_POLLS: u8 = 16;

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    /// Nothing was decided, or the new forecast is there.
    Settled,
    /// The worker has been woken.
    Awaited,
    /// It takes longer than a person waits.
    Later,
}

/// Shared by the pane and what is in it.
#[derive(Clone, Copy)]
pub(super) struct Renewal {
    stage: RwSignal<Stage>,
    polls_left: StoredValue<u8>,
    /// When the forecast was made that is to be replaced.
    made: StoredValue<Option<DateTime<Utc>>>,
    poll: Callback<()>,
}

impl Renewal {
    /// Watches `detail`, and has it fetched anew by `poll`.
    pub(super) fn watching(
        detail: impl Fn() -> Option<Option<Result<BoxDetail, ApiError>>> + Send + Sync + 'static,
        poll: Callback<()>,
    ) -> Self {
        let renewal = Self {
            stage: RwSignal::new(Stage::Settled),
            polls_left: StoredValue::new(0),
            made: StoredValue::new(None),
            poll,
        };
        Effect::new(move || {
            if let Some(Some(Ok(detail))) = detail() {
                renewal.seen(detail.provenance.map(|provenance| provenance.processed_on));
            }
        });
        renewal
    }

    /// How far it is.
    pub(super) fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// A decision was taken.
    pub(super) fn begin(&self) {
        self.polls_left.set_value(MAX_POLLS);
        self.stage.set(Stage::Awaited);
        self.look_soon();
    }

    fn look_soon(&self) {
        let poll = self.poll;
        set_timeout(move || poll.run(()), POLL_INTERVAL);
    }

    fn seen(&self, made: Option<DateTime<Utc>>) {
        let awaited = self.stage.get_untracked() == Stage::Awaited;
        if !awaited || made != self.made.get_value() {
            self.made.set_value(made);
            self.stage.set(Stage::Settled);
            return;
        }
        let left = self.polls_left.get_value();
        if left == 0 {
            self.stage.set(Stage::Later);
        } else {
            self.polls_left.set_value(left - 1);
            self.look_soon();
        }
    }
}
