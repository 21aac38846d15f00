//! What both extremes are made of: total, trend and season, one above the other on one time axis and one scale.

use charming::Chart;
use charming::element::{AxisPointer, AxisPointerLink};
use domain::box_detail::{BoxDetail, ExtremeForecast};
use model::{Extreme, Forecast, IsoWeek, Part, Quantile};

use super::axes;
use super::bands::{Panel, bands, median};
use super::marks::{future_areas, gaps_and_future, limit_lines};
use super::observations::observations;
use super::palette::Palette;
use super::patch::patched;
use super::picture::Picture;
use super::scale::Scale;
use super::tooltip::breakdown_tips;
use crate::words::Words;

const PARTS: [Part; 3] = [Part::Total, Part::Drift, Part::Yearly];
/// Height of a panel and distance of their tops, px.
const HEIGHT: i32 = 172;
const DISTANCE: i32 = 216;
const TOP: i32 = 28;
/// A limit is drawn where something reaches this fraction of it.
const NEAR: f64 = 0.6;

/// The chart of the components; none without a forecast.
pub(crate) fn breakdown_chart(detail: &BoxDetail, words: &Words, palette: &Palette) -> Option<Picture> {
    let both = [
        (Extreme::Max, &detail.maximum.as_ref()?.forecast),
        (Extreme::Min, &detail.minimum.as_ref()?.forecast),
    ];
    let leading = both[0].1;
    let span = [*leading.weeks.first()?, *leading.weeks.last()?];
    let all = 0..leading.weeks.len();
    let totals: Vec<f64> = both.iter().flat_map(|(_, forecast)| values(forecast, Part::Total)).collect();
    let limits = near_limits(detail, &totals);
    let everything = both.iter().flat_map(|(_, forecast)| {
        [Part::Drift, Part::Yearly].into_iter().flat_map(|part| values(forecast, part))
    });
    // One scale, so that a kilowatt is as high in each panel.
    let scale = Scale::around(everything.chain(totals).chain(limits.clone()), 5.0);
    let mut chart = Chart::new()
        .animation(false)
        .tooltip(axes::tooltip(palette))
        .axis_pointer(AxisPointer::new().link(vec![AxisPointerLink::new().x_axis_index("all")]));
    for (panel, part) in (0_u8..).zip(PARTS) {
        let here = Panel { axis: panel, name: part.as_str(), opacity: 1.0 };
        let name = format!("{} · kW", words.part(part));
        chart = chart
            .grid(axes::frame(TOP + DISTANCE * i32::from(panel), HEIGHT))
            .x_axis(axes::time_axis(panel, span, part == Part::Yearly, palette))
            .y_axis(axes::power_axis(panel, &name, scale, palette));
        for (extreme, forecast) in both {
            let line = median(here, extreme, &forecast.weeks, forecast.part(part), all.clone(), palette);
            chart = chart.series(match extreme {
                Extreme::Max => {
                    let left_out = &detail.special_weeks.left_out;
                    let words_of_top = (panel == 0).then_some(words);
                    let areas = gaps_and_future(forecast, left_out, (true, true), words_of_top, palette);
                    let limits = if part == Part::Total { limits.as_slice() } else { &[] };
                    line.mark_area(areas).mark_line(limit_lines(limits, words, palette))
                }
                Extreme::Min => line,
            });
        }
    }
    for (panel, part) in (0_u8..).zip(PARTS) {
        let here = Panel { axis: panel, name: part.as_str(), opacity: 1.0 };
        for (extreme, forecast) in both {
            let layers = (true, true);
            for layer in
                bands(here, extreme, &forecast.weeks, forecast.part(part), all.clone(), layers, palette)
            {
                chart = chart.series(layer);
            }
            if part == Part::Total {
                chart = chart.series(observations(here, extreme, forecast, palette));
            }
        }
    }
    for zoom in axes::zoom(3, span, palette) {
        chart = chart.data_zoom(zoom);
    }
    Picture::new(patched(&chart, future_areas(leading), palette), breakdown_tips(detail, words), leading)
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

/// The limits that the values come near, kW with sign: further ones would flatten the panels.
fn near_limits(detail: &BoxDetail, values: &[f64]) -> Vec<f64> {
    let Some(limits) = detail.limits else { return Vec::new() };
    let near = |limit_kw: f64| values.iter().any(|kw| kw / limit_kw > NEAR);
    [limits.import_kw, -limits.feed_in_kw].into_iter().filter(|limit_kw| near(*limit_kw)).collect()
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
    fn three_panels_share_one_time_axis_and_one_scale() {
        let detail = crossing_zero();
        let option = breakdown_chart(&detail, Words::of(Language::Dutch), &palette()).unwrap().option;
        let same = |axes: &str| {
            let axes = option[axes].as_array().unwrap();
            axes.len() == 3
                && axes.iter().all(|axis| axis["min"] == axes[0]["min"] && axis["max"] == axes[0]["max"])
        };
        assert!(same("xAxis") && same("yAxis"));
        let count = option["series"].as_array().unwrap().len();
        assert_eq!(count, 2 * (3 * 5 + 1), "median and four layers a part, and what was measured");
        assert_eq!(option["dataZoom"][0]["xAxisIndex"], serde_json::json!([0, 1, 2]));
        assert_eq!(option["yAxis"][2]["name"], "Jaarlijks (seizoen) · kW");
    }

    #[test]
    fn the_total_shows_the_limit_that_it_comes_near() {
        let mut detail = crossing_zero();
        let lines = |detail: &BoxDetail| {
            let picture = breakdown_chart(detail, Words::of(Language::English), &palette()).unwrap();
            let line = &picture.option["series"][0]["markLine"]["data"];
            line.as_array().unwrap().iter().map(|line| line["yAxis"].as_f64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(lines(&detail), [400.0]);
        detail.limits.as_mut().unwrap().feed_in_kw = 210.0;
        assert_eq!(lines(&detail), [400.0, -210.0]);
    }

    #[test]
    fn the_summary_names_the_ends_of_drift_and_season() {
        let detail = crossing_zero();
        let text =
            breakdown_summary(Extreme::Min, detail.minimum.as_ref().unwrap(), Words::of(Language::English));
        assert!(text.unwrap().contains("the trend goes from"));
    }
}
