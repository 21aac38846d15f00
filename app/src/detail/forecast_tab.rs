//! The first tab: history and forecast of both extremes.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use leptos::prelude::*;

use super::week_strip::WeekStrip;
use crate::charts::{
    ChartBox, DataTable, ForecastLegend, HistoryLegend, HistoryPicture, PictureSize, ShownLayers,
    forecast_chart, forecast_figures, forecast_summary, history_paths, layers_present, limits_outside,
};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The chart with its legend, its summary and its table; without a forecast what was measured.
#[component]
pub(super) fn ForecastTab(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let Some(summary) = forecast_summary(&detail, words) else {
        return view! { <HistoryAlone detail /> }.into_erased();
    };
    let shown = ShownLayers::remembered();
    let outside = limits_outside(&detail);
    let present = layers_present(&detail);
    let picture = history_paths(&detail, PictureSize::FULL, words);
    let drawn = Arc::clone(&detail);
    view! {
        <ChartBox
            size="chart-forecast"
            summary=summary
            picture=picture
            draw=Arc::new(move |palette| forecast_chart(&drawn, &shown.get(), words, palette))
        />
        <ForecastLegend shown present />
        <WeekStrip detail=Arc::clone(&detail) />
        {outside.into_iter().map(|kw| view! { <p class="chart-note with-script">{words.limit_outside(kw)}</p> }).collect_view()}
        <DataTable figures=Arc::new(move || forecast_figures(&detail, words)) />
    }
    .into_erased()
}

/// What was measured of a box without a forecast; nothing where nothing was.
#[component]
fn HistoryAlone(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let ends = detail.measured.first().zip(detail.measured.last());
    let Some((paths, (first, last))) = history_paths(&detail, PictureSize::FULL, words).zip(ends) else {
        return view! { <p class="no-chart">{words.no_chart}</p> }.into_erased();
    };
    let summary = words.history_summary(first.week, last.week);
    view! {
        <figure class="chart">
            <HistoryPicture paths label=summary.clone() />
            <figcaption>{summary}</figcaption>
        </figure>
        <HistoryLegend has_limits=detail.limits.is_some() />
    }
    .into_erased()
}
