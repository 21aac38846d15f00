//! The button that copies a box's identifier.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Copies the identifier, and says so.
#[component]
pub(super) fn CopyId(
    /// The identifier.
    id: String,
) -> impl IntoView {
    let words = use_words();
    let texts = words.on_detail();
    let copied = RwSignal::new(false);
    let copy = move |_| copied.set(write_to_clipboard(&id).is_ok());
    view! {
        <button type="button" class="copy-id with-script" aria-label=texts.copy title=texts.copy on:click=copy>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M5.5 2.5h8v8h-8zM10.5 10.5v3h-8v-8h3" />
            </svg>
        </button>
        <span class="copied" role="status">{move || copied.get().then_some(texts.copied)}</span>
    }
    .into_erased()
}

/// `navigator.clipboard.writeText`; missing where the page is not served over HTTPS.
fn write_to_clipboard(text: &str) -> Result<(), JsValue> {
    let navigator = Reflect::get(&window(), &"navigator".into())?;
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    write.call1(&clipboard, &text.into()).map(drop)
}
