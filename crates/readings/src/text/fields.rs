//! The fields of a record.

use memchr::memchr_iter;

/// The fields of a record, without their quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fields<'a> {
    pub(super) text: &'a [u8],
    pub(super) ranges: &'a [(usize, usize)],
    pub(super) delimiter: u8,
    pub(super) is_open: bool,
}

impl<'a> Fields<'a> {
    /// A field; None behind the last.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&'a [u8]> {
        let &(start, end) = self.ranges.get(index)?;
        self.text.get(start..end)
    }

    /// A field of a line that was split whatever its quotes, without blanks and quotes around it.
    pub(crate) fn bare(&self, index: usize) -> Option<&'a [u8]> {
        let field = self.get(index)?.trim_ascii();
        let field = field.strip_prefix(b"\"").unwrap_or(field);
        Some(field.strip_suffix(b"\"").unwrap_or(field).trim_ascii())
    }

    /// Whether the text ends with this record, without a line break: it may be cut off.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a [u8]> {
        let text = self.text;
        self.ranges.iter().map(move |&(start, end)| &text[start..end])
    }

    /// Whether all fields from `index` on are empty, as spreadsheets leave them.
    pub(crate) fn is_empty_from(&self, index: usize) -> bool {
        self.iter().skip(index).all(|field| field.trim_ascii().is_empty())
    }

    /// The record as it is shown in messages, its quotes left out.
    pub(crate) fn shown(&self) -> String {
        let fields: Vec<_> = self.iter().map(String::from_utf8_lossy).collect();
        fields.join(&char::from(self.delimiter).to_string())
    }
}

/// Splits a line without quotes into its fields.
#[inline]
pub(super) fn split(line: &[u8], delimiter: u8, ranges: &mut Vec<(usize, usize)>) {
    ranges.clear();
    let mut start = 0;
    for end in memchr_iter(delimiter, line) {
        ranges.push((start, end));
        start = end + 1;
    }
    ranges.push((start, line.len()));
}
