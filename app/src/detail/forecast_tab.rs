//! The first tab: history and forecast of both extremes.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use leptos::prelude::*;

use super::week_strip::WeekStrip;
use crate::charts::{
    ChartBox, DataTable, ForecastLegend, forecast_chart, forecast_figures, forecast_summary, limits_outside,
};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The chart with its summary, its legend and its table.
#[component]
pub(super) fn ForecastTab(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let Some(summary) = forecast_summary(&detail, words) else {
        return view! { <p class="no-chart">{words.no_chart}</p> }.into_erased();
    };
    let outside = limits_outside(&detail);
    let drawn = Arc::clone(&detail);
    view! {
        <ChartBox
            size="chart-forecast"
            summary=summary
            draw=Arc::new(move |palette| forecast_chart(&drawn, words, palette))
        />
        <ForecastLegend />
        <WeekStrip detail=Arc::clone(&detail) />
        {outside.into_iter().map(|kw| view! { <p class="chart-note with-script">{words.limit_outside(kw)}</p> }).collect_view()}
        <DataTable figures=Arc::new(move || forecast_figures(&detail, words)) />
    }
    .into_erased()
}
