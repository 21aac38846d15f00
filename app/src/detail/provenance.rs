//! Where the forecast comes from.

use leptos::prelude::*;

use crate::api::Provenance;
use crate::words::use_words;

/// Model, run, program and moment in one line; nothing without a forecast.
#[component]
pub(super) fn ProvenanceLine(
    /// Where it comes from.
    provenance: Option<Provenance>,
) -> impl IntoView {
    let words = use_words();
    provenance.map(|provenance| {
        let parts = [
            format!("{} {} {}", words.model, provenance.model, provenance.model_version),
            format!("{} {}", words.run, provenance.run),
            format!("{} {}", words.code_version, provenance.code_version),
            format!("{} {}", words.processed_on, words.moment(provenance.processed_on)),
        ];
        view! {
            <footer class="provenance" aria-label=words.provenance>
                <span>{words.provenance}</span>
                {parts.map(|part| view! { <span>{part}</span> }).collect_view()}
            </footer>
        }
    })
}
