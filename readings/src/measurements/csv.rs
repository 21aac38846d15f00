//! Measurements as CSV: one line a reading.

use std::collections::HashMap;
use std::io::Read;

use memchr::memchr;

use super::intake::{ChannelCode, Intake, Outcome};
use super::lines::{Line, Lines};
use super::number::parse_number;
use super::{BOX_ID, CHANNEL_ID, TIME, VALUE};
use crate::collect::PHASES;
use crate::columns::require_column;
use crate::datetime::parse_time;
use crate::source::delimiter_of;
use crate::{FileError, Reason};

/// Rows between two looks at the number of open tallies.
const ROWS_BETWEEN_LOOKS: u64 = 8192;
/// Spellings of channels that are kept; a source has a dozen.
const KEPT_CHANNELS: usize = 1024;

/// Where the wanted columns stand in a row.
#[derive(Debug, Clone, Copy)]
struct Columns {
    delimiter: u8,
    box_id: usize,
    channel: usize,
    value: usize,
    time: usize,
    /// Number of columns up to the last wanted one.
    wanted: usize,
}

/// The fields of a row as ranges of its line.
type Fields = Vec<(usize, usize)>;

/// Reads the whole text.
pub(super) fn read(text: impl Read, intake: &mut Intake<'_>) -> Result<(), FileError> {
    let mut lines = Lines::new(text);
    let columns = match lines.next_line().map_err(|error| intake.damaged(error))? {
        Some(Line::Text(header)) => columns_of(intake, header)?,
        _ => return Err(FileError::NoHeader { file: intake.file.to_owned() }),
    };
    let mut fields = Fields::with_capacity(columns.wanted);
    let mut unquoted = Vec::new();
    let mut known = Known::default();
    loop {
        let row = match lines.next_line().map_err(|error| intake.damaged(error))? {
            None => return Ok(()),
            Some(Line::TooLong) => {
                intake.count(Err(Reason::RowTooLong), String::new);
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
        if intake.since.is_some() && leaves_out(row, &fields, columns, intake) {
            continue;
        }
        let outcome = take_row(row, &fields, columns, &mut known, intake);
        intake.count(outcome, || String::from_utf8_lossy(row).into_owned());
        if intake.rows.is_multiple_of(ROWS_BETWEEN_LOOKS) {
            intake.collector.spill_if_many()?;
        }
    }
}

fn columns_of(intake: &Intake<'_>, header: &[u8]) -> Result<Columns, FileError> {
    if header.trim_ascii().is_empty() {
        return Err(FileError::NoHeader { file: intake.file.to_owned() });
    }
    let delimiter = delimiter_of(header);
    let header = String::from_utf8_lossy(header);
    let names: Vec<String> =
        header.split(char::from(delimiter)).map(|name| name.trim().trim_matches('"').to_owned()).collect();
    let position = |name| require_column(intake.file, &names, name);
    let (box_id, channel) = (position(BOX_ID)?, position(CHANNEL_ID)?);
    let (value, time) = (position(VALUE)?, position(TIME)?);
    let wanted = box_id.max(channel).max(value).max(time) + 1;
    Ok(Columns { delimiter, box_id, channel, value, time, wanted })
}

/// Finds the fields of a line without quotes up to the last wanted one.
#[inline]
fn split(line: &[u8], columns: Columns, fields: &mut Fields) {
    fields.clear();
    let mut start = 0;
    while fields.len() < columns.wanted {
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

/// Finds the fields of a line with quotes; `unquoted` becomes the line without them (a doubled quote within quotes
/// is a quote).
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

/// Spellings met before: those of the row before first, as they rarely change from row to row.
#[derive(Default)]
struct Known {
    last_box: Vec<u8>,
    last_box_number: Option<u32>,
    last_channel: Vec<u8>,
    last_channel_code: Option<ChannelCode>,
    channels: HashMap<Box<[u8]>, ChannelCode>,
}

impl Known {
    #[inline]
    fn channel(&mut self, spelling: &[u8]) -> ChannelCode {
        match self.last_channel_code {
            Some(code) if self.last_channel == spelling => code,
            _ => self.other_channel(spelling),
        }
    }

    fn other_channel(&mut self, spelling: &[u8]) -> ChannelCode {
        let code = match self.channels.get(spelling) {
            Some(&code) => code,
            None => {
                let code = ChannelCode::of(spelling);
                if self.channels.len() < KEPT_CHANNELS {
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
    fn box_number(&mut self, spelling: &[u8], intake: &mut Intake<'_>) -> Result<u32, Reason> {
        match self.last_box_number {
            Some(number) if self.last_box == spelling => Ok(number),
            _ => {
                let number = intake.boxes.number(spelling).ok_or(Reason::BadBoxId)?;
                self.last_box.clear();
                self.last_box.extend_from_slice(spelling);
                self.last_box_number = Some(number);
                Ok(number)
            }
        }
    }
}

/// Whether a row tells a time that comes too early.
fn leaves_out(row: &[u8], fields: &Fields, columns: Columns, intake: &mut Intake<'_>) -> bool {
    let time = fields.get(columns.time).and_then(|&(start, end)| parse_time(row.get(start..end)?));
    fields.len() >= columns.wanted && time.is_some_and(|time| intake.leaves_out(time.clock, time.second))
}

#[inline]
fn take_row(
    row: &[u8],
    fields: &Fields,
    columns: Columns,
    known: &mut Known,
    intake: &mut Intake<'_>,
) -> Result<Outcome, Reason> {
    if fields.len() < columns.wanted {
        return Err(Reason::IncompleteRow);
    }
    let cell = |column: usize| match fields.get(column) {
        Some(&(start, end)) if start < end => Ok(&row[start..end]),
        _ => Err(Reason::MissingCell),
    };
    let phase = match known.channel(cell(columns.channel)?) {
        ChannelCode::Phase(phase) => u32::from(phase),
        ChannelCode::Other => return Ok(Outcome::Ignored),
        ChannelCode::Refused => return Err(Reason::UnknownChannelShape),
    };
    let box_number = known.box_number(cell(columns.box_id)?, intake)?;
    let value_kw = parse_number(cell(columns.value)?).ok_or(Reason::BadValue)?;
    let time = parse_time(cell(columns.time)?).ok_or(Reason::BadTime)?;
    intake.collector.add(box_number * PHASES + phase, time.clock, time.second, value_kw)?;
    Ok(Outcome::Accepted)
}
