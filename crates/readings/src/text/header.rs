//! The header of a text, and the delimiter that it shows.

use std::io::{self, Read};
use std::path::Path;

use csv_core::ReaderBuilder;
use memchr::memchr_iter;

use super::quotes::read_quoted;
use super::records::Records;
use super::{Fields, Record};
use crate::FileError;
use crate::number::may_be_number;

/// What may separate fields, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many digits are a time, not part of a name.
const DIGITS_OF_TIME: usize = 8;

/// Why a text has no names of columns.
#[derive(Debug)]
pub(crate) enum HeaderError {
    /// The text can't be decoded.
    Decoder(io::Error),
    /// It is empty, or its first line is too long.
    Missing,
    /// A quote in this first line isn't closed, or only in a line that may be a row, or has text behind
    /// the one that closes it.
    Quote(String),
}

impl From<io::Error> for HeaderError {
    fn from(error: io::Error) -> Self {
        Self::Decoder(error)
    }
}

impl HeaderError {
    pub(crate) fn of(self, file: &Path) -> FileError {
        match self {
            Self::Decoder(error) => FileError::of_decoder(file, 0, error),
            Self::Missing => FileError::NoHeader { file: file.to_owned() },
            Self::Quote(line) => FileError::HeaderQuote { file: file.to_owned(), line },
        }
    }
}

/// Reads the names of the columns, behind blank lines and a line such as `sep=;`, and sets the
/// delimiter: that of `sep=`, else the one by which the header has most of the `known` names, then
/// most names.
///
/// # Errors
/// [`HeaderError`], also where a name in quotes spans lines that may be rows: these must not get lost.
pub(crate) fn read_header<R: Read>(
    records: &mut Records<R>,
    known: &[&str],
) -> Result<Vec<String>, HeaderError> {
    skip_blank_lines(records)?;
    let text = records.peek()?;
    let delimiter = match separator_line(text) {
        Some((delimiter, length)) => {
            records.skip(length);
            skip_blank_lines(records)?;
            delimiter
        }
        None => detect_delimiter(text, known),
    };
    records.set_delimiter(delimiter);
    let delimiters = memchr_iter(delimiter, first_line(records.peek()?)).count();
    records.set_row_test(Box::new(move |line| may_be_row(line, delimiters)));
    match records.next_record()? {
        Some(Record::Fields(fields)) => Ok(fields.iter().map(name_of).collect()),
        Some(Record::UnclosedQuote(line) | Record::TextBehindQuote(line)) => {
            Err(HeaderError::Quote(String::from_utf8_lossy(line).into_owned()))
        }
        Some(Record::TooLong) | None => Err(HeaderError::Missing),
    }
}

/// Whether a line that begins within a quoted name may be a row: it has a number or a time for a
/// field, other than for the end of the name, or, before a quote closes the name, about as many
/// delimiters as the header's first line.
fn may_be_row(line: Fields<'_>, delimiters_of_header: usize) -> bool {
    let is_value = |cell: &[u8]| {
        let digits = cell.iter().filter(|byte| byte.is_ascii_digit()).count();
        digits >= DIGITS_OF_TIME || digits > 0 && may_be_number(cell)
    };
    let within = line.text.split(|&byte| byte == b'"').next().unwrap_or_default();
    let enough = match delimiters_of_header {
        0..=2 => delimiters_of_header.max(1),
        more => more - 1,
    };
    let ends_name = line.get(0).is_some_and(|end| end.len() > 1 && end.trim_ascii_end().ends_with(b"\""));
    let places = usize::from(ends_name && !within.is_empty())..line.len();
    line.len() > 1 && places.filter_map(|place| line.bare(place)).any(is_value)
        || memchr_iter(line.delimiter, within).count() >= enough
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default()
}

fn name_of(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

fn skip_blank_lines<R: Read>(records: &mut Records<R>) -> io::Result<()> {
    loop {
        let text = records.peek()?;
        let blank = text.iter().take_while(|&&byte| byte.is_ascii_whitespace()).count();
        // A tab is blank only if its line is.
        let line_end = text[..blank].iter().rposition(|&byte| matches!(byte, b'\n' | b'\r'));
        let length = if blank == text.len() { blank } else { line_end.map_or(0, |end| end + 1) };
        if length == 0 {
            return Ok(());
        }
        records.skip(length);
    }
}

/// The delimiter of a line such as `sep=;`, which spreadsheets write, and the line's length.
fn separator_line(text: &[u8]) -> Option<(u8, usize)> {
    let line_length = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    let line = &text[..line_length];
    let line = line.strip_prefix(b"\"").map_or(line, |line| line.strip_suffix(b"\"").unwrap_or(line));
    match line {
        [s, e, p, b'=', delimiter] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            delimiter.is_ascii().then_some((*delimiter, line_length))
        }
        _ => None,
    }
}

