//! What a person has typed and not recorded yet: kept by the tab while other boxes or pages are looked at, the language is
//! changed or the page is loaded anew.

use std::collections::BTreeMap;

use domain::actions::{Action, ActionChange, ActionError, ActionStatus};
use model::BoxId;
use serde::{Deserialize, Serialize};

use crate::browser_storage::{keep_in_tab, kept_by_tab, new_key};

/// The fields as they were typed, the key by which they are recorded once, and what they come after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ActionDraft {
    pub(super) status: ActionStatus,
    /// Year, month and day, or empty.
    pub(super) day: String,
    pub(super) owner: String,
    pub(super) note: String,
    pub(super) key: String,
    /// The version that the person saw when it was begun: 0 where nothing was recorded yet.
    pub(super) seen_version: u32,
    /// What was sent without an answer: perhaps it is recorded.
    pub(super) unanswered: Option<ActionChange>,
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
            seen_version: action.map_or(0, |action| action.version),
            unanswered: None,
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

    /// Whether the fields are the same.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        let fields = |it: &Self| (it.status, it.day.clone(), it.owner.clone(), it.note.clone());
        fields(self) == fields(other)
    }
}

/// The drafts of all boxes that a person has begun in this tab.
#[derive(Debug, Default)]
pub(super) struct KeptDrafts {
    person: String,
    drafts: BTreeMap<BoxId, ActionDraft>,
}

impl KeptDrafts {
    /// Those that the tab has kept for a person; what it can't read is none.
    pub(super) fn of_person(person: String) -> Self {
        let kept = kept_by_tab(&kept_as(&person)).and_then(|text| serde_json::from_str(&text).ok());
        Self { drafts: kept.unwrap_or_default(), person }
    }

    pub(super) fn of(&self, box_id: &BoxId) -> Option<&ActionDraft> {
        self.drafts.get(box_id)
    }

    pub(super) fn keep(&mut self, box_id: &BoxId, draft: ActionDraft) {
        self.drafts.insert(box_id.clone(), draft);
        self.write();
    }

    pub(super) fn forget(&mut self, box_id: &BoxId) {
        self.drafts.remove(box_id);
        self.write();
    }

    fn write(&self) {
        if let Ok(text) = serde_json::to_string(&self.drafts) {
            keep_in_tab(&kept_as(&self.person), &text);
        }
    }
}

/// What the tab keeps a person's drafts under: whoever signs in there next doesn't record them as their own.
fn kept_as(person: &str) -> String {
    format!("action-drafts of {person}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_begin_as_they_were_recorded_but_for_the_note() {
        let change =
            ActionChange::new(ActionStatus::Planned, "2027-03-01".parse().ok(), "ada", "ordered").unwrap();
        let action =
            Action { version: 7, change, person: "grace".to_owned(), at: chrono::DateTime::default() };
        let mut draft = ActionDraft::of(Some(&action));
        assert_eq!(
            (draft.day.as_str(), draft.owner.as_str(), draft.note.as_str()),
            ("2027-03-01", "ada", "")
        );
        assert_eq!((draft.seen_version, ActionDraft::of(None).seen_version), (7, 0));
        draft.set_status(ActionStatus::Done);
        assert_eq!(draft.day, "");
        assert!(!draft.says_the_same_as(&ActionDraft::of(Some(&action))));
    }
}
