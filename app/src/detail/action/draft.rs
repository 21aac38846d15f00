//! What a person has typed and not recorded yet: kept by the tab while other boxes or pages are looked at, the language is
//! changed or the page is loaded anew.

use std::collections::BTreeMap;

use domain::actions::{Action, ActionChange, ActionError, ActionStatus};
use leptos::prelude::*;
use model::BoxId;
use serde::{Deserialize, Serialize};

use crate::browser_storage::{keep_in_tab, kept_by_tab, new_key};

/// The fields as they were typed, and the key by which they are recorded once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ActionDraft {
    pub(super) status: ActionStatus,
    /// Year, month and day, or empty.
    pub(super) day: String,
    pub(super) owner: String,
    pub(super) note: String,
    pub(super) key: String,
}

impl ActionDraft {
    /// The fields as they were recorded; the note is each time a new one.
    pub(super) fn of(action: Option<&Action>) -> Self {
        let change = action.map(|action| &action.change);
        Self {
            status: change.map(|change| change.status()).unwrap_or_default(),
            day: change.and_then(|change| change.day()).map(|day| day.to_string()).unwrap_or_default(),
            owner: change.map(|change| change.owner().to_owned()).unwrap_or_default(),
            note: String::new(),
            key: new_key(),
        }
    }

    /// Another status; a day that doesn't belong to it is left out.
    pub(super) fn set_status(&mut self, status: ActionStatus) {
        self.status = status;
        if !status.has_day() {
            self.day.clear();
        }
    }

    /// What is to be recorded.
    pub(super) fn change(&self) -> Result<ActionChange, ActionError> {
        let day = self.status.has_day().then(|| self.day.parse().ok()).flatten();
        ActionChange::new(self.status, day, &self.owner, &self.note)
    }

    /// Whether the fields are the same, whatever the key.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        Self { key: String::new(), ..self.clone() } == Self { key: String::new(), ..other.clone() }
    }
}

/// The drafts of all boxes that were begun in this tab.
#[derive(Clone, Copy)]
pub(in crate::detail) struct ActionDrafts(StoredValue<BTreeMap<BoxId, ActionDraft>>);

/// What the tab keeps them under.
const KEPT_AS: &str = "action-drafts";

impl Default for ActionDrafts {
    /// Those that the tab has kept; what it can't read is none.
    fn default() -> Self {
        let kept = kept_by_tab(KEPT_AS).and_then(|text| serde_json::from_str(&text).ok());
        Self(StoredValue::new(kept.unwrap_or_default()))
    }
}

impl ActionDrafts {
    pub(super) fn of(self, box_id: &BoxId) -> Option<ActionDraft> {
        self.0.with_value(|drafts| drafts.get(box_id).cloned())
    }

    pub(super) fn keep(self, box_id: &BoxId, draft: ActionDraft) {
        self.change(|drafts| drafts.insert(box_id.clone(), draft));
    }

    pub(super) fn forget(self, box_id: &BoxId) {
        self.change(|drafts| drafts.remove(box_id));
    }

    fn change(self, change: impl FnOnce(&mut BTreeMap<BoxId, ActionDraft>) -> Option<ActionDraft>) {
        self.0.update_value(|drafts| {
            change(drafts);
            if let Ok(text) = serde_json::to_string(drafts) {
                keep_in_tab(KEPT_AS, &text);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_begin_as_they_were_recorded_but_for_the_note() {
        let change =
            ActionChange::new(ActionStatus::Planned, "2027-03-01".parse().ok(), "ada", "ordered").unwrap();
        let action =
            Action { version: 1, change, person: "grace".to_owned(), at: chrono::DateTime::default() };
        let mut draft = ActionDraft::of(Some(&action));
        assert_eq!(
            (draft.day.as_str(), draft.owner.as_str(), draft.note.as_str()),
            ("2027-03-01", "ada", "")
        );
        draft.set_status(ActionStatus::Done);
        assert_eq!(draft.day, "");
        assert!(!draft.says_the_same_as(&ActionDraft::of(Some(&action))));
    }
}
