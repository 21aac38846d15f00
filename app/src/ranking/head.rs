//! The head of the table: each column's name is a link that sorts by it.

use domain::ranking::{Direction, SortKey};
use leptos::prelude::*;

use super::columns::{COLUMNS, Column};
use crate::address::{use_address, use_link};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The row of headings. A second click turns the order round.
#[component]
pub(super) fn TableHead() -> impl IntoView {
    view! {
        <thead>
            <tr class="head" aria-rowindex="1">
                <th scope="col" class="col-select"><span class="visually-hidden">{use_words().list().selection}</span></th>
                {COLUMNS.map(|column| view! { <Heading column /> }).collect_view()}
            </tr>
        </thead>
    }
    .into_erased()
}

#[component]
fn Heading(column: Column) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let Column { class, first, .. } = column;
    let Some(key) = column.key else {
        return view! { <th scope="col" class=class><span class="plain-heading">{column.title(words)}</span></th> }.into_erased();
    };
    let order =
        Memo::new(move |_| address.with(|address| (address.sort == key).then_some(address.direction)));
    let href = use_link(move |to| {
        to.direction = match to.direction {
            Direction::Ascending if to.sort == key => Direction::Descending,
            Direction::Descending if to.sort == key => Direction::Ascending,
            _ => first,
        };
        to.sort = key;
    });
    let sorted = move || {
        order.get().map(|direction| match direction {
            Direction::Ascending => "ascending",
            Direction::Descending => "descending",
        })
    };
    let full_name = (key == SortKey::OverloadProbability).then_some(words.overload_probability_long);
    view! {
        <th scope="col" class=class aria-sort=sorted>
            <a href=href data-noscroll title=full_name>
                <span>{column.title(words)}</span>
                <svg class="sort-mark" viewBox="0 0 8 12" aria-hidden="true">
                    <path class="up" d="M4 0 8 5H0z" />
                    <path class="down" d="M4 12 0 7h8z" />
                </svg>
            </a>
        </th>
    }
    .into_erased()
}
