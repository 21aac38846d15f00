//! The fleet at a glance: how many boxes are in each class under the other filters; each count filters the list.

use domain::ranking::Facets;
use domain::urgency::{ClassThresholds, Urgency};
use leptos::prelude::*;

use super::status_mark::StatusMark;
use crate::address::{use_address, use_link};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// A chip for all measured boxes and one for each class.
#[component]
pub(super) fn FleetChips(
    /// The counts.
    facets: Memo<Facets>,
    /// From which chance on a box is in which class.
    bounds: ClassThresholds,
) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let chip = move |urgency: Option<Urgency>| {
        let href = use_link(move |to| to.urgency = urgency);
        let current = move || address.with(|address| address.urgency == urgency).then_some("true");
        let count = move || {
            facets.with(|facets| urgency.map_or(facets.any_urgency, |urgency| facets.of_urgency(urgency)))
        };
        let (name, meaning) = match urgency {
            None => (words.all, None),
            Some(class) => (words.urgency(class), Some(words.urgency_meaning(class, bounds))),
        };
        view! {
            <a class="chip" href=href data-noscroll aria-current=current title=meaning>
                {urgency.map(|urgency| view! { <StatusMark urgency /> })}
                <span class="chip-name">{name}</span>
                <span class="chip-count">{move || words.count(count())}</span>
            </a>
        }
    };
    view! {
        <nav class="chips" aria-label=words.fleet>
            {[None].into_iter().chain(Urgency::ALL.map(Some)).map(chip).collect_view()}
        </nav>
    }
    .into_erased()
}
