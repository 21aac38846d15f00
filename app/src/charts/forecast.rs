//! History and forecast of both extremes in one picture, with the limits, on one scale.

use charming::Chart;
use charming::element::{LineStyle, Symbol};
use charming::series::Line;
use domain::box_detail::{BoxDetail, ExtremeForecast};
use domain::what_if::Future;
use model::{Extreme, Forecast, Limits, Quantile, RANKED_WEEKS};

use super::axes;
use super::bands::{Panel, bands, median, point, to_watt};
use super::fitted::{fitted_kw, fitted_line};
use super::last_year::{last_year_kw, last_year_line};
use super::layers::{Layer, Layers};
use super::marks::{future_areas, gaps_and_future, limit_lines};
use super::observations::observations;
use super::palette::Palette;
use super::patch::patched;
use super::picture::Picture;
use super::special::{exceedance_marks, exceedances, outlier_marks, outliers};
use super::tooltip::forecast_tips;
use super::what_if::{before_kw, before_lines};
use super::window_scale::WindowScale;
use crate::words::Words;

const PANEL: Panel = Panel { axis: 0, name: "total", opacity: 1.0 };
/// The weeks after the half-year, which are indicative.
const LATER: Panel = Panel { axis: 0, name: "later", opacity: 0.45 };
/// A limit further away than this multiple of what is drawn would flatten everything else.
pub(super) const FAR: f64 = 4.0;
/// Weeks of history in the opening window.
const OPENING_WEEKS: i32 = 78;

/// The chart of the first tab; none without a forecast.
pub(crate) fn forecast_chart(
    detail: &BoxDetail,
    layers: &Layers,
    words: &Words,
    palette: &Palette,
) -> Option<Picture> {
    chart_over(detail, None, layers, words, palette)
}

/// The same over the forecast as it was before something was assumed.
pub(super) fn chart_over(
    detail: &BoxDetail,
    before: Option<&Future>,
    layers: &Layers,
    words: &Words,
    palette: &Palette,
) -> Option<Picture> {
    let both = both(detail)?;
    let leading = &both[0].1.forecast;
    let span = [*leading.weeks.first()?, *leading.weeks.last()?];
    let first_row = leading.history.saturating_sub(OPENING_WEEKS.unsigned_abs() as usize);
    let window = [*leading.weeks.get(first_row)?, span[1]];
    let shown: Vec<(Extreme, &ExtremeForecast)> =
        both.into_iter().filter(|(extreme, _)| layers.shows(layer_of(*extreme))).collect();
    let scale = window_scale(detail, before, layers)?;
    let opening = scale.around(first_row..leading.weeks.len());
    let mut chart = Chart::new()
        .animation(false)
        .grid(axes::frame_between(26, 66))
        .x_axis(axes::time_axis(0, span, true, palette))
        .y_axis(axes::power_axis(0, "kW", opening, palette))
        .tooltip(axes::tooltip(palette));
    for zoom in axes::zoom(1, window, palette) {
        chart = chart.data_zoom(zoom);
    }
    // The first series spans all weeks, so that the keyboard can walk along it; it is not seen.
    let limits = if layers.shows(Layer::Limits) { limits(detail).0 } else { Vec::new() };
    let shows = (layers.shows(Layer::Gaps), layers.shows(Layer::Masked));
    let areas = gaps_and_future(leading, &detail.special_weeks.left_out, shows, Some(words), palette);
    chart = chart.series(all_weeks(leading).mark_area(areas).mark_line(limit_lines(&limits, words, palette)));
    for (extreme, ExtremeForecast { forecast, .. }) in &shown {
        for line in before.into_iter().flat_map(|before| before_lines(before, *extreme, forecast, palette)) {
            chart = chart.series(line);
        }
    }
    for (extreme, ExtremeForecast { forecast, .. }) in &shown {
        let layers = (layers.shows(Layer::Band70), layers.shows(Layer::Band90));
        let future = forecast.future();
        let end = future.end.min(future.start + RANKED_WEEKS);
        let band =
            |panel, rows| bands(panel, *extreme, &forecast.weeks, &forecast.total, rows, layers, palette);
        let mut drawn = band(PANEL, future.start..end);
        if end < future.end {
            // From the half-year's last week on, so that no gap is left.
            drawn.extend(band(LATER, end.saturating_sub(1)..future.end));
        }
        for layer in drawn {
            chart = chart.series(layer);
        }
    }
    for (extreme, fitted) in &shown {
        let forecast = &fitted.forecast;
        if layers.shows(Layer::LastYear) {
            chart = chart.series(last_year_line(PANEL, *extreme, forecast, palette));
        }
        if layers.shows(Layer::Fitted) {
            chart = chart.series(fitted_line(PANEL, *extreme, fitted, palette));
        }
        if layers.shows(Layer::Median) {
            chart = chart.series(median(
                PANEL,
                *extreme,
                &forecast.weeks,
                &forecast.total,
                forecast.future(),
                palette,
            ));
        }
        chart = chart.series(observations(PANEL, *extreme, forecast, palette));
        if layers.shows(Layer::Outliers) {
            chart = chart.series(outlier_marks(PANEL, *extreme, &outliers(fitted), palette));
        }
        if layers.shows(Layer::Exceedances) {
            let weeks = exceedances(forecast, detail.limits);
            chart = chart.series(exceedance_marks(PANEL, *extreme, &weeks, palette));
        }
    }
    let picture =
        Picture::new(patched(&chart, future_areas(leading), palette), forecast_tips(detail, words), leading)?;
    Some(Picture { scale: Some(scale), ..picture })
}

