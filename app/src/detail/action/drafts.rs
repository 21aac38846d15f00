//! What is being typed and recorded in this tab, box by box: it outlives the view of a box, which is made anew whenever the
//! box is read anew.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::BoxId;

use super::draft::{ActionDraft, KeptDrafts};
use super::recording::Recording;
use crate::account::account;

/// The drafts of the person, and the recordings that were begun since the page was loaded.
#[derive(Clone, Copy)]
pub(in crate::detail) struct ActionDrafts {
    kept: StoredValue<KeptDrafts>,
    begun: StoredValue<BTreeMap<BoxId, Recording>>,
}

impl Default for ActionDrafts {
    fn default() -> Self {
        let person = account().map(|account| account.name).unwrap_or_default();
        Self {
            kept: StoredValue::new(KeptDrafts::of_person(person)),
            begun: StoredValue::new(BTreeMap::new()),
        }
    }
}

impl ActionDrafts {
    pub(super) fn of(self, box_id: &BoxId) -> Option<ActionDraft> {
        self.kept.with_value(|kept| kept.of(box_id).cloned())
    }

    pub(super) fn keep(self, box_id: &BoxId, draft: ActionDraft) {
        self.kept.try_update_value(|kept| kept.keep(box_id, draft));
    }

    pub(super) fn forget(self, box_id: &BoxId) {
        self.kept.try_update_value(|kept| kept.forget(box_id));
    }

    /// The recording of a box that was begun before its view was made.
    pub(super) fn begun(self, box_id: &BoxId) -> Option<Recording> {
        self.begun.with_value(|begun| begun.get(box_id).cloned())
    }

    /// A recording has begun: views that are made from here on show it as well.
    pub(super) fn begin(self, box_id: &BoxId, recording: &Recording) {
        self.begun.try_update_value(|begun| {
            begun.entry(box_id.clone()).or_insert_with(|| recording.clone());
        });
    }
}
