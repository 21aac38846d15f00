//! The legends, in the page's own type: charts on a canvas cannot be read aloud or enlarged.

use leptos::prelude::*;
use model::Extreme;

use super::layers::{Layer, ShownLayers};
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

/// The legend of the forecast: each entry turns what it names off and on.
#[component]
pub(crate) fn ForecastLegend(
    /// What is shown.
    shown: ShownLayers,
    /// What there is to be shown.
    present: Vec<Layer>,
) -> impl IntoView {
    let words = use_words();
    let entry = move |layer: Layer| {
        let pressed = move || if shown.get().shows(layer) { "true" } else { "false" };
        view! {
            <li>
                <button
                    type="button"
                    class="legend-entry"
                    data-layer=layer.as_str()
                    aria-pressed=pressed
                    on:click=move |_| shown.toggle(layer)
                >
                    {key(layer)}
                    <span>{name(layer, words)}</span>
                </button>
            </li>
        }
    };
    view! {
        <ul class="legend with-script" aria-label=words.on_detail().legend>
            {present.into_iter().map(entry).collect_view()}
        </ul>
    }
    .into_erased()
}

/// The legend of the components: two extremes, median and bands.
#[component]
pub(crate) fn BreakdownLegend() -> impl IntoView {
    let words = use_words();
    let entry = |layer: Layer| view! { <li class="legend-key-only">{key(layer)} {name(layer, words)}</li> };
    let layers = [Layer::Maximum, Layer::Minimum, Layer::Median, Layer::Band70, Layer::Band90];
    view! { <ul class="legend with-script">{layers.map(entry).collect_view()}</ul> }.into_erased()
}

/// The legend of a picture of what was measured.
#[component]
pub(crate) fn HistoryLegend(
    /// Whether limits are drawn.
    has_limits: bool,
) -> impl IntoView {
    let words = use_words();
    let layers = [Layer::Maximum, Layer::Minimum].into_iter().chain(has_limits.then_some(Layer::Limits));
    let entries: Vec<_> = layers.map(|layer| (key(layer).into_any(), name(layer, words))).collect();
    legend_of(entries).into_erased()
}

/// The legend of a past forecast beside what came.
#[component]
pub(crate) fn PastLegend(
    /// Which extreme the picture is of.
    extreme: Extreme,
) -> impl IntoView {
    let words = use_words();
    let texts = words.on_accuracy();
    let solid = if extreme == Extreme::Max { "maximum solid" } else { "minimum solid" };
    let drawn = |class: &'static str, drawing: &'static str| {
        view! {
            <svg class="legend-key" viewBox="0 0 16 12" aria-hidden="true">
                <path class=class d=drawing />
            </svg>
        }
        .into_any()
    };
    let class =
        |class: &'static str, other: &'static str| if extreme == Extreme::Max { class } else { other };
    legend_of(vec![
        (drawn(solid, "M8 3a3 3 0 1 0 .01 0z"), texts.came),
        (drawn("exceedance", "M8 1a5 5 0 1 0 .01 0z"), texts.came_outside),
        (drawn(solid, "M0 5h16v2H0z"), words.median),
        (drawn(class("maximum band-70", "minimum band-70"), "M0 1h16v10H0z"), words.band_70),
        (drawn(class("maximum band-90", "minimum band-90"), "M0 1h16v10H0z"), words.band_90),
        (key(Layer::LastYear).into_any(), name(Layer::LastYear, words)),
    ])
    .into_erased()
}

/// The legend of the forecast as it is and as it is assumed to be.
#[component]
pub(crate) fn WhatIfLegend() -> impl IntoView {
    let texts = use_words().what_if();
    let before = view! {
        <svg class="legend-key" viewBox="0 0 16 12" aria-hidden="true">
            <path class="before" d="M0 1h16v10H0z" />
            <path class="last-year" d="M0 6h16" />
        </svg>
    };
    let after = key(Layer::Band90).into_any();
    legend_of(vec![(before.into_any(), texts.before), (after, texts.after)]).into_erased()
}

/// Marks with their names; nothing can be turned off.
fn legend_of(entries: Vec<(AnyView, &'static str)>) -> impl IntoView {
    let entry =
        |(key, name): (AnyView, &'static str)| view! { <li class="legend-key-only">{key} " " {name}</li> };
    view! { <ul class="legend">{entries.into_iter().map(entry).collect_view()}</ul> }
}

fn name(layer: Layer, words: &Words) -> &'static str {
    let texts = words.on_detail();
    match layer {
        Layer::Maximum => words.measured_maximum,
        Layer::Minimum => words.measured_minimum,
        Layer::Median => words.median,
        Layer::Band70 => words.band_70,
        Layer::Band90 => words.band_90,
        Layer::LastYear => texts.last_year,
        Layer::Fitted => texts.fitted_line,
        Layer::Limits => words.limit,
        Layer::Outliers => texts.outlier,
        Layer::Exceedances => texts.over_limit,
        Layer::Gaps => words.gap,
        Layer::Masked => texts.masked,
    }
}

/// The mark as it is drawn, in a picture of 16 × 12.
fn key(layer: Layer) -> impl IntoView + use<> {
    let path = |class: &'static str, drawing: &'static str| view! { <path class=class d=drawing /> };
    let (left, right) = match layer {
        Layer::Maximum => (Some(("maximum solid", "M8 1.5 13 10.5H3z")), None),
        Layer::Minimum => (Some(("minimum solid", "M3 1.5h10L8 10.5z")), None),
        Layer::Median => (Some(("maximum solid", "M0 5h8v2H0z")), Some(("minimum solid", "M8 5h8v2H8z"))),
        Layer::Band70 => {
            (Some(("maximum band-70", "M0 1h8v10H0z")), Some(("minimum band-70", "M8 1h8v10H8z")))
        }
        Layer::Band90 => {
            (Some(("maximum band-90", "M0 1h8v10H0z")), Some(("minimum band-90", "M8 1h8v10H8z")))
        }
        Layer::LastYear => (Some(("last-year", "M0 9 5 4 10 7 16 2")), None),
        Layer::Fitted => {
            (Some(("maximum line", "M0 5 4 3.5 8 5")), Some(("minimum line", "M8 7 12 8.5 16 7")))
        }
        Layer::Limits => (Some(("limit", "M0 5.2h4v1.6H0zM6 5.2h4v1.6H6zM12 5.2h4v1.6h-4z")), None),
        Layer::Outliers => (Some(("outlier", "M8 1 13 6 8 11 3 6z")), None),
        Layer::Exceedances => (Some(("exceedance", "M8 1a5 5 0 1 0 .01 0z")), None),
        Layer::Gaps => (Some(("gap", "M0 0h16v12H0z")), None),
        Layer::Masked => (Some(("masked", "M0 0h16v12H0z")), None),
    };
    view! {
        <svg class="legend-key" viewBox="0 0 16 12" aria-hidden="true">
            {left.map(|(class, drawing)| path(class, drawing))}
            {right.map(|(class, drawing)| path(class, drawing))}
        </svg>
    }
}
