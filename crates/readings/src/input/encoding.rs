//! Decodes a text to UTF-8 while it is read, by one encoding for the whole text.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

const CHUNK_BYTES: usize = 64 * 1024;
/// The longest character of UTF-8.
const MAX_CHARACTER_BYTES: usize = 4;
/// Without a mark, UTF-16 is recognised by zeros in every other of so many bytes.
const UTF16_SAMPLE_BYTES: usize = 32;

/// How a text is encoded, as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextEncoding {
    /// ASCII so far: the first other character decides between UTF-8 and Windows-1252.
    Ascii,
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// Windows-1252: its first character beyond ASCII isn't UTF-8.
    Windows1252,
}

impl TextEncoding {
    /// What the first bytes of a text say, and the number of bytes of its byte order mark.
    pub(super) fn of_start(start: &[u8]) -> (Self, u64) {
        match start {
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8, 3),
            [0xff, 0xfe, ..] => (Self::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Self::Utf16Be, 2),
            _ => {
                let sample = &start[..start.len().min(UTF16_SAMPLE_BYTES) / 2 * 2];
                let zeros = |first: usize| sample.iter().skip(first).step_by(2).all(|&byte| byte == 0);
                let others = |first: usize| sample.iter().skip(first).step_by(2).all(|&byte| byte != 0);
                match sample.len() >= 4 {
                    true if others(0) && zeros(1) => (Self::Utf16Le, 0),
                    true if zeros(0) && others(1) => (Self::Utf16Be, 0),
                    _ => (Self::Ascii, 0),
                }
            }
        }
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Ascii | Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Self::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Self::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        }
    }
}

/// A text as UTF-8. Bytes of a UTF-8 text that are none stay as they are, for the row to be
/// refused.
pub(super) struct Decoded<R> {
    reader: R,
    encoding: Rc<Cell<TextEncoding>>,
    /// None for ASCII and UTF-8, which need no decoding.
    decoder: Option<Decoder>,
    /// Bytes that were read and not decoded: the start of a character.
    undecoded: Vec<u8>,
    /// What was decoded and not handed over, from `handed_over` on.
    decoded: Vec<u8>,
    handed_over: usize,
    is_at_end: bool,
    /// Whether the decoder was told of the end.
    is_finished: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(reader: R, encoding: Rc<Cell<TextEncoding>>) -> Self {
        let decoder = encoding.get().decoder();
        let (undecoded, decoded) = (Vec::new(), Vec::new());
        let (is_at_end, is_finished) = (false, false);
        Self { reader, encoding, decoder, undecoded, decoded, handed_over: 0, is_at_end, is_finished }
    }

    fn hand_over(&mut self, buffer: &mut [u8]) -> usize {
        let waiting = &self.decoded[self.handed_over..];
        let length = waiting.len().min(buffer.len());
        buffer[..length].copy_from_slice(&waiting[..length]);
        self.handed_over += length;
        length
    }

    /// Reads behind what is undecoded.
    fn read_undecoded(&mut self, bytes: usize) -> io::Result<()> {
        let length = self.undecoded.len();
        self.undecoded.resize(length + bytes, 0);
        let read = self.reader.read(&mut self.undecoded[length..]);
        self.undecoded.truncate(length + *read.as_ref().unwrap_or(&0));
        self.is_at_end |= matches!(read, Ok(0));
        read.map(|_| ())
    }

    /// Decides by the first character beyond ASCII, with which `undecoded` begins.
    fn decide(&mut self) -> io::Result<()> {
        while self.undecoded.len() < MAX_CHARACTER_BYTES && !self.is_at_end {
            self.read_undecoded(MAX_CHARACTER_BYTES)?;
        }
        let is_utf8 = match std::str::from_utf8(&self.undecoded) {
            Ok(_) => true,
            Err(error) => error.valid_up_to() > 0,
        };
        let encoding = if is_utf8 { TextEncoding::Utf8 } else { TextEncoding::Windows1252 };
        self.encoding.set(encoding);
        self.decoder = encoding.decoder();
        if self.decoder.is_none() {
            self.decoded = std::mem::take(&mut self.undecoded);
            self.handed_over = 0;
        }
        Ok(())
    }

