//! The tabs, as links: each view has its address.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast as _;

use crate::account::is_viewer;
use crate::address::{Tab, use_address, use_link};
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

fn name(tab: Tab, words: &Words) -> &'static str {
    match tab {
        Tab::Forecast => words.tab_forecast,
        Tab::Why => words.on_detail().tab_why,
        Tab::WhatIf => words.what_if().tab,
        Tab::Accuracy => words.on_detail().tab_accuracy,
        Tab::Data => words.on_detail().tab_data,
    }
}

/// Whether whoever uses the page may see a view.
fn is_offered(tab: &Tab) -> bool {
    !matches!(tab, Tab::WhatIf | Tab::Accuracy) || is_viewer()
}

/// The views. The arrow keys go from one to the next.
#[component]
pub(super) fn Tabs() -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let shown = Memo::new(move |_| address.with(|address| address.tab));
    let navigate = use_navigate();
    let on_key = move |event: web_sys::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        let mut tab = shown.get_untracked().step(by);
        while !is_offered(&tab) {
            tab = tab.step(by);
        }
        let to = address.with_untracked(|address| address.changed(|to| to.tab = tab).href());
        navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        let link = document().get_element_by_id(&format!("tab-{}", tab.as_str()));
        if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = link.focus();
        }
    };
    let link = move |tab: Tab| {
        let href = use_link(move |to| to.tab = tab);
        let selected = move || if shown.get() == tab { "true" } else { "false" };
        view! {
            <a role="tab" id=format!("tab-{}", tab.as_str()) href=href data-noscroll aria-selected=selected aria-controls="tab-panel">
                {name(tab, words)}
            </a>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=words.tabs on:keydown=on_key>
            {Tab::ALL.into_iter().filter(is_offered).map(link).collect_view()}
        </div>
    }
    .into_erased()
}
