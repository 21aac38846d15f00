//! Checks the sizes that the headers of Parquet pages claim, since the decoder allocates what they
//! claim: a damaged file of a few bytes could ask for gigabytes.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use parquet::basic::Type;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use thrift::protocol::{TCompactInputProtocol, TInputProtocol, TType};

/// More than this is not decoded at once; writers make pages of about 1 MB.
const MAX_PAGE_BYTES: u64 = 256 << 20;
/// Most headers fit; statistics of long texts need more, which is read on.
const HEADER_BYTES: usize = 256;

/// Why a page is not decoded.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    #[error("the header of a page cannot be read: {0}")]
    Header(#[from] thrift::Error),
    #[error("a page cannot be reached: {0}")]
    Io(#[from] std::io::Error),
    #[error("a page claims an impossible size")]
    Impossible,
    #[error("a page of {0} MB is larger than the 256 MB that are read at once; write smaller pages")]
    TooLarge(u64),
}

/// Checks the pages of the decoded columns of one row group.
///
/// # Errors
/// [`PageError`] where a header is damaged, or claims more than its page can hold or than is
/// decoded at once.
pub(super) fn check(
    file: &File,
    metadata: &ParquetMetaData,
    row_group: usize,
    is_decoded: impl Fn(usize) -> bool,
) -> Result<(), PageError> {
    let schema = metadata.file_metadata().schema_descr();
    for (column, chunk) in metadata.row_group(row_group).columns().iter().enumerate() {
        if is_decoded(schema.get_column_root_idx(column)) {
            check_chunk(file, chunk)?;
        }
    }
    Ok(())
}

fn check_chunk(file: &File, chunk: &ColumnChunkMetaData) -> Result<(), PageError> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let mut position = size(start)?;
    let end = position.checked_add(size(chunk.compressed_size())?).ok_or(PageError::Impossible)?;
    while position < end {
        let mut reader = Counted { inner: BufReader::with_capacity(HEADER_BYTES, file), bytes: 0 };
        reader.inner.seek(SeekFrom::Start(position))?;
        let page = PageSizes::read(&mut TCompactInputProtocol::new(&mut reader))?;
        position = page.check(position + reader.bytes, end, entry_bytes(chunk))?;
    }
    Ok(())
}

/// The least that one entry of a dictionary takes in its page.
fn entry_bytes(chunk: &ColumnChunkMetaData) -> u64 {
    match chunk.column_type() {
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => size(chunk.column_descr().type_length()).unwrap_or(1).max(1),
        // Text begins with its length.
        Type::BOOLEAN | Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
    }
}

/// The sizes in a page's header (parquet.thrift, `PageHeader`), as they are claimed.
#[derive(Debug, Default)]
struct PageSizes {
    uncompressed: i32,
    compressed: i32,
    /// Entries of a dictionary page.
    entries: i32,
}

impl PageSizes {
    fn read(protocol: &mut impl TInputProtocol) -> thrift::Result<Self> {
        let mut found = Self::default();
        protocol.read_struct_begin()?;
        loop {
            let field = protocol.read_field_begin()?;
            match (field.id, field.field_type) {
                (_, TType::Stop) => return Ok(found),
                (Some(2), TType::I32) => found.uncompressed = protocol.read_i32()?,
                (Some(3), TType::I32) => found.compressed = protocol.read_i32()?,
                (Some(7), TType::Struct) => found.entries = Self::read_entries(protocol)?,
                (_, other) => protocol.skip(other)?,
            }
        }
    }

    /// The number of values of a `DictionaryPageHeader`.
    fn read_entries(protocol: &mut impl TInputProtocol) -> thrift::Result<i32> {
        let mut entries = 0;
        protocol.read_struct_begin()?;
        loop {
            let field = protocol.read_field_begin()?;
            match (field.id, field.field_type) {
                (_, TType::Stop) => return Ok(entries),
                (Some(1), TType::I32) => entries = protocol.read_i32()?,
                (_, other) => protocol.skip(other)?,
            }
        }
    }

    /// The end of the page that begins behind its header at `position`.
    fn check(&self, position: u64, end: u64, entry_bytes: u64) -> Result<u64, PageError> {
        let next = position + size(self.compressed)?;
        let uncompressed = size(self.uncompressed)?;
        if next > end || size(self.entries)?.saturating_mul(entry_bytes) > uncompressed {
            return Err(PageError::Impossible);
        }
        if uncompressed > MAX_PAGE_BYTES {
            return Err(PageError::TooLarge(uncompressed >> 20));
        }
        Ok(next)
    }
}

fn size(claimed: impl TryInto<u64>) -> Result<u64, PageError> {
    claimed.try_into().map_err(|_| PageError::Impossible)
}

/// A reader that counts the bytes taken from it.
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn page(uncompressed: i32, compressed: i32, entries: i32) -> PageSizes {
        PageSizes { uncompressed, compressed, entries }
    }

    #[test]
    fn a_page_holds_what_it_claims_or_is_refused() {
        assert_eq!(page(4_000, 100, 1_000).check(10, 200, 4).unwrap(), 110);
        for impossible in
            [page(4_000, 191, 0), page(3_999, 100, 1_000), page(-1, 100, 0), page(0, -1, 0), page(4, 4, -1)]
        {
            assert!(matches!(impossible.check(10, 200, 4), Err(PageError::Impossible)), "{impossible:?}");
        }
        let large = page(i32::MAX, 100, 0).check(10, 200, 4).unwrap_err().to_string();
        assert!(large.contains("a page of 2047 MB") && large.contains("smaller pages"), "{large}");
    }
}
