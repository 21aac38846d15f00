//! What planners do about a box: its progress, who takes care of it, and what was recorded before.

use domain::actions::{
    Action, ActionChange, ActionError, ActionOutcome, ActionStatus, IdempotencyKey, NewAction,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;

use super::action_draft::{ActionDraft, ActionDrafts};
use crate::account::may_decide;
use crate::api::functions::record_actions;
use crate::browser_storage::new_key;
use crate::erased_view::IntoErased as _;
use crate::ranking::ListRenewal;
use crate::words::use_words;

/// How far the recording is.
#[derive(Clone, PartialEq)]
enum Stage {
    Idle,
    Sending,
    Recorded,
    Refused(String),
    /// Somebody else has recorded this meanwhile.
    Conflict(Action),
}

/// The form, and the history under it.
#[component]
pub(super) fn ActionForm(
    /// The box.
    box_id: BoxId,
    /// What was recorded, the newest first.
    actions: Vec<Action>,
) -> impl IntoView {
    let words = use_words();
    let labels = words.actions();
    let history = ArcRwSignal::new(actions);
    let heading = view! { <h2 id="action">{labels.title}</h2> };
    let shown = history.clone();
    let entries = move || {
        let entry = |action: Action| {
            let note = Some(action.change.note().to_owned()).filter(|note| !note.is_empty());
            view! {
                <li>
                    <span>{words.action_entry(&action)}</span>
                    {note.map(|note| view! { <p class="action-note">{note}</p> })}
                </li>
            }
        };
        shown.with(|actions| match actions.is_empty() {
            true => view! { <p class="muted">{labels.nothing}</p> }.into_erased(),
            false => {
                let list = actions.iter().cloned().map(entry).collect_view();
                view! { <ol class="action-history" aria-label=labels.history>{list}</ol> }.into_erased()
            }
        })
    };
    let fields = may_decide().then(|| view! { <Fields box_id history /> });
    view! {
        <section class="facts action" aria-labelledby="action">
            {heading}
            {fields}
            {entries}
        </section>
    }
    .into_erased()
}

#[component]
fn Fields(box_id: BoxId, history: ArcRwSignal<Vec<Action>>) -> impl IntoView {
    let words = use_words();
    let labels = words.actions();
    let drafts = use_context::<ActionDrafts>().unwrap_or_default();
    let newest = history.with_untracked(|actions| actions.first().cloned());
    let recorded = ActionDraft::of(newest.as_ref());
    let begun = drafts.of(&box_id);
    let draft = ArcRwSignal::new(begun.clone().unwrap_or_else(|| recorded.clone()));
    let stage = ArcRwSignal::new(Stage::Idle);
    // Counted references: what was typed outlives this view where the forecast is renewed under it.
    let change = {
        let (draft, stage, box_id) = (draft.clone(), stage.clone(), box_id.clone());
        move |apply: &dyn Fn(&mut ActionDraft)| {
            draft.update(|draft| {
                apply(draft);
                draft.key = new_key();
            });
            drafts.keep(&box_id, draft.get_untracked());
            if !matches!(stage.get_untracked(), Stage::Sending | Stage::Conflict(_)) {
                stage.set(Stage::Idle);
            }
        }
    };
    let change = StoredValue::new(change);
    let send = {
        let (draft, stage, history, box_id) = (draft.clone(), stage.clone(), history.clone(), box_id.clone());
        let list = use_context::<ListRenewal>();
        move || {
            let typed = draft.get_untracked();
            let new = match typed.change() {
                Err(error) => return stage.set(Stage::Refused(words.action_error(error))),
                Ok(change) => {
                    let seen_version =
                        history.with_untracked(|known| known.first().map_or(0, |it| it.version));
                    let key = IdempotencyKey::new(typed.key.clone());
                    let Ok(key) = key else { return };
                    NewAction { box_id: box_id.clone(), seen_version, key, change }
                }
            };
            stage.set(Stage::Sending);
            let (stage, history, box_id, draft) =
                (stage.clone(), history.clone(), box_id.clone(), draft.clone());
            spawn_local(async move {
                let outcome = record_actions(vec![new]).await.map(|mut outcomes| outcomes.pop());
                match outcome {
                    Ok(Some(ActionOutcome::Recorded(action))) => {
                        drafts.forget(&box_id);
                        draft.update(|draft| draft.key = new_key());
                        history.update(|known| {
                            known.retain(|it| it.version != action.version);
                            known.insert(0, action);
                        });
                        stage.set(Stage::Recorded);
                        if let Some(list) = list {
                            list.request();
                        }
                    }
                    Ok(Some(ActionOutcome::Conflict(theirs))) => stage.set(Stage::Conflict(theirs)),
                    Ok(Some(ActionOutcome::Refused(error))) => {
                        stage.set(Stage::Refused(words.action_error(error)));
                    }
                    Ok(Some(ActionOutcome::UnknownBox) | None) => {
                        stage.set(Stage::Refused(words.error(&crate::api::ApiError::Forbidden)));
                    }
                    Err(error) => stage.set(Stage::Refused(words.error(&error))),
                }
            });
        }
    };
    let send = StoredValue::new(send);
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send.with_value(|send| send());
    };
    let option = {
        let draft = draft.clone();
        move |status: ActionStatus| {
            let draft = draft.clone();
            let selected = move || draft.with(|draft| draft.status == status);
            view! { <option value=status.as_str() selected=selected>{words.action_status(status)}</option> }
        }
    };
    let of = |read: fn(&ActionDraft) -> String| {
        let draft = draft.clone();
        move || draft.with(read)
    };
    let has_day = {
        let draft = draft.clone();
        move || draft.with(|draft| draft.status.has_day())
    };
    let day_label = {
        let draft = draft.clone();
        move || match draft.with(|draft| draft.status) {
            ActionStatus::Ignored => labels.until,
            _ => labels.planned_on,
        }
    };
    let on_status = move |event| {
        let status = event_target_value(&event).parse().unwrap_or_default();
        change.with_value(|change| change(&|draft| draft.set_status(status)));
    };
    let on_text = move |apply: fn(&mut ActionDraft, String)| {
        move |event| {
            let text = event_target_value(&event);
            change.with_value(|change| change(&|draft| apply(draft, text.clone())));
        }
    };
    let is_sending = {
        let stage = stage.clone();
        move || stage.with(|stage| *stage == Stage::Sending)
    };
    // Before the page is alive nothing can be typed that would be lost, and no form be sent by the browser itself.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let (hidden, status_of) = (has_day.clone(), of(|draft| draft.status.as_str().to_owned()));
    view! {
        <form class="with-script" on:submit=on_submit>
            <fieldset class="action-fields" disabled=move || !is_alive.get()>
            <label class="field">
                <span>{labels.status}</span>
                <select name="status" on:change=on_status prop:value=status_of>
                    {ActionStatus::ALL.map(option).collect_view()}
                </select>
            </label>
            <label class="field" hidden=move || !hidden()>
                <span>{day_label}</span>
                <input type="date" name="day" prop:value=of(|draft| draft.day.clone()) on:input=on_text(|draft, text| draft.day = text) />
            </label>
            <label class="field">
                <span>{labels.owner}</span>
                <input
                    type="text"
                    name="owner"
                    maxlength=ActionChange::MAX_OWNER_CHARACTERS.to_string()
                    prop:value=of(|draft| draft.owner.clone())
                    on:input=on_text(|draft, text| draft.owner = text)
                />
            </label>
            <label class="field action-comment">
                <span>{labels.note}</span>
                <textarea
                    name="note"
                    rows="2"
                    maxlength=ActionChange::MAX_NOTE_CHARACTERS.to_string()
                    prop:value=of(|draft| draft.note.clone())
                    on:input=on_text(|draft, text| draft.note = text)
                ></textarea>
            </label>
            <button type="submit" class="button" disabled=is_sending>{labels.save}</button>
            <Outcome stage box_id recorded draft history send=Callback::new(move |()| send.with_value(|send| send())) drafts is_begun=begun.is_some() />
            </fieldset>
        </form>
    }
    .into_erased()
}

