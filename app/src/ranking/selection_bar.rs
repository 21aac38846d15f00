//! What can be done with the selected rows.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;

use super::list::List;
use super::set_progress::SetProgress;
use crate::account::may_decide;
use crate::address::{Address, use_address};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// How many are selected, a link to them, and the way back to none.
#[component]
pub(super) fn SelectionBar(
    /// The list whose rows are selected.
    list: List,
) -> impl IntoView {
    let words = use_words();
    let labels = words.list();
    let selection = list.selection;
    let address = use_address();
    let (copied, set_copied) = signal(false);
    let link = move || {
        let to = Address { boxes: selection.boxes(), ..address.get() };
        Address { box_id: None, ..to }.href()
    };
    // What was copied is no longer what is selected.
    let boxes = Memo::new(move |_| selection.boxes());
    Effect::new(move |_| {
        boxes.track();
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
            {may_decide().then(|| view! { <SetProgress list /> })}
            <a class="text-button" href=link data-noscroll on:click=show_only>{labels.only_selected}</a>
            <button type="button" class="text-button" on:click=move |_| selection.clear()>{labels.clear_selection}</button>
        </div>
    }
    .into_erased()
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
