//! What was sent to be recorded without an answer: sent again under its own keys, as perhaps it is recorded.

use std::collections::BTreeMap;

use domain::actions::{ActionChange, ActionError, ActionSummary, IdempotencyKey, NewAction};
use leptos::prelude::*;
use model::BoxId;

use crate::browser_storage::new_key;

/// What of each box was sent and not answered yet.
#[derive(Clone, Copy)]
pub(crate) struct Unanswered(StoredValue<BTreeMap<BoxId, NewAction>>);

impl Unanswered {
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(BTreeMap::new()))
    }

    /// What is to be sent of a box, on top of what its row shows: the same as before keeps its key.
    pub(crate) fn action(
        self,
        box_id: &BoxId,
        known: Option<&ActionSummary>,
        change: ActionChange,
    ) -> Result<NewAction, ActionError> {
        let sent = self.0.with_value(|sent| sent.get(box_id).filter(|sent| sent.change == change).cloned());
        if let Some(sent) = sent {
            return Ok(sent);
        }
        let key = IdempotencyKey::new(new_key()).map_err(|_| ActionError::UnknownVersion)?;
        let seen_version = known.map_or(0, |action| action.version);
        Ok(NewAction { box_id: box_id.clone(), seen_version, key, change })
    }

    /// These are being sent.
    pub(crate) fn sending(self, new: &[NewAction]) {
        self.0.try_update_value(|sent| sent.extend(new.iter().map(|new| (new.box_id.clone(), new.clone()))));
    }

    /// What became of the box is known.
    pub(crate) fn answered(self, box_id: &BoxId) {
        self.0.try_update_value(|sent| sent.remove(box_id));
    }
}

#[cfg(test)]
mod tests {
    use domain::actions::ActionStatus;

    use super::*;

    #[test]
    fn what_was_sent_without_an_answer_keeps_its_key_until_it_is_answered_or_says_something_else() {
        Owner::new().with(|| {
            let (box_id, unanswered) = (BoxId::new("B1").unwrap(), Unanswered::new());
            let change = |owner| ActionChange::new(ActionStatus::Seen, None, owner, "").unwrap();
            let key = IdempotencyKey::new("0b9a7f4e-1c5d").unwrap();
            let sent = NewAction { box_id: box_id.clone(), seen_version: 2, key, change: change("ada") };
            unanswered.sending(std::slice::from_ref(&sent));
            // The row shows it by now: it is still the same.
            let known =
                ActionSummary { version: 3, status: ActionStatus::Seen, day: None, owner: "ada".to_owned() };
            assert_eq!(unanswered.action(&box_id, Some(&known), change("ada")), Ok(sent.clone()));
            // There are no new keys outside of a browser.
            assert_ne!(unanswered.action(&box_id, Some(&known), change("grace")), Ok(sent.clone()));
            unanswered.answered(&box_id);
            assert_ne!(unanswered.action(&box_id, Some(&known), change("ada")), Ok(sent));
        });
    }
}
