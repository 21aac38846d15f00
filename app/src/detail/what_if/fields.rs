//! The fields in which a planner says what to assume: each number has a slider beside it.

use domain::week_span::WeekSpan;
use leptos::prelude::*;
use model::IsoWeek;

use super::asking::Asking;
use super::typed::{Field, Typed, read};
use crate::erased_view::IntoErased as _;
use crate::typed_number::written_number;
use crate::words::use_words;

/// Where a slider ends: as much as one transformer is asked about, and more can be typed.
fn slider_end(field: Field, capacity_kva: f64) -> f64 {
    match field {
        Field::Capacity => (capacity_kva * 3.0 / 10.0).ceil() * 10.0,
        Field::Panels => 500.0,
        _ => 200.0,
    }
}

#[component]
pub(super) fn Fields(
    asking: Asking,
    /// The transformer as it is.
    capacity_kva: f64,
    /// Weeks that count but need not, each with what they are.
    counted: Vec<(WeekSpan, String)>,
) -> impl IntoView {
    let words = use_words();
    let texts = words.what_if();
    let typed = asking.typed.clone();
    let asking = StoredValue::new(asking);
    let edit = move |apply: &dyn Fn(&mut Typed)| asking.with_value(|asking| asking.edit(apply));
    let row = |field: Field| {
        let (shown, slid) = (typed.clone(), typed.clone());
        let on_input = move |event| {
            let text = event_target_value(&event);
            edit(&|typed| typed.set_number(field, text.clone()));
        };
        let is_capacity = field == Field::Capacity;
        let at_first = if is_capacity { capacity_kva } else { 0.0 };
        // What can't be read moves nothing.
        let place = move || {
            let number = slid.with(|typed| match typed.number(field).trim() {
                "" => at_first,
                text => read(text, words).unwrap_or(at_first),
            });
            number.to_string()
        };
        let (start, step) = if is_capacity { ("10", "10") } else { ("0", "1") };
        let label = field.label(texts);
        view! {
            <div class="what-if-field">
                <label for=format!("what-if-{}", field.as_str())>{label}</label>
                <input
                    type="range"
                    aria-label=label
                    min=start
                    max=slider_end(field, capacity_kva).to_string()
                    step=step
                    prop:value=place
                    on:input=on_input
                />
                <input
                    type="text"
                    id=format!("what-if-{}", field.as_str())
                    name=field.as_str()
                    inputmode="decimal"
                    autocomplete="off"
                    placeholder=written_number(at_first, words.language)
                    prop:value=move || shown.with(|typed| typed.number(field).to_owned())
                    on:input=on_input
                />
            </div>
        }
    };
    let rows = Field::ALL.map(row).collect_view();
    let day = typed.clone();
    let on_day = move |event| {
        let text = event_target_value(&event);
        edit(&|typed| text.clone_into(&mut typed.from));
    };
    let spans = typed.clone();
    let week = move |(span, what): (WeekSpan, String)| {
        let spans = spans.clone();
        let is_left_out = move || spans.with(|typed| typed.left_out.contains(&span));
        let on_change = move |event| {
            let is_checked = event_target_checked(&event);
            edit(&|typed| {
                typed.left_out.retain(|left_out| *left_out != span);
                if is_checked {
                    typed.left_out.push(span);
                }
            });
        };
        view! {
            <label class="what-if-weeks">
                <input type="checkbox" prop:checked=is_left_out on:change=on_change />
                <span>{what} ", " {words.span(span.first, span.last)}</span>
            </label>
        }
    };
    let counted_spans: Vec<WeekSpan> = counted.iter().map(|(span, _)| *span).collect();
    let weeks = (!counted.is_empty()).then(|| {
        view! {
            <div class="what-if-listed">{counted.into_iter().map(week).collect_view()}</div>
        }
    });
    let listed: Vec<WeekSpan> = counted_spans;
    let marked = typed.clone();
    let others = move || {
        let spans = marked.with(|typed| typed.left_out.clone());
        spans.into_iter().filter(|span| !listed.contains(span)).collect::<Vec<_>>()
    };
    let chip = move |span: WeekSpan| {
        let said = words.span(span.first, span.last);
        let count_again = format!("{}: {said}", texts.count_again);
        let remove = move |_| edit(&|typed| typed.left_out.retain(|left_out| *left_out != span));
        view! {
            <li>
                <button type="button" class="button" aria-label=count_again on:click=remove>
                    {said} <span aria-hidden="true">" ×"</span>
                </button>
            </li>
        }
    };
    let others = move || others().into_iter().map(chip).collect_view();
    let (first, last) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let refused = RwSignal::new(false);
    let add = move |_| {
        let week = |typed: RwSignal<String>| typed.with_untracked(|text| text.trim().parse::<IsoWeek>().ok());
        // One week alone is a span, too.
        match (
            week(first),
            week(last).or_else(|| week(first).filter(|_| last.with_untracked(String::is_empty))),
        ) {
            (Some(from), Some(to)) if from <= to => {
                edit(&|typed| typed.leave_out(WeekSpan::new(from, to)));
                first.set(String::new());
                last.set(String::new());
                refused.set(false);
            }
            _ => refused.set(true),
        }
    };
    let week_field = move |name: &'static str, label: &'static str, typed: RwSignal<String>| {
        view! {
            <input
                type="week"
                name=name
                aria-label=label
                placeholder="2026-W23"
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        }
    };
    let clear = move |_| edit(&|typed| *typed = Typed::default());
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <fieldset class="what-if-fields with-script" disabled=move || !is_alive.get()>
            <legend>{texts.title}</legend>
            {rows}
            <div class="what-if-field">
                <label for="what-if-from">{texts.from}</label>
                <input
                    type="date"
                    id="what-if-from"
                    name="from"
                    prop:value=move || day.with(|typed| typed.from.clone())
                    on:input=on_day
                />
                <button type="button" class="button" on:click=clear>{texts.clear}</button>
            </div>
            <div role="group" aria-labelledby="what-if-left-out">
                <p id="what-if-left-out">{texts.left_out}</p>
                {weeks}
                <ul class="what-if-spans">{others}</ul>
                <div class="what-if-add">
                    {week_field("first-week", texts.first_week, first)}
                    {week_field("last-week", texts.last_week, last)}
                    <button type="button" class="button" on:click=add>{texts.add}</button>
                </div>
                <p class="action-said" role="status">{move || refused.get().then_some(texts.wanted_weeks)}</p>
            </div>
        </fieldset>
    }
    .into_erased()
}
