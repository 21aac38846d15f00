//! The legends, in the page's own type: charts on a canvas cannot be read aloud or enlarged.

use leptos::prelude::*;
use model::Extreme;

use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The legend of the forecast.
#[component]
pub(crate) fn ForecastLegend() -> impl IntoView {
    let words = use_words();
    view! {
        <ul class="legend with-script">
            <Key name=words.measured_maximum class="maximum" drawing="M7 2 12 11H2z" />
            <Key name=words.measured_minimum class="minimum" drawing="M2 2h10L7 11z" />
            <BandKeys class="maximum" second="minimum" />
            <Key name=words.fitted class="fitted" drawing="M0 5.5h2v1.2H0zM4 5.5h2v1.2H4zM8 5.5h2v1.2H8zM12 5.5h2v1.2h-2z" />
            <Key name=words.limit class="limit" drawing="M0 5.5h4v1.5H0zM6 5.5h4v1.5H6zM12 5.5h4v1.5h-4z" />
            <Key name=words.gap class="gap" drawing="M0 0h16v12H0z" />
        </ul>
    }
    .into_erased()
}

/// The legend of a breakdown.
#[component]
pub(crate) fn BreakdownLegend(
    /// The extreme that is broken down.
    extreme: Extreme,
) -> impl IntoView {
    let words = use_words();
    let (name, class, drawing) = match extreme {
        Extreme::Max => (words.measured_maximum, "maximum", "M7 2 12 11H2z"),
        Extreme::Min => (words.measured_minimum, "minimum", "M2 2h10L7 11z"),
    };
    view! {
        <ul class="legend with-script">
            <Key name class drawing />
            <BandKeys class second="" />
        </ul>
    }
    .into_erased()
}

#[component]
fn Key(name: &'static str, class: &'static str, drawing: &'static str) -> impl IntoView {
    view! {
        <li>
            <svg class=format!("legend-key {class}") viewBox="0 0 16 12" aria-hidden="true">
                <path d=drawing />
            </svg>
            {name}
        </li>
    }
    .into_erased()
}

/// Median and bands, in the colours of one or two extremes side by side.
#[component]
fn BandKeys(class: &'static str, second: &'static str) -> impl IntoView {
    let words = use_words();
    let width = if second.is_empty() { 16 } else { 8 };
    let swatch = move |name: &'static str, kind: &'static str, top: u8, height: u8| {
        let other = (!second.is_empty()).then(|| {
            view! { <rect class=format!("{second} {kind}") x="8" y=top width="8" height=height /> }
        });
        view! {
            <li>
                <svg class="legend-key" viewBox="0 0 16 12" aria-hidden="true">
                    <rect class=format!("{class} {kind}") y=top width=width height=height />
                    {other}
                </svg>
                {name}
            </li>
        }
    };
    view! {
        {swatch(words.median, "median", 5, 2)}
        {swatch(words.band_70, "band-70", 1, 10)}
        {swatch(words.band_90, "band-90", 1, 10)}
    }
    .into_erased()
}
