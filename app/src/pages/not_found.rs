//! The page for addresses that are none.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::address::use_home_link;
use crate::chrome::TopBar;
use crate::words::use_words;

/// Says so, and leads back.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let words = use_words();
    view! {
        <Title text=format!("{} – {}", words.not_found_title, words.title) />
        <TopBar />
        <main class="not-found">
            <h1>{words.not_found_title}</h1>
            <p>{words.not_found_text}</p>
            <a class="button" href=use_home_link()>{words.not_found_link}</a>
        </main>
    }
}
