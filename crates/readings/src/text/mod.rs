//! Delimited text: where its records and fields are, and its header.

mod fields;
mod header;
mod quotes;
mod records;

pub(crate) use fields::Fields;
pub(crate) use header::read_header;
pub(crate) use records::{Record, Records, RowTest};

/// Whether some of a field could not be decoded: it isn't UTF-8, or has the character that stands for
/// such bytes.
pub(crate) fn is_damaged(field: &[u8]) -> bool {
    std::str::from_utf8(field).map_or(true, |text| text.contains(char::REPLACEMENT_CHARACTER))
}
