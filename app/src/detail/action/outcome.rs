//! What came of a recording, and the choice where somebody else was quicker.

use leptos::html::Button;
use leptos::prelude::*;

use super::Entry;
use super::recording::{Recording, Stage};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

#[component]
pub(super) fn Outcome(
    recording: StoredValue<Recording>,
    /// Takes the keyboard when the buttons of the choice go.
    save: NodeRef<Button>,
) -> impl IntoView {
    let labels = use_words().actions();
    let stage = recording.with_value(|recording| recording.stage.clone());
    let said = {
        let stage = stage.clone();
        move || match stage.get() {
            Stage::Idle if recording.with_value(Recording::is_open) => labels.draft.to_owned(),
            Stage::Idle => String::new(),
            Stage::Sending => labels.saving.to_owned(),
            Stage::Recorded => labels.saved.to_owned(),
            Stage::Refused(said) => said,
            Stage::Conflict(_) => labels.conflict.to_owned(),
        }
    };
    let choice = move || {
        let Stage::Conflict(theirs) = stage.get() else { return None };
        let theirs = StoredValue::new(theirs);
        let focus_save = move || {
            if let Some(save) = save.get_untracked() {
                let _ = save.focus();
            }
        };
        let keep = move |_| {
            focus_save();
            recording.with_value(|recording| recording.keep_theirs(theirs.get_value()));
        };
        let record = move |_| {
            focus_save();
            recording.with_value(|recording| theirs.with_value(|theirs| recording.record_after(theirs)));
        };
        Some(view! {
            <div class="action-conflict">
                {theirs.with_value(|action| view! { <Entry action /> })}
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
