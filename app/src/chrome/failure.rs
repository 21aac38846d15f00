//! A failure, said where the answer would have stood.

use leptos::prelude::*;

use crate::address::{Address, use_link};
use crate::api::ApiError;
use crate::words::use_words;

/// What went wrong and the way on: a link to the same page, which loads it anew, or a search for what resembles a box that
/// isn't there.
#[component]
pub(crate) fn Failure(
    /// What the server said.
    error: ApiError,
) -> impl IntoView {
    let words = use_words();
    let (text, href) = match &error {
        ApiError::UnknownBox(box_id) => {
            // Boxes of one station share the identifier up to the number after the last hyphen.
            let resembling =
                box_id.rsplit_once('-').map_or(box_id.as_str(), |(station, _)| station).to_owned();
            let found = use_link(move |to| {
                *to = Address { language: to.language, theme: to.theme, ..Address::default() };
                to.search = resembling.clone();
            });
            (words.search_resembling, found)
        }
        _ => (words.retry, use_link(|_| ())),
    };
    view! {
        <div class="failure" role="alert">
            <p class="failure-title">{words.failed}</p>
            <p>{words.error(&error)}</p>
            <a class="button" rel="external" href=href>{text}</a>
        </div>
    }
}
