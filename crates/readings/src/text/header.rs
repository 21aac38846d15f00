//! The header of a text, and the delimiter that it shows.

use std::io::{self, Read};

use csv_core::ReaderBuilder;

use super::Record;
use super::quotes::read_quoted;
use super::records::Records;

/// What may separate fields, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads the names of the columns, behind blank lines and a line such as `sep=;`, and sets the
/// delimiter: that of `sep=`, else the one by which the header has most of the `known` names, then
/// most names. None if there is no header.
pub(crate) fn read_header<R: Read>(
    records: &mut Records<R>,
    known: &[&str],
) -> io::Result<Option<Vec<String>>> {
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
    Ok(match records.next_record()? {
        Some(Record::Fields(fields)) => Some(fields.iter().map(name_of).collect()),
        _ => None,
    })
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
        let read = read_quoted(&mut reader, text, true, &mut unquoted, &mut ends);
        let Some((_, _, fields)) = read else { continue };
        let mut start = 0;
        let mut known_names = 0;
        for &end in &ends[..fields] {
            let name = name_of(&unquoted[start..end]);
            known_names += usize::from(known.iter().any(|known| known.eq_ignore_ascii_case(&name)));
            start = end;
        }
        if (known_names, fields) > (best.1, best.2) {
            best = (delimiter, known_names, fields);
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
        let names = read_header(&mut records, &KNOWN).unwrap()?;
        Some((records.delimiter(), names))
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
}
