//! A forecast of the past beside what came, one extreme.

use domain::accuracy::PastWeek;
use leptos::prelude::*;
use model::Extreme;

use super::super::scale::Scale;
use super::plane::{Plane, tenth};
use crate::words::Words;

// Drawn about as large as it is shown on a phone, so that its figures can be read there.
const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 22.0;

/// Paths and labels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PastPaths {
    class: &'static str,
    band_90: String,
    band_70: String,
    median: String,
    last_year: String,
    /// Where weeks came, and whether each lies within the 90 % band.
    measured: Vec<(f64, f64, bool)>,
    levels: Vec<(f64, String)>,
    ends: [String; 2],
}

/// The picture of the weeks that are over; nothing without weeks.
pub(crate) fn past_paths(extreme: Extreme, weeks: &[PastWeek], words: &Words) -> Option<PastPaths> {
    let (first, last) = (weeks.first()?, weeks.last()?);
    let quantile = |place: usize| weeks.iter().map(|week| week.quantiles_kw[place]).collect::<Vec<f64>>();
    let [q05, q15, q50, q85, q95] = [0, 1, 2, 3, 4].map(quantile);
    let seen = weeks.iter().flat_map(|week| [week.observed_kw, week.last_year_kw]).flatten();
    let scale = Scale::around(q05.iter().chain(&q95).copied().chain(seen), 4.0);
    let plane = Plane {
        across: (LEFT, WIDTH - LEFT - 8.0),
        down: (TOP, HEIGHT - TOP - BOTTOM),
        steps: weeks.len() - 1,
        range_kw: (scale.low, scale.high),
    };
    let measured = weeks.iter().enumerate().filter_map(|(step, week)| {
        let kw = week.observed_kw?;
        let is_within = (week.quantiles_kw[0]..=week.quantiles_kw[4]).contains(&kw);
        Some((tenth(plane.x(step as f64)), tenth(plane.y(kw)), is_within))
    });
    let count = ((scale.high - scale.low) / scale.step).round() as usize;
    let levels = (0..=count).map(|step| scale.low + step as f64 * scale.step);
    Some(PastPaths {
        class: if extreme == Extreme::Max { "maximum" } else { "minimum" },
        band_90: plane.band(0, &q05, &q95),
        band_70: plane.band(0, &q15, &q85),
        median: plane.line(0, q50.iter().map(|kw| Some(*kw))),
        last_year: plane.line(0, weeks.iter().map(|week| week.last_year_kw)),
        measured: measured.collect(),
        levels: levels.map(|kw| (tenth(plane.y(kw)), words.axis_figure(kw))).collect(),
        ends: [words.week(first.week), words.week(last.week)],
    })
}

/// The picture.
#[component]
pub(crate) fn PastPicture(
    /// The paths.
    paths: PastPaths,
    /// What it shows, in one sentence.
    label: String,
) -> impl IntoView {
    let PastPaths { class, band_90, band_70, median, last_year, measured, levels, ends } = paths;
    let right = WIDTH - 8.0;
    let level = |(y, name): (f64, String)| {
        view! {
            <path class="grid-line" d=format!("M{LEFT} {y}H{right}") />
            <text class="axis-label" x=LEFT - 6.0 y=y + 3.5 text-anchor="end">{name}</text>
        }
    };
    // A ring where the band did not hold it: shape, not colour alone.
    let point = |(x, y, is_within): (f64, f64, bool)| {
        let (class, r) = if is_within { ("came", 2.8) } else { ("came-outside", 4.2) };
        view! { <circle class=class cx=x cy=y r=r /> }
    };
    let [first, last] = ends;
    let below = HEIGHT - 6.0;
    view! {
        <svg class="history-picture past-picture" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
            {levels.into_iter().map(level).collect_view()}
            <path class="last-year" d=last_year />
            <g class=class>
                <path class="band-90" d=band_90 />
                <path class="band-70" d=band_70 />
                <path class="median" d=median />
                {measured.into_iter().map(point).collect_view()}
            </g>
            <text class="axis-label" x=LEFT y=below>{first}</text>
            <text class="axis-label" x=right y=below text-anchor="end">{last}</text>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use model::IsoWeek;

    use super::*;

    #[test]
    fn a_week_outside_its_band_is_ringed_and_one_that_was_not_measured_has_no_point() {
        let week = |after, observed_kw| PastWeek {
            week: IsoWeek::from_index(2_900 + after),
            quantiles_kw: [60.0, 70.0, 80.0, 90.0, 95.0],
            observed_kw,
            last_year_kw: (after > 0).then_some(75.0),
        };
        let weeks = [week(0, Some(80.0)), week(1, Some(110.0)), week(2, None)];
        let paths = past_paths(Extreme::Max, &weeks, Words::of(Language::English)).unwrap();
        let within: Vec<bool> = paths.measured.iter().map(|(.., is_within)| *is_within).collect();
        assert_eq!(within, [true, false]);
        assert_eq!(paths.last_year.matches('L').count(), 1);
        assert!(past_paths(Extreme::Max, &[], Words::of(Language::English)).is_none());
    }
}
