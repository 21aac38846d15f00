//! The counts: each is a link to the list that shows as many rows.

use domain::actions::ActionFilter;
use domain::ranking::Change;
use domain::this_week::{Changes, NowAndBefore, ThisWeek};
use domain::urgency::Urgency;
use leptos::prelude::*;
use model::Flag;

use crate::address::{Address, use_link_to_list};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// How many are overloaded, at risk and silent, now and by the earlier forecast.
#[component]
pub(super) fn Classes(changes: Changes) -> impl IntoView {
    let words = use_words();
    let labels = words.this_week();
    let row = |name: &'static str, count: NowAndBefore, filter: fn(&mut Address)| {
        let href = use_link_to_list(filter);
        let before = count.before.map(|before| {
            view! {
                <td class="figure">{words.count(before)}</td>
                <td class="figure">{words.difference(count)}</td>
            }
        });
        view! {
            <tr>
                <th scope="row"><a href=href data-noscroll>{name}</a></th>
                <td class="figure">{words.count(count.now)}</td>
                {before}
            </tr>
        }
    };
    let before = changes.compared_with.map(|week| {
        view! {
            <th scope="col" class="figure">{words.week(week)}</th>
            <th scope="col" class="figure">{labels.difference}</th>
        }
    });
    view! {
        <table class="areas week-classes">
            <thead>
                <tr>
                    <th scope="col">{words.status}</th>
                    <th scope="col" class="figure">{labels.now}</th>
                    {before}
                </tr>
            </thead>
            <tbody>
                {row(words.exceeded, changes.exceeded, |to| to.urgency = Some(Urgency::Exceeded))}
                {row(words.overload, changes.overloaded, |to| to.urgency = Some(Urgency::Overload))}
                {row(words.flag(Flag::Silent).name, changes.silent, |to| to.flag = Some(Flag::Silent))}
            </tbody>
        </table>
    }
    .into_erased()
}

/// What changed of single boxes, and what was recorded and asks for something.
#[component]
pub(super) fn Changed(this_week: ThisWeek) -> impl IntoView {
    let words = use_words();
    let labels = words.this_week();
    let ThisWeek { changes, overdue, done_but_overloaded, .. } = this_week;
    let change = |change: Change, count: u32| {
        let href = use_link_to_list(move |to| to.change = Some(change));
        view! { <Figure href name=words.change(change) count /> }
    };
    let changed = changes.compared_with.map(|_| {
        view! {
            <h2 class="week-part">{labels.changed}</h2>
            <ul class="week-figures">
                {change(Change::NewlyOverloaded, changes.newly_overloaded)}
                {change(Change::Earlier, changes.earlier)}
                {change(Change::Cleared, changes.cleared)}
                {change(Change::NewlySilent, changes.newly_silent)}
            </ul>
        }
    });
    let action = |filter: ActionFilter, count: u32| {
        let href = use_link_to_list(move |to| to.action = Some(filter));
        view! { <Figure href name=words.action_filter(filter).to_owned() count /> }
    };
    view! {
        {changed}
        <h2 class="week-part">{labels.to_follow}</h2>
        <ul class="week-figures">
            {action(ActionFilter::Overdue, overdue)}
            {action(ActionFilter::DoneButOverloaded, done_but_overloaded)}
        </ul>
    }
    .into_erased()
}

#[component]
fn Figure(href: Signal<String>, name: String, count: u32) -> impl IntoView {
    let words = use_words();
    view! {
        <li>
            <a class="chip" href=href data-noscroll>
                <span class="chip-name">{name}</span>
                " "
                <span class="chip-count">{words.count(count)}</span>
            </a>
        </li>
    }
    .into_erased()
}
