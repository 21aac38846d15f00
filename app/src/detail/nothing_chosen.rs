//! What stands beside the list before a box is chosen: what is new this week, and the areas.

use domain::overview::{AreaSummary, Overview};
use domain::urgency::{ClassThresholds, Urgency};
use leptos::prelude::*;

use super::this_week::{AskedThisWeek, ThisWeekView};
use crate::account::is_viewer;
use crate::address::use_link;
use crate::api::FleetOverview;
use crate::erased_view::IntoErased as _;
use crate::ranking::StatusMark;
use crate::words::use_words;

/// A hint, and how many boxes of each area are overloaded, as measured and as forecast; an area's name filters the list.
#[component]
pub(super) fn NothingChosen(
    /// The fleet.
    fleet: FleetOverview,
    /// What is new.
    this_week: AskedThisWeek,
) -> impl IntoView {
    view! {
        <div class="nothing-chosen">
            <Suspense fallback=|| view! { <Invitation is_empty=false /> }>
                {move || {
                    let overview = fleet.get()?.ok();
                    let is_empty = overview.as_ref().is_some_and(|fleet| fleet.boxes + fleet.unmeasured == 0);
                    let classes = overview.filter(|_| !is_empty).map(|overview| {
                        let bounds = overview.thresholds;
                        view! {
                            <ThisWeekView this_week />
                            <Areas overview />
                            <Classes bounds />
                        }
                    });
                    Some(
                        view! {
                            <Invitation is_empty />
                            {classes}
                        },
                    )
                }}
            </Suspense>
        </div>
    }
    .into_erased()
}

/// What is shown and what to do here, or that there is nothing to choose from yet.
#[component]
fn Invitation(
    /// Whether the store holds no transformer at all.
    is_empty: bool,
) -> impl IntoView {
    let words = use_words();
    let list = words.list();
    let (title, more) = match is_empty {
        true => (list.nothing_to_choose, list.nothing_to_choose_more.to_owned()),
        false if is_viewer() => (words.this_week().title, format!("{}. {}", words.choose, words.choose_more)),
        false => (words.choose, words.choose_more.to_owned()),
    };
    view! {
        <h1>{title}</h1>
        <p class="muted">{more}</p>
    }
    .into_erased()
}

/// What each class means, with the chances that bound it.
#[component]
fn Classes(bounds: ClassThresholds) -> impl IntoView {
    let words = use_words();
    let class = |urgency: Urgency| {
        view! {
            <div>
                <dt class=format!("urgency-{}", urgency.as_str())><StatusMark urgency />" "{words.urgency(urgency)}</dt>
                <dd>{words.urgency_meaning(urgency, bounds)}</dd>
            </div>
        }
    };
    view! { <dl class="class-legend">{Urgency::ALL.map(class).collect_view()}</dl> }.into_erased()
}

#[component]
fn Areas(overview: Overview) -> impl IntoView {
    let words = use_words();
    let row = move |area: AreaSummary| {
        let name = area.area.clone();
        let href = use_link(move |to| to.area = (!name.is_empty()).then(|| name.clone()));
        let label = if area.area.is_empty() { words.no_area.to_owned() } else { area.area.clone() };
        let known = area.boxes + area.unmeasured;
        let measured = f64::from(area.boxes) / f64::from(known.max(1));
        let share = f64::from(area.exceeded + area.overloaded) / f64::from(area.boxes.max(1));
        let width = format!("{:.1}", 100.0 * share);
        view! {
            <tr>
                <th scope="row"><a href=href data-noscroll>{label}</a></th>
                <td class="figure">{words.count(area.boxes)}</td>
                <td class="figure">{words.percent(measured)}</td>
                <td class="figure">{words.count(area.exceeded)}</td>
                <td class="figure">{words.count(area.overloaded)}</td>
                <td class="share">
                    <span>
                    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="track" width="100" height="8" />
                        <rect class="fill" width=width height="8" />
                    </svg>
                    <span class="figure">{words.percent(share)}</span>
                    </span>
                </td>
            </tr>
        }
    };
    view! {
        <table class="areas">
            <thead>
                <tr>
                    <th scope="col">{words.area}</th>
                    <th scope="col" class="figure">{words.boxes}</th>
                    <th scope="col" class="figure">{words.this_week().measured}</th>
                    <th scope="col" class="figure">{words.exceeded}</th>
                    <th scope="col" class="figure">{words.overloaded}</th>
                    <th scope="col"><span class="visually-hidden">"%"</span></th>
                </tr>
            </thead>
            <tbody>{overview.areas.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_erased()
}
