//! The paths of history and forecast of both extremes: what stands on the page before and without scripts, and on paper.

use domain::box_detail::BoxDetail;
use model::{Extreme, Forecast, IsoWeek, Limits, Quantile, RANKED_WEEKS};

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
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether the axes carry figures.
    pub(super) labelled: bool,
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
pub(super) struct Extremes {
    pub(super) class: &'static str,
    pub(super) measured: String,
    /// The 90 % and the 70 % band of the half-year, then of what is indicative.
    pub(super) bands: [[String; 2]; 2],
    pub(super) median: String,
    /// The middles of rings around what was measured beyond a limit.
    pub(super) rings: Vec<(f64, f64)>,
}

/// Weeks that stand on a ground of their own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Area {
    pub(super) class: &'static str,
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) name: &'static str,
}

/// A limit: how high it lies, and its label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LimitLine {
    pub(super) y: f64,
    pub(super) label: String,
}

/// Paths and labels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HistoryPaths {
    pub(super) size: PictureSize,
    pub(super) extremes: Vec<Extremes>,
    pub(super) limits: Vec<LimitLine>,
    /// Weeks that are left out, and the future.
    pub(super) areas: Vec<Area>,
    pub(super) right: f64,
    pub(super) frame: (f64, f64),
    pub(super) left: f64,
    /// Grid lines with their figures.
    pub(super) levels: Vec<(f64, String)>,
    /// The first weeks of quarters with their names.
    pub(super) ticks: Vec<(f64, String)>,
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
    let extremes = rows.iter().map(|rows| extremes(rows, first, history, detail.limits, &plane)).collect();
    let name = |kw: f64| if kw < 0.0 { words.feed_in_limit } else { words.import_limit };
    let limit =
        |kw: &f64| LimitLine { y: tenth(plane.y(*kw)), label: format!("{} {}", name(*kw), words.kw(*kw)) };
    let count = ((scale.high - scale.low) / scale.step).round() as usize;
    let levels = (0..=count).map(|step| scale.low + step as f64 * scale.step);
    Some(HistoryPaths {
        size,
        extremes,
        limits: limits_kw.iter().map(limit).collect(),
        areas: areas(detail, &weeks[first..], history - first, &plane, words),
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

/// The weeks that are left out, the half-year ahead, and what is indicative after it. `weeks` are those shown, `now` the place
/// of the first future one.
fn areas(detail: &BoxDetail, weeks: &[IsoWeek], now: usize, plane: &Plane, words: &Words) -> Vec<Area> {
    let last = weeks.len() - 1;
    let area = |class, from: usize, to: usize, name| {
        let start = tenth(plane.x(from as f64 - 0.5).max(plane.across.0));
        let end = tenth(plane.x(to as f64 + 0.5).min(plane.across.0 + plane.across.1));
        Area { class, x: start, width: tenth(end - start), name }
    };
    let left_out = detail.special_weeks.left_out.iter().filter_map(|span| {
        let place = |week: IsoWeek| usize::try_from(week - weeks[0]).unwrap_or(0).min(last);
        (span.last >= weeks[0] && span.first <= weeks[last])
            .then(|| area("masked", place(span.first), place(span.last), words.left_out))
    });
    let mut areas: Vec<Area> = left_out.collect();
    if now < weeks.len() {
        let end = (now + RANKED_WEEKS - 1).min(last);
        areas.push(area("future", now, end, words.forecast));
        if end < last {
            areas.push(area("future indicative", end + 1, last, words.indicative));
        }
    }
    areas
}

fn extremes(
    rows: &Rows<'_>,
    first: usize,
    history: usize,
    limits: Option<Limits>,
    plane: &Plane,
) -> Extremes {
    let down = if rows.extreme == Extreme::Max { 1.0 } else { -1.0 };
    let measured = rows.observed_kw.iter().enumerate().skip(first).filter_map(|(row, kw)| {
        let (x, y) = (plane.x((row - first) as f64), plane.y((*kw)?));
        let [left, right, tip, base] = [x - MARK, x + MARK, y - down * MARK, y + down * MARK].map(tenth);
        Some(format!("M{left} {base}L{right} {base}L{} {tip}Z", tenth(x)))
    });
    let rings = rows.observed_kw.iter().enumerate().skip(first).filter_map(|(row, kw)| {
        let kw = kw.filter(|kw| limits.is_some_and(|limits| limits.exceeded_by(*kw)))?;
        Some((tenth(plane.x((row - first) as f64)), tenth(plane.y(kw))))
    });
    let part = |quantile| {
        rows.forecast
            .and_then(|forecast| forecast.total.get(quantile).get(forecast.future()))
            .unwrap_or_default()
    };
    let from = history - first;
    let ahead = rows.forecast.map_or(0, |forecast| forecast.future().len());
    // The later half begins with the half-year's last week, so that no gap is left.
    let halves = [0..ahead.min(RANKED_WEEKS), (RANKED_WEEKS - 1).min(ahead)..ahead];
    let bands = halves.map(|weeks| {
        [(Quantile::Q05, Quantile::Q95), (Quantile::Q15, Quantile::Q85)].map(|(low, high)| {
            let of = |quantile| part(quantile).get(weeks.clone()).unwrap_or_default();
            if weeks.len() < 2 { String::new() } else { plane.band(from + weeks.start, of(low), of(high)) }
        })
    });
    Extremes {
        class: if rows.extreme == Extreme::Max { "maximum" } else { "minimum" },
        measured: measured.collect(),
        bands,
        rings: rings.collect(),
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

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use domain::week_span::WeekSpan;
    use model::WeekExtremes;

    use super::super::super::samples::{a_year_ahead, crossing_zero};
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
        assert_eq!(minimum.bands[0][0].matches(['M', 'L']).count(), 54);
        assert_eq!(minimum.bands[1], ["", ""], "nothing is indicative");
        assert_eq!(paths.limits.len(), 2);
        assert!(paths.areas[0].x > 500.0 && paths.areas[0].x < 620.0, "{:?}", paths.areas);
        assert!(paths.ticks.iter().any(|(_, name)| name == "2026"));
    }

    #[test]
    fn what_is_indicative_left_out_or_beyond_a_limit_is_told_apart() {
        let mut detail = a_year_ahead();
        let weeks = detail.maximum.as_ref().unwrap().forecast.weeks.clone();
        detail.special_weeks.left_out = vec![WeekSpan::new(weeks[80], weeks[83])];
        detail.maximum.as_mut().unwrap().forecast.observed_kw[100] = Some(420.0);
        let paths = paths(&detail);
        let areas: Vec<_> = paths.areas.iter().map(|area| (area.class, area.name)).collect();
        let future = [("future", "Forecast"), ("future indicative", "indicative")];
        assert_eq!(areas, [[("masked", "left out")].as_slice(), &future].concat());
        let [left_out, half_year, indicative] = paths.areas.as_slice() else { panic!() };
        assert!((half_year.x + half_year.width - indicative.x).abs() < 0.2, "{:?}", paths.areas);
        assert!(left_out.width < half_year.width / 5.0);
        let maximum = &paths.extremes[0];
        assert_eq!(maximum.bands[0][0].matches(['M', 'L']).count(), 2 * 27);
        assert_eq!(maximum.bands[1][0].matches(['M', 'L']).count(), 2 * 27);
        assert_eq!(maximum.rings.len(), 1, "{:?}", maximum.rings);
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
        assert_eq!((paths.areas.len(), paths.extremes[0].bands[0][0].as_str()), (0, ""));
        assert_eq!(paths.limits.len(), 1);
    }
}
