//! Opens a file, detects its format and decompresses it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::FileError;

const BUFFER_BYTES: usize = 128 * 1024;

/// An opened file.
pub(crate) enum Input {
    /// A Parquet file (by its extension or first bytes).
    Parquet(File),
    /// Decompressed text.
    Text(Box<dyn Read>),
}

/// Opens a file. Compression is detected from the first bytes, not the name; a file named
/// `.parquet` is always read as Parquet, so that a damaged one is reported as such.
pub(crate) fn open(path: &Path) -> Result<Input, FileError> {
    let unreadable = |source: io::Error| FileError::Unreadable { file: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let mut start = [0; 4];
    let length = read_start(&mut file, &mut start).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let has_parquet_extension = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    Ok(match &start[..length] {
        _ if has_parquet_extension => Input::Parquet(file),
        b"PAR1" => Input::Parquet(file),
        [0x1f, 0x8b, ..] => Input::Text(Box::new(MultiGzDecoder::new(buffered(file)))),
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let decoder = zstd::stream::read::Decoder::with_buffer(buffered(file)).map_err(unreadable)?;
            Input::Text(Box::new(decoder))
        }
        _ => Input::Text(Box::new(file)),
    })
}

/// Turns a panic of the decoder into [`FileError::Damaged`]: the Parquet decoder panics on some
/// damaged headers (negative lengths, for example), and a damaged file must not end the process.
pub(crate) fn catch_decoder_panic<T>(
    path: &Path,
    decode: impl FnOnce() -> Result<T, FileError>,
) -> Result<T, FileError> {
    // Unwind safe because the decoder's state is dropped unread.
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

/// The delimiter of a text with this header: comma, semicolon or tab, whichever is most frequent.
pub(crate) fn detect_delimiter(header: &[u8]) -> u8 {
    let count = |delimiter: u8| header.iter().filter(|&&byte| byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// The first line, as far as it is buffered, without consuming it.
pub(crate) fn peek_line(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let start = reader.fill_buf()?;
    let end = start.iter().position(|&byte| byte == b'\n').unwrap_or(start.len());
    Ok(start[..end].to_vec())
}
