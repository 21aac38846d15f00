//! Reads measurements from CSV, one reading per record.

use std::collections::HashMap;
use std::io::Read;

use super::folders::OfFolders;
use super::row_sink::{ChannelCode, RowOutcome, RowSink};
use crate::columns::{BOX_ID, CHANNEL_ID, MEASUREMENT_COLUMNS, Place, TIME, VALUE, require_column};
use crate::input::Text;
use crate::notation::Stop;
use crate::number::{Numbers, Proof};
use crate::text::{Fields, Record, Records, RowTest, read_header};
use crate::unit::{Unit, is_other_unit_of_values, unit_columns};
use crate::{FileError, FileNote, Notation, Reason};

/// Rows between two checks of the number of open tallies.
const ROWS_PER_SPILL_CHECK: u64 = 8192;
/// Cached spellings of channels; a source has about a dozen.
const MAX_CACHED_CHANNELS: usize = 1024;

/// The places of the required cells.
#[derive(Debug)]
struct Columns {
    box_id: Option<usize>,
    channel: Option<usize>,
    of_folders: OfFolders,
    value: usize,
    units: Vec<usize>,
    time: usize,
    /// Number of the header's columns.
    count: usize,
}

/// Reads the whole text.
pub(super) fn read(
    text: Text,
    notation: &Notation,
    proven: Option<&Proof>,
    sink: &mut RowSink<'_>,
) -> Result<(), Stop> {
    let Text { reader, encoding } = text;
    let mut records = Records::new(reader);
    let names = read_header(&mut records, &MEASUREMENT_COLUMNS).map_err(|error| error.of(sink.file))?;
    let columns = Columns::of(sink, &names)?;
    records.set_row_test(columns.row_test());
    let mut numbers = notation.numbers(proven, Some(records.delimiter()));
    read_rows(&mut records, &columns, &mut numbers, sink)?;
    let mark = numbers.finish().map_err(|trouble| Stop::of_numbers(sink.file, trouble))?;
    let unproven = numbers.has_unproven_points().then_some(FileNote::UnprovenPoints);
    let of_numbers = FileNote::of_mark(mark).into_iter().chain(unproven);
    sink.notes.extend(FileNote::of_text(encoding.get()).into_iter().chain(of_numbers));
    Ok(())
}

fn read_rows(
    records: &mut Records<impl Read>,
    columns: &Columns,
    numbers: &mut Numbers,
    sink: &mut RowSink<'_>,
) -> Result<(), Stop> {
    let mut cache = SpellingCache::default();
    let mut time_length = 0;
    loop {
        let fields = match records.next_record().map_err(|error| sink.damaged(error))? {
            None => return Ok(()),
            Some(Record::TooLong) => {
                sink.count(Err(Reason::RowTooLong), String::new);
                continue;
            }
            Some(Record::UnclosedQuote(line)) => {
                sink.count(Err(Reason::UnclosedQuote), || String::from_utf8_lossy(line).into_owned());
                continue;
            }
            Some(Record::TextBehindQuote(line)) => {
                sink.count(Err(Reason::TextBehindQuote), || String::from_utf8_lossy(line).into_owned());
                continue;
            }
            Some(Record::Fields(fields)) => fields,
        };
        if fields.is_open() && is_cut_off(fields, columns, time_length) {
            sink.count(Err(Reason::BadTime), || fields.shown());
            continue;
        }
        time_length = fields.get(columns.time).unwrap_or_default().len();
        if sink.since.is_some() && exclude_if_before(fields, columns, sink) {
            // What was read before was read by the same rule.
            let value = fields.get(columns.value).unwrap_or_default();
            if numbers.may_learn_from(value) {
                match series_of(fields, columns, &mut cache, sink) {
                    Ok(Some(_)) => numbers.weigh_earlier(value),
                    _ => numbers.weigh_aside(value),
                }
            }
            continue;
        }
        let outcome = process_row(fields, columns, numbers, &mut cache, sink);
        if fields.is_open() && outcome == Ok(RowOutcome::Accepted) {
            sink.notes.push(FileNote::OpenEnd);
        }
        sink.count(outcome, || fields.shown());
        if outcome.is_err() {
            require_no_unit(fields, columns, sink)?;
        }
        if let Some(trouble) = numbers.trouble() {
            return Err(Stop::of_numbers(sink.file, trouble.clone()));
        }
        sink.check_stamps()?;
        if sink.rows.is_multiple_of(ROWS_PER_SPILL_CHECK) {
            sink.collector.spill_if_many()?;
        }
    }
}

impl Columns {
    /// Whether a line may be a row, usable or not: by the number of its fields, its channel or its
    /// time.
    fn row_test(&self) -> RowTest {
        let Self { channel, time, count, .. } = *self;
        Box::new(move |line| {
            let has_digits = |time: &[u8]| time.iter().filter(|byte| byte.is_ascii_digit()).count() >= 8;
            let is_channel =
                |spelling: &[u8]| ChannelCode::of(spelling).is_some_and(|code| code != ChannelCode::Refused);
            line.len() == count
                || channel.and_then(|channel| line.bare(channel)).is_some_and(is_channel)
                || line.bare(time).is_some_and(has_digits)
        })
    }

    fn of(sink: &mut RowSink<'_>, names: &[String]) -> Result<Self, FileError> {
        let box_id = Place::of(sink.file, names, BOX_ID)?;
        let channel = Place::of(sink.file, names, CHANNEL_ID)?;
        Ok(Self {
            of_folders: OfFolders::new(&box_id, &channel, sink)?,
            box_id: box_id.column,
            channel: channel.column,
            value: require_column(sink.file, names, VALUE)?,
            units: unit_columns(sink.file, names)?,
            time: require_column(sink.file, names, TIME)?,
            count: names.len(),
        })
    }
}

