//! A failure, said where the answer would have stood.

use leptos::prelude::*;

use crate::address::use_link;
use crate::api::ApiError;
use crate::words::use_words;

/// What went wrong and a way to try again: a link to the same page, which loads it anew.
#[component]
pub(crate) fn Failure(
    /// What the server said.
    error: ApiError,
) -> impl IntoView {
    let words = use_words();
    let href = use_link(|_| ());
    view! {
        <div class="failure" role="alert">
            <p class="failure-title">{words.failed}</p>
            <p>{words.error(&error)}</p>
            <a class="button" rel="external" href=href>{words.retry}</a>
        </div>
    }
}
