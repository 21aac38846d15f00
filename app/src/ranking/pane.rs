//! The left side of the dashboard.

use leptos::prelude::*;

use super::filter_form::FilterForm;
use super::fleet_chips::FleetChips;
use super::list::List;
use super::rows::Rows;
use super::table::RankingTable;
use crate::address::{use_address, use_list_print_link};
use crate::api::FleetOverview;
use crate::api::functions::rank_boxes;
use crate::chrome::Failure;
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
    let query = use_address().with_untracked(|address| address.ranking());
    let first = OnceResource::new(rank_boxes(Rows::chunk_query(&query, 0)));
    let query = StoredValue::new(query);
    view! {
        <section class="ranking-pane" id="list" tabindex="-1" aria-label=words.ranking>
            <h1 class="visually-hidden">{words.ranking}</h1>
            <Suspense fallback=move || view! { <p class="loading-note">{words.loading}</p> }>
                {move || Suspend::new(async move {
                    let list = List::new(query.get_value(), first.await);
                    let facets = list.facets();
                    view! {
                        <FleetChips facets />
                        <FilterForm facets />
                        <RankingList list fleet />
                    }
                })}
            </Suspense>
        </section>
    }
    .into_erased()
}

#[component]
fn RankingList(list: List, fleet: FleetOverview) -> impl IntoView {
    let words = use_words();
    let total = Memo::new(move |_| list.rows.with(|rows| rows.total()));
    let print = use_list_print_link();
    view! {
        <p class="row-count" role="status">
            <Suspense>
                {move || Suspend::new(async move {
                    let all = fleet.await.map(|overview| overview.boxes).ok();
                    // Boxes that are not measured are not among the fleet's.
                    let all = move || all.filter(|_| !list.shows_unmeasured()).unwrap_or_else(|| total.get());
                    move || words.rows(total.get(), all())
                })}
            </Suspense>
        </p>
        <a class="print-link list-print" href=print target="_blank" rel="noopener">{words.on_detail().print}</a>
        {move || list.failure.get().map(|error| view! { <Failure error /> })}
        <RankingTable list />
    }
    .into_erased()
}
