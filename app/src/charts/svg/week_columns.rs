//! Counts by week in two directions: import above the line, feed-in below it.

use domain::this_week::FirstOverloads;
use leptos::prelude::*;

use super::plane::tenth;
use crate::words::use_words;

const PITCH: f64 = 12.0;
const BAR: f64 = 9.0;
const HEIGHT: f64 = 96.0;

/// Where a week's bars stand: left edge, top and height of the upper and of the lower one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bars {
    left: f64,
    upper: (f64, f64),
    lower: (f64, f64),
}

/// The line between import and feed-in, and the bars of all weeks, on one scale that holds both directions.
fn bars(weeks: &[FirstOverloads]) -> (f64, Vec<Bars>) {
    let most = |of: fn(&FirstOverloads) -> u32| f64::from(weeks.iter().map(of).max().unwrap_or(0));
    let (import, feed_in) = (most(|week| week.import), most(|week| week.feed_in));
    let unit = HEIGHT / (import + feed_in).max(1.0);
    let line = import * unit;
    let bars = weeks.iter().enumerate().map(|(place, week)| {
        let (up, down) = (f64::from(week.import) * unit, f64::from(week.feed_in) * unit);
        Bars { left: PITCH * place as f64, upper: (line - up, up), lower: (line, down) }
    });
    (line, bars.collect())
}

/// The picture; each week names itself where the pointer rests.
#[component]
pub(crate) fn WeekColumns(
    /// The weeks, one after the other.
    weeks: Vec<FirstOverloads>,
) -> impl IntoView {
    let words = use_words();
    let (line, bars) = bars(&weeks);
    let width = PITCH * weeks.len() as f64;
    let column = |(week, bars): (&FirstOverloads, Bars)| {
        let bar = |class, (top, height): (f64, f64)| {
            view! { <rect class=class x=bars.left y=tenth(top) width=BAR height=tenth(height) /> }
        };
        view! {
            <g>
                <title>{words.first_overloads_of(week)}</title>
                <rect class="whole" x=bars.left y="0" width=PITCH height=HEIGHT />
                {bar("maximum", bars.upper)}
                {bar("minimum", bars.lower)}
            </g>
        }
    };
    let columns = weeks.iter().zip(bars).map(column).collect_view();
    view! {
        <svg
            class="week-columns"
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=words.first_overloads_summary(&weeks)
        >
            {columns}
            <path class="zero" d=format!("M0 {y}L{width} {y}", y = tenth(line)) />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use model::IsoWeek;

    use super::*;

    #[test]
    fn import_stands_on_the_line_and_feed_in_hangs_from_it() {
        let week = |after, import, feed_in| FirstOverloads {
            week: IsoWeek::from_index(2_900 + after),
            import,
            feed_in,
        };
        let (line, drawn) = bars(&[week(0, 3, 0), week(1, 0, 1)]);
        assert_eq!(line, 72.0);
        assert_eq!(drawn[0], Bars { left: 0.0, upper: (0.0, 72.0), lower: (72.0, 0.0) });
        assert_eq!(drawn[1], Bars { left: 12.0, upper: (72.0, 0.0), lower: (72.0, 24.0) });
        assert!(bars(&[]).1.is_empty());
    }
}
