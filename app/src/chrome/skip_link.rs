//! Links past what is the same on every page, for keyboards.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Moves the keyboard to a part of the page, or to what `first` selects in it. Without JavaScript the browser scrolls there.
#[component]
pub(crate) fn SkipLink(
    /// The identifier of the part.
    target: &'static str,
    /// Where in it the keyboard begins, as a selector of CSS; the part itself if there is nothing of the kind.
    #[prop(optional)]
    first: &'static str,
    /// The words.
    text: &'static str,
) -> impl IntoView {
    let on_click = move |event: leptos::ev::MouseEvent| {
        let Some(part) = document().get_element_by_id(target) else { return };
        let found = part.query_selector(first).ok().flatten().unwrap_or(part);
        if let Ok(element) = found.dyn_into::<web_sys::HtmlElement>() {
            event.prevent_default();
            let _ = element.focus();
        }
    };
    view! { <a class="skip-link" rel="external" href=format!("#{target}") on:click=on_click>{text}</a> }
}
