#![doc = include_str!("../README.md")]

//! The plain types that store, worker, pages and notices share: what is asked, told, decided and remembered.
//!
//! No page, no database, no I/O: the crate is compiled into the server and into the page's WebAssembly. It knows the words
//! of the grid and the results of the mathematics from `model`, and nothing else of Gridspark.
//!
//! One module for each subject. What comes in: the weeks of a time zone (`calendar`), what a week's readings come to
//! ([`tally`]), which weeks are asked for again ([`scan`]), what is known about each box ([`box_metadata`]). What is asked and shown: the ranked list ([`ranking`],
//! [`urgency`]), one box ([`box_detail`], [`outlook`]), the whole fleet ([`overview`]), how good the forecasts were ([`model_card`]). What is
//! remembered of a run ([`runs`]), and told to people who are not looking ([`notices`]), in which [`language`].

pub mod box_detail;
pub mod box_metadata;
#[cfg(feature = "calendar")]
pub mod calendar;
pub mod ingest;
pub mod language;
pub mod model_card;
pub mod notices;
pub mod outlook;
pub mod overview;
pub mod ranking;
pub mod runs;
pub mod tally;
mod unknown_word;
pub mod urgency;

pub use unknown_word::UnknownWord;