fn layer_of(extreme: Extreme) -> Layer {
    match extreme {
        Extreme::Max => Layer::Maximum,
        Extreme::Min => Layer::Minimum,
    }
}

/// A line through all weeks that is not seen.
fn all_weeks(forecast: &Forecast) -> Line {
    let medians = forecast.total.get(Quantile::Q50);
    let points = forecast.weeks.iter().zip(medians).map(|(week, kw)| point(*week, to_watt(*kw)));
    Line::new()
        .id("weeks")
        .symbol(Symbol::None)
        .silent(true)
        .line_style(LineStyle::new().width(0).opacity(0))
        .data(points.collect::<Vec<_>>())
}

/// The parts of the legend that this box has something of.
pub(crate) fn layers_present(detail: &BoxDetail) -> Vec<Layer> {
    let Some(both) = both(detail) else { return Vec::new() };
    let any = |has: &dyn Fn(&ExtremeForecast) -> bool| both.iter().any(|(_, extreme)| has(extreme));
    let has_gap = |extreme: &ExtremeForecast| {
        let history = extreme.forecast.history;
        extreme.forecast.observed_kw.iter().take(history).any(Option::is_none)
    };
    let has_last_year = |extreme: &ExtremeForecast| {
        extreme.forecast.future().any(|row| last_year_kw(&extreme.forecast, row).is_some())
    };
    Layer::ALL
        .into_iter()
        .filter(|layer| match layer {
            Layer::Limits => !limits(detail).0.is_empty(),
            Layer::Outliers => any(&|extreme| !outliers(extreme).is_empty()),
            Layer::Exceedances => any(&|extreme| !exceedances(&extreme.forecast, detail.limits).is_empty()),
            Layer::Gaps => any(&has_gap),
            Layer::Masked => !detail.special_weeks.left_out.is_empty(),
            Layer::LastYear => any(&has_last_year),
            _ => true,
        })
        .collect()
}

/// What is drawn in each week, for the scale of any window.
fn window_scale(detail: &BoxDetail, before: Option<&Future>, layers: &Layers) -> Option<WindowScale> {
    let both = both(detail)?;
    let mut scale = WindowScale::new(both[0].1.forecast.weeks.len());
    for (name, extreme) in both.into_iter().filter(|(extreme, _)| layers.shows(layer_of(*extreme))) {
        let forecast = &extreme.forecast;
        for (row, kw) in forecast.observed_kw.iter().enumerate() {
            scale.add(row, kw.iter().copied());
        }
        for row in forecast.future() {
            let at = |quantile| forecast.total.get(quantile).get(row).copied();
            scale.add(row, [Quantile::Q05, Quantile::Q95].into_iter().filter_map(at));
            let before = before.map(|before| before_kw(before, name, row - forecast.history));
            scale.add(row, before.into_iter().flatten().flatten());
            if layers.shows(Layer::LastYear) {
                scale.add(row, last_year_kw(forecast, row));
            }
        }
        if layers.shows(Layer::Fitted) {
            for (row, kw) in fitted_kw(extreme).into_iter().enumerate() {
                scale.add(row, [kw]);
            }
        }
    }
    if layers.shows(Layer::Limits) {
        scale.set_limits(limits(detail).0);
    }
    Some(scale)
}

