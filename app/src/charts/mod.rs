//! The charts: pure functions from a box's forecast to options of ECharts, and the box on the page that
//! draws them.
//!
//! `forecast` and `breakdown` describe a chart with charming, out of the parts in `bands`, `axes`,
//! `observations`, `last_year`, `fitted`, `special` and `scale`; `what_if` lays what is assumed over the forecast as it is; `layers` says what of it the person wants to see; `patch` adds what charming lacks; the result is a `Picture`, tested
//! natively as JSON. In the browser `chart_box` hands it to `handle`, the only place that talks to ECharts,
//! which `loader` fetches when the first chart is wanted.

mod axes;
mod bands;
mod breakdown;
mod brush;
mod chart_box;
mod data_table;
mod figures;
mod fitted;
mod forecast;
mod handle;
mod last_year;
mod layers;
mod legend;
mod loader;
mod marks;
mod observations;
mod palette;
mod patch;
mod picture;
mod redraw;
#[cfg(test)]
mod samples;
mod scale;
mod special;
mod svg;
mod timeline;
mod tooltip;
mod what_if;
mod window_scale;

pub(crate) use breakdown::{breakdown_chart, breakdown_summary};
pub(crate) use brush::Brush;
pub(crate) use chart_box::ChartBox;
pub(crate) use data_table::DataTable;
pub(crate) use figures::{breakdown_figures, forecast_figures};
pub(crate) use forecast::{forecast_chart, forecast_summary, layers_present, limits_outside};
pub(crate) use layers::ShownLayers;
pub(crate) use legend::{BreakdownLegend, ForecastLegend, HistoryLegend, PastLegend, WhatIfLegend};
pub(crate) use svg::{
    CompletenessLegend, CompletenessStrip, HistoryPicture, PastPicture, PictureSize, Sparkline,
    SparklineInput, StripWeek, WaterfallPicture, WeekColumns, history_paths, past_paths, sparkline,
    waterfall,
};
pub(crate) use what_if::what_if_chart;
