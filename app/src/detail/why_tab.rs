//! The second tab: why the peak is as high as it is, and what both extremes are made of.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::peak_steps::PeakSteps;
use leptos::prelude::*;
use model::Extreme;

use crate::charts::{
    BreakdownLegend, ChartBox, DataTable, WaterfallPicture, breakdown_chart, breakdown_figures,
    breakdown_summary, waterfall,
};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The waterfall with its sentence, and the components of both extremes on one scale.
#[component]
pub(super) fn WhyTab(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let texts = words.on_detail();
    let sentence = |extreme| {
        let forecast = match extreme {
            Extreme::Min => detail.minimum.as_ref(),
            Extreme::Max => detail.maximum.as_ref(),
        };
        breakdown_summary(extreme, forecast?, words)
    };
    let Some(summary) =
        sentence(Extreme::Max).zip(sentence(Extreme::Min)).map(|(one, other)| format!("{one} {other}"))
    else {
        return view! { <p class="no-chart">{words.no_chart}</p> }.into_erased();
    };
    let steps = PeakSteps::of(&detail).map(|steps| {
        view! {
            <div class="waterfall-section">
                <h2 id="to-the-peak">{texts.to_the_peak} ", " {words.week(steps.week)}</h2>
                <p class="waterfall-sentence">{words.level_growth(&steps)}</p>
                <div class="waterfall-frame" tabindex="0" role="region" aria-labelledby="to-the-peak">
                    <WaterfallPicture paths=waterfall(&steps, words) label=words.waterfall_summary(&steps) />
                </div>
            </div>
        }
    });
    let drawn = Arc::clone(&detail);
    view! {
        {steps}
        <h2>{texts.components}</h2>
        <ChartBox
            size="chart-breakdown"
            summary=summary
            draw=Arc::new(move |palette| breakdown_chart(&drawn, words, palette))
        />
        <BreakdownLegend />
        <DataTable figures=Arc::new(move || breakdown_figures(&detail, words)) />
    }
    .into_erased()
}
