//! Rows that could not be renewed: said above them, with a way to ask again.

use leptos::prelude::*;

use super::list::List;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// What went wrong, which rows are shown meanwhile, and a button that asks again. Nothing while all is well.
#[component]
pub(super) fn StaleNote(
    /// The list.
    list: List,
) -> impl IntoView {
    let words = use_words();
    // Back on the network, the list asks by itself.
    let listener = window_event_listener(leptos::ev::online, move |_| {
        if list.failure.with_untracked(Option::is_some) {
            list.ask_again();
        }
    });
    on_cleanup(move || listener.remove());
    let note = move || {
        let error = list.failure.get()?;
        let rows = match list.rows.with(|rows| rows.total()) {
            0 => "",
            _ if list.is_stale() => words.rows_of_before(),
            _ => words.rows_may_be_old(),
        };
        Some(view! {
            <div class="stale-note" role="alert">
                <p>{words.error(&error)} " " {rows}</p>
                <button type="button" class="button" on:click=move |_| list.ask_again()>{words.list().ask_again}</button>
            </div>
        })
    };
    view! { {note} }.into_erased()
}
