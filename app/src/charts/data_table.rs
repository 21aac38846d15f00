//! The table under a chart.

use std::sync::Arc;

use leptos::prelude::*;

use super::figures::Figures;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Figures that can be opened. The server sends them along; in the browser they are made when they are opened.
#[component]
pub(crate) fn DataTable(
    /// Makes the figures.
    figures: Arc<dyn Fn() -> Figures + Send + Sync>,
) -> impl IntoView {
    let words = use_words();
    // While the browser takes the server's page over, it has to find the same elements.
    let sent_along = Owner::current_shared_context()
        .is_none_or(|context| !context.is_browser() || context.during_hydration());
    let wanted = RwSignal::new(sent_along);
    let open = move |_| {
        if !wanted.get_untracked() {
            wanted.set(true);
        }
    };
    let table = move || wanted.get().then(|| view! { <Table figures=figures() /> });
    view! {
        <details class="data-table" on:toggle=open>
            <summary>{words.table}</summary>
            <div class="data-table-frame" tabindex="0" role="region" aria-label=words.table>
                {table}
            </div>
        </details>
    }
    .into_erased()
}

#[component]
fn Table(figures: Figures) -> impl IntoView {
    let words = use_words();
    let Figures { groups, columns, rows } = figures;
    let group = |(name, width)| view! { <th scope="colgroup" colspan=width>{name} " · kW"</th> };
    let row = |(week, cells): (String, Vec<String>)| {
        view! {
            <tr>
                <th scope="row">{week}</th>
                {cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col" rowspan="2">{words.week_column}</th>
                    {groups.into_iter().map(group).collect_view()}
                </tr>
                <tr>{columns.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_erased()
}
