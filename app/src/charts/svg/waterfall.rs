//! The steps from today's level to the peak, beside the limit.

use domain::peak_steps::{PeakStep, PeakSteps};
use leptos::prelude::*;
use model::Extreme;

use super::super::scale::Scale;
use super::plane::{Plane, tenth};
use crate::words::Words;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 264.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 40.0;
/// The share of its place that a column fills.
const COLUMN: f64 = 0.62;
/// Longer names stand on two lines, letters.
const LINE: usize = 13;

/// A column of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    /// What it stands for.
    pub(crate) name: &'static str,
    /// Its figure, with a sign if it is a step.
    pub(crate) figure: String,
    kind: &'static str,
    x: f64,
    y: f64,
    height: f64,
    /// Where the next column begins.
    end_y: f64,
    /// The line that the figure stands on.
    figure_y: f64,
    /// Whether the figure stands within the column.
    is_inside: bool,
}

/// Columns, limit and scale of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaterfallPaths {
    /// The columns from the left: the level, the steps and the peak.
    pub(crate) columns: Vec<Column>,
    limit: Option<(f64, String)>,
    levels: Vec<(f64, String)>,
    class: &'static str,
    column_width: f64,
}

/// The picture of the steps. Their figures are rounded at their ends, so that they add up to the figure of the peak.
pub(crate) fn waterfall(steps: &PeakSteps, words: &Words) -> WaterfallPaths {
    let texts = words.on_detail();
    // A tenth of a kilowatt below a hundred, as everywhere.
    let (unit, decimals) = if steps.peak_kw.abs() < 99.95 { (0.1, 1) } else { (1.0, 0) };
    let rounded = steps.rounded(unit);
    let name = |step| match step {
        PeakStep::Level => texts.level_now,
        PeakStep::Trend => texts.trend,
        PeakStep::Season => texts.season,
        PeakStep::Inherited => texts.inherited,
        PeakStep::Added => texts.added,
        PeakStep::Margin => texts.margin,
    };
    let count = rounded.len();
    let peak_kw = rounded.last().map_or(0.0, |step| step.to_kw);
    let ends: Vec<f64> = rounded.iter().map(|step| step.to_kw).chain(steps.limit_kw).chain([0.0]).collect();
    let mut scale = Scale::around(ends.iter().copied(), 5.0);
    // Nothing lies beyond zero: the columns stand on it.
    if ends.iter().all(|kw| *kw >= 0.0) {
        scale.low = 0.0;
    } else if ends.iter().all(|kw| *kw <= 0.0) {
        scale.high = 0.0;
    }
    let plane = Plane {
        across: (LEFT, WIDTH - LEFT - 8.0),
        down: (TOP, HEIGHT - TOP - BOTTOM),
        steps: count + 1,
        range_kw: (scale.low, scale.high),
    };
    let place = plane.x(1.0) - plane.x(0.0);
    let width = COLUMN * place;
    let limit_y = steps.limit_kw.map(|kw| plane.y(kw));
    let column = |at: usize, name, (from_kw, to_kw): (f64, f64), kind, figure| {
        let (from, to) = (plane.y(from_kw), plane.y(to_kw));
        let (figure_y, is_inside) = figure_place((at, at == count), from.min(to), from.max(to), limit_y);
        Column {
            name,
            figure,
            kind,
            x: tenth(plane.x(at as f64) + (place - width) / 2.0),
            y: tenth(from.min(to)),
            // A step of nothing is a line.
            height: tenth((from - to).abs().max(1.5)),
            end_y: tenth(to),
            figure_y: tenth(figure_y),
            is_inside,
        }
    };
    let mut columns: Vec<Column> = rounded
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let height_kw = step.height_kw();
            let towards_limit = height_kw * steps.peak_kw >= 0.0;
            let kind = match at {
                0 => "level",
                _ if towards_limit => "up",
                _ => "down",
            };
            let figure =
                if at == 0 { words.number(height_kw, decimals) } else { words.signed(height_kw, decimals) };
            column(at, name(step.step), (step.from_kw, step.to_kw), kind, figure)
        })
        .collect();
    columns.push(column(
        count,
        texts.peak,
        (0.0, peak_kw),
        "peak",
        format!("{}\u{a0}kW", words.number(peak_kw, decimals)),
    ));
    let limit = steps.limit_kw.map(|kw| {
        let name = if kw < 0.0 { words.feed_in_limit } else { words.import_limit };
        (tenth(plane.y(kw)), format!("{name} {}", words.kw(kw)))
    });
    let lines = ((scale.high - scale.low) / scale.step).round() as usize;
    let levels = (0..=lines).map(|step| scale.low + step as f64 * scale.step);
    WaterfallPaths {
        columns,
        limit,
        levels: levels.map(|kw| (tenth(plane.y(kw)), words.axis_figure(kw))).collect(),
        class: if steps.extreme == Extreme::Max { "maximum" } else { "minimum" },
        column_width: tenth(width),
    }
}

/// Where the figure of a column from `top` to `bottom` stands, and whether that is within it: above it, unless the limit's line or
/// label is there.
fn figure_place((at, is_peak): (usize, bool), top: f64, bottom: f64, limit_y: Option<f64>) -> (f64, bool) {
    // The label stands on the line, over the first columns.
    let label = if at < 2 { 16.0 } else { 2.0 };
    let is_free = |line: f64| limit_y.is_none_or(|limit| line + 2.0 < limit - label || line - 11.0 > limit);
    let stands = at == 0 || is_peak;
    let instead = if stands { (top + 14.0, true) } else { (bottom.max(top + 1.5) + 13.0, false) };
    let over_limit = (limit_y.unwrap_or_default() - label - 3.0, false);
    let above = (top - 5.0, false);
    [above, instead, over_limit].into_iter().find(|(line, _)| is_free(*line)).unwrap_or(above)
}

