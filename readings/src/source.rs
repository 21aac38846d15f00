//! Opening a file: which format its first bytes show, and its bytes without compression.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::FileError;

const BUFFER_BYTES: usize = 128 * 1024;

/// A file that has been opened.
pub(crate) enum Source {
    /// A Parquet file (by its ending or its first bytes).
    Parquet(File),
    /// Text without compression.
    Text(Box<dyn Read>),
}

/// Opens a file. The compression is told by the first bytes, not by the name; a file named `.parquet` is taken as
/// Parquet whatever it holds, so that a damaged one is reported as what it is.
pub(crate) fn open(path: &Path) -> Result<Source, FileError> {
    let unreadable = |source: io::Error| FileError::Unreadable { file: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let mut start = [0; 4];
    let length = read_start(&mut file, &mut start).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let is_named_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    Ok(match &start[..length] {
        _ if is_named_parquet => Source::Parquet(file),
        b"PAR1" => Source::Parquet(file),
        [0x1f, 0x8b, ..] => Source::Text(Box::new(MultiGzDecoder::new(buffered(file)))),
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let decoder = zstd::stream::read::Decoder::with_buffer(buffered(file)).map_err(unreadable)?;
            Source::Text(Box::new(decoder))
        }
        _ => Source::Text(Box::new(file)),
    })
}

/// Runs a decoder. The Parquet decoder panics on some damaged headers (lengths below zero, for example); a damaged file
/// is bad input and must not end the process, so such a panic becomes the error that it should have been.
pub(crate) fn unless_panicking<T>(
    path: &Path,
    decode: impl FnOnce() -> Result<T, FileError>,
) -> Result<T, FileError> {
    // What the decoder leaves behind is dropped unread: the file yields nothing.
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        let reason = text.unwrap_or("the decoder gave up").to_owned();
        Err(FileError::Damaged { file: path.to_owned(), row: 0, reason })
    })
}

fn buffered(file: File) -> BufReader<File> {
    BufReader::with_capacity(BUFFER_BYTES, file)
}

fn read_start(file: &mut File, start: &mut [u8; 4]) -> io::Result<usize> {
    let mut length = 0;
    while length < start.len() {
        match file.read(&mut start[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The character that separates the columns of a text with this header: comma, semicolon or tab, whichever is
/// most frequent.
pub(crate) fn delimiter_of(header: &[u8]) -> u8 {
    let count = |delimiter: u8| header.iter().filter(|&&byte| byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// The first line of a reader that isn't consumed by looking at it, as far as the buffer holds it.
pub(crate) fn peek_line(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let start = reader.fill_buf()?;
    let end = start.iter().position(|&byte| byte == b'\n').unwrap_or(start.len());
    Ok(start[..end].to_vec())
}
