//! Which box it is, and how it stands.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::urgency::Urgency;
use leptos::prelude::*;

use super::verdict::Verdict;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The name, the place and the verdict.
#[component]
pub(super) fn Heading(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let station = &detail.station;
    let street = join(&[&station.street, &station.house_number], " ");
    // Many stations are called after their address.
    let name = if station.name == street { "" } else { &station.name };
    let place = join(&[name, &street, &join(&[&station.postcode, &station.town], " "), &station.area], " · ");
    let rank = (detail.urgency != Urgency::Unmeasured)
        .then(|| view! { <span class="rank">{words.rank_of(detail.rank)}</span> });
    view! {
        <header class="detail-heading">
            <div class="detail-title">
                <h1>{detail.box_id.to_string()}</h1>
                {rank}
            </div>
            <p class="place">{place}</p>
            <Verdict detail=Arc::clone(&detail) />
        </header>
    }
    .into_erased()
}

/// The parts that are not empty, with `between` in between.
pub(super) fn join(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.trim().is_empty()).copied().collect::<Vec<_>>().join(between)
}
