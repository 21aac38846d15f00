//! What one extreme is made of: total, drift and season, one above the other on one time axis.

use charming::Chart;
use charming::element::{AxisPointer, AxisPointerLink};
use domain::box_detail::ExtremeForecast;
use domain::week_span::WeekSpan;
use model::{Extreme, Forecast, IsoWeek, Limits, Part, Quantile};

use super::axes;
use super::bands::{Panel, bands, median};
use super::marks::{gaps_and_future, limit_lines};
use super::observations::observations;
use super::palette::Palette;
use super::patch::patched;
use super::picture::Picture;
use super::scale::Scale;
use super::tooltip::breakdown_tips;
use crate::words::Words;

const PARTS: [Part; 3] = [Part::Total, Part::Drift, Part::Yearly];
/// Height of a panel and distance of their tops, px.
const HEIGHT: i32 = 132;
const DISTANCE: i32 = 176;
const TOP: i32 = 28;
/// A limit is drawn where something reaches this fraction of it.
const NEAR: f64 = 0.6;

/// The chart of the second and third tab; none for a forecast without weeks.
pub(crate) fn breakdown_chart(
    extreme: Extreme,
    forecast: &ExtremeForecast,
    limits: Option<Limits>,
    left_out: &[WeekSpan],
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
        let here = Panel { axis: panel, name: part.as_str(), opacity: 1.0 };
        let mut values = values(forecast, part);
        let mut line =
            median(here, extreme, &forecast.weeks, forecast.part(part), all.clone(), false, palette)
                .mark_area(gaps_and_future(forecast, left_out, (panel == 0).then_some(words), palette));
        if part == Part::Total {
            let near = near_limits(limits, &values);
            line = line.mark_line(limit_lines(&near, words, palette));
            values.extend(near);
        }
        let name = format!("{} · kW", words.part(part));
        chart = chart
            .grid(axes::frame(TOP + DISTANCE * i32::from(panel), HEIGHT))
            .x_axis(axes::time_axis(panel, span, part == Part::Yearly, palette))
            .y_axis(axes::power_axis(panel, &name, Scale::around(values, 3.0), palette))
            .series(line);
    }
    for (panel, part) in (0_u8..).zip(PARTS) {
        let here = Panel { axis: panel, name: part.as_str(), opacity: 1.0 };
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

/// Everything of a part that is drawn, kW.
fn values(forecast: &Forecast, part: Part) -> Vec<f64> {
    let mut values =
        [Quantile::Q05, Quantile::Q95].map(|quantile| forecast.part(part).get(quantile)).concat();
    if part == Part::Total {
        values.extend(forecast.observed_kw.iter().flatten());
    }
    values
}

/// The limits that the values come near, kW with sign: further ones would flatten the panel.
fn near_limits(limits: Option<Limits>, values: &[f64]) -> Vec<f64> {
    let Some(Limits { import_kw, feed_in_kw }) = limits else { return Vec::new() };
    let near = |limit_kw: f64| values.iter().any(|kw| kw / limit_kw > NEAR);
    [import_kw, -feed_in_kw].into_iter().filter(|limit_kw| near(*limit_kw)).collect()
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
    use domain::language::Language;

    use super::super::samples::{crossing_zero, palette};
    use super::*;

    #[test]
    fn three_panels_share_one_time_axis() {
        let detail = crossing_zero();
        let words = Words::of(Language::Dutch);
        let minimum = detail.minimum.as_ref().unwrap();
        let option =
            breakdown_chart(Extreme::Min, minimum, detail.limits, &[], words, &palette()).unwrap().option;
        let axes = option["xAxis"].as_array().unwrap();
        assert_eq!(axes.len(), 3);
        assert!(axes.iter().all(|axis| axis["min"] == axes[0]["min"] && axis["max"] == axes[0]["max"]));
        assert_eq!(option["series"].as_array().unwrap().len(), 3 * 5 + 1);
        assert_eq!(option["dataZoom"][0]["xAxisIndex"], serde_json::json!([0, 1, 2]));
        assert_eq!(option["yAxis"][2]["name"], "Jaarlijks (seizoen) · kW");
    }

    #[test]
    fn the_total_shows_the_limit_that_it_comes_near() {
        let detail = crossing_zero();
        let words = Words::of(Language::English);
        let lines = |extreme, forecast: &Option<ExtremeForecast>| {
            let forecast = forecast.as_ref().unwrap();
            let picture = breakdown_chart(extreme, forecast, detail.limits, &[], words, &palette()).unwrap();
            picture.option["series"][0]["markLine"]["data"].as_array().map_or(0, Vec::len)
        };
        assert_eq!(lines(Extreme::Max, &detail.maximum), 1);
        assert_eq!(lines(Extreme::Min, &detail.minimum), 0);
    }

    #[test]
    fn the_summary_names_the_ends_of_drift_and_season() {
        let detail = crossing_zero();
        let text =
            breakdown_summary(Extreme::Min, detail.minimum.as_ref().unwrap(), Words::of(Language::English));
        assert!(text.unwrap().contains("the drift goes from"));
    }
}
