//! Delimited text: where its records and fields are, and its header.

mod header;
mod records;

pub(crate) use header::read_header;
pub(crate) use records::{Fields, Record, Records};
