//! Reads measurements from Parquet, one batch of rows at a time.

use std::fs::File;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as PhysicalType;

use super::dictionary::DictionaryCodes;
use super::folders::OfFolders;
use super::row_sink::{ChannelCode, RowOutcome, RowSink};
use super::times::{self, Times};
use super::{identifiers, page_headers, row_groups, values};
use crate::cell::cell_text;
use crate::columns::{BOX_ID, CHANNEL_ID, Place, TIME, VALUE, require_column};
use crate::notation::Stop;
use crate::number::Numbers;
use crate::unit::{UNIT_COLUMNS, Unit, unit_columns};
use crate::{FileError, FileNote, Reason};
use identifiers::Identifiers;

const ROWS_PER_BATCH: usize = 16_384;

/// Reads the whole file by row group: a batch that spanned two row groups would lose their
/// dictionaries.
pub(super) fn read(file: File, mut numbers: Numbers, sink: &mut RowSink<'_>) -> Result<(), Stop> {
    let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| sink.damaged(e))?;
    let columns = Columns::of(&found, sink).map_err(FileError::of_parquet)?;
    let options = ArrowReaderOptions::new().with_schema(columns.schema.clone());
    let metadata = ArrowReaderMetadata::try_new(found.metadata().clone(), options)
        .map_err(|error| sink.damaged(error))?;
    if columns.int96 == Some(Int96Clock::Wall) {
        sink.notes.push(FileNote::Int96WallClock);
    }
    // Statistics of INT96 columns are unreliable, and numbers in text tell of each other.
    let since = sink.since.filter(|_| columns.int96.is_none() && !columns.has_texts_for_values());
    let seconds_excluded =
        since.map(|since| row_groups::seconds_before(&metadata, columns.time, since)).unwrap_or_default();
    let mut batches = BatchReader::new(&columns, sink)?;
    for row_group in 0..metadata.metadata().num_row_groups() {
        if let Some(&Some(seconds)) = seconds_excluded.get(row_group) {
            let rows = metadata.metadata().row_group(row_group).num_rows();
            sink.exclude_rows(u64::try_from(rows).unwrap_or(0), seconds);
            continue;
        }
        page_headers::check(&file, metadata.metadata(), row_group, |root| {
            columns.roots().any(|it| it == root)
        })
        .map_err(|error| sink.damaged(error))?;
        let handle = file.try_clone();
        let handle = handle.map_err(|source| FileError::Unreadable { file: sink.file.to_owned(), source })?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(handle, metadata.clone())
            .with_projection(ProjectionMask::roots(metadata.parquet_schema(), columns.roots()))
            .with_row_groups(vec![row_group])
            .with_batch_size(ROWS_PER_BATCH)
            .build()
            .map_err(|error| sink.damaged(error))?;
        for batch in reader {
            let batch = batch.map_err(|error| sink.damaged(error))?;
            batches.read_batch(&batch, &columns, &mut numbers, sink)?;
            if let Some(trouble) = numbers.trouble() {
                return Err(Stop::of_numbers(sink.file, trouble.clone()));
            }
            sink.check_stamps()?;
            sink.collector.spill_if_many()?;
        }
    }
    let mark = numbers.finish().map_err(|trouble| Stop::of_numbers(sink.file, trouble))?;
    sink.notes.extend(FileNote::of_mark(mark));
    Ok(())
}

/// The clock of times of the legacy type INT96, which names no zone: its writers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Int96Clock {
    /// Spark, Hive and others write UTC.
    Utc,
    /// Impala writes the wall clock.
    Wall,
}

impl Int96Clock {
    fn of_writer(created_by: Option<&str>) -> Self {
        let name = created_by.unwrap_or_default().trim_start().to_ascii_lowercase();
        if name.starts_with("impala") { Self::Wall } else { Self::Utc }
    }
}

/// The required columns of a file.
struct Columns {
    /// The schema to decode to, with boxes and channels as dictionaries.
    schema: Arc<Schema>,
    box_id: Place,
    channel: Place,
    /// Those that name a unit.
    units: Vec<usize>,
    value: usize,
    time: usize,
    /// The clock of the times, if they are INT96.
    int96: Option<Int96Clock>,
}

