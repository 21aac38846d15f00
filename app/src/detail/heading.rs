//! Which box it is, and how it stands.

use std::sync::Arc;

use domain::box_detail::{BoxDetail, Station};
use domain::outlook::Outlook;
use domain::urgency::Urgency;
use leptos::prelude::*;

use super::copy_id::CopyId;
use crate::address::use_print_link;
use crate::erased_view::IntoErased as _;
use crate::ranking::StatusMark;
use crate::words::use_words;

/// The station's name as the title, the identifier, the place, and the outlook as one sentence in frequencies.
#[component]
pub(super) fn Heading(
    /// The box.
    detail: Arc<BoxDetail>,
    /// How many boxes are ranked, if that is known.
    ranked: Option<u32>,
) -> impl IntoView {
    let words = use_words();
    let title = title(&detail);
    let rank = (detail.urgency != Urgency::Unmeasured)
        .then(|| view! { <span class="rank">{words.rank_of(detail.rank, ranked)}</span> });
    let id = detail.box_id.to_string();
    // Where a station has no name, the title is the identifier already.
    let named = (title != id).then(|| id.clone());
    let print = use_print_link();
    view! {
        <header class="detail-heading">
            <div class="detail-title">
                <h1>{title.clone()}</h1>
                {rank}
                <a class="print-link" href=print target="_blank" rel="noopener">{words.on_detail().print}</a>
            </div>
            <p class="place">
                {named.map(|id| view! { <span class="box-id">{id}</span> })}
                <CopyId id />
                <span>{place(&detail.station, &title)}</span>
            </p>
            <Verdict detail />
        </header>
    }
    .into_erased()
}

/// How it stands: what was measured comes before what is to come.
#[component]
pub(crate) fn Verdict(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let outlook = Outlook::of(&detail);
    let (title, text) = match (&detail.exceedance, detail.urgency) {
        (Some(found), _) => {
            let ahead = words.ahead(&words.outlook_heading(&outlook), &words.outlook(&outlook));
            (words.exceedance(found), ahead)
        }
        (None, Urgency::Unmeasured) => (words.unmeasured_box.to_owned(), words.peers(detail.peers.as_ref())),
        (None, _) => (words.outlook_heading(&outlook), words.outlook(&outlook)),
    };
    view! {
        <div class=format!("outlook urgency-{}", detail.urgency.as_str())>
            <StatusMark urgency=detail.urgency />
            <div>
                <p class="outlook-title">{title}</p>
                <p class="outlook-text">{text}</p>
            </div>
        </div>
    }
    .into_erased()
}

/// What a box is called: its station's name, else its address, else its identifier.
pub(crate) fn title(detail: &BoxDetail) -> String {
    let station = &detail.station;
    let named = [station.name.trim().to_owned(), street(station)];
    named.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| detail.box_id.to_string())
}

/// Where it stands, without what the title says already.
pub(crate) fn place(station: &Station, title: &str) -> String {
    let street = street(station);
    let street = if street == title { "" } else { &street };
    join(&[street, &join(&[&station.postcode, &station.town], " "), &station.area], " · ")
}

fn street(station: &Station) -> String {
    join(&[&station.street, &station.house_number], " ")
}

/// The parts that are not empty, with `between` in between.
pub(super) fn join(parts: &[&str], between: &str) -> String {
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}
