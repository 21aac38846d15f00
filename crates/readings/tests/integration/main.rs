//! Integration tests: whole files in, tallies out.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: what fails there is the test"
)]

mod any_split;
mod bad_files;
mod bad_rows;
mod boxes;
mod cases;
mod cut_off;
mod files;
mod formats;
mod large_files;
mod notation;
mod real_readings;
mod since;
