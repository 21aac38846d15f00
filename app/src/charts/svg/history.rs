//! History and forecast of both extremes as SVG: what stands on the page before and without scripts, and on paper.

use domain::box_detail::BoxDetail;
use leptos::prelude::*;
use model::{Extreme, Forecast, IsoWeek, Quantile};

use super::super::forecast::limits;
use super::super::scale::Scale;
use super::plane::{Plane, tenth};
use crate::words::Words;

/// How much of the history is drawn, weeks.
const HISTORY_WEEKS: usize = 104;
/// Half the side of a triangle.
const MARK: f64 = 2.6;

/// The room of a picture, in its units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PictureSize {
    width: f64,
    height: f64,
    /// Whether the axes carry figures.
    labelled: bool,
}

impl PictureSize {
    /// As wide as the detail, with axes.
    pub(crate) const FULL: Self = Self { width: 720.0, height: 330.0, labelled: true };
    /// Without figures, for a place beside a line of text.
    #[cfg(test)]
    const SMALL: Self = Self { width: 240.0, height: 72.0, labelled: false };
}

/// One extreme, week by week from the first shown one.
#[derive(Debug, Clone, PartialEq)]
struct Extremes {
    class: &'static str,
    measured: String,
    band_90: String,
    band_70: String,
    median: String,
}

/// A limit: how high it lies, and its label.
#[derive(Debug, Clone, PartialEq)]
struct LimitLine {
    y: f64,
    label: String,
}

/// Paths and labels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HistoryPaths {
    size: PictureSize,
    extremes: Vec<Extremes>,
    limits: Vec<LimitLine>,
    /// The upright line at which the future begins.
    now: Option<f64>,
    right: f64,
    frame: (f64, f64),
    left: f64,
    /// Grid lines with their figures.
    levels: Vec<(f64, String)>,
    /// The first weeks of quarters with their names.
    ticks: Vec<(f64, String)>,
}

/// What was measured of an extreme, and its forecast from `history` on.
struct Rows<'a> {
    extreme: Extreme,
    observed_kw: Vec<Option<f64>>,
    forecast: Option<&'a Forecast>,
}

/// The picture of a box; nothing where nothing was measured.
pub(crate) fn history_paths(detail: &BoxDetail, size: PictureSize, words: &Words) -> Option<HistoryPaths> {
    let (weeks, history, rows) = rows(detail)?;
    let first = history.saturating_sub(HISTORY_WEEKS);
    let steps = weeks.len() - 1 - first;
    let (limits_kw, values) = (drawn_limits(detail, &rows), drawn_values(&rows, first));
    let scale = Scale::around(values.chain(limits_kw.iter().copied()).chain([0.0]), 6.0);
    let (left, below) = if size.labelled { (46.0, 22.0) } else { (1.0, 1.0) };
    let top = if size.labelled { 8.0 } else { 1.0 };
    let plane = Plane {
        across: (left, size.width - left - if size.labelled { 8.0 } else { 1.0 }),
        down: (top, size.height - top - below),
        steps,
        range_kw: (scale.low, scale.high),
    };
    let extremes = rows.iter().map(|rows| extremes(rows, first, history, &plane)).collect();
    let name = |kw: f64| if kw < 0.0 { words.feed_in_limit } else { words.import_limit };
    let limit =
        |kw: &f64| LimitLine { y: tenth(plane.y(*kw)), label: format!("{} {}", name(*kw), words.kw(*kw)) };
    let count = ((scale.high - scale.low) / scale.step).round() as usize;
    let levels = (0..=count).map(|step| scale.low + step as f64 * scale.step);
    Some(HistoryPaths {
        size,
        extremes,
        limits: limits_kw.iter().map(limit).collect(),
        now: (history < weeks.len()).then(|| tenth(plane.x((history - first) as f64 - 0.5))),
        right: tenth(left + plane.across.1),
        frame: plane.down,
        left,
        levels: levels.map(|kw| (tenth(plane.y(kw)), words.axis_figure(kw))).collect(),
        ticks: ticks(&weeks[first..], &plane),
    })
}

