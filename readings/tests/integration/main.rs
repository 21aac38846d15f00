//! Whole files in, tallies out.

mod any_split;
mod bad_files;
mod bad_rows;
mod boxes;
mod files;
mod formats;
mod large_files;
mod real_readings;