/// What came of it, and the choice where somebody else was quicker.
#[component]
fn Outcome(
    stage: ArcRwSignal<Stage>,
    box_id: BoxId,
    recorded: ActionDraft,
    draft: ArcRwSignal<ActionDraft>,
    history: ArcRwSignal<Vec<Action>>,
    send: Callback<()>,
    drafts: ActionDrafts,
    is_begun: bool,
) -> impl IntoView {
    let words = use_words();
    let labels = words.actions();
    let said = {
        let (stage, draft) = (stage.clone(), draft.clone());
        move || match stage.get() {
            Stage::Idle => {
                let is_open = is_begun || draft.with(|draft| !draft.says_the_same_as(&recorded));
                if is_open { labels.draft.to_owned() } else { String::new() }
            }
            Stage::Sending => labels.saving.to_owned(),
            Stage::Recorded => labels.saved.to_owned(),
            Stage::Refused(said) => said,
            Stage::Conflict(_) => labels.conflict.to_owned(),
        }
    };
    let choice = move || {
        let Stage::Conflict(theirs) = stage.get() else { return None };
        let said = words.action_entry(&theirs);
        let note = Some(theirs.change.note().to_owned()).filter(|note| !note.is_empty());
        // Theirs becomes what is known; what is sent next is on top of it.
        let learn = {
            let (history, theirs) = (history.clone(), theirs.clone());
            move || history.update(|known| known.insert(0, theirs.clone()))
        };
        let (stage, draft, box_id, shown) = (stage.clone(), draft.clone(), box_id.clone(), theirs);
        let keep = {
            let learn = learn.clone();
            move |_| {
                learn();
                drafts.forget(&box_id);
                draft.set(ActionDraft::of(Some(&shown)));
                stage.set(Stage::Idle);
            }
        };
        let record = move |_| {
            learn();
            send.run(());
        };
        Some(view! {
            <div class="action-conflict">
                <p>{said}</p>
                {note.map(|note| view! { <p class="action-note">{note}</p> })}
                <button type="button" class="button" on:click=keep>{labels.keep_theirs}</button>
                <button type="button" class="button" on:click=record>{labels.record_mine}</button>
            </div>
        })
    };
    view! {
        <p class="action-said" role="status">{said}</p>
        {choice}
    }
    .into_erased()
}

impl ActionDraft {
    /// What is to be recorded.
    fn change(&self) -> Result<ActionChange, ActionError> {
        let day = self.status.has_day().then(|| self.day.parse().ok()).flatten();
        ActionChange::new(self.status, day, &self.owner, &self.note)
    }
}
