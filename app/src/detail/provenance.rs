//! Where the forecast comes from.

use std::sync::Arc;

use domain::box_detail::{BoxDetail, ForecastBasis, Provenance};
use leptos::prelude::*;
use model::{Extreme, gridspark::Basis};

use crate::words::{Words, use_words};

/// Model, run, program and day in one line; nothing without a forecast.
#[component]
pub(super) fn ProvenanceLine(
    /// Where it comes from.
    provenance: Option<Provenance>,
    /// What it rests on, of the maximum.
    forecast_basis: Option<ForecastBasis>,
    /// How many weeks of either extreme count for less in the fit.
    outliers: usize,
) -> impl IntoView {
    let words = use_words();
    provenance.map(|provenance| {
        let mut parts = vec![
            format!("{} {} {}", words.model, provenance.model, provenance.model_version),
            format!("{} {}", words.run, provenance.run),
            format!("{} {}", words.code_version, provenance.code_version),
            format!("{} {}", words.processed_on, words.day_of(provenance.processed_on)),
        ];
        parts.extend(
            forecast_basis.iter().flat_map(|forecast_basis| basis_words(forecast_basis, outliers, words)),
        );
        view! {
            <footer class="provenance" aria-label=words.provenance>
                <span>{words.provenance}</span>
                {parts.into_iter().map(|part| view! { <span>{part}</span> }).collect_view()}
            </footer>
        }
    })
}

/// How the forecast grows, a sentence for each extreme that does.
#[component]
pub(super) fn GrowthNote(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let forecasts = [(Extreme::Min, &detail.minimum), (Extreme::Max, &detail.maximum)];
    let sentences: Vec<String> = forecasts
        .into_iter()
        .filter_map(|(extreme, forecast)| words.growth(extreme, forecast.as_ref()?))
        .collect();
    (!sentences.is_empty()).then(|| view! { <p class="growth-note">{sentences.join(" ")}</p> })
}

/// The training weeks and the outliers among them.
fn basis_words(forecast_basis: &ForecastBasis, outliers: usize, words: &Words) -> Vec<String> {
    let basis = match forecast_basis.basis {
        Basis::OwnHistory => words.basis_own,
        Basis::Population => words.basis_population,
        Basis::Capacity => words.basis_capacity,
        Basis::Constant => words.basis_constant,
    };
    let mut parts = vec![basis.to_owned()];
    if let (Some(first), Some(last)) = (forecast_basis.training_first, forecast_basis.training_last) {
        parts.push(format!("{} {}", words.training, words.span(first, last)));
    }
    if outliers > 0 {
        parts.push(words.outliers_counted_for_less(outliers));
    }
    parts
}
