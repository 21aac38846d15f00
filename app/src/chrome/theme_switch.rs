//! The choice between light and dark.

use leptos::prelude::*;

use super::Appearance;
use crate::address::{Theme, use_address, use_link};
use crate::words::use_words;

const HALF: &str = "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 1.5v9a4.5 4.5 0 0 0 0-9z";
const SUN: &str = "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.4 1h1.2v2.4H7.4zm0 11.6h1.2V15H7.4zM1 7.4h2.4v1.2H1zm11.6 0H15v1.2h-2.4zM2.6 3.5l.9-.9 1.7 1.7-.9.9zm8.2 8.2.9-.9 1.7 1.7-.9.9zM2.6 12.5l1.7-1.7.9.9-1.7 1.7zm8.2-8.2 1.7-1.7.9.9-1.7 1.7z";
const MOON: &str = "M6.2 2.2a6 6 0 1 0 7.6 7.6 5 5 0 0 1-7.6-7.6z";

/// The choice is remembered; without JavaScript it is a link, and part of the address.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let words = use_words();
    let appearance = use_context::<Appearance>();
    let chosen = move || appearance.and_then(Appearance::chosen);
    let address = use_address();
    let choose = move |theme| {
        let Some(appearance) = appearance else { return };
        appearance.choose(theme);
        if address.with_untracked(|address| address.theme.is_some()) {
            let plain = address.with_untracked(|address| address.changed(|to| to.theme = None).href());
            let _ = window().location().set_search(&plain);
        }
    };
    let choices = [
        (None, words.theme_system, HALF),
        (Some(Theme::Light), words.theme_light, SUN),
        (Some(Theme::Dark), words.theme_dark, MOON),
    ];
    let link = move |(theme, name, drawing): (Option<Theme>, &'static str, &'static str)| {
        let href = use_link(move |to| to.theme = theme);
        let current = move || (chosen() == theme).then_some("true");
        let on_click = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            choose(theme);
        };
        view! {
            <a href=href data-noscroll aria-current=current title=name on:click=on_click>
                <svg class="switch-mark" viewBox="0 0 16 16" aria-hidden="true">
                    <path d=drawing />
                </svg>
                <span class="switch-name">{name}</span>
            </a>
        }
    };
    view! { <nav class="switch" aria-label=words.theme>{choices.map(link).collect_view()}</nav> }
}
