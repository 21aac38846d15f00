//! The peak loading as a bar and a figure.

use domain::urgency::Urgency;
use leptos::prelude::*;

use crate::words::use_words;

/// Where the bar ends, as a loading.
const END: f64 = 1.5;
/// The width of the drawing, in its units: the mark of an overflow takes what the bar leaves.
const WIDTH: f64 = 108.0;
/// The width of the bar.
const TRACK: f64 = 100.0;

/// The bar ends at 150 %, with a tick at 100 % and a mark where there is more; the figure is never clipped.
#[component]
pub(crate) fn LoadingBar(
    /// The peak loading, a fraction.
    loading: f64,
    /// The class, which colours the bar.
    urgency: Urgency,
) -> impl IntoView {
    let words = use_words();
    let width = (TRACK * loading.clamp(0.0, END) / END).round();
    let tick = format!("M{x} 0V10", x = (TRACK / END).round());
    let overflow = (loading > END).then(|| view! { <path class="overflow" d="M101 0 L107 5 L101 10 Z" /> });
    view! {
        <span class=format!("loading urgency-{}", urgency.as_str())>
            <svg class="loading-bar" viewBox=format!("0 0 {WIDTH} 10") preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" y="2" width=TRACK.to_string() height="6" rx="1.5" />
                <rect class="fill" y="2" width=width.to_string() height="6" rx="1.5" />
                <path class="tick" d=tick />
                {overflow}
            </svg>
            <span class="figure">{words.percent(loading)}</span>
        </span>
    }
}
