//! The forecast under what a planner assumes, over the forecast as it is.

use charming::element::{AreaStyle, LineStyle, Symbol};
use charming::series::Line;
use domain::box_detail::{BoxDetail, ExtremeForecast};
use domain::what_if::{Future, WhatIfAnswer};
use model::{Bands, Extreme, Forecast, Quantile};

use super::bands::{Panel, point, to_watt};
use super::forecast::chart_over;
use super::layers::{Layer, Layers};
use super::palette::Palette;
use super::picture::Picture;
use crate::words::Words;

/// Where the forecast as it is belongs: under the other one.
const BEFORE: Panel = Panel { axis: 0, name: "before", opacity: 0.3 };

/// What is drawn, whatever the person has turned off in the first tab: but for what last year adds, all of it.
fn layers() -> Layers {
    let mut layers = Layers::default();
    layers.toggle(Layer::LastYear);
    layers
}

/// Before in grey, after in colour; without an answer the forecast as it is.
pub(crate) fn what_if_chart(
    detail: &BoxDetail,
    answer: Option<&WhatIfAnswer>,
    words: &Words,
    palette: &Palette,
) -> Option<Picture> {
    let changed = answer.and_then(|answer| Some((assumed(detail, answer)?, &answer.before)));
    match changed {
        Some((after, before)) => chart_over(&after, Some(before), &layers(), words, palette),
        None => chart_over(detail, None, &layers(), words, palette),
    }
}

/// The box as it is assumed to be; nothing where the answer is of other weeks.
fn assumed(detail: &BoxDetail, answer: &WhatIfAnswer) -> Option<BoxDetail> {
    let after = |extreme: &ExtremeForecast, future: &Bands| {
        let forecast = &extreme.forecast;
        (forecast.weeks.get(forecast.future()) == Some(answer.weeks.as_slice())).then_some(())?;
        let level = |quantile| {
            let kept = forecast.total.get(quantile).get(..forecast.history).unwrap_or_default();
            [kept, future.get(quantile)].concat()
        };
        let total = Bands::new(Quantile::ALL.map(level)).ok()?;
        // The chances of single weeks are not those of this extreme any more.
        Some(ExtremeForecast {
            forecast: Forecast { total, ..forecast.clone() },
            overload: None,
            ..extreme.clone()
        })
    };
    Some(BoxDetail {
        minimum: Some(after(detail.minimum.as_ref()?, &answer.after.minimum)?),
        maximum: Some(after(detail.maximum.as_ref()?, &answer.after.maximum)?),
        limits: Some(answer.after.limits),
        ..detail.clone()
    })
}

/// The bands of an extreme before.
fn bands_of(before: &Future, extreme: Extreme) -> &Bands {
    match extreme {
        Extreme::Min => &before.minimum,
        Extreme::Max => &before.maximum,
    }
}

/// What is drawn of an extreme before in each future week, kW.
pub(super) fn before_kw(before: &Future, extreme: Extreme, ahead: usize) -> [Option<f64>; 2] {
    let bands = bands_of(before, extreme);
    [Quantile::Q05, Quantile::Q95].map(|quantile| bands.get(quantile).get(ahead).copied())
}

/// The 90 % band before, and its median as a thin line: both grey.
pub(super) fn before_lines(
    before: &Future,
    extreme: Extreme,
    forecast: &Forecast,
    palette: &Palette,
) -> [Line; 3] {
    let bands = bands_of(before, extreme);
    let weeks = forecast.weeks.get(forecast.future()).unwrap_or_default();
    let at = |quantile: Quantile, ahead: usize| bands.get(quantile).get(ahead).copied().unwrap_or(f64::NAN);
    let line = |name: &str, kw: &dyn Fn(usize) -> f64| {
        let points = weeks.iter().enumerate().map(|(ahead, week)| point(*week, to_watt(kw(ahead))));
        Line::new()
            .id(format!("{}-{extreme}-{name}", BEFORE.name))
            .x_axis_index(BEFORE.axis)
            .y_axis_index(BEFORE.axis)
            .symbol(Symbol::None)
            .silent(true)
            .data(points.collect::<Vec<_>>())
    };
    let stack = format!("{}-{extreme}", BEFORE.name);
    let unseen = || LineStyle::new().width(0).opacity(0);
    let grey = palette.muted.as_str();
    [
        line("5", &|ahead| at(Quantile::Q05, ahead)).stack(stack.as_str()).line_style(unseen()),
        line("95", &|ahead| at(Quantile::Q95, ahead) - at(Quantile::Q05, ahead))
            .stack(stack.as_str())
            .line_style(unseen())
            .area_style(AreaStyle::new().color(grey).opacity(BEFORE.opacity)),
        line("median", &|ahead| at(Quantile::Q50, ahead)).line_style(LineStyle::new().color(grey).width(1.5)),
    ]
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use model::Limits;

    use super::super::samples::{crossing_zero, palette};
    use super::*;

    /// The sample with so much more import in each future week.
    fn answer(detail: &BoxDetail, more_kw: f64) -> WhatIfAnswer {
        let [minimum, maximum] = [&detail.minimum, &detail.maximum].map(|extreme| {
            let forecast = &extreme.as_ref().unwrap().forecast;
            forecast.total.rows(forecast.future())
        });
        let forecast = &detail.maximum.as_ref().unwrap().forecast;
        let more = |bands: &Bands| {
            Bands::new(Quantile::ALL.map(|level| bands.get(level).iter().map(|kw| kw + more_kw).collect()))
        };
        let assessment = detail.assessment.clone().unwrap();
        let limits = Limits { import_kw: 630.0, feed_in_kw: 630.0 };
        WhatIfAnswer {
            weeks: forecast.weeks[forecast.future()].to_vec(),
            after: Future {
                minimum: minimum.clone(),
                maximum: more(&maximum).unwrap(),
                limits,
                assessment: assessment.clone(),
            },
            before: Future { minimum, maximum, limits: detail.limits.unwrap(), assessment },
        }
    }

    #[test]
    fn before_lies_in_grey_under_what_is_assumed_and_the_scale_holds_both() {
        let (detail, words) = (crossing_zero(), Words::of(Language::English));
        let answer = answer(&detail, 900.0);
        let picture = what_if_chart(&detail, Some(&answer), words, &palette()).unwrap();
        let series = picture.option["series"].as_array().unwrap();
        let place = |id: &str| series.iter().position(|series| series["id"] == id).unwrap();
        assert!(
            place("before-max-95") < place("total-max-95")
                && place("before-min-median") < place("total-min-5")
        );
        assert_eq!(series[place("before-max-95")]["stackStrategy"], "all");
        let first = |id: &str| series[place(id)]["data"][0][1].as_f64().unwrap();
        assert!((first("total-max-5") - first("before-max-5") - 900.0).abs() < 0.002);
        assert!(picture.option["yAxis"]["max"].as_f64().unwrap() > 1_200.0);
    }

    #[test]
    fn an_answer_of_other_weeks_is_not_drawn() {
        let (detail, words) = (crossing_zero(), Words::of(Language::English));
        let mut answer = answer(&detail, 900.0);
        answer.weeks.pop();
        let drawn = what_if_chart(&detail, Some(&answer), words, &palette());
        assert_eq!(drawn, what_if_chart(&detail, None, words, &palette()));
    }
}
