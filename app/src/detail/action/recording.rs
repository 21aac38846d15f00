//! How what a person typed is recorded: sent under its key, and what comes of it.

use domain::actions::{Action, ActionOutcome, IdempotencyKey, NewAction};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;

use super::draft::ActionDraft;
use super::drafts::ActionDrafts;
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
/// Its signals are counted references, shared by every view of the box: what was sent comes back even where the view was
/// renewed meanwhile.
#[derive(Clone)]
pub(super) struct Recording {
    box_id: BoxId,
    /// What was recorded, the newest first.
    pub(super) history: ArcRwSignal<Vec<Action>>,
    pub(super) draft: ArcRwSignal<ActionDraft>,
    pub(super) stage: ArcRwSignal<Stage>,
    drafts: ActionDrafts,
    list: Option<ListRenewal>,
    words: &'static Words,
}

impl Recording {
    /// Goes on with what was begun since the page was loaded. Otherwise it begins with what was recorded last, the newest of
    /// `actions`, and, once the page is alive, goes on with what was typed before.
    pub(super) fn new(box_id: BoxId, actions: Vec<Action>) -> Self {
        let drafts = use_context::<ActionDrafts>().unwrap_or_default();
        if let Some(begun) = drafts.begun(&box_id) {
            begun.read_anew(actions);
            return begun;
        }
        let newest = actions.first().map_or(0, |action| action.version);
        let draft = ArcRwSignal::new(ActionDraft::of(actions.first()));
        let (kept, shown) = (drafts.of(&box_id), draft.clone());
        // The server doesn't know what the tab has kept: before the page is alive it must show what the server drew.
        Effect::new(move |_| {
            if let Some(kept) = kept.clone() {
                // A version that the store no longer has, as after a restored backup, can't be come after.
                let seen_version = kept.seen_version.min(newest);
                shown.set(ActionDraft { seen_version, ..kept });
            }
        });
        Self {
            box_id,
            history: ArcRwSignal::new(actions),
            draft,
            stage: ArcRwSignal::new(Stage::Idle),
            drafts,
            list: use_context(),
            words: use_words(),
        }
    }

    /// The box was read anew: what others have recorded since is in its history, what is typed stays.
    fn read_anew(&self, actions: Vec<Action>) {
        let newest = |actions: &[Action]| actions.first().map_or(0, |action| action.version);
        let (known, read) = (self.history.with_untracked(|known| newest(known)), newest(&actions));
        // It may have been read before what was recorded last.
        if read <= known {
            return;
        }
        let is_typed = self.drafts.of(&self.box_id).is_some() || self.stage.get_untracked() == Stage::Sending;
        if !is_typed {
            self.draft.set(ActionDraft::of(actions.first()));
            self.stage.set(Stage::Idle);
        }
        self.history.set(actions);
    }

    /// Whether the fields say something else than what was recorded last.
    pub(super) fn is_open(&self) -> bool {
        let recorded = self.history.with(|actions| ActionDraft::of(actions.first()));
        self.draft.with(|draft| !draft.says_the_same_as(&recorded))
    }

    /// Changes the fields; what is typed is kept until it is recorded.
    pub(super) fn edit(&self, apply: impl FnOnce(&mut ActionDraft)) {
        self.change(|draft| {
            apply(draft);
            draft.key = new_key();
        });
        if !matches!(self.stage.get_untracked(), Stage::Sending | Stage::Conflict(_)) {
            self.stage.set(Stage::Idle);
        }
    }

    fn change(&self, apply: impl FnOnce(&mut ActionDraft)) {
        self.drafts.begin(&self.box_id, self);
        self.draft.update(apply);
        self.drafts.keep(&self.box_id, self.draft.get_untracked());
    }

    /// Sends the fields as they are now, on top of the version that was seen when they were begun.
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
        let action = NewAction { box_id: self.box_id.clone(), seen_version: typed.seen_version, key, change };
        self.drafts.begin(&self.box_id, self);
        self.stage.set(Stage::Sending);
        let recording = self.clone();
        spawn_local(async move {
            let outcome = record_actions(vec![action.clone()]).await.map(|mut outcomes| outcomes.pop());
            recording.end(outcome, action);
        });
    }

    fn end(&self, outcome: Result<Option<ActionOutcome>, ApiError>, sent: NewAction) {
        let unanswered = self.draft.with_untracked(|draft| draft.unanswered.clone());
        let stage = match outcome {
            Ok(Some(ActionOutcome::Recorded(action))) => self.recorded(action, &sent.key),
            // One's own, whose answer was lost: what is sent now is meant to come after it.
            Ok(Some(ActionOutcome::Conflict(mine))) if unanswered.as_ref() == Some(&mine.change) => {
                self.change(|draft| {
                    draft.seen_version = mine.version;
                    draft.unanswered = None;
                });
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
                self.change(|draft| draft.unanswered = Some(sent.change));
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
        } else {
            // What was typed meanwhile is not recorded yet, and comes after it.
            self.change(|draft| {
                draft.seen_version = action.version;
                draft.unanswered = None;
            });
        }
        self.learn(action);
        if let Some(list) = self.list {
            list.request();
        }
        if is_as_sent { Stage::Recorded } else { Stage::Idle }
    }

    /// Of a conflict: theirs stands, the fields show it.
    pub(super) fn keep_theirs(&self, theirs: Action) {
        self.drafts.forget(&self.box_id);
        self.draft.set(ActionDraft::of(Some(&theirs)));
        self.stage.set(Stage::Idle);
    }

    /// Of a conflict: what is typed is meant to come after theirs.
    pub(super) fn record_after(&self, theirs: &Action) {
        self.change(|draft| {
            draft.seen_version = theirs.version;
            draft.unanswered = None;
        });
        self.send();
    }

    fn learn(&self, action: Action) {
        self.history.update(|known| {
            known.retain(|it| it.version != action.version);
            known.insert(0, action);
            known.sort_by_key(|it| std::cmp::Reverse(it.version));
        });
    }
}
