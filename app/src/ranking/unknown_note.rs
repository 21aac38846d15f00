//! What the link asked for and is not there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::address::unknown_words;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// A sentence for each word of the address that says nothing to this page, until the address changes.
#[component]
pub(super) fn UnknownNote() -> impl IntoView {
    let words = use_words();
    let search = use_location().search;
    let unknown = Memo::new(move |_| search.with(|query| unknown_words(query)));
    let notes = move || {
        let unknown = unknown.get();
        (!unknown.is_empty()).then(|| {
            let lines =
                unknown.iter().map(|word| view! { <p>{words.unknown_in_address(word)}</p> }).collect_view();
            view! { <div class="stale-note" role="status">{lines}</div> }
        })
    };
    view! { {notes} }.into_erased()
}
