//! When the overloads of the fleet are likeliest to begin.

use domain::ranking::SortKey;
use domain::this_week::FirstOverloads;
use domain::urgency::Urgency;
use leptos::prelude::*;

use crate::address::use_link_to_list;
use crate::charts::WeekColumns;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The chart with its sentence, and its figures in a table.
#[component]
pub(super) fn FirstOverloadsChart(weeks: Vec<FirstOverloads>) -> impl IntoView {
    let words = use_words();
    let labels = words.this_week();
    let Some((first, last)) = weeks.first().zip(weeks.last()) else {
        return view! {
            <section aria-labelledby="first-overloads">
                <h2 id="first-overloads">{labels.first_overloads}</h2>
                <p class="muted">{labels.no_overloads}</p>
            </section>
        }
        .into_erased();
    };
    let href = use_link_to_list(|to| {
        to.urgency = Some(Urgency::Overload);
        to.sort = SortKey::OverloadWeek;
    });
    let (summary, directions) = (words.first_overloads_summary(&weeks), words.more_filters());
    // The scale: the picture has no axis.
    let most = |of: fn(&FirstOverloads) -> u32| words.at_most_a_week(weeks.iter().map(of).max().unwrap_or(0));
    let (most_import, most_feed_in) = (most(|week| week.import), most(|week| week.feed_in));
    let ends = [first.week, last.week].map(|week| view! { <span>{words.week(week)}</span> });
    let row = |week: &FirstOverloads| {
        view! {
            <tr>
                <th scope="row">{words.week(week.week)}</th>
                <td>{words.count(week.import)}</td>
                <td>{words.count(week.feed_in)}</td>
            </tr>
        }
    };
    let rows = weeks.iter().filter(|week| week.import + week.feed_in > 0).map(row).collect_view();
    view! {
        <section class="first-overloads" aria-labelledby="first-overloads">
            <h2 id="first-overloads"><a href=href data-noscroll>{labels.first_overloads}</a></h2>
            <WeekColumns weeks=weeks.clone() />
            <p class="strip-ends muted">{ends}</p>
            <p class="week-legend"><span>"↑ "{directions.import}{most_import}</span><span>"↓ "{directions.feed_in}{most_feed_in}</span></p>
            <p class="muted">{summary}</p>
            <details class="data-table">
                <summary>{words.table}</summary>
                <div class="data-table-frame" tabindex="0" role="region" aria-label=labels.first_overloads>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{words.week_column}</th>
                                <th scope="col">{directions.import}</th>
                                <th scope="col">{directions.feed_in}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
    .into_erased()
}