impl Columns {
    fn of(found: &ArrowReaderMetadata, sink: &RowSink<'_>) -> Result<Self, FileError> {
        let names: Vec<String> = found.schema().fields().iter().map(|field| field.name().clone()).collect();
        let box_id = Place::of(sink.file, &names, BOX_ID)?;
        let channel = Place::of(sink.file, &names, CHANNEL_ID)?;
        let (value, time) =
            (require_column(sink.file, &names, VALUE)?, require_column(sink.file, &names, TIME)?);

        let mut fields: Vec<Field> = found.schema().fields().iter().map(|field| (**field).clone()).collect();
        if let Some(column) = box_id.column {
            let data_type = identifiers::box_type(fields[column].data_type());
            let refused = || wrong_type(sink, BOX_ID, fields[column].data_type(), "text or a whole number");
            let data_type = data_type.ok_or_else(refused)?;
            fields[column].set_data_type(data_type);
        }
        if let Some(column) = channel.column {
            let data_type = identifiers::text_type(fields[column].data_type());
            let refused = || wrong_type(sink, CHANNEL_ID, fields[column].data_type(), "text");
            let data_type = data_type.ok_or_else(refused)?;
            fields[column].set_data_type(data_type);
        }
        let mut units = unit_columns(sink.file, &names)?;
        units.retain(|&column| *fields[column].data_type() != DataType::Null);
        for &column in &units {
            let name = |name: &&&str| name.eq_ignore_ascii_case(names[column].trim());
            let name = UNIT_COLUMNS.iter().find(name).copied().unwrap_or(UNIT_COLUMNS[0]);
            let data_type = identifiers::text_type(fields[column].data_type());
            let refused = || wrong_type(sink, name, fields[column].data_type(), "text");
            let data_type = data_type.ok_or_else(refused)?;
            fields[column].set_data_type(data_type);
        }
        let value_type = decoded_type(fields[value].data_type());
        fields[value].set_data_type(value_type);
        if !values::is_readable(fields[value].data_type()) {
            return Err(wrong_type(sink, VALUE, fields[value].data_type(), values::EXPECTED_TYPES));
        }
        let is_int96 = found.parquet_schema().columns().iter().any(|column| {
            column.path().parts() == [names[time].as_str()] && column.physical_type() == PhysicalType::INT96
        });
        let writer = found.metadata().file_metadata().created_by();
        let int96 = is_int96.then(|| Int96Clock::of_writer(writer));
        let time_type = match is_int96 {
            // Nanoseconds would overflow from 2262 on and come out as other years.
            true => DataType::Timestamp(TimeUnit::Microsecond, None),
            false => decoded_type(fields[time].data_type()),
        };
        fields[time].set_data_type(time_type);
        if !times::is_readable(fields[time].data_type()) {
            return Err(wrong_type(sink, TIME, fields[time].data_type(), times::EXPECTED_TYPES));
        }
        let schema = Arc::new(Schema::new_with_metadata(fields, found.schema().metadata().clone()));
        Ok(Self { schema, box_id, channel, units, value, time, int96 })
    }

    fn has_texts_for_values(&self) -> bool {
        !self.schema.field(self.value).data_type().is_numeric()
    }

    /// The columns that are decoded.
    fn roots(&self) -> impl Iterator<Item = usize> {
        let of_file = [self.box_id.column, self.channel.column, Some(self.value), Some(self.time)];
        of_file.into_iter().flatten().chain(self.units.iter().copied())
    }

    /// A required column of a batch, which holds them in file order.
    fn column<'b>(&self, batch: &'b RecordBatch, root: usize) -> &'b ArrayRef {
        batch.column(self.roots().filter(|&other| other < root).count())
    }
}

/// The type that values and times are decoded to: texts as one type, dictionaries as what they hold.
fn decoded_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => DataType::Binary,
        DataType::Dictionary(_, values) => decoded_type(values),
        other => other.clone(),
    }
}

fn wrong_type(
    sink: &RowSink<'_>,
    column: &'static str,
    found: &DataType,
    expected: &'static str,
) -> FileError {
    FileError::WrongType { file: sink.file.to_owned(), column, found: found.to_string(), expected }
}

