//! The ranked list beside the detail of one box.

use leptos::prelude::*;
use leptos_meta::Title;
use model::BoxId;

use crate::address::use_address;
use crate::api::functions::survey_fleet;
use crate::api::{FleetOverview, ask};
use crate::chrome::{SkipLink, TopBar};
use crate::detail::DetailPane;
use crate::erased_view::IntoErased as _;
use crate::ranking::{ListRenewal, RankingPane};
use crate::words::use_words;

/// List and detail: side by side on a wide screen, one after the other on a narrow one.
#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let fleet: FleetOverview = ask(|| (), |()| survey_fleet());
    provide_context(ListRenewal::default());
    let chosen = Memo::new(move |_| address.with(|address| address.box_id.clone()));
    let title_of = move |chosen: Option<BoxId>| {
        chosen.map_or_else(|| words.title.to_owned(), |id| format!("{id} – {}", words.title))
    };
    // The server writes the title when the page is done and another may be rendered on the thread: what is read only
    // then would be that page's, or gone.
    let on_server = cfg!(feature = "ssr").then(|| title_of(chosen.get_untracked()));
    let title = move || on_server.clone().unwrap_or_else(|| title_of(chosen.get()));
    // On a narrow screen the style sheet shows one of the two panes.
    let is_detail = move || address.with(|address| address.box_id.is_some() || address.this_week);
    let shown = move || if is_detail() { "detail" } else { "list" };
    view! {
        <Title text=title />
        <SkipLink target="list" first=".ranking th a[tabindex='0']" text=words.skip_to_list />
        <SkipLink target="detail" text=words.skip_to_detail />
        <TopBar fleet />
        <main class="dashboard" data-shows=shown>
            <RankingPane fleet />
            <DetailPane fleet />
        </main>
    }
    .into_erased()
}
