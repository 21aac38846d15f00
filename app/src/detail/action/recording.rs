//! How what a person typed is recorded: sent under its key, and what comes of it.

use domain::actions::{Action, ActionChange, ActionOutcome, IdempotencyKey, NewAction};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;

use super::draft::{ActionDraft, ActionDrafts};
use crate::api::ApiError;
use crate::api::functions::record_actions;
use crate::browser_storage::new_key;
use crate::ranking::ListRenewal;
use crate::words::{Words, use_words};

/// How far the recording is.
#[derive(Clone, PartialEq)]
pub(super) enum Stage {
    Idle,
    Sending,
    Recorded,
    Refused(String),
    /// Somebody else has recorded this meanwhile.
    Conflict(Action),
}

/// The fields of one box on their way into its history.
///
/// Its signals are counted references: what was sent comes back even where the view was renewed meanwhile.
#[derive(Clone)]
pub(super) struct Recording {
    box_id: BoxId,
    /// What was recorded, the newest first.
    history: ArcRwSignal<Vec<Action>>,
    pub(super) draft: ArcRwSignal<ActionDraft>,
    pub(super) stage: ArcRwSignal<Stage>,
    /// What was sent without an answer: perhaps it is recorded.
    unanswered: StoredValue<Option<ActionChange>>,
    drafts: ActionDrafts,
    list: Option<ListRenewal>,
    words: &'static Words,
}

impl Recording {
    /// Begins with what was recorded last and, once the page is alive, goes on with what was typed before.
    pub(super) fn new(box_id: BoxId, history: ArcRwSignal<Vec<Action>>) -> Self {
        let drafts = use_context::<ActionDrafts>().unwrap_or_default();
        let recorded = history.with_untracked(|actions| ActionDraft::of(actions.first()));
        let draft = ArcRwSignal::new(recorded);
        let (kept, shown) = (drafts.of(&box_id), draft.clone());
        // The server doesn't know what the tab has kept: before the page is alive it must show what the server drew.
        Effect::new(move |_| {
            if let Some(kept) = kept.clone() {
                shown.set(kept);
            }
        });
        Self {
            box_id,
            history,
            draft,
            stage: ArcRwSignal::new(Stage::Idle),
            unanswered: StoredValue::new(None),
            drafts,
            list: use_context(),
            words: use_words(),
        }
    }

    /// Whether the fields say something else than what was recorded last.
    pub(super) fn is_open(&self) -> bool {
        let recorded = self.history.with(|actions| ActionDraft::of(actions.first()));
        self.draft.with(|draft| !draft.says_the_same_as(&recorded))
    }

    /// Changes the fields; what is typed is kept until it is recorded.
    pub(super) fn edit(&self, apply: impl FnOnce(&mut ActionDraft)) {
        self.draft.update(|draft| {
            apply(draft);
            draft.key = new_key();
        });
        self.drafts.keep(&self.box_id, self.draft.get_untracked());
        if !matches!(self.stage.get_untracked(), Stage::Sending | Stage::Conflict(_)) {
            self.stage.set(Stage::Idle);
        }
    }

    /// Sends the fields as they are now.
    pub(super) fn send(&self) {
        if self.stage.get_untracked() == Stage::Sending {
            return;
        }
        let typed = self.draft.get_untracked();
        let change = match typed.change() {
            Ok(change) => change,
            Err(error) => return self.stage.set(Stage::Refused(self.words.action_error(error))),
        };
        let Ok(key) = IdempotencyKey::new(typed.key) else { return };
        let seen_version = self.history.with_untracked(|actions| actions.first().map_or(0, |it| it.version));
        let action = NewAction { box_id: self.box_id.clone(), seen_version, key, change };
        self.stage.set(Stage::Sending);
        let recording = self.clone();
        spawn_local(async move {
            let outcome = record_actions(vec![action.clone()]).await.map(|mut outcomes| outcomes.pop());
            recording.end(outcome, action);
        });
    }

    fn end(&self, outcome: Result<Option<ActionOutcome>, ApiError>, sent: NewAction) {
        let unanswered = self.unanswered.try_update_value(Option::take).flatten();
        let stage = match outcome {
            Ok(Some(ActionOutcome::Recorded(action))) => self.recorded(action, &sent.key),
            // One's own, whose answer was lost: what is sent now is meant to come after it.
            Ok(Some(ActionOutcome::Conflict(mine))) if unanswered.as_ref() == Some(&mine.change) => {
                self.learn(mine);
                self.stage.set(Stage::Idle);
                return self.send();
            }
            Ok(Some(ActionOutcome::Conflict(theirs))) => {
                self.learn(theirs.clone());
                Stage::Conflict(theirs)
            }
            Ok(Some(ActionOutcome::Refused(error))) => Stage::Refused(self.words.action_error(error)),
            Ok(Some(ActionOutcome::UnknownBox) | None) => {
                Stage::Refused(self.words.error(&ApiError::Forbidden))
            }
            Err(error) => {
                self.unanswered.try_set_value(Some(sent.change));
                Stage::Refused(self.words.error(&error))
            }
        };
        self.stage.set(stage);
    }

    fn recorded(&self, action: Action, sent: &IdempotencyKey) -> Stage {
        let is_as_sent = self.draft.with_untracked(|draft| draft.key == sent.as_str());
        if is_as_sent {
            self.drafts.forget(&self.box_id);
            self.draft.set(ActionDraft::of(Some(&action)));
        }
        self.learn(action);
        if let Some(list) = self.list {
            list.request();
        }
        // What was typed meanwhile is not recorded yet.
        if is_as_sent { Stage::Recorded } else { Stage::Idle }
    }

    /// Of a conflict: theirs stands, the fields show it.
    pub(super) fn keep_theirs(&self, theirs: Action) {
        self.drafts.forget(&self.box_id);
        self.draft.set(ActionDraft::of(Some(&theirs)));
        self.stage.set(Stage::Idle);
    }

    fn learn(&self, action: Action) {
        self.history.update(|known| {
            known.retain(|it| it.version != action.version);
            known.insert(0, action);
        });
    }
}
