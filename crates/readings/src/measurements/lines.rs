//! Reads lines of text with a buffer of bounded size.

use std::io::{self, Read};

use memchr::memchr;

const BUFFER_BYTES: usize = 256 * 1024;
/// Longest accepted line; a usual row has about a hundred bytes.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// A line of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Without its line feed (and carriage return).
    Text(&'a [u8]),
    /// Longer than [`MAX_LINE_BYTES`]; skipped.
    TooLong,
}

/// Reads a text line by line.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_at_end: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: vec![0; BUFFER_BYTES], start: 0, end: 0, is_at_end: false }
    }

    /// The next line; None after the last.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        let mut searched = 0;
        let mut is_too_long = false;
        loop {
            let unread = &self.buffer[self.start..self.end];
            if let Some(found) = memchr(b'\n', &unread[searched..]) {
                let (start, length) = (self.start, searched + found);
                self.start += length + 1;
                return Ok(Some(self.line(start, length, is_too_long)));
            }
            searched = unread.len();
            if self.is_at_end {
                let start = self.start;
                self.start = self.end;
                let is_empty = searched == 0 && !is_too_long;
                return Ok((!is_empty).then(|| self.line(start, searched, is_too_long)));
            }
            if searched > MAX_LINE_BYTES {
                is_too_long = true;
                self.start = self.end;
                searched = 0;
            }
            self.fill()?;
        }
    }

    fn line(&self, start: usize, length: usize, is_too_long: bool) -> Line<'_> {
        if is_too_long || length > MAX_LINE_BYTES {
            return Line::TooLong;
        }
        let text = &self.buffer[start..start + length];
        Line::Text(text.strip_suffix(b"\r").unwrap_or(text))
    }

    /// Moves the unread rest to the front and fills the buffer behind it.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.is_at_end = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &[u8]) -> Vec<Option<Vec<u8>>> {
        let mut lines = Lines::new(text);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push(match line {
                Line::Text(text) => Some(text.to_vec()),
                Line::TooLong => None,
            });
        }
        all
    }

    #[test]
    fn lines_end_with_a_line_feed_or_the_text() {
        let text = |line: &str| Some(line.as_bytes().to_vec());
        assert_eq!(lines_of(b"a\r\n\nb\n"), [text("a"), text(""), text("b")]);
        assert_eq!(lines_of(b"a\nb"), [text("a"), text("b")]);
        assert_eq!(lines_of(b""), Vec::<Option<Vec<u8>>>::new());
    }

    #[test]
    fn lines_across_the_end_of_the_buffer_stay_whole() {
        let text: Vec<u8> = (0..60_000).flat_map(|number| format!("line {number}\n").into_bytes()).collect();
        let lines = lines_of(&text);
        assert_eq!(lines.len(), 60_000);
        assert_eq!(lines[59_999], Some(b"line 59999".to_vec()));
    }

    #[test]
    fn an_endless_line_is_skipped_in_bounded_memory() {
        let mut text = b"a\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 * BUFFER_BYTES));
        text.extend(b"\nb\n");
        assert_eq!(lines_of(&text), [Some(b"a".to_vec()), None, Some(b"b".to_vec())]);
    }
}