/// Puts the rows of batches into the sink.
#[derive(Debug)]
struct BatchReader {
    box_codes: DictionaryCodes<Result<u32, Reason>>,
    /// None of an empty text.
    channel_codes: DictionaryCodes<Option<ChannelCode>>,
    /// Whether a unit is kW, of each column that names one.
    unit_codes: Vec<DictionaryCodes<bool>>,
    of_folders: OfFolders,
    values: Vec<f64>,
    times: Times,
}

/// The columns of a batch.
struct Batch<'b> {
    boxes: Option<Identifiers>,
    channels: Option<Identifiers>,
    units: Vec<Identifiers>,
    values: &'b ArrayRef,
    times: &'b ArrayRef,
    has_nulls: bool,
}

impl Batch<'_> {
    #[inline]
    fn is_null(&self, column: &ArrayRef, row: usize) -> bool {
        self.has_nulls && column.is_null(row)
    }

    /// A row as text, to quote in a refusal.
    fn shown(&self, row: usize) -> String {
        let identifiers = |column: &Option<Identifiers>| column.as_ref().map(|column| column.column.clone());
        let cells = [&self.boxes, &self.channels].map(identifiers).into_iter().flatten();
        let cells = cells.chain(self.units.iter().map(|unit| unit.column.clone()));
        let cells = cells.chain([self.values.clone(), self.times.clone()]);
        let text = cells.map(|column| cell_text(&column, row).unwrap_or_else(|| "null".to_owned()));
        text.collect::<Vec<_>>().join(",")
    }
}

impl BatchReader {
    fn new(columns: &Columns, sink: &mut RowSink<'_>) -> Result<Self, FileError> {
        Ok(Self {
            box_codes: DictionaryCodes::default(),
            channel_codes: DictionaryCodes::default(),
            unit_codes: columns.units.iter().map(|_| DictionaryCodes::default()).collect(),
            of_folders: OfFolders::new(&columns.box_id, &columns.channel, sink)?,
            values: Vec::new(),
            times: Times::default(),
        })
    }

    fn read_batch(
        &mut self,
        batch: &RecordBatch,
        columns: &Columns,
        numbers: &mut Numbers,
        sink: &mut RowSink<'_>,
    ) -> Result<(), FileError> {
        let identifiers = |root: Option<usize>| match root {
            Some(root) => Identifiers::of(columns.column(batch, root)).map(Some),
            None => Some(None),
        };
        let of_file = [columns.box_id.column, columns.channel.column].map(identifiers);
        let units = columns.units.iter().map(|&root| Identifiers::of(columns.column(batch, root)));
        let ([Some(boxes), Some(channels)], Some(units)) = (of_file, units.collect::<Option<Vec<_>>>())
        else {
            return Err(sink.damaged("boxes, channels or units are of another type than announced"));
        };
        let (values, times) = (columns.column(batch, columns.value), columns.column(batch, columns.time));
        let is_utc = columns.int96 == Some(Int96Clock::Utc);
        if !(values::read(values, &mut self.values) && self.times.read(times, is_utc, &mut sink.times)) {
            return Err(sink.damaged("values or times are of another type than announced"));
        }
        boxes.iter().for_each(|column| self.box_codes.reset_for(column.keys.values()));
        channels.iter().for_each(|column| self.channel_codes.reset_for(column.keys.values()));
        let codes = units.iter().zip(&mut self.unit_codes);
        codes.for_each(|(column, codes)| codes.reset_for(column.keys.values()));
        let of_identifiers =
            boxes.iter().chain(&channels).chain(&units).map(|column| column.keys.null_count());
        let has_nulls =
            of_identifiers.chain([values.null_count(), times.null_count()]).any(|nulls| nulls > 0);
        let batch_columns = Batch { boxes, channels, units, values, times, has_nulls };
        let may_precede =
            sink.since.is_some_and(|since| sink.times.are_ends() || self.times.may_precede(since));
        for row in 0..batch.num_rows() {
            if may_precede
                && !batch_columns.is_null(times, row)
                && let Ok(start) = self.times.at(row).and_then(|time| sink.start_of(time))
                && sink.exclude_if_before(start.clock, start.second)
            {
                if let Some(value) = self.written_value(row, &batch_columns)
                    && numbers.may_learn_from(value)
                {
                    match self.series_of(row, &batch_columns, sink) {
                        Ok(Some(_)) => numbers.weigh_earlier(value),
                        _ => numbers.weigh_aside(value),
                    }
                }
                continue;
            }
            let outcome = self.process_row(row, &batch_columns, numbers, sink);
            sink.count(outcome, || batch_columns.shown(row));
        }
        Ok(())
    }