    fn decode(&mut self) {
        let Some(decoder) = &mut self.decoder else { return };
        let capacity = decoder.max_utf8_buffer_length(self.undecoded.len());
        self.decoded.clear();
        self.decoded.resize(capacity.unwrap_or(3 * self.undecoded.len() + 16), 0);
        let (_, read, written, _) =
            decoder.decode_to_utf8(&self.undecoded, &mut self.decoded, self.is_at_end);
        self.decoded.truncate(written);
        self.handed_over = 0;
        self.undecoded.drain(..read);
        self.is_finished = self.is_at_end;
    }

    /// Hands ASCII and UTF-8 over as they are, up to the first character that decides.
    fn pass(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let text = &buffer[..read];
        if self.encoding.get() == TextEncoding::Utf8 || text.is_ascii() {
            return Ok(read);
        }
        let ascii = text.iter().take_while(|byte| byte.is_ascii()).count();
        self.undecoded.extend_from_slice(&text[ascii..]);
        Ok(ascii)
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if buffer.is_empty() || self.handed_over < self.decoded.len() {
                return Ok(self.hand_over(buffer));
            }
            if self.decoder.is_some() {
                if self.undecoded.len() < MAX_CHARACTER_BYTES && !self.is_at_end {
                    self.read_undecoded(CHUNK_BYTES)?;
                }
                if self.is_finished {
                    return Ok(0);
                }
                self.decode();
            } else if self.undecoded.is_empty() {
                let passed = self.pass(buffer)?;
                if passed > 0 || self.undecoded.is_empty() {
                    return Ok(passed);
                }
            } else {
                self.decide()?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands over so many bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len()).min(self.0.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    /// The text and its encoding, however its bytes arrive.
    fn decoded(bytes: &[u8]) -> (String, TextEncoding) {
        let (start, mark) = TextEncoding::of_start(bytes);
        let results: Vec<_> = [1, 2, 3, 7, 100_000]
            .map(|step| {
                let encoding = Rc::new(Cell::new(start));
                let mut text = Vec::new();
                Decoded::new(Slow(&bytes[mark as usize..], step), Rc::clone(&encoding))
                    .read_to_end(&mut text)
                    .unwrap();
                (String::from_utf8_lossy(&text).into_owned(), encoding.get())
            })
            .to_vec();
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        results[0].clone()
    }

    fn utf16(text: &str, to_bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn one_encoding_is_found_for_the_whole_text() {
        let text = "BOXID;STATIONSNAAM\r\nA;Café België €\r\n";
        assert_eq!(decoded(text.as_bytes()), (text.to_owned(), TextEncoding::Utf8));
        assert_eq!(decoded(b"BOXID\n"), ("BOXID\n".to_owned(), TextEncoding::Ascii));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decoded(&marked), (text.to_owned(), TextEncoding::Utf8));
        let windows = b"BOXID;STATIONSNAAM\r\nA;Caf\xe9 Belgi\xeb \x80\r\n";
        assert_eq!(decoded(windows), (text.to_owned(), TextEncoding::Windows1252));
        for mark in ["", "\u{feff}"] {
            let text = |encoding| (text.to_owned(), encoding);
            let whole = format!("{mark}BOXID;STATIONSNAAM\r\nA;Café België €\r\n");
            let little = utf16(&whole, u16::to_le_bytes);
            assert_eq!(decoded(&little), text(TextEncoding::Utf16Le));
            assert_eq!(decoded(&utf16(&whole, u16::to_be_bytes)), text(TextEncoding::Utf16Be));
        }
    }

    #[test]
    fn the_first_character_beyond_ascii_decides() {
        let text = decoded(b"caf\xc3\xa9 caf\xe9\n");
        assert_eq!(text, ("café caf\u{fffd}\n".to_owned(), TextEncoding::Utf8));
        assert_eq!(decoded(b"caf\xe9 caf\xc3\xa9\n").0, "café cafÃ©\n");
        assert_eq!(decoded(b"caf\xe9"), ("café".to_owned(), TextEncoding::Windows1252));
        assert_eq!(decoded(b"caf\xc3"), ("cafÃ".to_owned(), TextEncoding::Windows1252));
    }
}
