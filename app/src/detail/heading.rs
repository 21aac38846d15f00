//! Which box it is, and how it stands.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::outlook::Outlook;
use domain::urgency::Urgency;
use leptos::prelude::*;

use crate::erased_view::IntoErased as _;
use crate::ranking::StatusMark;
use crate::words::use_words;

/// The name, the place, and the outlook as one sentence in frequencies.
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
    let outlook = Outlook::of(&detail);
    let (title, text) = match (&detail.exceedance, detail.urgency) {
        // What was measured comes before what is to come.
        (Some(found), _) => {
            let ahead = words.ahead(&words.outlook_heading(&outlook), &words.outlook(&outlook));
            (words.exceedance(found), ahead)
        }
        (None, Urgency::Unmeasured) => (words.unmeasured_box.to_owned(), words.peers(detail.peers.as_ref())),
        (None, _) => (words.outlook_heading(&outlook), words.outlook(&outlook)),
    };
    let rank = (detail.urgency != Urgency::Unmeasured)
        .then(|| view! { <span class="rank">{words.rank_of(detail.rank)}</span> });
    view! {
        <header class="detail-heading">
            <div class="detail-title">
                <h1>{detail.box_id.to_string()}</h1>
                {rank}
            </div>
            <p class="place">{place}</p>
            <div class=format!("outlook urgency-{}", detail.urgency.as_str())>
                <StatusMark urgency=detail.urgency />
                <div>
                    <p class="outlook-title">{title}</p>
                    <p class="outlook-text">{text}</p>
                </div>
            </div>
        </header>
    }
    .into_erased()
}

/// The parts that are not empty, with `between` in between.
pub(super) fn join(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.trim().is_empty()).copied().collect::<Vec<_>>().join(between)
}
