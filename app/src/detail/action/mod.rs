//! What planners do about a box: its progress, who takes care of it, and what was recorded before.

mod draft;
mod drafts;
mod fields;
mod outcome;
mod recording;

use domain::actions::Action;
use leptos::prelude::*;
use model::BoxId;

pub(super) use self::drafts::ActionDrafts;
use self::fields::Fields;
use self::recording::Recording;
use crate::account::may_decide;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The form, and the history under it.
#[component]
pub(super) fn ActionForm(
    /// The box.
    box_id: BoxId,
    /// What was recorded, the newest first.
    actions: Vec<Action>,
) -> impl IntoView {
    let labels = use_words().actions();
    let (fields, history) = if may_decide() {
        let recording = Recording::new(box_id, actions);
        let history = recording.history.clone();
        (Some(view! { <Fields recording /> }), history)
    } else {
        (None, ArcRwSignal::new(actions))
    };
    view! {
        <section class="facts action" aria-labelledby="action">
            <h2 id="action">{labels.title}</h2>
            {fields}
            <History history />
        </section>
    }
    .into_erased()
}

#[component]
fn History(history: ArcRwSignal<Vec<Action>>) -> impl IntoView {
    let labels = use_words().actions();
    move || {
        history.with(|actions| {
            if actions.is_empty() {
                return view! { <p class="muted">{labels.nothing}</p> }.into_erased();
            }
            let entries = actions.iter().map(|action| view! { <li><Entry action /></li> }).collect_view();
            view! { <ol class="action-history" aria-label=labels.history>{entries}</ol> }.into_erased()
        })
    }
}

/// Who recorded what and when, and the comment.
#[component]
fn Entry<'a>(action: &'a Action) -> impl IntoView + use<> {
    let said = use_words().action_entry(action);
    let note = Some(action.change.note().to_owned()).filter(|note| !note.is_empty());
    view! {
        <span>{said}</span>
        {note.map(|note| view! { <p class="action-note">{note}</p> })}
    }
    .into_erased()
}
