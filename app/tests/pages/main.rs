//! The pages as the server renders them: what is there before, and without, JavaScript.
#![cfg(feature = "ssr")]
#![expect(clippy::unwrap_used, reason = "a test may fail at once")]

mod detail;
mod invented;
mod model_card;
mod plan;
mod print;
mod ranking;
mod render;
mod runs;
