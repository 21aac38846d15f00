#![doc = include_str!("../README.md")]

//! The plain types shared by store, worker, pages and notices.
//!
//! No page, no database, no I/O: the crate is compiled into the server and into the page's
//! WebAssembly. It knows the words of the grid and the results of the mathematics from `model`, and
//! nothing else of Gridspark.
//!
//! One module per subject. Ingestion: the weeks of a time zone (`calendar`), the tally of a week's
//! readings ([`tally`]), the weeks to ingest
//! again ([`ingest`], [`week_span`]), readings that aren't believed ([`implausible`]), box metadata ([`box_metadata`]).
//! Questions and answers: the ranked list ([`ranking`], [`urgency`]), one box ([`box_detail`],
//! [`outlook`], [`doubtful_peaks`]), the fleet ([`overview`]), forecast quality ([`model_card`]). Records of runs
//! ([`runs`]), notices ([`notices`]), and the [`language`] of both. Who asks and what they may do
//! ([`identity`]), what planners do about a box ([`actions`]) and in which order ([`plan`]), and what they assume of it and propose ([`what_if`],
//! [`proposals`]).

pub mod accuracy;
pub mod actions;
pub mod advice;
pub mod box_detail;
pub mod box_metadata;
pub mod box_weeks;
#[cfg(feature = "calendar")]
pub mod calendar;
pub mod completeness;
pub mod doubtful_peaks;
pub mod identity;
pub mod implausible;
pub mod ingest;
pub mod language;
pub mod ledger;
pub mod model_card;
pub mod neighbours;
pub mod notices;
pub mod outlook;
pub mod overview;
pub mod peak_steps;
pub mod plan;
pub mod proposals;
pub mod ranking;
pub mod runs;
pub mod tally;
pub mod this_week;
mod unknown_word;
pub mod urgency;
pub mod usage;
pub mod week_span;
pub mod what_if;

pub use unknown_word::UnknownWord;
