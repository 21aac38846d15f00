//! The figures of a box and the facts of its station.

use std::sync::Arc;

use leptos::prelude::*;
use model::Extreme;

use super::heading::join;
use crate::api::{BoxDetail, Station};
use crate::words::{Words, use_words};

/// The figures that count, large.
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
        (
            words.percent(assessment.peak_loading.fraction()),
            format!("{}, {side}", words.week(assessment.peak_week)),
        )
    });
    let probability = assessment.map(|assessment| {
        let first = assessment
            .overload_week
            .map(|week| format!("{}: {}", words.overload_week.to_lowercase(), words.week(week)));
        (words.probability(assessment.overload_probability), first.unwrap_or_default())
    });
    let capacity = detail.capacity_kva.map(|kva| (words.kva(kva), limits(&detail, words)));
    view! {
        <dl class="key-figures">
            <Figure name=words.peak_loading figure=peak />
            <Figure name=words.overload_probability_long figure=probability />
            <Figure name=words.capacity figure=capacity />
        </dl>
    }
    .into_any()
}

fn limits(detail: &BoxDetail, words: &Words) -> String {
    detail.limits.map_or_else(String::new, |limits| {
        format!(
            "{} {} · {} {}",
            words.by_import,
            words.kw(limits.import_kw),
            words.by_feed_in,
            words.kw(limits.feed_in_kw)
        )
    })
}

#[component]
fn Figure(
    /// What it is.
    name: &'static str,
    /// The figure and a note below it.
    figure: Option<(String, String)>,
) -> impl IntoView {
    let words = use_words();
    let (figure, note) = figure.unwrap_or_else(|| ("–".to_owned(), words.none.to_owned()));
    view! {
        <div class="key-figure">
            <dt>{name}</dt>
            <dd>
                <span class="figure-large">{figure}</span>
                <span class="muted">{note}</span>
            </dd>
        </div>
    }
    .into_any()
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
        (
            words.municipality,
            join(&[&station.postcode, &join(&[&station.town, &station.municipality], ", ")], " "),
        ),
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
    .into_any()
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
