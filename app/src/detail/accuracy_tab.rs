//! The third tab: what was forecast before, beside what came, and the ledger of warnings.

use std::sync::Arc;

use domain::accuracy::{BoxAccuracy, ExtremeScore, FleetScore, PastForecastOfBox};
use domain::box_detail::BoxDetail;
use domain::ledger::{LedgerEntry, LedgerSums};
use leptos::prelude::*;
use model::Extreme;

use super::tab_data::TabData;
use crate::charts::{PastLegend, PastPicture, past_paths};
use crate::chrome::Failure;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Past forecasts, scores and ledger.
#[component]
pub(super) fn AccuracyTab(
    /// The box.
    detail: Arc<BoxDetail>,
    /// How good its forecasts were.
    accuracy: TabData<BoxAccuracy>,
) -> impl IntoView {
    let words = use_words();
    let drawn = move || match accuracy.of(&detail.box_id) {
        Some(Ok(accuracy)) => {
            view! { <Accuracy accuracy was_overloaded=detail.exceedance.is_some() /> }.into_erased()
        }
        Some(Err(error)) => view! { <Failure error /> }.into_erased(),
        None => view! { <p class="loading-note">{words.loading}</p> }.into_erased(),
    };
    view! { {drawn} }.into_erased()
}

#[component]
fn Accuracy(accuracy: BoxAccuracy, was_overloaded: bool) -> impl IntoView {
    let words = use_words();
    let texts = words.on_accuracy();
    let BoxAccuracy { past, scores, fleet, ledger, area, all } = accuracy;
    let past = match past {
        Some(past) => view! { <Past past scores fleet /> }.into_erased(),
        None => view! { <p class="muted">{texts.nothing_yet}</p> }.into_erased(),
    };
    view! {
        <section class="past-section">
            <h2 id="past">{texts.forecast_and_came}</h2>
            {past}
        </section>
        <section class="ledger-section">
            <h2 id="ledger">{texts.ledger}</h2>
            <p class="muted">{texts.ledger_note}</p>
            <Ledger ledger was_overloaded />
            <Sums area all />
        </section>
    }
    .into_erased()
}

#[component]
fn Past(past: PastForecastOfBox, scores: Vec<ExtremeScore>, fleet: Option<FleetScore>) -> impl IntoView {
    let words = use_words();
    let texts = words.on_accuracy();
    let made = words.forecast_made(&words.day_of(past.made_on));
    let score_of = |extreme| scores.iter().find(|score| score.extreme == extreme);
    let pictures = [(Extreme::Max, &past.maximum), (Extreme::Min, &past.minimum)].map(|(extreme, weeks)| {
        let label = words.past_summary(extreme, score_of(extreme));
        past_paths(extreme, weeks, words).map(|paths| {
            view! {
                <figure class="chart past">
                    <figcaption>{words.extreme_name(extreme)} ", kW"</figcaption>
                    <PastPicture paths label />
                    <PastLegend extreme />
                </figure>
            }
        })
    });
    // A row for each figure: so the table stays narrow.
    let none = || "–".to_owned();
    let figures: [(&str, Vec<String>); 4] = [
        (texts.band, scores.iter().map(|score| words.band_held(score, fleet.as_ref())).collect()),
        (texts.error, scores.iter().map(|score| words.kw(score.error_kw)).collect()),
        (
            texts.as_last_year,
            scores
                .iter()
                .map(|score| score.last_year_error_kw.map_or_else(none, |kw| words.kw(kw)))
                .collect(),
        ),
        (texts.score, scores.iter().map(|score| words.score_of(score, fleet.as_ref())).collect()),
    ];
    let row = |(name, cells): (&'static str, Vec<String>)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    let columns =
        scores.iter().map(|score| view! { <th scope="col">{words.extreme_name(score.extreme)}</th> });
    view! {
        <p>{made}</p>
        {pictures}
        <div class="score-frame" tabindex="0" role="region" aria-labelledby="past">
            <table class="scores">
                <thead>
                    <tr>
                        <td></td>
                        {columns.collect_view()}
                    </tr>
                </thead>
                <tbody>{figures.map(row)}</tbody>
            </table>
        </div>
        <p class="muted">{texts.score_note}</p>
    }
    .into_erased()
}

#[component]
fn Ledger(ledger: Vec<LedgerEntry>, was_overloaded: bool) -> impl IntoView {
    let words = use_words();
    let texts = words.on_accuracy();
    if ledger.is_empty() {
        let said = if was_overloaded { texts.known_before } else { texts.no_warnings };
        return view! { <p class="no-warnings">{said}</p> }.into_erased();
    }
    let none = || "–".to_owned();
    let row = |entry: LedgerEntry| {
        let warning = entry.warning;
        let lead = entry.lead_weeks().map_or_else(none, |weeks| words.weeks_long(f64::from(weeks)));
        view! {
            <tr>
                <td>{warning.map_or_else(none, |warning| words.week(warning.week))}</td>
                <td>{warning.map_or_else(none, |warning| words.probability(warning.probability))}</td>
                <td>{entry.overload.map_or_else(none, |week| words.week(week))}</td>
                <th scope="row">{words.ledger_outcome(entry.outcome)}</th>
                <td>{lead}</td>
            </tr>
        }
    };
    let columns = [texts.warned_in, texts.chance, texts.overloaded_from, texts.outcome, texts.lead];
    view! {
        <div class="score-frame" tabindex="0" role="region" aria-labelledby="ledger">
            <table class="ledger">
                <thead>
                    <tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{ledger.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_erased()
}

/// What the ledgers of the area and of all boxes come to; nothing before the first run that kept them.
#[component]
fn Sums(area: Option<LedgerSums>, all: Option<LedgerSums>) -> impl IntoView {
    let words = use_words();
    let texts = words.on_accuracy();
    let row = |(name, sums): (&'static str, LedgerSums)| {
        let counts = [sums.hits, sums.misses, sums.false_alarms, sums.open];
        view! {
            <tr>
                <th scope="row">{name}</th>
                {counts.map(|count| view! { <td>{words.count(count)}</td> }).collect_view()}
                <td>{words.mean_lead(&sums)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = [(texts.this_area, area), (texts.all_boxes, all)]
        .into_iter()
        .filter_map(|(name, sums)| Some((name, sums?)))
        .collect();
    let columns = [texts.hits, texts.misses, texts.false_alarms, texts.open, texts.mean_lead];
    (!rows.is_empty())
        .then(|| {
            view! {
                <div class="score-frame" tabindex="0" role="region" aria-label=texts.all_boxes>
                    <table class="ledger-sums">
                        <thead>
                            <tr>
                                <td></td>
                                {columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                            </tr>
                        </thead>
                        <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            }
        })
        .into_erased()
}