/// The weeks, how many of them are history, and what there is of both extremes.
fn rows(detail: &BoxDetail) -> Option<(Vec<IsoWeek>, usize, Vec<Rows<'_>>)> {
    if let (Some(maximum), Some(minimum)) = (&detail.maximum, &detail.minimum) {
        let of =
            |extreme, forecast| Rows { extreme, observed_kw: observed(forecast), forecast: Some(forecast) };
        let both = vec![of(Extreme::Max, &maximum.forecast), of(Extreme::Min, &minimum.forecast)];
        let forecast = &maximum.forecast;
        return (!forecast.weeks.is_empty()).then(|| (forecast.weeks.clone(), forecast.history, both));
    }
    let (first, last) = (detail.measured.first()?.week, detail.measured.last()?.week);
    let weeks: Vec<IsoWeek> = (0..=last - first).map(|after| first.plus(after)).collect();
    let of = |extreme| {
        let mut observed_kw = vec![None; weeks.len()];
        for week in &detail.measured {
            if let Some(kw) = usize::try_from(week.week - first).ok().and_then(|row| observed_kw.get_mut(row))
            {
                *kw = Some(week.get(extreme));
            }
        }
        Rows { extreme, observed_kw, forecast: None }
    };
    let both = vec![of(Extreme::Max), of(Extreme::Min)];
    Some((weeks.clone(), weeks.len(), both))
}

fn observed(forecast: &Forecast) -> Vec<Option<f64>> {
    forecast.observed_kw.iter().take(forecast.history).copied().collect()
}

