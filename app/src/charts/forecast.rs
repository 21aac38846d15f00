//! History and forecast of both extremes in one picture, with the limits, on one scale.

use charming::Chart;
use domain::box_detail::BoxDetail;
use model::{Extreme, Forecast, Limits, Quantile, RANKED_WEEKS};

use super::axes;
use super::bands::{Panel, bands, median};
use super::marks::{gaps_and_future, limit_lines};
use super::observations::observations;
use super::palette::Palette;
use super::patch::patched;
use super::picture::Picture;
use super::scale::Scale;
use super::tooltip::forecast_tips;
use crate::words::Words;

const PANEL: Panel = Panel { axis: 0, name: "total", opacity: 1.0 };
/// The weeks after the half-year, which are indicative.
const LATER: Panel = Panel { axis: 0, name: "later", opacity: 0.45 };
/// A limit further away than this multiple of what is drawn would flatten everything else.
const FAR: f64 = 4.0;
/// Weeks of history in the opening window.
const OPENING_WEEKS: i32 = 78;

/// The chart of the first tab; none without a forecast.
pub(crate) fn forecast_chart(detail: &BoxDetail, words: &Words, palette: &Palette) -> Option<Picture> {
    let both = both(detail)?;
    let leading = both[0].1;
    let span = [*leading.weeks.first()?, *leading.weeks.last()?];
    let window = [
        leading.weeks.get(leading.history).map_or(span[0], |week| week.plus(-OPENING_WEEKS)).max(span[0]),
        span[1],
    ];
    let mut chart = Chart::new()
        .animation(false)
        .grid(axes::frame_between(26, 66))
        .x_axis(axes::time_axis(0, span, true, palette))
        .y_axis(axes::power_axis(0, "kW", scale(detail)?, palette))
        .tooltip(axes::tooltip(palette));
    for zoom in axes::zoom(1, window, palette) {
        chart = chart.data_zoom(zoom);
    }
    // First the fitted medians: the first series spans all weeks, so that the keyboard can walk along it.
    for (extreme, forecast) in both {
        let all = 0..forecast.weeks.len();
        let line = median(PANEL, extreme, &forecast.weeks, &forecast.total, all, true, palette);
        chart = chart.series(match extreme {
            Extreme::Max => {
                let lines = limit_lines(&limits(detail).0, words, palette);
                let left_out = &detail.special_weeks.left_out;
                line.mark_area(gaps_and_future(forecast, left_out, Some(words), palette)).mark_line(lines)
            }
            Extreme::Min => line,
        });
    }
    for (extreme, forecast) in both {
        let future = forecast.future();
        let end = future.end.min(future.start + RANKED_WEEKS);
        let mut layers = bands(PANEL, extreme, &forecast.weeks, &forecast.total, future.start..end, palette);
        if end < future.end {
            // From the half-year's last week on, so that no gap is left.
            let later = end.saturating_sub(1)..future.end;
            layers.extend(bands(LATER, extreme, &forecast.weeks, &forecast.total, later, palette));
        }
        for layer in layers {
            chart = chart.series(layer);
        }
    }
    for (extreme, forecast) in both {
        let line =
            median(PANEL, extreme, &forecast.weeks, &forecast.total, forecast.future(), false, palette);
        chart = chart.series(line).series(observations(PANEL, extreme, forecast, palette));
    }
    Picture::new(patched(&chart, palette), forecast_tips(detail, words), leading)
}

fn both(detail: &BoxDetail) -> Option<[(Extreme, &Forecast); 2]> {
    let (minimum, maximum) = (detail.minimum.as_ref()?, detail.maximum.as_ref()?);
    Some([(Extreme::Max, &maximum.forecast), (Extreme::Min, &minimum.forecast)])
}

/// Everything measured and forecast, kW.
fn values(detail: &BoxDetail) -> Option<Vec<f64>> {
    let mut values = Vec::new();
    for (_, forecast) in both(detail)? {
        values.extend(forecast.observed_kw.iter().flatten());
        for quantile in [Quantile::Q05, Quantile::Q50, Quantile::Q95] {
            values.extend(forecast.total.get(quantile).get(forecast.future())?);
        }
    }
    Some(values)
}

/// The limits that are drawn and those that are too far away, kW with sign.
fn limits(detail: &BoxDetail) -> (Vec<f64>, Vec<f64>) {
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

fn scale(detail: &BoxDetail) -> Option<Scale> {
    Some(Scale::around(values(detail)?.into_iter().chain(limits(detail).0).chain([0.0]), 8.0))
}

/// What the chart shows, in one sentence.
pub(crate) fn forecast_summary(detail: &BoxDetail, words: &Words) -> Option<String> {
    let [(_, maximum), (_, minimum)] = both(detail)?;
    let now = maximum.weeks.get(maximum.history.checked_sub(1)?)?;
    let range = |forecast: &Forecast| {
        let ends = |quantile| {
            forecast.total.get(quantile).get(forecast.future()).unwrap_or_default().iter().copied()
        };
        [
            ends(Quantile::Q05).fold(f64::INFINITY, f64::min),
            ends(Quantile::Q95).fold(f64::NEG_INFINITY, f64::max),
        ]
    };
    let span = [*maximum.weeks.first()?, *now, *maximum.weeks.last()?];
    Some(words.forecast_summary(span, range(maximum), range(minimum)))
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use domain::week_span::WeekSpan;
    use serde_json::Value;

    use super::super::samples::{crossing_zero, palette};
    use super::*;

    fn option(detail: &BoxDetail) -> Value {
        forecast_chart(detail, Words::of(Language::English), &palette()).unwrap().option
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
        let limits = series(&option, "total-max-fitted")["markLine"]["data"].as_array().unwrap().len();
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
        assert_eq!(count, 2 * (1 + 4 + 2), "fitted, four layers, median and measured for both extremes");
        let measured = series(&option, "total-max-measured");
        assert_eq!(measured["type"], "scatter");
        assert_eq!(measured["data"].as_array().unwrap().len(), 117, "three weeks of the history are missing");
        let areas = series(&option, "total-max-fitted")["markArea"]["data"].as_array().unwrap();
        assert_eq!(areas.len(), 2, "one gap and the future");
    }

    #[test]
    fn weeks_that_are_left_out_are_marked_by_name() {
        let mut detail = crossing_zero();
        let first = detail.maximum.as_ref().unwrap().forecast.weeks[20];
        detail.special_weeks.left_out = vec![WeekSpan::new(first, first.plus(3))];
        let option = option(&detail);
        let areas = series(&option, "total-max-fitted")["markArea"]["data"].as_array().unwrap();
        assert_eq!(areas.len(), 3);
        assert_eq!(areas[1][0]["name"], "left out");
    }

    #[test]
    fn without_a_forecast_there_is_no_chart() {
        let mut detail = crossing_zero();
        detail.minimum = None;
        assert!(forecast_chart(&detail, Words::of(Language::English), &palette()).is_none());
        assert!(forecast_summary(&detail, Words::of(Language::English)).is_none());
    }
}
