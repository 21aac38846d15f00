//! Opens a file, detects its format, decompresses it and decodes it to UTF-8.

mod encoding;
mod foreign;
mod gzip;

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;

use crate::FileError;
use encoding::Decoded;
pub(crate) use encoding::TextEncoding;
use foreign::Foreign;
use gzip::GzipMembers;

const BUFFER_BYTES: usize = 128 * 1024;
/// Bytes at the start of a text that show how it is encoded, and whether it is a text at all.
const SNIFFED_BYTES: usize = 512;

/// An opened file.
pub(crate) enum Input {
    /// A Parquet file (by its extension or first bytes).
    Parquet(File),
    /// Decompressed text.
    Text(Text),
}

/// A text as UTF-8, as far as its bytes allow.
pub(crate) struct Text {
    pub(crate) reader: Box<dyn Read>,
    /// How it is encoded, as far as it was read.
    pub(crate) encoding: Rc<Cell<TextEncoding>>,
}

/// Opens a file. Format and compression are detected from the first bytes, not the name; a file named
/// `.parquet` that is none is refused.
pub(crate) fn open(path: &Path) -> Result<Input, FileError> {
    let unreadable = |source: io::Error| FileError::Unreadable { file: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let start = read_start(&mut file, SNIFFED_BYTES).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let has_parquet_extension = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    let decompressed: Box<dyn Read> = match start.as_slice() {
        [b'P', b'A', b'R', b'E', ..] => return Err(unsupported(path, Foreign::EncryptedParquet)),
        [b'P', b'A', b'R', b'1', ..] => return Ok(Input::Parquet(file)),
        _ if has_parquet_extension && start.len() < 4 => return Ok(Input::Parquet(file)),
        _ if has_parquet_extension => return Err(unsupported(path, Foreign::NamedParquet)),
        [0x1f, 0x8b, ..] => Box::new(GzipMembers::new(buffered(file))),
        // A frame, or a skippable one as pzstd writes it before each.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            Box::new(zstd::stream::read::Decoder::with_buffer(buffered(file)).map_err(unreadable)?)
        }
        _ => Box::new(file),
    };
    open_text(path, decompressed).map(Input::Text)
}

fn open_text(path: &Path, mut bytes: Box<dyn Read>) -> Result<Text, FileError> {
    let start =
        read_start(&mut bytes, SNIFFED_BYTES).map_err(|error| FileError::of_decoder(path, 0, error))?;
    if let Some(foreign) = Foreign::of(&start) {
        return Err(unsupported(path, foreign));
    }
    let (encoding, mark_bytes) = TextEncoding::of_start(&start);
    if encoding == TextEncoding::Ascii && start.contains(&0) {
        return Err(unsupported(path, Foreign::Binary));
    }
    let mut start = Cursor::new(start);
    start.set_position(mark_bytes);
    let encoding = Rc::new(Cell::new(encoding));
    let reader = Box::new(Decoded::new(start.chain(bytes), Rc::clone(&encoding)));
    Ok(Text { reader, encoding })
}

fn unsupported(path: &Path, foreign: Foreign) -> FileError {
    let found = foreign.name().to_owned();
    FileError::Unsupported { file: path.to_owned(), found, remedy: foreign.remedy() }
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

fn read_start(reader: &mut dyn Read, bytes: usize) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(bytes);
    reader.take(bytes as u64).read_to_end(&mut start)?;
    Ok(start)
}
