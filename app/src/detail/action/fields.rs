//! The fields in which a person says what is done about a box.

use domain::actions::{ActionChange, ActionStatus};
use leptos::html::Button;
use leptos::prelude::*;

use super::draft::ActionDraft;
use super::outcome::Outcome;
use super::recording::{Recording, Stage};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

#[component]
pub(super) fn Fields(recording: Recording) -> impl IntoView {
    let words = use_words();
    let labels = words.actions();
    let (draft, stage) = (recording.draft.clone(), recording.stage.clone());
    let recording = StoredValue::new(recording);
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        recording.with_value(Recording::send);
    };
    let on_status = move |event| {
        let status = event_target_value(&event).parse().unwrap_or_default();
        recording.with_value(|recording| recording.edit(|draft| draft.set_status(status)));
    };
    let on_text = move |apply: fn(&mut ActionDraft, String)| {
        move |event| {
            let text = event_target_value(&event);
            recording.with_value(|recording| recording.edit(|draft| apply(draft, text)));
        }
    };
    let of = |read: fn(&ActionDraft) -> String| {
        let draft = draft.clone();
        move || draft.with(read)
    };
    let option = |status: ActionStatus| {
        let draft = draft.clone();
        let selected = move || draft.with(|draft| draft.status == status);
        view! { <option value=status.as_str() selected=selected>{words.action_status(status)}</option> }
    };
    let options = ActionStatus::ALL.map(option).collect_view();
    let needs_no_day = {
        let draft = draft.clone();
        move || draft.with(|draft| !draft.status.has_day())
    };
    let day_label = {
        let draft = draft.clone();
        move || match draft.with(|draft| draft.status) {
            ActionStatus::Ignored => labels.until,
            _ => labels.planned_on,
        }
    };
    // Not disabled: it would lose the keyboard.
    let is_sending = move || stage.with(|stage| (*stage == Stage::Sending).then_some("true"));
    let save = NodeRef::<Button>::new();
    // Before the page is alive nothing can be typed that would be lost, and no form be sent by the browser itself.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <form class="with-script" on:submit=on_submit>
            <fieldset class="action-fields" disabled=move || !is_alive.get()>
                <label class="field">
                    <span>{labels.status}</span>
                    <select name="status" on:change=on_status prop:value=of(|draft| draft.status.as_str().to_owned())>
                        {options}
                    </select>
                </label>
                <label class="field" hidden=needs_no_day>
                    <span>{day_label}</span>
                    <input
                        type="date"
                        name="day"
                        prop:value=of(|draft| draft.day.clone())
                        on:input=on_text(|draft, text| draft.day = text)
                    />
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
                <button type="submit" class="button" node_ref=save aria-disabled=is_sending>{labels.save}</button>
                <Outcome recording save />
            </fieldset>
        </form>
    }
    .into_erased()
}
