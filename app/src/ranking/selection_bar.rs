//! What can be done with the selected rows.

use std::time::Duration;

use domain::actions::{ActionChange, ActionOutcome, ActionStatus, IdempotencyKey, NewAction};
use domain::ranking::RankingQuery;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;
use wasm_bindgen::JsCast as _;

use super::renewal::ListRenewal;
use super::selection::Selection;
use crate::account::may_decide;
use crate::address::{Address, use_address};
use crate::api::ApiError;
use crate::api::functions::{rank_boxes, record_actions};
use crate::browser_storage::new_key;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// How many are selected, a link to them, and the way back to none.
#[component]
pub(super) fn SelectionBar(
    /// The selected rows.
    selection: Selection,
) -> impl IntoView {
    let words = use_words();
    let labels = words.list();
    let address = use_address();
    let (copied, set_copied) = signal(false);
    let link = move || {
        let to = Address { boxes: selection.boxes(), ..address.get() };
        Address { box_id: None, ..to }.href()
    };
    // What was copied is no longer what is selected.
    Effect::new(move |_| {
        selection.len();
        set_copied.set(false);
    });
    let copy = move |_| {
        let location = window().location();
        let place = [location.origin(), location.pathname()].into_iter().flatten().collect::<String>();
        let link = format!("{place}{}", untrack(link));
        spawn_local(async move {
            let is_copied = write_to_clipboard(&link).await;
            set_copied.try_set(is_copied);
        });
    };
    // Once the link is followed the count and the way back take this place again.
    let show_only = move |_| set_timeout(move || selection.clear(), Duration::ZERO);
    view! {
        <div class="selection-bar" role="status" hidden=move || selection.len() == 0>
            <span>{move || words.selected(selection.len())}</span>
            <button type="button" class="text-button" on:click=copy>
                {move || if copied.get() { labels.copied } else { labels.copy_link }}
            </button>
            {may_decide().then(|| view! { <SetProgress selection /> })}
            <a class="text-button" href=link data-noscroll on:click=show_only>{labels.only_selected}</a>
            <button type="button" class="text-button" on:click=move |_| selection.clear()>{labels.clear_selection}</button>
        </div>
    }
    .into_erased()
}

/// Gives all selected boxes a status; what was recorded of each besides stays, but for the note.
#[component]
fn SetProgress(selection: Selection) -> impl IntoView {
    let words = use_words();
    let labels = words.actions();
    let renewal = use_context::<ListRenewal>();
    let (said, set_said) = signal(String::new());
    Effect::new(move |_| {
        selection.len();
        set_said.set(String::new());
    });
    let offered = ActionStatus::ALL.into_iter().filter(|status| *status != ActionStatus::Ignored);
    let option =
        |status: ActionStatus| view! { <option value=status.as_str()>{words.action_status(status)}</option> };
    let on_change = move |event| {
        let Ok(status) = event_target_value(&event).parse::<ActionStatus>() else { return };
        let boxes = selection.boxes();
        set_said.set(labels.saving.to_owned());
        spawn_local(async move {
            let message = match set_progress(boxes, status).await {
                Ok((recorded, others)) => words.set_for(recorded, others),
                Err(error) => words.error(&error),
            };
            set_said.try_set(message);
            if let Some(renewal) = renewal {
                renewal.request();
            }
        });
    };
    view! {
        <label class="field">
            <span class="visually-hidden">{labels.set_for_selected}</span>
            <select name="set-progress" on:change=on_change>
                <option value="">{labels.set_for_selected}</option>
                {offered.map(option).collect_view()}
            </select>
        </label>
        <span>{said}</span>
    }
    .into_erased()
}

/// How many were recorded, and how many not.
async fn set_progress(boxes: Vec<BoxId>, status: ActionStatus) -> Result<(usize, usize), ApiError> {
    let asked = boxes.len();
    let query = RankingQuery { boxes, limit: RankingQuery::MAX_ROWS, ..RankingQuery::default() };
    let rows = rank_boxes(query).await?.rows;
    let new = rows.into_iter().filter_map(|row| {
        let known = row.action;
        let day = known.as_ref().and_then(|known| known.day).filter(|_| status.has_day());
        let owner = known.as_ref().map_or("", |known| known.owner.as_str());
        Some(NewAction {
            box_id: row.box_id,
            seen_version: known.as_ref().map_or(0, |known| known.version),
            key: IdempotencyKey::new(new_key()).ok()?,
            change: ActionChange::new(status, day, owner, "").ok()?,
        })
    });
    let outcomes = record_actions(new.collect()).await?;
    let recorded = outcomes.iter().filter(|it| matches!(it, ActionOutcome::Recorded(_))).count();
    Ok((recorded, asked - recorded))
}

/// Whether the browser took the text: it does on a secure page only.
async fn write_to_clipboard(text: &str) -> bool {
    let of = |object: &wasm_bindgen::JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let clipboard = of(&window(), "navigator").and_then(|navigator| of(&navigator, "clipboard"));
    let Some(clipboard) = clipboard.filter(|clipboard| !clipboard.is_undefined()) else { return false };
    let write = of(&clipboard, "writeText").and_then(|write| write.dyn_into::<js_sys::Function>().ok());
    let promise = write.and_then(|write| write.call1(&clipboard, &text.into()).ok());
    match promise.and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok()) {
        Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
        None => false,
    }
}