fn drawn_limits(detail: &BoxDetail, rows: &[Rows<'_>]) -> Vec<f64> {
    if rows.iter().any(|rows| rows.forecast.is_some()) {
        return limits(detail).0;
    }
    let Some(limits) = detail.limits else { return Vec::new() };
    let highest = rows.iter().flat_map(|rows| rows.observed_kw.iter().flatten()).copied().fold(0.0, f64::max);
    let is_near = highest * 4.0 >= limits.import_kw;
    if is_near { vec![limits.import_kw] } else { Vec::new() }
}

fn drawn_values<'a>(rows: &'a [Rows<'_>], first: usize) -> impl Iterator<Item = f64> + 'a {
    rows.iter().flat_map(move |rows| {
        let measured = rows.observed_kw.iter().skip(first).flatten().copied();
        let ends = rows.forecast.into_iter().flat_map(|forecast| {
            let of = |quantile| forecast.total.get(quantile).get(forecast.future()).unwrap_or_default();
            [Quantile::Q05, Quantile::Q95].into_iter().flat_map(of).copied()
        });
        measured.chain(ends)
    })
}

fn extremes(rows: &Rows<'_>, first: usize, history: usize, plane: &Plane) -> Extremes {
    let down = if rows.extreme == Extreme::Max { 1.0 } else { -1.0 };
    let measured = rows.observed_kw.iter().enumerate().skip(first).filter_map(|(row, kw)| {
        let (x, y) = (plane.x((row - first) as f64), plane.y((*kw)?));
        let [left, right, tip, base] = [x - MARK, x + MARK, y - down * MARK, y + down * MARK].map(tenth);
        Some(format!("M{left} {base}L{right} {base}L{} {tip}Z", tenth(x)))
    });
    let part = |quantile| {
        rows.forecast
            .and_then(|forecast| forecast.total.get(quantile).get(forecast.future()))
            .unwrap_or_default()
    };
    let from = history - first;
    Extremes {
        class: if rows.extreme == Extreme::Max { "maximum" } else { "minimum" },
        measured: measured.collect(),
        band_90: plane.band(from, part(Quantile::Q05), part(Quantile::Q95)),
        band_70: plane.band(from, part(Quantile::Q15), part(Quantile::Q85)),
        median: plane.line(from, part(Quantile::Q50).iter().map(|kw| Some(*kw))),
    }
}

/// The weeks 1, 14, 27 and 40 of each year; those of week 1 with the year.
fn ticks(weeks: &[IsoWeek], plane: &Plane) -> Vec<(f64, String)> {
    let quarter = |(step, week): (usize, &IsoWeek)| {
        let name = match week.number() {
            1 => week.year().to_string(),
            number @ (14 | 27 | 40) => format!("w{number}"),
            _ => return None,
        };
        Some((tenth(plane.x(step as f64)), name))
    };
    weeks.iter().enumerate().filter_map(quarter).collect()
}

/// The picture. Its colours are those of the style sheet.
#[component]
pub(crate) fn HistoryPicture(
    /// The paths.
    paths: HistoryPaths,
    /// What it shows, for those who don't see it; empty where the text beside says so.
    label: String,
) -> impl IntoView {
    let HistoryPaths { size, extremes, limits, now, right, frame, left, levels, ticks } = paths;
    let (top, bottom) = (frame.0, tenth(frame.0 + frame.1));
    let hidden = label.is_empty().then_some("true");
    let role = (!label.is_empty()).then_some("img");
    let label = (!label.is_empty()).then_some(label);
    let grid = size.labelled.then(|| {
        let level = |(y, name): (f64, String)| {
            view! {
                <path class="grid-line" d=format!("M{left} {y}H{right}") />
                <text class="axis-label" x=left - 6.0 y=y + 3.5 text-anchor="end">{name}</text>
            }
        };
        let tick = |(x, name): (f64, String)| {
            view! {
                <path class="grid-tick" d=format!("M{x} {bottom}v4") />
                <text class="axis-label" x=x y=bottom + 16.0 text-anchor="middle">{name}</text>
            }
        };
        view! {
            {levels.into_iter().map(level).collect_view()}
            {ticks.into_iter().map(tick).collect_view()}
        }
    });
    let future = now.map(|x| {
        view! { <rect class="future" x=x y=top width=tenth(right - x) height=tenth(bottom - top) /> }
    });
    let drawn = |Extremes { class, measured, band_90, band_70, median }| {
        view! {
            <g class=class>
                <path class="band-90" d=band_90 />
                <path class="band-70" d=band_70 />
                <path class="median" d=median />
                <path class="measured" d=measured />
            </g>
        }
    };
    let limit = move |LimitLine { y, label }| {
        // Inside of the frame also where the limit lies at its upper edge.
        let text_y = if y < top + 16.0 { y + 13.0 } else { y - 4.0 };
        let label = size.labelled.then(|| {
            view! { <text class="limit-label" x=left + 6.0 y=tenth(text_y)>{label}</text> }
        });
        view! {
            <path class="limit" d=format!("M{left} {y}H{right}") />
            {label}
        }
    };
    view! {
        <svg
            class="history-picture"
            viewBox=format!("0 0 {} {}", size.width, size.height)
            role=role
            aria-label=label
            aria-hidden=hidden
        >
            {future}
            {grid}
            {extremes.into_iter().map(drawn).collect_view()}
            {limits.into_iter().map(limit).collect_view()}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use model::WeekExtremes;

    use super::super::super::samples::crossing_zero;
    use super::*;

    fn paths(detail: &BoxDetail) -> HistoryPaths {
        history_paths(detail, PictureSize::FULL, Words::of(Language::English)).unwrap()
    }

    #[test]
    fn two_years_of_history_and_the_whole_forecast_are_drawn() {
        let detail = crossing_zero();
        let paths = paths(&detail);
        let [maximum, minimum] = paths.extremes.as_slice() else { panic!("{}", paths.extremes.len()) };
        assert_eq!(maximum.measured.matches('Z').count(), 104 - 3, "three weeks are missing");
        assert_eq!(minimum.median.matches(['M', 'L']).count(), 27);
        assert_eq!(minimum.band_90.matches(['M', 'L']).count(), 54);
        assert_eq!(paths.limits.len(), 2);
        assert!(paths.now.is_some_and(|x| x > 500.0 && x < 620.0), "{:?}", paths.now);
        assert!(paths.ticks.iter().any(|(_, name)| name == "2026"));
    }

    #[test]
    fn a_box_without_a_forecast_shows_its_history() {
        let mut detail = crossing_zero();
        (detail.minimum, detail.maximum) = (None, None);
        assert!(history_paths(&detail, PictureSize::SMALL, Words::of(Language::English)).is_none());
        let week = |after| WeekExtremes {
            week: IsoWeek::from_index(2_900 + after),
            min_kw: -10.0,
            max_kw: 300.0,
            readings: 672,
        };
        detail.measured = [0, 1, 5].map(week).to_vec();
        let paths = paths(&detail);
        assert_eq!(paths.extremes[0].measured.matches('Z').count(), 3);
        assert_eq!((paths.now, paths.extremes[0].band_90.as_str()), (None, ""));
        assert_eq!(paths.limits.len(), 1);
    }
}
