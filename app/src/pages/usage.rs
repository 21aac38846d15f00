//! How much the pages are used, by day: for operators, on the page of runs.

use domain::usage::{Use, UsedOn};
use leptos::prelude::*;

use crate::words::use_words;

/// A line a day; the counts know no people.
#[component]
pub(super) fn UsageTable(usage: Vec<UsedOn>) -> impl IntoView {
    let words = use_words();
    let texts = words.usage();
    let name = |what: Use| view! { <th scope="col">{words.use_name(what)}</th> };
    let count = |uses: u64| view! { <td>{words.number(uses as f64, 0)}</td> };
    let row = |used: UsedOn| {
        view! {
            <tr>
                <th scope="row">{words.day(used.day)}</th>
                {used.counts.map(count).collect_view()}
            </tr>
        }
    };
    view! {
        <p>{texts.about}</p>
        <div class="score-frame" tabindex="0" role="region" aria-label=texts.title>
            <table class="usage">
                <thead>
                    <tr>
                        <th scope="col">{texts.day}</th>
                        {Use::ALL.map(name).collect_view()}
                    </tr>
                </thead>
                <tbody>{usage.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
