//! The class of a box as a shape; the word stands beside it.

use domain::urgency::Urgency;
use leptos::prelude::*;

/// A mark whose shape says what its colour says: a filled octagon, a warning triangle, a half filled diamond, a ring, a dash, dots.
#[component]
pub(crate) fn StatusMark(
    /// The class.
    urgency: Urgency,
) -> impl IntoView {
    let path = match urgency {
        Urgency::Exceeded => "M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5zm2.1 3v5h1.8v-5zm0 6.2v1.9h1.8V10z",
        Urgency::Overload => "M8 1.2 15.4 14.4H.6zM7.1 5.6v4.6h1.8V5.6zm0 5.7v1.8h1.8v-1.8z",
        Urgency::Near => "M8 .8 15.2 8 8 15.2.8 8zm0 2.6L3.4 8h9.2z",
        Urgency::Ample => {
            "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z"
        }
        Urgency::NoForecast => "M2 7h12v2H2z",
        Urgency::Unmeasured => "M2 7h2v2H2zm5 0h2v2H7zm5 0h2v2h-2z",
    };
    view! {
        <svg class=format!("status-mark urgency-{}", urgency.as_str()) viewBox="0 0 16 16" aria-hidden="true">
            <path fill-rule="evenodd" d=path />
        </svg>
    }
}
