//! The figures of a box and the facts of its station.

use std::sync::Arc;

use domain::box_detail::{BoxDetail, Station};
use domain::outlook::Outlook;
use leptos::prelude::*;
use model::Extreme;

use super::heading::join;
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

/// The figures that count, large; what is not known is left out.
#[component]
pub(super) fn KeyFigures(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let assessment = detail.assessment.as_ref();
    let peak = assessment.map(|assessment| {
        let side = match assessment.peak_extreme {
            Extreme::Max => words.by_import,
            Extreme::Min => words.by_feed_in,
        };
        let note = format!("{}, {side}", words.week(assessment.peak_week));
        (words.peak_loading, words.percent(assessment.peak_loading.fraction()), note)
    });
    let probability = assessment.map(|assessment| {
        let note = Outlook::of(&detail).map_or_else(String::new, |outlook| words.until(outlook.ranked.until));
        (words.overload_probability_long, words.probability(assessment.overload_probability), note)
    });
    let capacity = detail.capacity_kva.map(|kva| (words.capacity, words.kva(kva), limits(&detail, words)));
    let figure = |(name, figure, note)| {
        view! {
            <div class="key-figure">
                <dt>{name}</dt>
                <dd>
                    <span class="figure-large">{figure}</span>
                    <span class="muted">{note}</span>
                </dd>
            </div>
        }
    };
    let figures = [peak, probability, capacity].into_iter().flatten();
    view! { <dl class="key-figures">{figures.map(figure).collect_view()}</dl> }.into_erased()
}

fn limits(detail: &BoxDetail, words: &Words) -> String {
    detail.limits.map_or_else(String::new, |limits| words.limits(limits))
}

/// What is known of the station; what is not known is left out.
#[component]
pub(super) fn StationFacts(
    /// The station.
    station: Station,
) -> impl IntoView {
    let words = use_words();
    let coordinates =
        station.latitude.zip(station.longitude).map_or_else(String::new, |(latitude, longitude)| {
            format!("{}; {}", words.number(latitude, 5), words.number(longitude, 5))
        });
    let facts = [
        (words.station, station.name.clone()),
        (words.station_number, station.number),
        (words.function, station.function),
        (words.address, join(&[&station.street, &station.house_number], " ")),
        (words.town, join(&[&station.postcode, &station.town], " ")),
        (words.municipality, station.municipality),
        (words.area, station.area),
        (words.region, station.region),
        (words.tap_position, station.tap_position),
        (words.coordinates, coordinates),
    ];
    view! {
        <section class="facts" aria-labelledby="station-facts">
            <h2 id="station-facts">{words.station_facts}</h2>
            <FactList facts=facts.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect() />
        </section>
    }
    .into_erased()
}

/// Names and values.
#[component]
pub(super) fn FactList(
    /// In their order.
    facts: Vec<(&'static str, String)>,
) -> impl IntoView {
    let fact = |(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! { <dl class="fact-list">{facts.into_iter().map(fact).collect_view()}</dl> }
}
