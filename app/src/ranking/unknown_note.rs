//! What the link asked for and is not there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::address::{MarkUnknown, unknown_fields, use_address};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// A sentence for each word of the address that says nothing to this page, and for an area that no transformer is in.
#[component]
pub(crate) fn UnknownNote(
    /// All areas.
    areas: Vec<String>,
) -> impl IntoView {
    let words = use_words();
    let search = use_location().search;
    let address = use_address();
    let lines = Memo::new(move |_| {
        let unknown = search.with(|query| unknown_fields(query));
        let said = |(key, word): &(String, String)| match key.as_str() {
            "budget" => words.bad_budget(word),
            _ => words.unknown_in_address(word),
        };
        let mut lines: Vec<_> = unknown.iter().map(said).collect();
        // Where the areas themselves can't be had, nothing is said of them.
        let area = address.with(|address| address.area.clone());
        lines.extend(
            area.filter(|area| !areas.is_empty() && !areas.contains(area))
                .map(|area| words.unknown_area(&area)),
        );
        lines
    });
    if !lines.with_untracked(Vec::is_empty)
        && let Some(MarkUnknown(mark)) = use_context::<MarkUnknown>()
    {
        mark();
    }
    let notes = move || {
        let lines = lines.get();
        (!lines.is_empty()).then(|| {
            let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
            view! { <div class="stale-note" role="status">{lines}</div> }
        })
    };
    view! { {notes} }.into_erased()
}
