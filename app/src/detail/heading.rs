//! Which box it is, and how it stands.

use std::sync::Arc;

use domain::box_detail::{BoxDetail, Station};
use domain::urgency::Urgency;
use leptos::prelude::*;

use super::copy_id::CopyId;
use super::verdict::Verdict;
use crate::address::use_print_link;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The station's name as the title, the identifier, the place and the verdict.
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
            </div>
            <p class="place">
                {named.map(|id| view! { <span class="box-id">{id}</span> })}
                <CopyId id />
                <span>{place(&detail.station, &title)}</span>
                <a class="print-link" href=print target="_blank" rel="noopener">{words.on_detail().print}</a>
            </p>
            <Verdict detail asks=true />
        </header>
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
