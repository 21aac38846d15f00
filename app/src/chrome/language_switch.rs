//! The choice of the language.

use domain::language::Language;
use leptos::prelude::*;

use crate::address::use_link;
use crate::words::use_words;

/// A link for each language; each loads the page anew, in that language.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let words = use_words();
    let link = move |language: Language| {
        let href = use_link(move |to| to.language = Some(language));
        let current = (language == words.language).then_some("true");
        view! {
            <a href=href lang=language.code() hreflang=language.code() title=language.name() rel="external" aria-current=current>
                <span aria-hidden="true">{language.code().to_uppercase()}</span>
                <span class="visually-hidden">{language.name()}</span>
            </a>
        }
    };
    view! { <nav class="switch" aria-label=words.language_label>{Language::ALL.map(link).collect_view()}</nav> }
}
