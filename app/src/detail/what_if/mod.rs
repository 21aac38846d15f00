//! What if? The model is asked about more load, another transformer, or without some weeks.

mod asking;
mod fields;
mod loaded_model;
mod proposals;
mod saving;
mod typed;

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::doubtful_peaks::doubtful_peaks;
use domain::week_span::WeekSpan;
use leptos::prelude::*;
use model::IsoWeek;

pub(super) use self::asking::TypedOfBoxes;
use self::asking::{Asking, Stage};
use self::fields::Fields;
use self::proposals::Proposals;
use super::special_weeks::counted_weeks;
use crate::charts::{
    Brush, ChartBox, PictureSize, WhatIfLegend, forecast_summary, history_paths, what_if_chart,
};
use crate::erased_view::IntoErased as _;
#[cfg(not(feature = "ssr"))]
use crate::on_demand::{Make, PartMissing, on_demand};
use crate::words::use_words;

/// The tab. Its code, and with it the model's, is loaded when it is first shown.
#[cfg(feature = "ssr")]
pub(super) fn what_if_view(detail: Arc<BoxDetail>) -> AnyView {
    view! { <div class="part">{make_tab(detail)}</div> }.into_any()
}

#[cfg(not(feature = "ssr"))]
pub(super) fn what_if_view(detail: Arc<BoxDetail>) -> AnyView {
    static KNOWN: std::sync::OnceLock<Make<Arc<BoxDetail>>> = std::sync::OnceLock::new();
    on_demand(detail, &KNOWN, what_if_part)
}

#[cfg(not(feature = "ssr"))]
#[leptos::wasm_split::wasm_split(what_if, wasm_split_path = leptos::wasm_split, fallible)]
fn what_if_part() -> Result<Make<Arc<BoxDetail>>, PartMissing> {
    Ok(make_tab)
}

fn make_tab(detail: Arc<BoxDetail>) -> AnyView {
    view! { <WhatIfTab detail /> }.into_any()
}

/// Before and after in one chart, what the model says of them, and the fields.
#[component]
fn WhatIfTab(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let texts = words.what_if();
    let capacity_kva = detail.capacity_kva.filter(|_| forecast_summary(&detail, words).is_some());
    let Some(capacity_kva) = capacity_kva else {
        return view! { <p class="no-chart">{words.no_chart}</p> }.into_erased();
    };
    let counted = counted_weeks(&detail.special_weeks, &doubtful_peaks(&detail), words);
    let asking = Asking::new(detail.box_id.clone());
    let picture = history_paths(&detail, PictureSize::FULL, words);
    let stage = asking.stage.clone();
    let of_chart = StoredValue::new(asking.clone());
    let last_measured = last_week_of_history(&detail);
    let on_weeks = Callback::new(move |weeks: WeekSpan| {
        // What is to come can't be left out.
        let last = last_measured.map_or(weeks.last, |last| weeks.last.min(last));
        if weeks.first <= last {
            of_chart
                .with_value(|asking| asking.edit(|typed| typed.leave_out(WeekSpan::new(weeks.first, last))));
        }
    });
    let brush = Some(Brush { name: texts.brush, on_weeks });
    let draw = move |palette: &_| {
        let answer = match stage.get() {
            Stage::Answered(answer) => Some(answer),
            Stage::Nothing | Stage::Refused(_) => None,
        };
        what_if_chart(&detail, answer.as_deref(), words, palette)
    };
    view! {
        <ChartBox size="chart-forecast" summary=texts.summary.to_owned() picture=picture brush=brush draw=Arc::new(draw) />
        <WhatIfLegend />
        <Said asking=asking.clone() />
        <Fields asking=asking.clone() capacity_kva counted />
        <Proposals asking />
    }
    .into_erased()
}

/// The last week that a forecast of the box was made of.
fn last_week_of_history(detail: &BoxDetail) -> Option<IsoWeek> {
    let forecast = &detail.maximum.as_ref()?.forecast;
    forecast.weeks.get(forecast.history.checked_sub(1)?).copied()
}

/// What the model answers.
#[component]
fn Said(asking: Asking) -> impl IntoView {
    let words = use_words();
    let texts = words.what_if();
    let (stage, is_waiting) = (asking.stage.clone(), asking.is_waiting.clone());
    let typed = asking.typed;
    let said = move || match stage.get() {
        // What was answered before stays until the next answer is there.
        Stage::Answered(answer) => {
            let from = typed.with(|typed| typed.from.parse().ok());
            let is_beyond =
                from.zip(answer.weeks.last()).is_some_and(|(day, last)| IsoWeek::containing(day) > *last);
            let beyond = is_beyond.then(|| words.beyond_forecast(&answer)).flatten();
            [Some(words.what_if_answer(&answer)), beyond].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Stage::Refused(refusal) => refusal,
        Stage::Nothing if is_waiting.get() => texts.asking.to_owned(),
        Stage::Nothing => texts.nothing.to_owned(),
    };
    let busy = asking.is_waiting;
    view! {
        <p class="what-if-said" role="status" aria-busy=move || if busy.get() { "true" } else { "false" }>
            {said}
        </p>
    }
}