fn both(detail: &BoxDetail) -> Option<[(Extreme, &ExtremeForecast); 2]> {
    let (minimum, maximum) = (detail.minimum.as_ref()?, detail.maximum.as_ref()?);
    Some([(Extreme::Max, maximum), (Extreme::Min, minimum)])
}

/// Everything measured and forecast, kW.
fn values(detail: &BoxDetail) -> Option<Vec<f64>> {
    let mut values = Vec::new();
    for (_, ExtremeForecast { forecast, .. }) in both(detail)? {
        values.extend(forecast.observed_kw.iter().flatten());
        for quantile in [Quantile::Q05, Quantile::Q50, Quantile::Q95] {
            values.extend(forecast.total.get(quantile).get(forecast.future())?);
        }
    }
    Some(values)
}

/// The limits that are drawn and those that are too far away, kW with sign.
pub(super) fn limits(detail: &BoxDetail) -> (Vec<f64>, Vec<f64>) {
    let (Some(Limits { import_kw, feed_in_kw }), Some(values)) = (detail.limits, values(detail)) else {
        return (Vec::new(), Vec::new());
    };
    let highest = values.iter().copied().fold(0.0, f64::max);
    let lowest = values.iter().copied().fold(0.0, f64::min);
    let far = |limit_kw: f64, reached_kw: f64| reached_kw * FAR < limit_kw;
    let (import_far, feed_in_far) = (far(import_kw, highest), far(feed_in_kw, -lowest));
    // One limit is always worth its room: the import limit, unless only feed-in comes near its own.
    let import_far = import_far && !feed_in_far;
    [(import_kw, import_far), (-feed_in_kw, feed_in_far)].into_iter().fold(
        (Vec::new(), Vec::new()),
        |(mut drawn, mut outside), (limit_kw, is_far)| {
            if is_far {
                outside.push(limit_kw)
            } else {
                drawn.push(limit_kw)
            }
            (drawn, outside)
        },
    )
}

/// The limits that lie outside the picture, kW with sign: the page says so in words.
pub(crate) fn limits_outside(detail: &BoxDetail) -> Vec<f64> {
    limits(detail).1
}

