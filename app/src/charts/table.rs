//! The figures behind the charts, as tables.

use std::sync::Arc;

use leptos::prelude::*;
use model::{Forecast, Part, Quantile};

use crate::api::{BoxDetail, ExtremeForecast};
use crate::words::{Words, use_words};

/// Median and bands of one row, as three texts.
fn figures(forecast: &Forecast, part: Part, row: usize, words: &Words) -> [String; 3] {
    let at = |quantile| forecast.part(part).get(quantile).get(row).copied().unwrap_or(f64::NAN);
    [
        words.kw_value(at(Quantile::Q50)),
        words.between(at(Quantile::Q15), at(Quantile::Q85)),
        words.between(at(Quantile::Q05), at(Quantile::Q95)),
    ]
}

fn measured(forecast: &Forecast, row: usize, words: &Words) -> String {
    forecast.observed_kw.get(row).copied().flatten().map_or_else(|| "–".to_owned(), |kw| words.kw_value(kw))
}

/// A row: its heading and its cells.
type Row = (String, Vec<String>);

#[component]
fn DataTable(
    /// Groups of columns with their width.
    groups: Vec<(&'static str, usize)>,
    /// The columns after the week.
    columns: Vec<&'static str>,
    rows: Vec<Row>,
) -> impl IntoView {
    let words = use_words();
    let row = |(week, cells): Row| {
        view! {
            <tr>
                <th scope="row">{week}</th>
                {cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <details class="data-table">
            <summary>{words.table}</summary>
            <div class="data-table-frame" tabindex="0" role="region" aria-label=words.table>
                <table>
                    <thead>
                        <tr>
                            <th scope="col" rowspan="2">{words.week_column}</th>
                            {groups
                                .into_iter()
                                .map(|(name, width)| view! { <th scope="colgroup" colspan=width>{name} " · kW"</th> })
                                .collect_view()}
                        </tr>
                        <tr>{columns.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                    </thead>
                    <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// The forecast, week by week, newest history last; then what was measured.
#[component]
pub(crate) fn ForecastTable(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    detail.minimum.clone().zip(detail.maximum.clone()).map(|(minimum, maximum)| {
        let both = [&maximum, &minimum];
        let of = |extreme: &ExtremeForecast, row: usize| {
            let forecast = &extreme.forecast;
            if row < forecast.history {
                return vec![
                    measured(forecast, row, words),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                ];
            }
            let overload =
                extreme.overload.as_ref().and_then(|overload| overload.weekly.get(row - forecast.history));
            let probability =
                overload.map_or_else(String::new, |probability| words.probability(*probability));
            let mut cells = vec![String::new()];
            cells.extend(figures(forecast, Part::Total, row, words));
            cells.push(probability);
            cells
        };
        let row = |row: usize| {
            (
                words.week(maximum.forecast.weeks[row]),
                both.iter().flat_map(|extreme| of(extreme, row)).collect(),
            )
        };
        // The future first: it is what is asked for.
        let future = maximum.forecast.future();
        let rows = future.chain((0..maximum.forecast.history).rev()).map(row).collect();
        let columns = [
            words.measured,
            words.median_short,
            words.from_to_70,
            words.from_to_90,
            words.weekly_probability,
        ];
        view! {
            <DataTable
                groups=vec![(words.maximum, 5), (words.minimum, 5)]
                columns=[columns, columns].concat()
                rows=rows
            />
        }
    })
}

/// A breakdown, week by week.
#[component]
pub(crate) fn BreakdownTable(
    /// The forecast of one extreme.
    forecast: Arc<ExtremeForecast>,
) -> impl IntoView {
    let words = use_words();
    let forecast = &forecast.forecast;
    let parts = [Part::Total, Part::Drift, Part::Yearly];
    let row = |row: usize| {
        let mut cells = vec![measured(forecast, row, words)];
        cells.extend(parts.iter().flat_map(|part| figures(forecast, *part, row, words)));
        (words.week(forecast.weeks[row]), cells)
    };
    let rows =
        forecast.future().chain((0..forecast.history.min(forecast.weeks.len())).rev()).map(row).collect();
    let mut groups = vec![(words.measured, 1)];
    groups.extend(parts.map(|part| (words.part(part), 3)));
    let mut columns = vec![words.measured];
    for _ in parts {
        columns.extend([words.median_short, words.from_to_70, words.from_to_90]);
    }
    view! { <DataTable groups=groups columns=columns rows=rows /> }
}
