//! The rows of the plan, and the line where the budget ends.

use domain::actions::ActionSummary;
use domain::plan::{PlanRow, SplitRow};
use leptos::prelude::*;
use model::BoxId;

use super::desk::Desk;
use crate::address::{Address, use_address};
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

/// The rows that are shown at first, and how many more at a time.
const STEP: usize = 100;
/// The most that are shown at first, so that the budget's line is among them.
const MOST: usize = 500;
/// Those without a size that are shown at first, and how many more at a time.
const SPLITS_STEP: usize = 25;
/// The rows that are seen below the line.
const BELOW_LINE: usize = 5;

/// The table, each row with its box to tick.
#[component]
pub(super) fn PlanTable(desk: Desk) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let plan = desk.plan();
    let (rows, has_prices, within) = (plan.rows.len(), plan.has_prices, plan.rows_within_budget());
    let first = STEP.max(within.map_or(0, |within| within + BELOW_LINE).min(MOST));
    let shown = RwSignal::new(first);
    let line = move || {
        let budget = desk.plan().budget_euro.unwrap_or_default();
        view! {
            <tr class="budget-line">
                <td colspan="12"><span>{words.plan_line(budget)}</span></td>
            </tr>
        }
    };
    let row = move |place: usize| {
        let plan = desk.plan();
        // The table is made of places below its length.
        let row = plan.rows.get(place).cloned()?;
        let line_before = (place == 0 && within == Some(0)).then(line);
        let line_after = (within == Some(place + 1)).then(line);
        Some(view! {
            {line_before}
            <Row desk row has_prices />
            {line_after}
        })
    };
    let price_columns = move |names: &[&'static str]| {
        let names = names.iter().copied();
        let column = |name| view! { <th scope="col" rowspan="2" class="figure">{name}</th> };
        has_prices.then(|| names.map(column).collect_view())
    };
    view! {
        <div class="score-frame plan-frame" tabindex="0" role="region" aria-label=labels.title>
            <table class="plan-table">
                <thead>
                    <tr>
                        <th scope="col" rowspan="2"><span class="visually-hidden">{words.list().selection}</span></th>
                        <th scope="col" rowspan="2">{words.station}</th>
                        <th scope="col" rowspan="2">{words.area}</th>
                        <th scope="col" rowspan="2" class="figure">{words.capacity}</th>
                        <th scope="col" rowspan="2" class="figure">{labels.rating}</th>
                        {price_columns(&[labels.price])}
                        <th scope="colgroup" colspan="3" class="figure">{labels.weeks}</th>
                        {price_columns(&[labels.per_1000_euro, labels.cumulative])}
                        <th scope="col" rowspan="2">{words.actions().status}</th>
                    </tr>
                    <tr>
                        <th scope="col" class="figure">{labels.now}</th>
                        <th scope="col" class="figure">{labels.with_rating}</th>
                        <th scope="col" class="figure">{labels.avoided}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || 0..shown.get().min(rows) key=|place| *place children=row />
                </tbody>
            </table>
        </div>
        <Show when=move || shown.get() < rows>
            <button type="button" class="button with-script" on:click=move |_| shown.update(|shown| *shown += STEP)>
                {labels.more}
            </button>
        </Show>
    }
    .into_erased()
}

#[component]
fn Row(desk: Desk, row: PlanRow, has_prices: bool) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let figure = |text: Option<String>| {
        view! { <td class="figure">{text.unwrap_or_else(|| "–".to_owned())}</td> }
    };
    let weeks = |weeks: Option<f64>| weeks.map(|weeks| words.weeks_figure(weeks));
    let computed = match row.weeks_with_rating {
        Some(with) => view! {
            <td class="figure">{words.weeks_figure(with)}</td>
            {figure(weeks(row.weeks_avoided))}
        }
        .into_erased(),
        None => view! { <td class="muted" colspan="2">{labels.next_forecast}</td> }.into_erased(),
    };
    let price = has_prices.then(|| figure(row.rating.price_euro.map(|euro| words.euro(euro))));
    let by_price = has_prices.then(|| {
        let per_euro = row.weeks_avoided_per_1000_euro.map(|weeks| words.weeks_per_1000_euro(weeks));
        view! {
            {figure(per_euro)}
            {figure(row.cumulative_euro.map(|euro| words.euro(euro)))}
        }
    });
    let known = row.clone();
    let action = move || desk.action(&known).map(|action| words.action_short(&action));
    view! {
        <tr>
            <td class="tick"><Tick desk box_id=row.box_id.clone() is_chosen=row.is_chosen /></td>
            <th scope="row"><BoxLink box_id=row.box_id.clone() station_name=row.station_name.clone() /></th>
            <td>{row.area.clone()}</td>
            <td class="figure">{words.kva(row.capacity_kva.kva())}</td>
            <td class="figure"><strong>{words.kva(row.rating.capacity.kva())}</strong></td>
            {price}
            <td class="figure">{words.weeks_figure(row.weeks_now)}</td>
            {computed}
            {by_price}
            <td>{action}</td>
        </tr>
    }
    .into_erased()
}

