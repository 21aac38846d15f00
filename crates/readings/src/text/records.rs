//! Reads the records of delimited text (RFC 4180) with a buffer of bounded size: the one tokenizer
//! of headers and rows, readings and metadata.
//!
//! Lines without a quote, which are almost all, are split where their delimiters are; a record with
//! a quote is read by csv-core. A record ends with LF, CR or CRLF. A quote is one only at the start
//! of a field; behind the one that closes it nothing but blanks may follow in the field.

use std::io::{self, Read};

use csv_core::ReaderBuilder;
use memchr::{memchr2, memchr3};

use super::fields::{Fields, split};
use super::quotes::{read_quoted, text_behind_quote};

const BUFFER_BYTES: usize = 256 * 1024;
/// Longest accepted record; a usual row has about a hundred bytes.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// A record of the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Record<'a> {
    /// Its fields.
    Fields(Fields<'a>),
    /// Longer than 64 KiB; skipped to its end.
    TooLong,
    /// A quote is not closed within 64 KiB, or before the end of the text. Its first line was
    /// skipped; the next record begins behind that.
    UnclosedQuote(&'a [u8]),
    /// Text follows the closing quote of a field. Its first line was skipped; the next record
    /// begins behind that.
    TextBehindQuote(&'a [u8]),
}

/// Reads a text record by record. Blank lines are skipped.
pub(crate) struct Records<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_at_end: bool,
    /// Whether the record found last ends the text, without a line break.
    is_open: bool,
    delimiter: u8,
    quoted: Box<csv_core::Reader>,
    ranges: Vec<(usize, usize)>,
    /// The fields of a record with quotes, one after the other, and their ends.
    unquoted: Vec<u8>,
    ends: Vec<usize>,
    row_test: Option<RowTest>,
}

/// Whether a line, split at its delimiters whatever its quotes, may be a row of the table.
pub(crate) type RowTest = Box<dyn Fn(Fields<'_>) -> bool>;

/// Where the next record is, before its fields are handed out.
enum Found {
    /// Bytes of the buffer, without quotes.
    Plain(usize, usize),
    /// In `unquoted`, of so many bytes.
    Quoted(usize),
    TooLong,
    Unclosed(usize, usize),
    BehindQuote(usize, usize),
}

impl<R: Read> Records<R> {
    /// Separated by commas until [`Self::set_delimiter`] says otherwise.
    pub(crate) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            is_at_end: false,
            is_open: false,
            delimiter: b',',
            quoted: Box::new(csv_core::Reader::new()),
            ranges: Vec::new(),
            // One more than the text, as csv-core wants room for each byte that it looks at.
            unquoted: vec![0; MAX_RECORD_BYTES + 1],
            ends: vec![0; 64],
            row_test: None,
        }
    }

    /// Has lines within quotes looked at: see [`RowTest`].
    pub(crate) fn set_row_test(&mut self, row_test: RowTest) {
        self.row_test = Some(row_test);
    }

    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(crate) fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
        *self.quoted = ReaderBuilder::new().delimiter(delimiter).build();
    }

    /// The text from here on, at least the longest record of it unless the text ends before.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        while self.end - self.start <= MAX_RECORD_BYTES && !self.is_at_end {
            self.fill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// Passes over bytes that were [peeked](Self::peek) at.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// The next record; None after the last.
    #[inline]
    pub(crate) fn next_record(&mut self) -> io::Result<Option<Record<'_>>> {
        let delimiter = self.delimiter;
        Ok(match self.find()? {
            None => None,
            Some(Found::Plain(start, end)) => {
                let text = &self.buffer[start..end];
                split(text, self.delimiter, &mut self.ranges);
                Some(Record::Fields(Fields { text, ranges: &self.ranges, delimiter, is_open: self.is_open }))
            }
            Some(Found::Quoted(length)) => {
                let text = &self.unquoted[..length];
                Some(Record::Fields(Fields { text, ranges: &self.ranges, delimiter, is_open: self.is_open }))
            }
            Some(Found::TooLong) => Some(Record::TooLong),
            Some(Found::Unclosed(start, end)) => Some(Record::UnclosedQuote(&self.buffer[start..end])),
            Some(Found::BehindQuote(start, end)) => Some(Record::TextBehindQuote(&self.buffer[start..end])),
        })
    }

    fn find(&mut self) -> io::Result<Option<Found>> {
        let mut searched = 0;
        let mut is_too_long = false;
        loop {
            let unread = &self.buffer[self.start..self.end];
            let found = match is_too_long {
                false => memchr3(b'\n', b'\r', b'"', &unread[searched..]),
                true => memchr2(b'\n', b'\r', &unread[searched..]),
            };
            if let Some(found) = found {
                let length = searched + found;
                let byte = unread[length];
                if byte == b'"' {
                    return self.find_quoted().map(Some);
                }
                let start = self.start;
                let is_pair = byte == b'\r' && unread.get(length + 1) == Some(&b'\n');
                self.start += length + 1 + usize::from(is_pair);
                if is_too_long || length > MAX_RECORD_BYTES {
                    return Ok(Some(Found::TooLong));
                }
                // Most lines begin with something: the whole line is looked at only if not.
                if length == 0 || unread[0].is_ascii_whitespace() && unread[..length].trim_ascii().is_empty()
                {
                    searched = 0;
                    continue;
                }
                return Ok(Some(Found::Plain(start, start + length)));
            }
            searched = unread.len();
            if self.is_at_end {
                let start = self.start;
                self.start = self.end;
                self.is_open = true;
                return Ok(match is_too_long || searched > MAX_RECORD_BYTES {
                    true => Some(Found::TooLong),
                    false if self.buffer[start..self.end].trim_ascii().is_empty() => None,
                    false => Some(Found::Plain(start, self.end)),
                });
            }
            if searched > MAX_RECORD_BYTES {
                is_too_long = true;
                self.start = self.end;
                searched = 0;
            }
            self.fill()?;
        }
    }

    /// Reads a record that has a quote, from its start.
    #[cold]
    fn find_quoted(&mut self) -> io::Result<Found> {
        let text_length = self.peek()?.len();
        let text = &self.buffer[self.start..self.start + text_length.min(MAX_RECORD_BYTES)];
        let is_whole = self.is_at_end && text.len() == text_length;
        // A quote that belongs nowhere may find its partner rows later: these are not its text.
        let behind_quote = text_behind_quote(text, self.delimiter);
        let read = match behind_quote {
            None => read_quoted(&mut self.quoted, text, is_whole, &mut self.unquoted, &mut self.ends),
            Some(_) => None,
        };
        let read = read.filter(|&(consumed, ..)| !self.has_rows_within(&text[..consumed]));
        let Some((consumed, length, fields)) = read else {
            let start = self.start;
            let line_length = memchr2(b'\n', b'\r', text).unwrap_or(text.len());
            self.start += line_length;
            return Ok(match behind_quote {
                Some(place) if place < line_length => Found::BehindQuote(start, start + line_length),
                _ => Found::Unclosed(start, start + line_length),
            });
        };
        self.is_open =
            is_whole && consumed == text_length && !text.ends_with(b"\n") && !text.ends_with(b"\r");
        self.start += consumed;
        self.ranges.clear();
        let mut field_start = 0;
        for &field_end in &self.ends[..fields] {
            self.ranges.push((field_start, field_end));
            field_start = field_end;
        }
        Ok(Found::Quoted(length))
    }

    /// Whether a line of a record behind its first may be a row of its own: then the quotes around it
    /// are stray ones of different rows, as no row may get lost in another's text.
    fn has_rows_within(&self, record: &[u8]) -> bool {
        let Some(is_row) = &self.row_test else { return false };
        let lines = record.split(|byte| matches!(byte, b'\n' | b'\r')).skip(1);
        let mut ranges = Vec::new();
        lines.filter(|line| !line.is_empty()).any(|line| {
            split(line, self.delimiter, &mut ranges);
            is_row(Fields { text: line, ranges: &ranges, delimiter: self.delimiter, is_open: false })
        })
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

    /// The fields of every record; None for one that is too long, the line alone for one whose
    /// quote isn't closed.
    fn records_of(text: &[u8]) -> Vec<Option<Vec<String>>> {
        let mut records = Records::new(text);
        records.set_row_test(Box::new(|line| line.len() >= 3 && line.bare(2) == Some(b"row")));
        let mut all = Vec::new();
        let shown = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
        while let Some(record) = records.next_record().unwrap() {
            all.push(match record {
                Record::Fields(fields) => Some(fields.iter().map(shown).collect()),
                Record::TooLong => None,
                Record::UnclosedQuote(line) => Some(vec![format!("unclosed {}", shown(line))]),
                Record::TextBehindQuote(line) => Some(vec![format!("behind {}", shown(line))]),
            });
        }
        all
    }

    fn fields(fields: &[&str]) -> Option<Vec<String>> {
        Some(fields.iter().map(|&field| field.to_owned()).collect())
    }

    #[test]
    fn records_end_with_any_line_end_or_the_text_and_blank_lines_are_none() {
        for text in ["a,b\nc,\n", "a,b\r\nc,", "a,b\rc,\r", "\n  \r\n\ra,b\n\n\t\nc,\r\n\r\n"] {
            assert_eq!(records_of(text.as_bytes()), [fields(&["a", "b"]), fields(&["c", ""])], "{text:?}");
        }
        assert_eq!(records_of(b""), []);
        assert_eq!(records_of(b" \n"), []);
    }

    #[test]
    fn quotes_are_those_of_rfc_4180() {
        let text = "\"a,b\",\"say \"\"so\"\"\",5\" pipe\r\n\"two\r\nlines\",,x\n\"\",1\n";
        let expected = [
            fields(&["a,b", "say \"so\"", "5\" pipe"]),
            fields(&["two\r\nlines", "", "x"]),
            fields(&["", "1"]),
        ];
        assert_eq!(records_of(text.as_bytes()), expected);
        assert_eq!(records_of(b"a\"b,c\"\nd,e\n"), [fields(&["a\"b", "c\""]), fields(&["d", "e"])]);
        assert_eq!(records_of(b"\"a\",\"b\""), [fields(&["a", "b"])], "at the end");
        let mut records = Records::new(b"\"a,b\",c\n".as_slice());
        let Ok(Some(Record::Fields(read))) = records.next_record() else { panic!("a record") };
        assert_eq!(read.shown(), "a,b,c");
    }

    #[test]
    fn an_unclosed_quote_costs_its_line_alone() {
        assert_eq!(records_of(b"a,\"b\nc,d\n"), [fields(&["unclosed a,\"b"]), fields(&["c", "d"])]);
        assert_eq!(records_of(b"a,\"12"), [fields(&["unclosed a,\"12"])]);
        let mut text = b"a,\"b\n".to_vec();
        (0..100_000).for_each(|_| text.extend(b"c,d\n"));
        assert_eq!(records_of(&text).len(), 100_001);
    }

    #[test]
    fn text_behind_a_closing_quote_costs_its_line_alone() {
        let text = "\"1\"5,x\n\"a\" ,\"\"\"b\"\t\n\"6\"\"\"30,x\nc,d\n";
        let expected = [
            fields(&["behind \"1\"5,x"]),
            fields(&["a ", "\"b\t"]),
            fields(&["behind \"6\"\"\"30,x"]),
            fields(&["c", "d"]),
        ];
        assert_eq!(records_of(text.as_bytes()), expected);
    }

    #[test]
    fn a_stray_quote_whose_partner_comes_rows_later_costs_its_line_alone() {
        let text = "a,\"b\nc,d\ne,\"f\"\ng,h\n";
        let expected =
            [fields(&["unclosed a,\"b"]), fields(&["c", "d"]), fields(&["e", "f"]), fields(&["g", "h"])];
        assert_eq!(records_of(text.as_bytes()), expected);
    }

    #[test]
    fn rows_between_two_stray_quotes_are_not_lost_in_the_text_of_the_first() {
        let text = "a,\"b,row\nc,d,\"row\",\ne,5\",row\n\"x,\ny\",\"z,4\n5\",row\n";
        let expected = [
            fields(&["unclosed a,\"b,row"]),
            fields(&["c", "d", "row", ""]),
            fields(&["e", "5\"", "row"]),
            fields(&["x,\ny", "z,4\n5", "row"]),
        ];
        assert_eq!(records_of(text.as_bytes()), expected);
    }

    #[test]
    fn records_across_the_end_of_the_buffer_stay_whole() {
        for quote in ["", "\""] {
            let line = |number: u32| format!("{quote}line{quote},{number}\r\n");
            let text: String = (0..60_000).map(line).collect();
            let records = records_of(text.as_bytes());
            assert_eq!(records.len(), 60_000);
            let as_expected = |(number, record): (usize, &Option<Vec<String>>)| {
                *record == fields(&["line", &number.to_string()])
            };
            assert!(records.iter().enumerate().all(as_expected));
        }
    }

    #[test]
    fn an_endless_line_is_skipped_in_bounded_memory() {
        let mut text = b"a\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 * BUFFER_BYTES));
        text.extend(b"\"x\nb\n");
        assert_eq!(records_of(&text), [fields(&["a"]), None, fields(&["b"])]);
    }

    #[test]
    fn a_record_may_have_many_fields() {
        let text = format!("\"a\"{}\n", ",".repeat(5000));
        assert_eq!(records_of(text.as_bytes())[0].as_ref().map(Vec::len), Some(5001));
    }
}
