//! The second and third tab: what one extreme is made of.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use leptos::prelude::*;
use model::Extreme;

use crate::charts::{
    BreakdownLegend, ChartBox, DataTable, breakdown_chart, breakdown_figures, breakdown_summary,
};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The chart with its summary, its legend and its table.
#[component]
pub(super) fn BreakdownTab(
    /// The box.
    detail: Arc<BoxDetail>,
    /// Which of its extremes.
    extreme: Extreme,
) -> impl IntoView {
    let words = use_words();
    let forecast = match extreme {
        Extreme::Min => detail.minimum.clone(),
        Extreme::Max => detail.maximum.clone(),
    };
    let summary = forecast.as_ref().and_then(|forecast| breakdown_summary(extreme, forecast, words));
    let Some((forecast, summary)) = forecast.zip(summary) else {
        return view! { <p class="no-chart">{words.no_chart}</p> }.into_erased();
    };
    let left_out = detail.special_weeks.left_out.clone();
    let limits = detail.limits;
    let forecast = Arc::new(forecast);
    let drawn = Arc::clone(&forecast);
    view! {
        <ChartBox
            size="chart-breakdown"
            summary=summary
            draw=Arc::new(move |palette| breakdown_chart(extreme, &drawn, limits, &left_out, words, palette))
        />
        <BreakdownLegend extreme />
        <DataTable figures=Arc::new(move || breakdown_figures(&forecast.forecast, words)) />
    }
    .into_erased()
}