/// A name on one line or, broken at the space next to its middle, on two.
fn name_lines(name: &str) -> (&str, Option<&str>) {
    let middle = name.len() / 2;
    let spaces = name.match_indices(' ').map(|(place, _)| place);
    let space = spaces.min_by_key(|place| place.abs_diff(middle)).filter(|_| name.chars().count() > LINE);
    match space.and_then(|place| name.split_at_checked(place)) {
        Some((first, second)) => (first, Some(second.trim_start())),
        None => (name, None),
    }
}

/// The picture, and beside it for those who don't see it the figures in order.
#[component]
pub(crate) fn WaterfallPicture(
    /// Columns, limit and scale.
    paths: WaterfallPaths,
    /// What it shows, in one sentence.
    label: String,
) -> impl IntoView {
    let WaterfallPaths { columns, limit, levels, class, column_width } = paths;
    let right = WIDTH - 8.0;
    let level = |(y, name): (f64, String)| {
        view! {
            <path class="grid-line" d=format!("M{LEFT} {y}H{right}") />
            <text class="axis-label" x=LEFT - 6.0 y=y + 3.5 text-anchor="end">{name}</text>
        }
    };
    let next = columns.iter().skip(1).map(|column| column.x).collect::<Vec<_>>();
    let joints = columns.iter().zip(next).map(|(column, next)| {
        let from = tenth(column.x + column_width);
        view! { <path class="joint" d=format!("M{from} {}H{next}", column.end_y) /> }
    });
    let joints = joints.collect_view();
    let drawn = move |column: Column| {
        let (first, second) = name_lines(column.name);
        let middle = tenth(column.x + column_width / 2.0);
        view! {
            <g class=format!("step step-{}", column.kind)>
                <rect x=column.x y=column.y width=column_width height=column.height />
                <text class="step-figure" class:inside=column.is_inside x=middle y=column.figure_y text-anchor="middle">{column.figure}</text>
                <text class="step-name" x=middle y=HEIGHT - 22.0 text-anchor="middle">
                    {first}
                    {second.map(|second| view! { " " <tspan x=middle y=HEIGHT - 8.0>{second}</tspan> })}
                </text>
            </g>
        }
    };
    let limit = limit.map(|(y, label)| {
        view! {
            <path class="limit" d=format!("M{LEFT} {y}H{right}") />
            <text class="limit-label" x=LEFT + 6.0 y=tenth(y - 4.0)>{label}</text>
        }
    });
    view! {
        <svg class=format!("waterfall {class}") viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
            {levels.into_iter().map(level).collect_view()}
            {joints}
            {columns.into_iter().map(drawn).collect_view()}
            {limit}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use domain::language::Language;

    use super::super::super::samples::crossing_zero;
    use super::*;

    #[test]
    fn the_figures_shown_add_up_to_the_peak_shown() {
        let mut detail = crossing_zero();
        // The sample's assessment names a week of its horizon.
        let forecast = &detail.maximum.as_ref().unwrap().forecast;
        let weeks = forecast.weeks[forecast.history..].to_vec();
        for week in weeks {
            detail.assessment.as_mut().unwrap().peak_week = week;
            let steps = PeakSteps::of(&detail).unwrap();
            let paths = waterfall(&steps, Words::of(Language::English));
            let figure = |text: &str| -> f64 {
                text.replace('−', "-").replace([',', '+'], "").trim_end_matches("\u{a0}kW").parse().unwrap()
            };
            let figures: Vec<f64> = paths.columns.iter().map(|column| figure(&column.figure)).collect();
            let sum: f64 = figures[..5].iter().sum();
            assert!((sum - figures[5]).abs() < 1e-9, "{figures:?}");
            assert!((figures[5] - steps.peak_kw).abs() <= 0.5);
        }
    }

    #[test]
    fn columns_stand_side_by_side_and_each_begins_where_the_last_ended() {
        let mut detail = crossing_zero();
        let forecast = &detail.maximum.as_ref().unwrap().forecast;
        detail.assessment.as_mut().unwrap().peak_week = forecast.weeks[forecast.history + 3];
        let paths = waterfall(&PeakSteps::of(&detail).unwrap(), Words::of(Language::Dutch));
        assert_eq!(paths.columns.len(), 6);
        assert!(paths.columns.windows(2).all(|pair| pair[1].x > pair[0].x + paths.column_width));
        assert_eq!(paths.columns[5].end_y, paths.columns[4].end_y);
        assert_eq!(paths.columns[4].name, "Marge voor 1 op 20");
        assert!(paths.limit.is_some());
        assert_eq!(paths.levels[0].1, "0", "nothing lies below zero");
    }

    #[test]
    fn figures_keep_clear_of_the_limit_and_long_names_break() {
        assert_eq!(figure_place((3, false), 100.0, 130.0, None), (95.0, false));
        assert_eq!(figure_place((3, false), 100.0, 110.0, Some(96.0)), (123.0, false), "below the step");
        assert_eq!(
            figure_place((0, false), 100.0, 224.0, Some(96.0)),
            (114.0, true),
            "within what stands on the axis"
        );
        assert_eq!(figure_place((3, false), 100.0, 100.0, Some(102.0)), (95.0, false));
        assert_eq!(name_lines("Nog van de laatste weken"), ("Nog van de", Some("laatste weken")));
        assert_eq!(name_lines("Level now"), ("Level now", None));
    }
}
