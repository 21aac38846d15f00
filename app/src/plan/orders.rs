//! Which ratings are to be ordered: by size and by area.

use domain::plan::{OrderLine, PlanRow, by_area, by_size};
use leptos::prelude::*;

use super::desk::Desk;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Two small tables, of the rows that are ticked or, where none is, of all.
#[component]
pub(super) fn Orders(desk: Desk) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let has_prices = desk.plan().has_prices;
    let lines = move || {
        let plan = desk.plan();
        let of = |rows: &[&PlanRow]| {
            let size = |(size, line): (model::Capacity, OrderLine)| (words.kva(size.kva()), line);
            let area = |(area, line): (String, OrderLine)| {
                (if area.is_empty() { words.no_area.to_owned() } else { area }, line)
            };
            let sizes = by_size(rows.iter().copied()).into_iter().map(size).collect::<Vec<_>>();
            let areas = by_area(rows.iter().copied()).into_iter().map(area).collect::<Vec<_>>();
            (sizes, areas, OrderLine::of(rows.iter().copied()))
        };
        desk.with_ticked(|ticked| match ticked {
            [] => of(&plan.rows.iter().collect::<Vec<_>>()),
            ticked => of(ticked),
        })
    };
    let tables = move || {
        let (sizes, areas, all) = lines();
        view! {
            <OrderTable caption=labels.by_size name=labels.rating lines=sizes all has_prices />
            <OrderTable caption=labels.by_area name=words.area lines=areas all has_prices />
        }
    };
    let of = move || words.orders_of(desk.ticked_count(), desk.plan().rows.len());
    view! {
        <section>
            <h2>{labels.orders}</h2>
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
