//! The chance of an overload week by week, as a strip: shaded, and higher where it is likelier.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use leptos::prelude::*;
use model::{IsoWeek, RANKED_WEEKS};

use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Width and height of a week, in units of the drawing.
const WIDTH: usize = 10;
const HEIGHT: f64 = 28.0;
/// From these chances on a week is a shade darker.
const SHADES: [f64; 4] = [0.01, 0.1, 0.3, 0.6];

/// One week: its chance, and that of an overload up to it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StripWeek {
    week: IsoWeek,
    chance: f64,
    so_far: f64,
}

/// The weeks ahead; nothing without a forecast.
#[component]
pub(super) fn WeekStrip(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let weeks = weeks_of(&detail);
    let (Some(first), Some(last)) = (weeks.first().copied(), weeks.last().copied()) else {
        return ().into_erased();
    };
    let (most, later) = highest(&weeks, first);
    let indicative = later.map(|at| (at.week, at.chance));
    let summary = words.strip_summary((most.week, most.chance), indicative, (first.week, last.week));
    let is_low = weeks.iter().all(|at| at.chance < SHADES[0]);
    let title = if is_low {
        format!("{}: {}", words.strip_title(), words.strip_is_low())
    } else {
        words.strip_title().to_owned()
    };
    let text = move |at: &StripWeek| words.strip_week(at.week, at.chance, at.so_far);
    let bars = weeks.iter().enumerate().map(|(place, at)| {
        let height = HEIGHT * at.chance;
        let class = format!("shade-{}{}", shade(at.chance), if place < RANKED_WEEKS { "" } else { " later" });
        view! {
            <g class=class>
                <title>{text(at)}</title>
                <rect class="ground" x=place * WIDTH y="0" width=WIDTH height=HEIGHT />
                <rect class="bar" x=place * WIDTH + 1 y=format!("{:.1}", HEIGHT - height) width=WIDTH - 2 height=format!("{height:.1}") />
            </g>
        }
    });
    let is_longer = weeks.len() > RANKED_WEEKS;
    let divider = is_longer.then(|| {
        view! { <line class="divider" x1=RANKED_WEEKS * WIDTH x2=RANKED_WEEKS * WIDTH y1="0" y2=HEIGHT /> }
    });
    let likely = weeks.iter().filter(|at| at.chance >= SHADES[0]).map(|at| view! { <li>{text(at)}</li> });
    view! {
        <figure class="week-strip">
            <figcaption>{title}</figcaption>
            <svg viewBox=format!("0 0 {} {HEIGHT}", weeks.len() * WIDTH) preserveAspectRatio="none" aria-hidden="true">
                {bars.collect_view()}
                {divider}
            </svg>
            <p class="strip-ends muted" aria-hidden="true">
                <span>{words.week(first.week)}</span>
                {is_longer.then(|| view! { <span>{words.indicative}" →"</span> })}
                <span>{words.week(last.week)}</span>
            </p>
            <p class="visually-hidden">{summary}</p>
            <ol class="visually-hidden">{likely.collect_view()}</ol>
        </figure>
    }
    .into_erased()
}

fn weeks_of(detail: &BoxDetail) -> Vec<StripWeek> {
    let (Some(assessment), Some(maximum)) = (&detail.assessment, &detail.maximum) else { return Vec::new() };
    let weeks = maximum.forecast.weeks.get(maximum.forecast.future()).unwrap_or_default();
    let mut so_far = 0.0;
    let chances = assessment.weekly_probability.iter().zip(&assessment.first_week_probability);
    weeks
        .iter()
        .zip(chances)
        .map(|(&week, (&chance, first))| {
            so_far = f64::min(so_far + first, 1.0);
            StripWeek { week, chance: chance.clamp(0.0, 1.0), so_far }
        })
        .collect()
}

/// The likeliest of the weeks that are judged, and that of the later ones where it is likelier still.
fn highest(weeks: &[StripWeek], first: StripWeek) -> (StripWeek, Option<StripWeek>) {
    let most = |weeks: &[StripWeek], first| {
        weeks
            .iter()
            .copied()
            .fold(first, |most: StripWeek, next| if next.chance > most.chance { next } else { most })
    };
    let (judged, later) = weeks.split_at(weeks.len().min(RANKED_WEEKS));
    let of_judged = most(judged, first);
    let of_all = most(later, of_judged);
    (of_judged, (of_all != of_judged).then_some(of_all))
}

/// How dark a week is, from 0 to 4.
fn shade(chance: f64) -> usize {
    SHADES.iter().filter(|from| chance >= **from).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likelier_week_beyond_the_half_year_is_told_apart() {
        let at =
            |place: i32, chance| StripWeek { week: IsoWeek::from_index(3_000 + place), chance, so_far: 0.0 };
        let mut weeks: Vec<StripWeek> = (0..53).map(|place| at(place, 0.1)).collect();
        weeks[4].chance = 0.31;
        assert_eq!(highest(&weeks, weeks[0]), (weeks[4], None));
        weeks[30].chance = 0.59;
        assert_eq!(highest(&weeks, weeks[0]), (weeks[4], Some(weeks[30])));
    }

    #[test]
    fn a_likelier_week_is_never_lighter() {
        let shades: Vec<usize> = (0..=100).map(|percent| shade(f64::from(percent) / 100.0)).collect();
        assert!(shades.is_sorted());
        assert_eq!((shades[0], shades[1], shades[64], shades[100]), (0, 1, 4, 4));
    }
}
