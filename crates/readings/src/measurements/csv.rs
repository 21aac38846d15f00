//! Reads measurements from CSV, one reading per line.

use std::collections::HashMap;
use std::io::Read;

use memchr::memchr;

use super::lines::{Line, Lines};
use super::number::parse_number;
use super::row_sink::{ChannelCode, RowOutcome, RowSink};
use crate::collect::PHASES;
use crate::columns::{BOX_ID, CHANNEL_ID, TIME, VALUE, require_column};
use crate::datetime::parse_time;
use crate::input::detect_delimiter;
use crate::{FileError, Reason};

/// Rows between two checks of the number of open tallies.
const ROWS_PER_SPILL_CHECK: u64 = 8192;
/// Cached spellings of channels; a source has about a dozen.
const MAX_CACHED_CHANNELS: usize = 1024;

/// The positions of the required columns in a row.
#[derive(Debug, Clone, Copy)]
struct Columns {
    delimiter: u8,
    box_id: usize,
    channel: usize,
    value: usize,
    time: usize,
    /// Number of columns up to the last required one.
    count: usize,
}

/// The fields of a row as ranges of its line.
type Fields = Vec<(usize, usize)>;

/// Reads the whole text.
pub(super) fn read(text: impl Read, sink: &mut RowSink<'_>) -> Result<(), FileError> {
    let mut lines = Lines::new(text);
    let columns = match lines.next_line().map_err(|error| sink.damaged(error))? {
        Some(Line::Text(header)) => columns_of(sink, header)?,
        _ => return Err(FileError::NoHeader { file: sink.file.to_owned() }),
    };
    let mut fields = Fields::with_capacity(columns.count);
    let mut unquoted = Vec::new();
    let mut cache = SpellingCache::default();
    loop {
        let row = match lines.next_line().map_err(|error| sink.damaged(error))? {
            None => return Ok(()),
            Some(Line::TooLong) => {
                sink.count(Err(Reason::RowTooLong), String::new);
                continue;
            }
            Some(Line::Text(line)) if line.trim_ascii().is_empty() => continue,
            Some(Line::Text(line)) if memchr(b'"', line).is_some() => {
                split_quoted(line, columns, &mut fields, &mut unquoted);
                unquoted.as_slice()
            }
            Some(Line::Text(line)) => {
                split(line, columns, &mut fields);
                line
            }
        };
        if sink.since.is_some() && exclude_if_before(row, &fields, columns, sink) {
            continue;
        }
        let outcome = process_row(row, &fields, columns, &mut cache, sink);
        sink.count(outcome, || String::from_utf8_lossy(row).into_owned());
        if sink.rows.is_multiple_of(ROWS_PER_SPILL_CHECK) {
            sink.collector.spill_if_many()?;
        }
    }
}

fn columns_of(sink: &RowSink<'_>, header: &[u8]) -> Result<Columns, FileError> {
    if header.trim_ascii().is_empty() {
        return Err(FileError::NoHeader { file: sink.file.to_owned() });
    }
    let delimiter = detect_delimiter(header);
    let header = String::from_utf8_lossy(header);
    let names: Vec<String> =
        header.split(char::from(delimiter)).map(|name| name.trim().trim_matches('"').to_owned()).collect();
    let position = |name| require_column(sink.file, &names, name);
    let (box_id, channel) = (position(BOX_ID)?, position(CHANNEL_ID)?);
    let (value, time) = (position(VALUE)?, position(TIME)?);
    let count = box_id.max(channel).max(value).max(time) + 1;
    Ok(Columns { delimiter, box_id, channel, value, time, count })
}

/// Splits a line without quotes into its fields, up to the last required one.
#[inline]
fn split(line: &[u8], columns: Columns, fields: &mut Fields) {
    fields.clear();
    let mut start = 0;
    while fields.len() < columns.count {
        match memchr(columns.delimiter, &line[start..]) {
            Some(length) => {
                fields.push((start, start + length));
                start += length + 1;
            }
            None => {
                fields.push((start, line.len()));
                return;
            }
        }
    }
}

