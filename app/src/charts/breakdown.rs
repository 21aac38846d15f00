//! What one extreme is made of: total, drift and season, one above the other on one time axis.

use charming::Chart;
use charming::element::{AxisPointer, AxisPointerLink};
use model::{Extreme, IsoWeek, Part, Quantile};

use super::axes;
use super::bands::{Panel, bands, median};
use super::observations::observations;
use super::palette::Palette;
use super::patch::patched;
use super::picture::Picture;
use super::scale::Scale;
use super::tooltip::breakdown_tips;
use crate::api::ExtremeForecast;
use crate::words::Words;

const PARTS: [Part; 3] = [Part::Total, Part::Drift, Part::Yearly];
/// Height of a panel and distance of their tops, px.
const HEIGHT: i32 = 132;
const DISTANCE: i32 = 176;
const TOP: i32 = 28;

/// The chart of the second and third tab; none for a forecast without weeks.
pub(crate) fn breakdown_chart(
    extreme: Extreme,
    forecast: &ExtremeForecast,
    words: &Words,
    palette: &Palette,
) -> Option<Picture> {
    let forecast = &forecast.forecast;
    let span = [*forecast.weeks.first()?, *forecast.weeks.last()?];
    let all = 0..forecast.weeks.len();
    let mut chart = Chart::new()
        .animation(false)
        .tooltip(axes::tooltip(palette))
        .axis_pointer(AxisPointer::new().link(vec![AxisPointerLink::new().x_axis_index("all")]));
    for (panel, part) in (0_u8..).zip(PARTS) {
        let mut values: Vec<f64> = Vec::new();
        for quantile in [Quantile::Q05, Quantile::Q95] {
            values.extend(forecast.part(part).get(quantile));
        }
        if part == Part::Total {
            values.extend(forecast.observed_kw.iter().flatten());
        }
        let here = Panel { axis: panel, name: part.as_str() };
        chart = chart
            .grid(axes::frame(TOP + DISTANCE * i32::from(panel), HEIGHT))
            .x_axis(axes::time_axis(panel, span, part == Part::Yearly, palette))
            .y_axis(axes::power_axis(
                panel,
                &format!("{} · kW", words.part(part)),
                Scale::around(values, 4.0),
                palette,
            ))
            .series(median(here, extreme, &forecast.weeks, forecast.part(part), all.clone(), false, palette));
    }
    for (panel, part) in (0_u8..).zip(PARTS) {
        let here = Panel { axis: panel, name: part.as_str() };
        for layer in bands(here, extreme, &forecast.weeks, forecast.part(part), all.clone(), palette) {
            chart = chart.series(layer);
        }
        if part == Part::Total {
            chart = chart.series(observations(here, extreme, forecast, palette));
        }
    }
    for zoom in axes::zoom(3, span, palette) {
        chart = chart.data_zoom(zoom);
    }
    Picture::new(patched(&chart, palette), breakdown_tips(forecast, words), forecast)
}

/// What the chart shows, in one sentence.
pub(crate) fn breakdown_summary(
    extreme: Extreme,
    forecast: &ExtremeForecast,
    words: &Words,
) -> Option<String> {
    let forecast = &forecast.forecast;
    let drift = forecast.part(Part::Drift).get(Quantile::Q50);
    let season = forecast.part(Part::Yearly).get(Quantile::Q50);
    // The season of the last year, which is the one that counts.
    let year = season.len().saturating_sub(52)..season.len();
    let last_year: Vec<(f64, IsoWeek)> =
        season.get(year.clone())?.iter().copied().zip(forecast.weeks.get(year)?.iter().copied()).collect();
    let low = last_year.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let high = last_year.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(words.breakdown_summary(
        extreme,
        [*drift.first()?, *drift.last()?],
        [low.0, high.0],
        [low.1, high.1],
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{crossing_zero, palette};
    use super::*;
    use crate::words::Language;

    #[test]
    fn three_panels_share_one_time_axis() {
        let detail = crossing_zero();
        let words = Language::Dutch.words();
        let option = breakdown_chart(Extreme::Min, detail.minimum.as_ref().unwrap(), words, &palette())
            .unwrap()
            .option;
        let axes = option["xAxis"].as_array().unwrap();
        assert_eq!(axes.len(), 3);
        assert!(axes.iter().all(|axis| axis["min"] == axes[0]["min"] && axis["max"] == axes[0]["max"]));
        assert_eq!(option["series"].as_array().unwrap().len(), 3 * 5 + 1);
        assert_eq!(option["dataZoom"][0]["xAxisIndex"], serde_json::json!([0, 1, 2]));
        assert_eq!(option["yAxis"][2]["name"], "Jaarlijks (seizoen) · kW");
    }

    #[test]
    fn the_summary_names_the_ends_of_drift_and_season() {
        let detail = crossing_zero();
        let text =
            breakdown_summary(Extreme::Min, detail.minimum.as_ref().unwrap(), Language::English.words());
        assert!(text.unwrap().contains("the drift goes from"));
    }
}