/// Codes of spellings seen before; those of the previous row come first, as they rarely change.
#[derive(Default)]
struct SpellingCache {
    last_box: Vec<u8>,
    last_box_number: Option<u32>,
    last_channel: Vec<u8>,
    /// None before the first row, and of a cell that names none.
    last_channel_code: Option<ChannelCode>,
    channels: HashMap<Box<[u8]>, Option<ChannelCode>>,
}

impl SpellingCache {
    #[inline]
    fn channel(&mut self, spelling: &[u8]) -> Option<ChannelCode> {
        match self.last_channel_code {
            Some(code) if self.last_channel == spelling => Some(code),
            _ => self.look_up_channel(spelling),
        }
    }

    fn look_up_channel(&mut self, spelling: &[u8]) -> Option<ChannelCode> {
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
        self.last_channel_code = code;
        code
    }

    #[inline]
    fn box_number(&mut self, spelling: &[u8], sink: &mut RowSink<'_>) -> Result<u32, Reason> {
        match self.last_box_number {
            Some(number) if self.last_box == spelling => Ok(number),
            _ => {
                let number = sink.boxes.number(spelling)?;
                self.last_box.clear();
                self.last_box.extend_from_slice(spelling);
                self.last_box_number = Some(number);
                Ok(number)
            }
        }
    }
}

/// Whether the time at the very end of the text is shorter than that of the row before, as of a file that
/// is cut off: `2026-11-1` of `2026-11-16 23:45` is a date, and another one.
#[cold]
fn is_cut_off(fields: Fields<'_>, columns: &Columns, length_before: usize) -> bool {
    let is_last = fields.len() == columns.time + 1;
    is_last && fields.get(columns.time).is_some_and(|time| !time.is_empty() && time.len() < length_before)
}

/// Requires of a row that can't be used that it is none of units, below the header: all values are in these.
#[cold]
fn require_no_unit(fields: Fields<'_>, columns: &Columns, sink: &RowSink<'_>) -> Result<(), FileError> {
    let value = fields.get(columns.value).unwrap_or_default();
    match is_other_unit_of_values(value) {
        false => Ok(()),
        true => Err(FileError::UnitOfValues {
            file: sink.file.to_owned(),
            unit: String::from_utf8_lossy(value).trim().to_owned(),
        }),
    }
}

/// Excludes a whole row whose time precedes `since`; returns whether it was excluded.
fn exclude_if_before(fields: Fields<'_>, columns: &Columns, sink: &mut RowSink<'_>) -> bool {
    if check_width(fields, columns).is_err() {
        return false;
    }
    let time = fields.get(columns.time).and_then(|text| sink.times.parse(text).ok());
    let start = time.and_then(|time| sink.start_of(time).ok());
    start.is_some_and(|start| sink.exclude_if_before(start.clock, start.second))
}

/// Rows have as many fields as the header; more only where these are empty.
#[inline]
fn check_width(fields: Fields<'_>, columns: &Columns) -> Result<(), Reason> {
    match fields.len() {
        count if count < columns.count => Err(Reason::IncompleteRow),
        count if count > columns.count && !fields.is_empty_from(columns.count) => Err(Reason::SurplusFields),
        _ => Ok(()),
    }
}

#[inline]
fn process_row(
    fields: Fields<'_>,
    columns: &Columns,
    numbers: &mut Numbers,
    cache: &mut SpellingCache,
    sink: &mut RowSink<'_>,
) -> Result<RowOutcome, Reason> {
    check_width(fields, columns)?;
    let (box_number, phase) = match series_of(fields, columns, cache, sink) {
        Ok(Some(series)) => series,
        unused => {
            // What isn't used may still tell how the numbers are written.
            numbers.weigh_aside(fields.get(columns.value).unwrap_or_default());
            return unused.map(|_| RowOutcome::Ignored);
        }
    };
    let value_kw = numbers.parse(field(fields, columns.value)?).ok_or(Reason::BadValue)?;
    let time = sink.times.parse(field(fields, columns.time)?)?;
    let start = sink.start_of(time)?;
    sink.add(box_number, phase, start, value_kw)?;
    Ok(RowOutcome::Accepted)
}

/// The box and the phase that a row's value is of, in kW; None of a channel that isn't used.
#[inline]
fn series_of(
    fields: Fields<'_>,
    columns: &Columns,
    cache: &mut SpellingCache,
    sink: &mut RowSink<'_>,
) -> Result<Option<(u32, u32)>, Reason> {
    let channel = columns.channel.and_then(|column| field(fields, column).ok());
    let phase = match columns.of_folders.channel(channel.and_then(|channel| cache.channel(channel)))? {
        ChannelCode::Phase(phase) => u32::from(phase),
        ChannelCode::Other => return Ok(None),
        ChannelCode::Refused => return Err(Reason::UnknownChannelShape),
    };
    let box_id = columns.box_id.and_then(|column| field(fields, column).ok());
    let box_number = box_id.map_or(Err(Reason::MissingCell), |box_id| cache.box_number(box_id, sink));
    let box_number = columns.of_folders.box_number(box_number)?;
    let is_kilowatt = |&column: &usize| fields.get(column).is_none_or(|unit| Unit::Kilowatt.admits(unit));
    if columns.of_folders.have_other_unit() || !columns.units.iter().all(is_kilowatt) {
        return Err(Reason::OtherUnit);
    }
    Ok(Some((box_number, phase)))
}

/// A required cell.
#[inline]
fn field(fields: Fields<'_>, column: usize) -> Result<&[u8], Reason> {
    fields.get(column).filter(|cell| !cell.is_empty()).ok_or(Reason::MissingCell)
}
