//! Filters that were kept under a name, in this browser; one of them may be the page that opens first.

use leptos::html::{Details, Input};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::dropdown::Dropdown;
use crate::address::{Address, use_address};
use crate::browser_storage::{keep, kept};
use crate::erased_view::IntoErased as _;
use crate::preferences::{self, START_COOKIE};
use crate::words::use_words;

/// The name in the browser's storage.
const KEPT_AS: &str = "gridspark-views";

/// One view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SavedView {
    name: String,
    /// As in a link: `?area=…`.
    query: String,
}

/// The views, a field to keep the present one, and which opens first.
#[component]
pub(super) fn SavedViews() -> impl IntoView {
    let words = use_words();
    let labels = words.list();
    let address = use_address();
    let views = RwSignal::new(Vec::<SavedView>::new());
    let start = RwSignal::new(preferences::start_view());
    // Known in the browser only: the server's page has none.
    Effect::new(move |_| {
        views.set(kept(KEPT_AS).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    });
    let change = move |change: &dyn Fn(&mut Vec<SavedView>)| {
        views.update(|views| change(views));
        if let Ok(text) = serde_json::to_string(&views.get_untracked()) {
            keep(KEPT_AS, &text);
        }
    };
    let set_start = move |query: Option<String>| {
        preferences::remember(START_COOKIE, query.as_deref());
        start.set(query);
    };
    let name = NodeRef::<Input>::new();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = name.get_untracked() else { return };
        let text = field.value().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let query = address.with_untracked(Address::view);
        change(&|views| {
            views.retain(|view| view.name != text);
            views.push(SavedView { name: text.clone(), query: query.clone() });
        });
        field.set_value("");
    };
    let menu = NodeRef::<Details>::new();
    let line = move |view: SavedView| {
        let (name, query) = (view.name.clone(), view.query.clone());
        let this = query.clone();
        let is_start = move || start.with(|start| start.as_deref() == Some(this.trim_start_matches('?')));
        let on_start = {
            let query = query.trim_start_matches('?').to_owned();
            move |event| set_start(event_target_checked(&event).then(|| query.clone()))
        };
        let removed = view.clone();
        let on_delete = move |_| {
            if start.with_untracked(|start| start.as_deref() == Some(removed.query.trim_start_matches('?'))) {
                set_start(None);
            }
            change(&|views| views.retain(|view| *view != removed));
        };
        let close = move |_| close(menu);
        view! {
            <li>
                <a href=query data-noscroll on:click=close>{name.clone()}</a>
                <label class="start-view">
                    <input type="checkbox" prop:checked=is_start on:change=on_start />
                    {labels.start_view}
                </label>
                <button type="button" class="icon-button" title=words.delete_view(&name) aria-label=words.delete_view(&name) on:click=on_delete>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
                </button>
            </li>
        }
    };
    view! {
        <Dropdown menu class="saved-views with-script" label=labels.views icon="M4 2h8v12l-4-3-4 3z">
            <ul>
                <li><a href="?" data-noscroll on:click=move |_| close(menu)>{labels.everything}</a></li>
                {move || views.get().into_iter().map(line).collect_view()}
            </ul>
            <Show when=move || views.with(Vec::is_empty)>
                <p class="muted">{labels.no_views}</p>
            </Show>
            <form class="save-view" on:submit=save>
                <label>
                    <span>{labels.view_name}</span>
                    <input type="text" maxlength="60" autocomplete="off" node_ref=name />
                </label>
                <button type="submit" class="button">{labels.save_view}</button>
            </form>
        </Dropdown>
    }
    .into_erased()
}

fn close(menu: NodeRef<Details>) {
    if let Some(menu) = menu.get_untracked() {
        menu.set_open(false);
    }
}
