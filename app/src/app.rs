//! The root of the page.

use leptos::prelude::*;
use leptos_meta::{Html, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use crate::address::Address;
use crate::chrome::Appearance;
use crate::pages::{Dashboard, NotFound, PlanPage};
use crate::preferences;
use crate::words::Words;

/// The whole page: its state in the address, its words, its routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Page />
        </Router>
    }
}

/// Reads the address and provides what everything below it needs.
#[component]
fn Page() -> impl IntoView {
    let search = use_location().search;
    let address = Memo::new(move |_| search.with(|query| Address::parse(query)));
    // Another language is another document (its links reload), so the words never change under the page.
    let language = address.with_untracked(|address| address.language).unwrap_or_else(preferences::language);
    let words: &'static Words = Words::of(language);
    provide_context(words);
    #[cfg(not(feature = "ssr"))]
    if let Some(clock) = crate::wall_clock::WallClock::of_document() {
        provide_context(clock);
    }
    provide_context(address);
    let appearance = Appearance::new(address);
    provide_context(appearance);
    let theme = move || appearance.chosen().map(|theme| theme.as_str());
    view! {
        <Html {..} lang=language.code() data-theme=theme />
        // The whole document is made before it is sent: it is complete without JavaScript.
        <Routes fallback=NotFound>
            <Route path=path!("/") view=Dashboard ssr=SsrMode::Async />
            <Route path=path!("/plan") view=PlanPage ssr=SsrMode::Async />
        </Routes>
    }
}
