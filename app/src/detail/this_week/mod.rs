//! What is new since the forecast of an earlier week, and what colleagues have recorded: each figure filters the list.

mod figures;
mod first_overloads;
mod recorded;

use domain::this_week::ThisWeek;
use leptos::prelude::*;

use self::figures::{Changed, Classes};
use self::first_overloads::FirstOverloadsChart;
use self::recorded::RecordedLately;
use crate::api::{ApiError, Asked};
use crate::chrome::Failure;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// What is new, asked for while no box is chosen by those who may see it.
pub(super) type AskedThisWeek = Asked<Option<Result<ThisWeek, ApiError>>>;

/// The figures, the chart and what was recorded.
#[component]
pub(super) fn ThisWeekView(
    /// What is new.
    this_week: AskedThisWeek,
) -> impl IntoView {
    let words = use_words();
    view! {
        // While it is asked again, the last answer stays.
        <Transition fallback=move || view! { <p class="loading-note">{words.loading}</p> }>
            {move || {
                Some(match this_week.get()?? {
                    Ok(this_week) => view! { <Shown this_week /> }.into_erased(),
                    Err(error) => view! { <Failure error /> }.into_erased(),
                })
            }}
        </Transition>
    }
    .into_erased()
}

#[component]
fn Shown(this_week: ThisWeek) -> impl IntoView {
    let words = use_words();
    let labels = words.this_week();
    let said = match this_week.changes.compared_with {
        Some(week) => words.compared_with(week),
        None => labels.nothing_earlier.to_owned(),
    };
    view! {
        <section class="this-week">
            <p class="muted">{said}</p>
            <Classes changes=this_week.changes.clone() />
            <Changed this_week=this_week.clone() />
        </section>
        <FirstOverloadsChart weeks=this_week.changes.first_overloads />
        <RecordedLately recorded=this_week.recorded />
    }
    .into_erased()
}