fn detect_delimiter(text: &[u8], known: &[&str]) -> u8 {
    let mut best = (DELIMITERS[0], 0, 0);
    let mut unquoted = vec![0; text.len() + 1];
    let mut ends = vec![0; 64];
    for delimiter in DELIMITERS {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        let names: Vec<String> = match read_quoted(&mut reader, text, true, &mut unquoted, &mut ends) {
            Some((_, _, fields)) => {
                let starts = [0].into_iter().chain(ends.iter().copied());
                let places = starts.zip(&ends[..fields]);
                places.map(|(start, &end)| name_of(&unquoted[start..end])).collect()
            }
            // A quote isn't closed: by which delimiter doesn't depend on that.
            None => first_line(text).split(|&byte| byte == delimiter).map(name_of).collect(),
        };
        let is_known = |name: &&String| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let known_names = names.iter().filter(is_known).count();
        if (known_names, names.len()) > (best.1, best.2) {
            best = (delimiter, known_names, names.len());
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 2] = ["BOXID", "WAARDE"];

    fn header(text: &str) -> Option<(u8, Vec<String>)> {
        let mut records = Records::new(text.as_bytes());
        match read_header(&mut records, &KNOWN) {
            Ok(names) => Some((records.delimiter(), names)),
            Err(HeaderError::Missing) => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    fn names(delimiter: char, names: &[&str]) -> Option<(u8, Vec<String>)> {
        Some((delimiter as u8, names.iter().map(|&name| name.to_owned()).collect()))
    }

    #[test]
    fn the_delimiter_is_the_one_that_shows_the_known_names() {
        for delimiter in [',', ';', '\t', '|'] {
            let text = format!("boxid{delimiter}\"Stroom, gemiddeld; (A)|x\"{delimiter} Waarde \nA\n");
            let expected = names(delimiter, &["boxid", "Stroom, gemiddeld; (A)|x", "Waarde"]);
            assert_eq!(header(&text), expected, "{delimiter}");
        }
        assert_eq!(header("BOXID,a;b;c;d,WAARDE"), names(',', &["BOXID", "a;b;c;d", "WAARDE"]));
        assert_eq!(header("\"BOX\nID\";b\nx"), names(';', &["BOX\nID", "b"]));
        assert_eq!(header("BOXID"), names(',', &["BOXID"]));
    }

    #[test]
    fn blank_lines_and_a_separator_line_precede_the_header() {
        let expected = names(';', &["BOXID", "WAARDE"]);
        for start in ["\n\r\n", "sep=;\r\n", "\"sep=;\"\n", " \nSEP=;\n\n"] {
            assert_eq!(header(&format!("{start}BOXID;WAARDE\n")), expected, "{start:?}");
        }
        assert_eq!(header("\n\tBOXID\tWAARDE\n"), names('\t', &["", "BOXID", "WAARDE"]));
        assert_eq!(header("sep=,\nBOXID;WAARDE\n"), names(',', &["BOXID;WAARDE"]));
        for text in ["", "\n\n", "sep=;\n", "sep=;"] {
            assert_eq!(header(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_quoted_name_may_span_lines_unless_they_may_be_rows() {
        for (text, expected) in [
            ("BOXID,\"WAARDE\n(kW)\",x,y\n1,2,3,4\n", names(',', &["BOXID", "WAARDE\n(kW)", "x", "y"])),
            ("\"BOX\nID\",\"WAARDE\r\n(kW)\"\n1,2\n", names(',', &["BOX\nID", "WAARDE\r\n(kW)"])),
            ("BOXID,WAARDE,\"x\n(free, short)\"\n", names(',', &["BOXID", "WAARDE", "x\n(free, short)"])),
            (
                "\"BOXID\",\"Prognose\n2030\",\"WAARDE\",\"x\"\n1,2,3,4\n",
                names(',', &["BOXID", "Prognose\n2030", "WAARDE", "x"]),
            ),
            ("BOXID,WAARDE,\"x\nin 15 min\",y\n", names(',', &["BOXID", "WAARDE", "x\nin 15 min", "y"])),
        ] {
            assert_eq!(header(text), expected, "{text:?}");
        }
        for text in [
            "BOXID,WAARDE,\"x\n17,5,ok\n18,6,ok\"\n19,7,ok\n",
            "BOXID;WAARDE;\"x\n17;5,5;ok\"\n19;7;ok\n",
            "BOXID,\"WAARDE\nA,b\"\n",
            "BOXID,WAARDE,a,b,\"x\nA,B,C,D\"\nE,F,G,H,I\n",
            "BOXID,WAARDE,\"x\n17,5,\"y\"\n",
            "BOXID,WAARDE,\"x\n17\",5,\"y\"\n",
            "\"BOXID,WAARDE,x\n17,5,y\n",
            "BOXID,WAARDE,\"x\n\"17\",5,y\n",
            "BOXID,\"WAARDE\" x\n17,5\n",
        ] {
            let mut records = Records::new(text.as_bytes());
            let read = read_header(&mut records, &KNOWN);
            assert!(matches!(read, Err(HeaderError::Quote(_))), "{text:?}: {read:?}");
        }
    }
}
