//! The choice between light and dark.

use leptos::prelude::*;

use crate::address::Theme;
use crate::app::{use_address, use_link};
use crate::words::use_words;

/// Links, so that the choice is part of the address and works without JavaScript.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let choices = [
        (None, words.theme_system),
        (Some(Theme::Light), words.theme_light),
        (Some(Theme::Dark), words.theme_dark),
    ];
    let link = move |(theme, name): (Option<Theme>, &'static str)| {
        let href = use_link(move |to| to.theme = theme);
        let current = move || address.with(|address| address.theme == theme).then_some("true");
        view! { <a href=href data-noscroll aria-current=current>{name}</a> }
    };
    view! { <nav class="switch" aria-label=words.theme>{choices.map(link).collect_view()}</nav> }
}
