//! Every text of the page, in English and in Dutch.
//!
//! [`Words`] holds the fixed labels, one value a language: a label missing in one of them does not compile.
//! Texts with something in them are methods: `numbers` and `calendar` format, `outlook`, `charts` and
//! `flags` make sentences.

mod account;
mod accuracy;
mod actions;
#[cfg(feature = "ssr")]
mod audit;
mod calendar;
mod charts;
#[cfg(feature = "ssr")]
mod completeness;
#[cfg(feature = "ssr")]
mod data_findings;
mod detail;
mod dutch;
mod english;
mod errors;
mod flags;
mod growth;
#[cfg(test)]
mod handbook;
mod headroom;
mod labels;
mod language;
#[cfg(feature = "ssr")]
mod learned_growth;
mod list;
mod measured;
#[cfg(feature = "ssr")]
mod model_card;
mod more_filters;
mod numbers;
mod outlook;
#[cfg(feature = "ssr")]
mod paper;
mod plan;
mod proposals;
#[cfg(feature = "ssr")]
mod refusals;
#[cfg(feature = "ssr")]
mod runs;
mod strip;
mod this_week;
mod urgency;
#[cfg(feature = "ssr")]
mod usage;
mod what_if;

use domain::language::Language;
use leptos::prelude::use_context;

pub(crate) use actions::BulkOutcome;
#[cfg(feature = "ssr")]
pub use data_findings::RunSentences;
pub(crate) use labels::Words;
#[cfg(feature = "ssr")]
pub(crate) use language::accepted_language;
pub(crate) use list::{KEYS, PROGRESS_KEY};
pub(crate) use what_if::WhatIfWords;

/// The words of the page's language, which the root of the page provides.
pub(crate) fn use_words() -> &'static Words {
    use_context::<&'static Words>().unwrap_or_else(|| Words::of(Language::default()))
}
