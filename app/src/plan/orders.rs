//! Which ratings are to be ordered: by size and by area.

use domain::plan::{OrderLine, by_area, by_size};
use leptos::prelude::*;

use super::desk::Desk;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Two small tables, of the rows that are ticked and, unless they are left out, of those that are recorded as planned.
#[component]
pub(super) fn Orders(desk: Desk) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let has_prices = desk.plan().has_prices;
    let with_planned = RwSignal::new(true);
    let count = move |with_planned| desk.with_orders(with_planned, |rows| rows.len());
    let tables = move || {
        let lines = desk.with_orders(with_planned.get(), |rows| {
            let size = |(size, line): (model::Capacity, OrderLine)| (words.kva(size.kva()), line);
            let area = |(area, line): (String, OrderLine)| {
                (if area.is_empty() { words.no_area.to_owned() } else { area }, line)
            };
            let sizes = by_size(rows.iter().copied()).into_iter().map(size).collect::<Vec<_>>();
            let areas = by_area(rows.iter().copied()).into_iter().map(area).collect::<Vec<_>>();
            (!rows.is_empty()).then(|| (sizes, areas, OrderLine::of(rows.iter().copied())))
        });
        lines.map(|(sizes, areas, all)| {
            view! {
                <OrderTable caption=labels.by_size name=labels.rating lines=sizes all has_prices />
                <OrderTable caption=labels.by_area name=words.area lines=areas all has_prices />
            }
        })
    };
    // Before the page is alive nothing can be unticked that would be lost.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let of = move || {
        let planned = with_planned.get().then(|| count(true) - count(false));
        words.orders_of(count(false), planned)
    };
    view! {
        <section>
            <h2>{labels.orders}</h2>
            <label class="with-planned with-script">
                <input
                    type="checkbox"
                    autocomplete="off"
                    disabled=move || !is_alive.get()
                    checked=true
                    prop:checked=with_planned
                    on:change=move |event| with_planned.set(event_target_checked(&event))
                />
                " "
                <span>{labels.with_planned}</span>
            </label>
            <p class="muted">{of}</p>
            <div class="order-tables">{tables}</div>
        </section>
    }
    .into_erased()
}

#[component]
fn OrderTable(
    caption: &'static str,
    /// Heading of the first column.
    name: &'static str,
    lines: Vec<(String, OrderLine)>,
    /// The last line.
    all: OrderLine,
    has_prices: bool,
) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let cells = move |line: OrderLine| {
        let cost = has_prices.then(|| {
            view! { <td class="figure">{line.cost_euro.map_or_else(|| "–".to_owned(), |euro| words.euro(euro))}</td> }
        });
        view! {
            <td class="figure">{words.count(line.count)}</td>
            {cost}
        }
    };
    let row = move |(name, line): (String, OrderLine)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells(line)}
            </tr>
        }
    };
    view! {
        <div class="score-frame" tabindex="0" role="region" aria-label=format!("{}: {caption}", labels.orders)>
            <table>
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{name}</th>
                        <th scope="col" class="figure">{labels.count}</th>
                        {has_prices.then(|| view! { <th scope="col" class="figure">{labels.cost}</th> })}
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{labels.together}</th>
                        {cells(all)}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
    .into_erased()
}