/// What the chart shows, in one sentence.
pub(crate) fn forecast_summary(detail: &BoxDetail, words: &Words) -> Option<String> {
    let [maximum, _] = both(detail)?.map(|(_, extreme)| &extreme.forecast);
    let now = maximum.weeks.get(maximum.history.checked_sub(1)?)?;
    let span = [*maximum.weeks.first()?, *now, *maximum.weeks.last()?];
    let future = maximum.future();
    let judged_to = (future.len() > RANKED_WEEKS).then(|| maximum.weeks.get(future.start + RANKED_WEEKS - 1));
    Some(words.forecast_summary(span, judged_to.flatten().copied()))
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use domain::week_span::WeekSpan;
    use serde_json::Value;

    use super::super::samples::{crossing_zero, palette};
    use super::*;

    fn drawn(detail: &BoxDetail, layers: &Layers) -> Value {
        forecast_chart(detail, layers, Words::of(Language::English), &palette()).unwrap().option
    }

    fn option(detail: &BoxDetail) -> Value {
        drawn(detail, &Layers::default())
    }

    fn ids(option: &Value) -> Vec<&str> {
        option["series"].as_array().unwrap().iter().map(|series| series["id"].as_str().unwrap()).collect()
    }

    fn series<'a>(option: &'a Value, id: &str) -> &'a Value {
        option["series"].as_array().unwrap().iter().find(|series| series["id"] == id).unwrap()
    }

    /// The upper edge of a stacked layer at each week: the sum of the layers up to it.
    fn stacked(option: &Value, extreme: &str) -> Vec<Vec<f64>> {
        let mut edges: Vec<Vec<f64>> = Vec::new();
        for level in [5, 15, 85, 95] {
            let layer = series(option, &format!("total-{extreme}-{level}"));
            assert_eq!(layer["stackStrategy"], "all", "otherwise layers of unlike sign are stacked apart");
            let heights: Vec<f64> =
                layer["data"].as_array().unwrap().iter().map(|point| point[1].as_f64().unwrap()).collect();
            let edge = match edges.last() {
                Some(below) => {
                    assert!(heights.iter().all(|height| *height >= 0.0), "a layer has no negative height");
                    below.iter().zip(&heights).map(|(below, height)| below + height).collect()
                }
                None => heights,
            };
            edges.push(edge);
        }
        edges
    }

    #[test]
    fn bands_lie_at_their_quantiles_where_they_cross_zero() {
        let detail = crossing_zero();
        let option = option(&detail);
        let forecast = &detail.minimum.as_ref().unwrap().forecast;
        let edges = stacked(&option, "min");
        for (edge, quantile) in edges.iter().zip([Quantile::Q05, Quantile::Q15, Quantile::Q85, Quantile::Q95])
        {
            let expected = &forecast.total.get(quantile)[forecast.future()];
            assert_eq!(edge.len(), expected.len());
            assert!(edge.iter().zip(expected).all(|(edge, expected)| (edge - expected).abs() < 0.002));
        }
        assert!(
            edges[0].iter().any(|kw| *kw < -150.0) && edges[3].iter().any(|kw| *kw > 20.0),
            "the sample crosses zero"
        );
    }

    #[test]
    fn one_scale_holds_everything() {
        let option = option(&crossing_zero());
        assert_eq!(option["yAxis"]["min"], -500.0, "the feed-in limit of -400 kW is near enough to be drawn");
        assert_eq!(option["yAxis"]["max"], 500.0);
        let limits = series(&option, "weeks")["markLine"]["data"].as_array().unwrap().len();
        assert_eq!(limits, 2);
    }

    #[test]
    fn a_far_limit_is_left_out_of_the_picture_and_said_in_words() {
        let mut detail = crossing_zero();
        detail.limits = Some(Limits { import_kw: 400.0, feed_in_kw: 4000.0 });
        assert_eq!(limits_outside(&detail), [-4000.0]);
        assert!(option(&detail)["yAxis"]["min"].as_f64().unwrap() > -4000.0);
    }

    #[test]
    fn history_future_and_gaps_are_told_apart() {
        let option = option(&crossing_zero());
        let count = option["series"].as_array().unwrap().len();
        assert_eq!(
            count,
            1 + 2 * (4 + 5),
            "four layers, last year, median, measured and two kinds of marks each"
        );
        let measured = series(&option, "total-max-measured");
        assert_eq!(measured["type"], "scatter");
        assert_eq!(measured["data"].as_array().unwrap().len(), 117, "three weeks of the history are missing");
        let areas = series(&option, "weeks")["markArea"]["data"].as_array().unwrap();
        assert_eq!(areas.len(), 2, "one gap and the future");
    }

    #[test]
    fn neither_half_of_the_year_ahead_looks_like_weeks_that_are_left_out() {
        let mut detail = super::super::samples::a_year_ahead();
        let first = detail.maximum.as_ref().unwrap().forecast.weeks[20];
        detail.special_weeks.left_out = vec![WeekSpan::new(first, first.plus(3))];
        let option = option(&detail);
        let areas = series(&option, "weeks")["markArea"]["data"].as_array().unwrap();
        let style = |place: usize| areas[place][0].get("itemStyle");
        let names: Vec<_> = areas.iter().map(|area| area[0]["name"].as_str().unwrap_or_default()).collect();
        assert_eq!(names, ["", "left out", "Forecast", "indicative"]);
        assert!(style(0).is_some() && style(1).is_some() && style(0) != style(1));
        assert!(style(2).is_none() && style(3).is_none(), "the future has the colour of the series' areas");
    }

    #[test]
    fn weeks_that_are_left_out_are_marked_by_name() {
        let mut detail = crossing_zero();
        let first = detail.maximum.as_ref().unwrap().forecast.weeks[20];
        detail.special_weeks.left_out = vec![WeekSpan::new(first, first.plus(3))];
        let option = option(&detail);
        let areas = series(&option, "weeks")["markArea"]["data"].as_array().unwrap();
        assert_eq!(areas.len(), 3);
        assert_eq!(areas[1][0]["name"], "left out");
        assert_ne!(areas[0][0]["itemStyle"], areas[1][0]["itemStyle"], "a gap and what is left out differ");
        let mut layers = Layers::default();
        for layer in [Layer::Gaps, Layer::Masked] {
            layers.toggle(layer);
        }
        let option = drawn(&detail, &layers);
        assert_eq!(series(&option, "weeks")["markArea"]["data"].as_array().unwrap().len(), 1, "the future");
    }

    #[test]
    fn a_layer_that_is_turned_off_is_not_drawn_and_the_fitted_line_comes_on_demand() {
        let detail = crossing_zero();
        let mut layers = Layers::default();
        for layer in [Layer::Minimum, Layer::Median, Layer::Band90, Layer::LastYear, Layer::Limits] {
            layers.toggle(layer);
        }
        layers.toggle(Layer::Fitted);
        let option = drawn(&detail, &layers);
        let ids = ids(&option);
        assert!(ids.contains(&"total-max-fitted") && ids.contains(&"total-max-measured"));
        assert!(
            !ids.iter().any(|id| id.contains("min") || id.contains("median") || id.contains("last-year"))
        );
        assert!(series(&option, "total-max-95").get("areaStyle").is_none(), "the 90 % band");
        assert!(series(&option, "total-max-85").get("areaStyle").is_some(), "the 70 % band");
        assert_eq!(series(&option, "weeks")["markLine"]["data"].as_array().map_or(0, Vec::len), 0);
        let top = option["yAxis"]["max"].as_f64().unwrap();
        assert!(
            top < 480.0 && option["yAxis"]["min"].as_f64().unwrap() > 200.0,
            "the scale follows what is shown"
        );
    }

    #[test]
    fn outliers_and_measured_exceedances_are_marked_and_a_limit_stands_on_a_plate() {
        let mut detail = crossing_zero();
        detail.limits = Some(Limits { import_kw: 385.0, feed_in_kw: 400.0 });
        let maximum = detail.maximum.as_mut().unwrap();
        let outlier = maximum.forecast.weeks[30];
        maximum.forecast_basis = Some(super::super::samples::basis(vec![outlier]));
        let beyond = maximum.forecast.observed_kw.iter().flatten().filter(|kw| **kw > 385.0).count();
        let option = option(&detail);
        let count = |id| series(&option, id)["data"].as_array().map_or(0, Vec::len);
        assert!(beyond > 0);
        assert_eq!((count("total-max-outliers"), count("total-max-exceedances")), (1, beyond));
        assert_eq!(count("total-min-exceedances"), 0);
        let label = &series(&option, "weeks")["markLine"]["data"][0]["label"];
        assert_eq!(label["backgroundColor"], palette().limit.as_str());
        assert_eq!(label["color"], palette().surface.as_str());
        let present = layers_present(&detail);
        assert!(present.contains(&Layer::Outliers) && present.contains(&Layer::Exceedances));
        assert!(!present.contains(&Layer::Masked));
    }

    #[test]
    fn the_scale_is_that_of_the_window() {
        let mut detail = crossing_zero();
        detail.maximum.as_mut().unwrap().forecast.observed_kw[3] = Some(2_000.0);
        let picture =
            forecast_chart(&detail, &Layers::default(), Words::of(Language::English), &palette()).unwrap();
        assert_eq!(picture.option["yAxis"]["max"], 500.0, "the fault lies before the opening window");
        let scale = picture.scale.unwrap();
        assert_eq!(scale.around(0..20).high, 2_200.0);
        assert_eq!(scale.around(60..147).high, 500.0);
    }

    #[test]
    fn without_a_forecast_there_is_no_chart() {
        let mut detail = crossing_zero();
        detail.minimum = None;
        assert!(
            forecast_chart(&detail, &Layers::default(), Words::of(Language::English), &palette()).is_none()
        );
        assert!(forecast_summary(&detail, Words::of(Language::English)).is_none());
    }
}
