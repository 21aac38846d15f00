//! The choice of the language.

use domain::language::Language;
use leptos::prelude::*;

use crate::address::{use_address, use_link};
use crate::preferences::{self, LANGUAGE_COOKIE};
use crate::words::use_words;

/// A link for each language; each loads the page anew, in that language. The choice is remembered; without JavaScript it
/// is part of the address.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let link = move |language: Language| {
        let href = use_link(move |to| to.language = Some(language));
        let on_click = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            preferences::remember(LANGUAGE_COOKIE, Some(language.code()));
            let plain = address.with_untracked(|address| address.changed(|to| to.language = None).href());
            let location = window().location();
            if location.search().is_ok_and(|search| search == plain || (search.is_empty() && plain == "?")) {
                let _ = location.reload();
            } else {
                let _ = location.set_search(&plain);
            }
        };
        let current = (language == words.language).then_some("true");
        view! {
            <a href=href lang=language.code() hreflang=language.code() title=language.name() rel="external" aria-current=current on:click=on_click>
                <span aria-hidden="true">{language.code().to_uppercase()}</span>
                <span class="visually-hidden">{language.name()}</span>
            </a>
        }
    };
    view! { <nav class="switch" aria-label=words.language_label>{Language::ALL.map(link).collect_view()}</nav> }
}
