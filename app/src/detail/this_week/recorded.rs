//! What was recorded of boxes lately, the newest first.

use domain::this_week::{RecordedAction, RecordedLately as Recorded};
use leptos::prelude::*;

use crate::address::use_link;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The newest entries, each with a link to its box, and how many more there were.
#[component]
pub(super) fn RecordedLately(recorded: Recorded) -> impl IntoView {
    let words = use_words();
    let labels = words.this_week();
    let named = u32::try_from(recorded.newest.len()).unwrap_or(u32::MAX);
    let more = Some(recorded.count.saturating_sub(named)).filter(|more| *more > 0);
    let entry = |recorded: RecordedAction| {
        let box_id = recorded.box_id.clone();
        let href = use_link(move |to| to.box_id = Some(box_id.clone()));
        let note = Some(recorded.action.change.note().to_owned()).filter(|note| !note.is_empty());
        view! {
            <li>
                <a href=href data-noscroll>{recorded.box_id.to_string()}</a>
                " "
                <span class="muted">{recorded.station_name}</span>
                <span class="line">{words.recorded_lately(&recorded.action)}</span>
                {note.map(|note| view! { <p class="action-note">{note}</p> })}
            </li>
        }
    };
    let entries = if recorded.newest.is_empty() {
        view! { <p class="muted">{labels.nothing_recorded}</p> }.into_erased()
    } else {
        view! { <ol class="recorded-lately">{recorded.newest.into_iter().map(entry).collect_view()}</ol> }
            .into_erased()
    };
    view! {
        <section aria-labelledby="recorded-lately">
            <h2 id="recorded-lately">{labels.recorded}</h2>
            {entries}
            {more.map(|more| view! { <p class="muted">{words.more_recorded(more)}</p> })}
        </section>
    }
    .into_erased()
}
