//! The peak loading as a bar and a figure.

use domain::urgency::Urgency;
use leptos::prelude::*;

use crate::words::use_words;

/// Width of the track in units of the drawing; the mark of an overflow takes the rest.
const TRACK: f64 = 100.0;

/// The bar ends at 100 %, with a mark where there is more; the figure is never clipped.
#[component]
pub(crate) fn LoadingBar(
    /// The peak loading, a fraction.
    loading: f64,
    /// The class, which colours the bar.
    urgency: Urgency,
) -> impl IntoView {
    let words = use_words();
    let width = (TRACK * loading.clamp(0.0, 1.0)).round();
    let overflow = (loading > 1.0).then(|| view! { <path class="overflow" d="M101 0 L107 5 L101 10 Z" /> });
    view! {
        <span class=format!("loading urgency-{}", urgency.as_str())>
            <svg class="loading-bar" viewBox="0 0 108 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" y="2" width="100" height="6" rx="1.5" />
                <rect class="fill" y="2" width=width.to_string() height="6" rx="1.5" />
                {overflow}
            </svg>
            <span class="figure">{words.percent(loading)}</span>
        </span>
    }
}
