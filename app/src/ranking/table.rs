//! The table: head, the rows in view, and spacers for the rest.

use leptos::attr::custom::custom_attribute;
use leptos::either::Either;
use leptos::prelude::*;

use super::head::TableHead;
use super::keyboard::on_key;
use super::list::List;
use super::row::{RowCells, RowOnItsWay};
use super::window::{FIRST_ROWS, ROW_HEIGHT};
use crate::address::{Address, use_address};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The list, scrolled within its frame.
#[component]
pub(super) fn RankingTable(
    /// The state of the list.
    list: List,
) -> impl IntoView {
    let words = use_words();
    let total = Memo::new(move |_| list.rows.with(|rows| rows.total()));
    let in_view = Memo::new(move |_| list.viewport.get().rows(total.get()));
    let above = move || f64::from(in_view.get().start) * ROW_HEIGHT;
    let below = move || f64::from(total.get().saturating_sub(in_view.get().end)) * ROW_HEIGHT;
    let is_stale = move || list.is_stale().then_some("true");
    let columns = list.columns;
    let address = use_address();
    let sorted_by = Memo::new(move |_| address.with(|address| address.sort));
    let busy = move || if list.busy.get() { "true" } else { "false" };
    view! {
        <div
            class="ranking-frame"
            tabindex="-1"
            node_ref=list.frame
            on:scroll=move |_| list.scrolled()
            data-stale=is_stale
            on:keydown=move |event| on_key(list, &event)
        >
            <table class=move || columns.table_class(sorted_by.get()) aria-label=words.ranking aria-busy=busy aria-rowcount=move || total.get() + 1>
                <TableHead />
                <tbody>
                    <tr class="spacer" aria-hidden="true"><td {..custom_attribute("height", above)}></td></tr>
                    <For each=move || in_view.get() key=|row| *row let:place>
                        <Row list place />
                    </For>
                    <tr class="spacer" aria-hidden="true"><td {..custom_attribute("height", below)}></td></tr>
                </tbody>
            </table>
            <Show when=move || { total.get() > FIRST_ROWS }>
                <p class="first-rows without-script">{words.first_rows(FIRST_ROWS)}</p>
            </Show>
            <Show when=move || total.get() == 0 && list.failure.with(Option::is_none)>
                <NoRows />
            </Show>
        </div>
    }
    .into_erased()
}

#[component]
fn Row(list: List, place: u32) -> impl IntoView {
    let row = Memo::new(move |_| list.rows.with(|rows| rows.get(place).cloned()));
    let tab_stop = Signal::derive(move || list.active.get().map(|active| active == place));
    let is_selected =
        move || row.with(|row| row.as_ref().is_some_and(|row| list.selection.holds(&row.box_id)));
    view! {
        <tr class="row" class:selected=is_selected aria-rowindex=place + 2>
            {move || match row.get() {
                Some(row) => Either::Left(view! { <RowCells row place tab_stop list /> }),
                None => Either::Right(view! { <RowOnItsWay /> }),
            }}
        </tr>
    }
    .into_erased()
}

/// Where the filter lets nothing through.
#[component]
fn NoRows() -> impl IntoView {
    let words = use_words();
    let address = crate::address::use_address();
    if address.with_untracked(|address| address.ranking() == Address::default().ranking()) {
        return view! { <div class="no-rows"><p>{words.list().nothing_imported}</p></div> }.into_erased();
    }
    let href = crate::address::use_link(|to| {
        *to = Address {
            box_id: to.box_id.take(),
            tab: to.tab,
            language: to.language,
            theme: to.theme,
            ..Address::default()
        };
    });
    view! {
        <div class="no-rows">
            <p>{words.no_rows}</p>
            <a class="button" href=href>{words.clear_filters}</a>
        </div>
    }
    .into_erased()
}
