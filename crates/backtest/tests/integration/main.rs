//! Integration tests: files in, a report out.

#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails there is the test")]

mod cards;
mod files;
mod growth;
mod reports;
mod stored_scores;
mod synthetic;
mod weekly_dates;
