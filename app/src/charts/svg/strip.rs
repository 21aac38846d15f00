//! Completeness by week: one small column a week, as high as the week is complete.

use leptos::prelude::*;
use model::IsoWeek;

use super::plane::tenth;

const HEIGHT: f64 = 24.0;
const PITCH: f64 = 4.0;

/// A week of the strip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StripWeek {
    /// The week.
    pub(crate) week: IsoWeek,
    /// Readings over those expected, 0 to 1; nothing without any.
    pub(crate) complete: Option<f64>,
}

/// The class of a week, and how high its column is.
fn column(week: &StripWeek) -> (&'static str, f64) {
    match week.complete {
        None => ("missing", HEIGHT),
        Some(share) if share >= 0.999 => ("full", HEIGHT),
        Some(share) => ("part", (HEIGHT * share.clamp(0.08, 1.0)).round()),
    }
}

/// The strip; each week names itself where the pointer rests.
#[component]
pub(crate) fn CompletenessStrip(
    /// The weeks, one after the other.
    weeks: Vec<StripWeek>,
    /// What it shows, in one sentence.
    label: String,
    /// The text of a week.
    text: Callback<StripWeek, String>,
) -> impl IntoView {
    let width = PITCH * weeks.len() as f64;
    let columns = weeks.into_iter().enumerate().map(move |(place, week)| {
        let (class, height) = column(&week);
        view! {
            <rect class=class x=PITCH * place as f64 y=tenth(HEIGHT - height) width=PITCH - 1.0 height=height>
                <title>{text.run(week)}</title>
            </rect>
        }
    });
    view! {
        <svg
            class="completeness"
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            {columns.collect_view()}
        </svg>
    }
}

/// What the columns' colours stand for.
#[component]
pub(crate) fn CompletenessLegend(
    /// The names of complete, incomplete and missing weeks.
    names: [&'static str; 3],
) -> impl IntoView {
    let entry = |(class, name): (&'static str, &'static str)| {
        view! {
            <li>
                <svg viewBox="0 0 10 12" aria-hidden="true"><rect class=class width="10" height="12" /></svg>
                {name}
            </li>
        }
    };
    let entries = ["full", "part", "missing"].into_iter().zip(names).map(entry);
    view! { <ul class="completeness-legend">{entries.collect_view()}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_full_partly_there_or_missing() {
        let of = |complete| column(&StripWeek { week: IsoWeek::from_index(0), complete });
        assert_eq!(of(Some(1.0)), ("full", 24.0));
        assert_eq!(of(Some(0.5)), ("part", 12.0));
        assert_eq!(of(Some(0.0)), ("part", 2.0));
        assert_eq!(of(None), ("missing", 24.0));
    }
}