    #[inline]
    fn process_row(
        &mut self,
        row: usize,
        batch: &Batch<'_>,
        numbers: &mut Numbers,
        sink: &mut RowSink<'_>,
    ) -> Result<RowOutcome, Reason> {
        let (number, phase) = match self.series_of(row, batch, sink) {
            Ok(Some(series)) => series,
            unused => {
                // What isn't used may still tell how the numbers are written.
                if let Some(value) = self.written_value(row, batch) {
                    numbers.weigh_aside(value);
                }
                return unused.map(|_| RowOutcome::Ignored);
            }
        };
        if batch.is_null(batch.values, row) {
            return Err(Reason::MissingCell);
        }
        let value_kw = match self.values.get(row) {
            Some(&value_kw) => value_kw,
            None => values::parse(batch.values, row, numbers)?,
        };
        if batch.is_null(batch.times, row) {
            return Err(Reason::MissingCell);
        }
        let start = sink.start_of(self.times.at(row)?)?;
        sink.add(number, phase, start, value_kw)?;
        Ok(RowOutcome::Accepted)
    }

    /// Whether no column names another unit than kW.
    #[inline]
    fn is_kilowatt(&mut self, row: usize, batch: &Batch<'_>) -> bool {
        batch.units.iter().zip(&mut self.unit_codes).all(|(units, codes)| {
            let key = units.key(row, batch.has_nulls);
            key.and_then(|key| codes.get(key, |unit| Unit::Kilowatt.admits(unit))) != Some(false)
        })
    }

    /// A row's value if it is text.
    fn written_value<'b>(&self, row: usize, batch: &Batch<'b>) -> Option<&'b [u8]> {
        if self.values.is_empty() && !batch.is_null(batch.values, row) {
            values::text_at(batch.values, row)
        } else {
            None
        }
    }

    /// The box and the phase that a row's value is of, in kW; None of a channel that isn't used.
    #[inline]
    fn series_of(
        &mut self,
        row: usize,
        batch: &Batch<'_>,
        sink: &mut RowSink<'_>,
    ) -> Result<Option<(u32, u32)>, Reason> {
        let channel = match &batch.channels {
            Some(channels) => {
                let code_of = |text: &[u8]| (!text.is_empty()).then(|| ChannelCode::of(text));
                let key = channels.key(row, batch.has_nulls);
                key.and_then(|key| self.channel_codes.get(key, code_of)).flatten()
            }
            None => None,
        };
        let channel = self.of_folders.channel(channel)?;
        let phase = match channel {
            ChannelCode::Phase(phase) => u32::from(phase),
            ChannelCode::Other => return Ok(None),
            ChannelCode::Refused => return Err(Reason::UnknownChannelShape),
        };
        let number = match &batch.boxes {
            Some(boxes) => {
                let key = boxes.key(row, batch.has_nulls);
                let number_of = |spelling: &[u8]| sink.boxes.number(spelling);
                match key.and_then(|key| self.box_codes.get(key, number_of)) {
                    None | Some(Err(Reason::MissingCell)) => None,
                    Some(number) => Some(number?),
                }
            }
            None => None,
        };
        let number = self.of_folders.box_number(number)?;
        if self.of_folders.have_other_unit() || !self.is_kilowatt(row, batch) {
            return Err(Reason::OtherUnit);
        }
        Ok(Some((number, phase)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_impala_writes_the_wall_clock() {
        for (writer, clock) in [
            (Some("impala version 2.8.0-cdh5.11.1 (build 3382c1c4)"), Int96Clock::Wall),
            (Some("IMPALA version 4.0.0"), Int96Clock::Wall),
            (Some("parquet-mr version 1.10.1 (build a89df8f9)"), Int96Clock::Utc),
            (Some("parquet-cpp-arrow version 12.0.0"), Int96Clock::Utc),
            (None, Int96Clock::Utc),
        ] {
            assert_eq!(Int96Clock::of_writer(writer), clock, "{writer:?}");
        }
    }
}
