//! The left side of the dashboard.

use domain::ranking::Facets;
use leptos::prelude::*;

use super::column_choice::ColumnMenu;
use super::filter_form::FilterForm;
use super::fleet_chips::FleetChips;
use super::key_list::KeyListDialog;
use super::keyboard::follow_keys;
use super::list::List;
use super::rows::Rows;
use super::saved_views::SavedViews;
use super::selection_bar::SelectionBar;
use super::stale_note::StaleNote;
use super::table::RankingTable;
use super::unknown_note::UnknownNote;
use crate::account::is_viewer;
use crate::address::{use_address, use_link, use_list_print_link};
use crate::api::functions::rank_boxes;
use crate::api::{FleetOverview, Json};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Summary, filters and the list.
#[component]
pub(crate) fn RankingPane(
    /// The fleet.
    fleet: FleetOverview,
) -> impl IntoView {
    let words = use_words();
    // Asked for once, so that the server's page has it; afterwards `List` asks itself.
    let (query, chosen) = use_address().with_untracked(|address| (address.ranking(), address.box_id.clone()));
    let first =
        OnceResource::<_, Json>::new_with_options(rank_boxes(Rows::first_query(&query, chosen)), false);
    let query = StoredValue::new(query);
    view! {
        <section class="ranking-pane" id="list" tabindex="-1" aria-label=words.ranking>
            <h1 class="visually-hidden">{words.ranking}</h1>
            <Suspense fallback=move || view! { <p class="loading-note">{words.loading}</p> }>
                {move || Suspend::new(async move {
                    let list = List::new(query.get_value(), first.await);
                    let facets = list.facets();
                    let overview = fleet.await.unwrap_or_default();
                    let bounds = overview.thresholds;
                    let areas = overview.areas.into_iter().map(|area| area.area).collect::<Vec<_>>();
                    view! {
                        <FleetChips facets bounds />
                        <ListTools list facets fleet />
                        <UnknownNote areas />
                        <StaleNote list />
                        <RankingTable list />
                        <KeyListDialog key_list=list.key_list />
                    }
                })}
            </Suspense>
        </section>
    }
    .into_erased()
}

/// Filters, and between them and the rows: how many there are, what is selected, columns, views, keys.
#[component]
fn ListTools(list: List, facets: Memo<Facets>, fleet: FleetOverview) -> impl IntoView {
    let words = use_words();
    let labels = words.list();
    follow_keys(list);
    let this_week = use_link(|to| to.this_week = true);
    let this_week = is_viewer().then(|| {
        view! { <a class="text-button week-link" href=this_week data-noscroll>{words.this_week().title}</a> }
    });
    view! {
        <div class="list-tools">
            <FilterForm facets />
            <RowCount list fleet />
            {this_week}
            <SelectionBar list />
            <ColumnMenu choice=list.columns />
            <SavedViews />
            <button
                type="button"
                class="text-button keys-button with-script"
                title=labels.keys
                aria-label=labels.keys
                on:click=move |_| list.key_list.open()
            >
                "?"
            </button>
        </div>
    }
    .into_erased()
}

#[component]
fn RowCount(list: List, fleet: FleetOverview) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let total = Memo::new(move |_| list.rows.with(|rows| rows.total()));
    let chosen = Memo::new(move |_| address.with(|address| address.boxes.len()));
    let all_again = use_link(|to| to.boxes.clear());
    let print = use_list_print_link();
    view! {
        <p class="row-count" role="status">
            <Suspense>
                {move || Suspend::new(async move {
                    let all = fleet.await.map(|overview| overview.boxes).ok();
                    // Boxes that are not measured are not among the fleet's.
                    let all = move || all.filter(|_| !list.shows_unmeasured()).unwrap_or_else(|| total.get());
                    move || (!list.is_stale()).then(|| words.rows(total.get(), all()))
                })}
            </Suspense>
            <Show when=move || { chosen.get() > 0 }>
                <span class="chosen-boxes">
                    " · " {move || words.chosen_boxes(chosen.get())}
                    <a class="text-button" href=all_again data-noscroll>{words.list().all_again}</a>
                </span>
            </Show>
        </p>
        <a class="text-button list-print" href=print target="_blank" rel="noopener">{words.on_detail().print}</a>
    }
    .into_erased()
}
