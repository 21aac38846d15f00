//! Records that have quotes.

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr3};

/// Where text follows the closing quote of a field of the record at the start of a text; None if
/// it does nowhere.
pub(super) fn text_behind_quote(text: &[u8], delimiter: u8) -> Option<usize> {
    let mut place = 0;
    loop {
        if text.get(place) == Some(&b'"') {
            let closing = loop {
                place += 1 + memchr(b'"', text.get(place + 1..)?)?;
                match text.get(place + 1) {
                    Some(b'"') => place += 1,
                    _ => break place,
                }
            };
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t') && *byte != delimiter;
            place = closing + 1;
            place += text[place..].iter().take_while(|byte| is_blank(byte)).count();
            match text.get(place) {
                None | Some(b'\n' | b'\r') => return None,
                Some(&byte) if byte == delimiter => {}
                Some(_) => return Some(place),
            }
        } else {
            place += memchr3(delimiter, b'\n', b'\r', text.get(place..)?)?;
            if text[place] != delimiter {
                return None;
            }
        }
        place += 1;
    }
}

/// Reads the record at the start of a text: the bytes that it takes, those of its fields, and their
/// number. None if it doesn't end within the text, which is all there is if `is_whole`. `unquoted`
/// must be longer than the text.
pub(super) fn read_quoted(
    reader: &mut csv_core::Reader,
    text: &[u8],
    is_whole: bool,
    unquoted: &mut [u8],
    ends: &mut Vec<usize>,
) -> Option<(usize, usize, usize)> {
    loop {
        reader.reset();
        let (result, mut consumed, mut length, mut fields) = reader.read_record(text, unquoted, ends);
        if result == ReadRecordResult::InputEmpty && is_whole {
            // A line feed ends the record, unless a quote is open.
            let (end, _, more, more_fields) =
                reader.read_record(b"\n", &mut unquoted[length..], &mut ends[fields..]);
            (length, fields) = (length + more, fields + more_fields);
            match end {
                ReadRecordResult::Record => return Some((text.len(), length, fields)),
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                _ => return None,
            }
            continue;
        }
        match result {
            ReadRecordResult::Record => {
                if text[..consumed].ends_with(b"\r") && text.get(consumed) == Some(&b'\n') {
                    consumed += 1;
                }
                return Some((consumed, length, fields));
            }
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
            _ => return None,
        }
    }
}