/// Splits a line with quotes into its fields; `unquoted` becomes the line without them. A doubled
/// quote within quotes is a literal quote.
fn split_quoted(line: &[u8], columns: Columns, fields: &mut Fields, unquoted: &mut Vec<u8>) {
    fields.clear();
    unquoted.clear();
    let mut start = 0;
    let mut is_quoted = false;
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if is_quoted && bytes.peek() == Some(&b'"') => {
                unquoted.push(b'"');
                bytes.next();
            }
            b'"' => is_quoted = !is_quoted,
            _ if byte == columns.delimiter && !is_quoted => {
                fields.push((start, unquoted.len()));
                unquoted.push(byte);
                start = unquoted.len();
            }
            _ => unquoted.push(byte),
        }
    }
    fields.push((start, unquoted.len()));
}

/// Codes of spellings seen before; those of the previous row come first, as they rarely change.
#[derive(Default)]
struct SpellingCache {
    last_box: Vec<u8>,
    last_box_number: Option<u32>,
    last_channel: Vec<u8>,
    last_channel_code: Option<ChannelCode>,
    channels: HashMap<Box<[u8]>, ChannelCode>,
}

impl SpellingCache {
    #[inline]
    fn channel(&mut self, spelling: &[u8]) -> ChannelCode {
        match self.last_channel_code {
            Some(code) if self.last_channel == spelling => code,
            _ => self.look_up_channel(spelling),
        }
    }

    fn look_up_channel(&mut self, spelling: &[u8]) -> ChannelCode {
        let code = match self.channels.get(spelling) {
            Some(&code) => code,
            None => {
                let code = ChannelCode::of(spelling);
                if self.channels.len() < MAX_CACHED_CHANNELS {
                    self.channels.insert(spelling.into(), code);
                }
                code
            }
        };
        self.last_channel.clear();
        self.last_channel.extend_from_slice(spelling);
        self.last_channel_code = Some(code);
        code
    }

    #[inline]
    fn box_number(&mut self, spelling: &[u8], sink: &mut RowSink<'_>) -> Result<u32, Reason> {
        match self.last_box_number {
            Some(number) if self.last_box == spelling => Ok(number),
            _ => {
                let number = sink.boxes.number(spelling).ok_or(Reason::BadBoxId)?;
                self.last_box.clear();
                self.last_box.extend_from_slice(spelling);
                self.last_box_number = Some(number);
                Ok(number)
            }
        }
    }
}

/// Excludes a complete row whose time precedes `since`; returns whether it was excluded.
fn exclude_if_before(row: &[u8], fields: &Fields, columns: Columns, sink: &mut RowSink<'_>) -> bool {
    let time = fields.get(columns.time).and_then(|&(start, end)| parse_time(row.get(start..end)?));
    fields.len() >= columns.count && time.is_some_and(|time| sink.exclude_if_before(time.clock, time.second))
}

#[inline]
fn process_row(
    row: &[u8],
    fields: &Fields,
    columns: Columns,
    cache: &mut SpellingCache,
    sink: &mut RowSink<'_>,
) -> Result<RowOutcome, Reason> {
    if fields.len() < columns.count {
        return Err(Reason::IncompleteRow);
    }
    let cell = |column: usize| match fields.get(column) {
        Some(&(start, end)) if start < end => Ok(&row[start..end]),
        _ => Err(Reason::MissingCell),
    };
    let phase = match cache.channel(cell(columns.channel)?) {
        ChannelCode::Phase(phase) => u32::from(phase),
        ChannelCode::Other => return Ok(RowOutcome::Ignored),
        ChannelCode::Refused => return Err(Reason::UnknownChannelShape),
    };
    let box_number = cache.box_number(cell(columns.box_id)?, sink)?;
    let value_kw = parse_number(cell(columns.value)?).ok_or(Reason::BadValue)?;
    let time = parse_time(cell(columns.time)?).ok_or(Reason::BadTime)?;
    sink.collector.add(box_number * PHASES + phase, time.clock, time.second, value_kw)?;
    Ok(RowOutcome::Accepted)
}
