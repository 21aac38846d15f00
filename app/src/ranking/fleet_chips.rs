//! The fleet at a glance: how many boxes are in each class; each count filters the list.

use domain::overview::Overview;
use domain::urgency::Urgency;
use leptos::prelude::*;

use super::status_mark::StatusMark;
use crate::address::{use_address, use_link};
use crate::api::FleetOverview;
use crate::chrome::Failure;
use crate::whole::IntoWhole as _;
use crate::words::use_words;

/// A chip for all measured boxes and one for each class.
#[component]
pub(super) fn FleetChips(
    /// The fleet.
    fleet: FleetOverview,
) -> impl IntoView {
    let words = use_words();
    view! {
        <nav class="chips" aria-label=words.fleet>
            <Suspense>
                {move || Suspend::new(async move {
                    match fleet.await {
                        Ok(overview) => Ok(view! { <Chips overview /> }),
                        Err(error) => Err(view! { <Failure error /> }.into_whole()),
                    }
                    .map_or_else(|failure| failure, |chips| chips.into_whole())
                })}
            </Suspense>
        </nav>
    }
    .into_whole()
}

#[component]
fn Chips(overview: Overview) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let chip = move |urgency: Option<Urgency>| {
        let href = use_link(move |to| to.urgency = urgency);
        let current = move || address.with(|address| address.urgency == urgency).then_some("true");
        let (name, meaning, count) = match urgency {
            None => (words.all, None, overview.boxes),
            Some(class) => {
                (words.urgency(class), Some(words.urgency_meaning(class)), count(&overview, class))
            }
        };
        view! {
            <a class="chip" href=href data-noscroll aria-current=current title=meaning>
                {urgency.map(|urgency| view! { <StatusMark urgency /> })}
                <span class="chip-name">{name}</span>
                <span class="chip-count">{words.count(count)}</span>
            </a>
        }
    };
    [None].into_iter().chain(Urgency::ALL.map(Some)).map(chip).collect_view()
}

fn count(overview: &Overview, class: Urgency) -> u32 {
    match class {
        Urgency::Exceeded => overview.exceeded,
        Urgency::Overload => overview.overloaded,
        Urgency::Near => overview.near,
        Urgency::Ample => overview.ample,
        Urgency::NoForecast => overview.no_forecast,
        Urgency::Unmeasured => overview.unmeasured,
    }
}
