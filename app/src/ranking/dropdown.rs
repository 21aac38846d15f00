//! A button whose panel opens below it: without scripts too, and closed by Escape or by going on elsewhere.

use leptos::html::Details;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::erased_view::IntoErased as _;

/// The button and its panel.
#[component]
pub(super) fn Dropdown(
    /// The panel's handle.
    menu: NodeRef<Details>,
    /// The style sheet's name of it.
    class: &'static str,
    /// The button's name.
    label: &'static str,
    /// The button's drawing, on 16 by 16.
    icon: &'static str,
    children: Children,
) -> impl IntoView {
    let close = move || {
        if let Some(menu) = menu.get_untracked().filter(|menu| menu.open()) {
            menu.set_open(false);
            return true;
        }
        false
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && close() {
            // Escape closes this and nothing else.
            event.stop_propagation();
            let summary = menu.get_untracked().and_then(|menu| menu.query_selector("summary").ok().flatten());
            if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = summary.focus();
            }
        }
    };
    // In the next frame the focus is where it goes.
    let on_leave = move |_| {
        request_animation_frame(move || {
            let (Some(menu), Some(active)) =
                (menu.try_get_untracked().flatten(), document().active_element())
            else {
                return;
            };
            if active.tag_name() != "BODY" && !menu.contains(Some(&active)) {
                menu.set_open(false);
            }
        });
    };
    view! {
        <details class=format!("dropdown {class}") node_ref=menu on:keydown=on_key on:focusout=on_leave>
            <summary>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d=icon /></svg>
                <span>{label}</span>
            </summary>
            <div class="dropdown-panel">{children()}</div>
        </details>
    }
    .into_erased()
}