/// The box of a row. Before the page is alive nothing can be ticked that would be lost.
#[component]
fn Tick(desk: Desk, box_id: BoxId, is_chosen: bool) -> impl IntoView {
    let words = use_words();
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let label = words.select_box(box_id.as_str());
    let ticked = {
        let box_id = box_id.clone();
        move || desk.is_ticked(&box_id)
    };
    view! {
        <label class="tick-target">
            <input
                type="checkbox"
                aria-label=label
                autocomplete="off"
                disabled=move || !is_alive.get()
                checked=is_chosen
                prop:checked=ticked
                on:change=move |event| desk.tick(&box_id, event_target_checked(&event))
            />
        </label>
    }
    .into_erased()
}

/// The station with its box, which the link opens beside the list of the same area.
#[component]
fn BoxLink(box_id: BoxId, station_name: String) -> impl IntoView {
    let address = use_address();
    let href = address.with_untracked(|address| {
        let Address { area, language, theme, .. } = address.clone();
        let to = Address { area, language, theme, box_id: Some(box_id.clone()), ..Address::default() };
        format!("/{}", to.href())
    });
    let name = if station_name.is_empty() { box_id.to_string() } else { station_name };
    let below =
        (name != box_id.as_str()).then(|| view! { <span class="plan-box">{box_id.to_string()}</span> });
    view! { <a href=href rel="external">{name}</a> {below} }.into_erased()
}

/// Those that no rating helps.
#[component]
pub(super) fn SplitTable(rows: Vec<SplitRow>) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let (rows, shown) = (StoredValue::new(rows), RwSignal::new(SPLITS_STEP));
    let all = rows.with_value(Vec::len);
    let row = move |place: usize| {
        // The table is made of places below its length.
        let row = rows.with_value(|rows| rows.get(place).cloned())?;
        Some(view! {
            <tr>
                <th scope="row"><BoxLink box_id=row.box_id station_name=row.station_name /></th>
                <td>{row.area}</td>
                <td class="figure">{words.kva(row.capacity_kva.kva())}</td>
                <td class="figure">{words.kva(row.needed_kva.ceil())}</td>
                <td class="figure">{words.probability(row.overload_probability)}</td>
                <td class="figure">{words.weeks_figure(row.weeks_now)}</td>
                <td>{said(row.action, words)}</td>
            </tr>
        })
    };
    view! {
        <section>
            <h2>{labels.split}</h2>
            <p>{labels.split_about}</p>
            <div class="score-frame" tabindex="0" role="region" aria-label=labels.split>
                <table class="plan-table">
                    <thead>
                        <tr>
                            <th scope="col">{words.station}</th>
                            <th scope="col">{words.area}</th>
                            <th scope="col" class="figure">{words.capacity}</th>
                            <th scope="col" class="figure">{labels.needed}</th>
                            <th scope="col" class="figure">{words.overload_probability}</th>
                            <th scope="col" class="figure">{labels.weeks}</th>
                            <th scope="col">{words.actions().status}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || 0..shown.get().min(all) key=|place| *place children=row />
                    </tbody>
                </table>
            </div>
            <Show when=move || shown.get() < all>
                <button
                    type="button"
                    class="button with-script"
                    on:click=move |_| shown.update(|shown| *shown += SPLITS_STEP)
                >
                    {labels.more}
                </button>
            </Show>
        </section>
    }
    .into_erased()
}

fn said(action: Option<ActionSummary>, words: &Words) -> Option<String> {
    action.map(|action| words.action_short(&action))
}
