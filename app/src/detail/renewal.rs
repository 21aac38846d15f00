//! A forecast that is being renewed after a planner's decision: the pane polls until it is there.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::box_detail::BoxDetail;
use leptos::prelude::*;
use model::IsoWeek;

use crate::api::ApiError;
use crate::ranking::ListRenewal;

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
    list: Option<ListRenewal>,
    /// The weeks whose button was pressed: their button in the new detail takes the keyboard again.
    pressed: StoredValue<Option<(IsoWeek, IsoWeek)>>,
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
            list: use_context(),
            pressed: StoredValue::new(None),
        };
        Effect::new(move || {
            if let Some(Some(Ok(detail))) = detail() {
                if let Some(list) = renewal.list {
                    list.seen(&detail);
                }
                renewal.seen(detail.provenance.map(|provenance| provenance.processed_on));
            }
        });
        renewal
    }

    /// How far it is.
    pub(super) fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// A decision on these weeks was taken.
    pub(super) fn begin(&self, weeks: (IsoWeek, IsoWeek)) {
        self.pressed.set_value(Some(weeks));
        self.polls_left.set_value(MAX_POLLS);
        self.stage.set(Stage::Awaited);
        self.look_soon();
    }

    fn look_soon(&self) {
        let poll = self.poll;
        set_timeout(move || poll.run(()), POLL_INTERVAL);
    }

    /// Whether the button of these weeks has to take the keyboard, because the one that was pressed is gone.
    pub(super) fn takes_keyboard(&self, weeks: (IsoWeek, IsoWeek)) -> bool {
        let is_free = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        is_free && self.pressed.get_value() == Some(weeks)
    }

    /// At once, and again after a moment: the run that fitted the box closes just after the box is there.
    fn renew_list(&self) {
        if let Some(list) = self.list {
            list.request();
            set_timeout(move || list.request(), POLL_INTERVAL);
        }
    }

    fn seen(&self, made: Option<DateTime<Utc>>) {
        let awaited = self.stage.get_untracked() == Stage::Awaited;
        if !awaited || made != self.made.get_value() {
            if awaited {
                self.renew_list();
            }
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
