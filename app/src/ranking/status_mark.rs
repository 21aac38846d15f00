//! The class of a box as a shape; the word stands beside it.

use domain::urgency::Urgency;
use leptos::prelude::*;

/// A mark whose shape says what its colour says: a warning triangle, a half filled diamond, a ring, a dash.
#[component]
pub(crate) fn StatusMark(
    /// The class.
    urgency: Urgency,
) -> impl IntoView {
    let path = match urgency {
        Urgency::Overload => "M8 1.2 15.4 14.4H.6zM7.1 5.6v4.6h1.8V5.6zm0 5.7v1.8h1.8v-1.8z",
        Urgency::Near => "M8 .8 15.2 8 8 15.2.8 8zm0 2.6L3.4 8h9.2z",
        Urgency::Ample => {
            "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z"
        }
        Urgency::NoForecast => "M2 7h12v2H2z",
    };
    view! {
        <svg class=format!("status-mark urgency-{}", urgency.as_str()) viewBox="0 0 16 16" aria-hidden="true">
            <path fill-rule="evenodd" d=path />
        </svg>
    }
}
