//! Reads measurements from Parquet, one batch of rows at a time.

use std::fs::File;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as PhysicalType;

use super::row_sink::{ChannelCode, RowOutcome, RowSink};
use super::times::{self, Times};
use super::{row_groups, values};
use crate::cell::cell_text;
use crate::collect::PHASES;
use crate::columns::{BOX_ID, CHANNEL_ID, TIME, VALUE, require_column};
use crate::{FileError, Reason};

const ROWS_PER_BATCH: usize = 16_384;

/// Reads the whole file by row group: a batch that spanned two row groups would lose their
/// dictionaries.
pub(super) fn read(file: File, sink: &mut RowSink<'_>) -> Result<(), FileError> {
    let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| sink.damaged(e))?;
    let columns = Columns::of(&found, sink)?;
    let options = ArrowReaderOptions::new().with_schema(columns.schema.clone());
    let metadata = ArrowReaderMetadata::try_new(found.metadata().clone(), options)
        .map_err(|error| sink.damaged(error))?;
    let roots = [columns.box_id, columns.channel, columns.value, columns.time];
    // Statistics of INT96 columns are unreliable.
    let since = sink.since.filter(|_| !columns.is_int96);
    let seconds_excluded =
        since.map(|since| row_groups::seconds_before(&metadata, columns.time, since)).unwrap_or_default();
    let mut batches = BatchReader::default();
    for row_group in 0..metadata.metadata().num_row_groups() {
        if let Some(&Some(seconds)) = seconds_excluded.get(row_group) {
            let rows = metadata.metadata().row_group(row_group).num_rows();
            sink.exclude_rows(u64::try_from(rows).unwrap_or(0), seconds);
            continue;
        }
        let handle = file.try_clone();
        let handle = handle.map_err(|source| FileError::Unreadable { file: sink.file.to_owned(), source })?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(handle, metadata.clone())
            .with_projection(ProjectionMask::roots(metadata.parquet_schema(), roots))
            .with_row_groups(vec![row_group])
            .with_batch_size(ROWS_PER_BATCH)
            .build()
            .map_err(|error| sink.damaged(error))?;
        for batch in reader {
            let batch = batch.map_err(|error| sink.damaged(error))?;
            batches.read_batch(&batch, &columns, sink)?;
            sink.collector.spill_if_many()?;
        }
    }
    Ok(())
}

/// The required columns of a file.
struct Columns {
    /// The schema to decode to, with boxes and channels as dictionaries.
    schema: Arc<Schema>,
    box_id: usize,
    channel: usize,
    value: usize,
    time: usize,
    /// Whether times are of the legacy INT96 type, which has no zone; its writers (Spark, Hive)
    /// store UTC.
    is_int96: bool,
}

impl Columns {
    fn of(found: &ArrowReaderMetadata, sink: &RowSink<'_>) -> Result<Self, FileError> {
        let names: Vec<String> = found.schema().fields().iter().map(|field| field.name().clone()).collect();
        let position = |name| require_column(sink.file, &names, name);
        let (box_id, channel) = (position(BOX_ID)?, position(CHANNEL_ID)?);
        let (value, time) = (position(VALUE)?, position(TIME)?);

        let mut fields: Vec<Field> = found.schema().fields().iter().map(|field| (**field).clone()).collect();
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        for (column, name) in [(box_id, BOX_ID), (channel, CHANNEL_ID)] {
            if !is_text(fields[column].data_type()) {
                return Err(wrong_type(sink, name, fields[column].data_type(), "text"));
            }
            fields[column].set_data_type(dictionary.clone());
        }
        if !values::is_readable(fields[value].data_type()) {
            return Err(wrong_type(sink, VALUE, fields[value].data_type(), values::EXPECTED_TYPES));
        }
        if is_text(fields[time].data_type()) {
            fields[time].set_data_type(DataType::Utf8);
        }
        if !times::is_readable(fields[time].data_type()) {
            return Err(wrong_type(sink, TIME, fields[time].data_type(), times::EXPECTED_TYPES));
        }
        let is_int96 = found.parquet_schema().columns().iter().any(|column| {
            column.path().parts() == [names[time].as_str()] && column.physical_type() == PhysicalType::INT96
        });
        let schema = Arc::new(Schema::new_with_metadata(fields, found.schema().metadata().clone()));
        Ok(Self { schema, box_id, channel, value, time, is_int96 })
    }

    /// A required column of a batch, which holds them in file order.
    fn column<'b>(&self, batch: &'b RecordBatch, root: usize) -> &'b ArrayRef {
        let roots = [self.box_id, self.channel, self.value, self.time];
        batch.column(roots.iter().filter(|&&other| other < root).count())
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
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

/// The codes of a dictionary's entries, looked up on first use and kept while the dictionary stays
/// the same.
#[derive(Debug)]
struct DictionaryCodes<T> {
    dictionary: Option<ArrayRef>,
    codes: Vec<Option<T>>,
}

impl<T> Default for DictionaryCodes<T> {
    fn default() -> Self {
        Self { dictionary: None, codes: Vec::new() }
    }
}

impl<T: Copy> DictionaryCodes<T> {
    fn reset_for(&mut self, dictionary: &ArrayRef) {
        if !self.dictionary.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, dictionary)) {
            self.codes.clear();
            self.codes.resize(dictionary.len(), None);
            self.dictionary = Some(dictionary.clone());
        }
    }

    /// The code of an entry; `look_up` resolves its spelling.
    #[inline]
    fn get(&mut self, key: usize, look_up: impl FnOnce(&[u8]) -> T) -> Option<T> {
        match self.codes.get(key) {
            Some(&Some(code)) => Some(code),
            Some(None) => {
                let dictionary: &StringArray = self.dictionary.as_ref()?.as_string_opt()?;
                let code = dictionary.is_valid(key).then(|| look_up(dictionary.value(key).as_bytes()))?;
                self.codes[key] = Some(code);
                Some(code)
            }
            None => None,
        }
    }
}

/// Puts the rows of batches into the sink.
#[derive(Debug, Default)]
struct BatchReader {
    box_codes: DictionaryCodes<Option<u32>>,
    channel_codes: DictionaryCodes<ChannelCode>,
    values: Vec<f64>,
    times: Times,
}

impl BatchReader {
    fn read_batch(
        &mut self,
        batch: &RecordBatch,
        columns: &Columns,
        sink: &mut RowSink<'_>,
    ) -> Result<(), FileError> {
        let boxes = columns.column(batch, columns.box_id);
        let channels = columns.column(batch, columns.channel);
        let values = columns.column(batch, columns.value);
        let times = columns.column(batch, columns.time);
        let (Some(box_keys), Some(channel_keys)) =
            (boxes.as_dictionary_opt::<Int32Type>(), channels.as_dictionary_opt::<Int32Type>())
        else {
            return Err(sink.damaged("boxes or channels are not text"));
        };
        if !(values::read(values, &mut self.values) && self.times.read(times, columns.is_int96)) {
            return Err(sink.damaged("values or times are of another type than announced"));
        }
        self.box_codes.reset_for(box_keys.values());
        self.channel_codes.reset_for(channel_keys.values());
        let has_nulls = [boxes, channels, values, times].iter().any(|column| column.null_count() > 0);
        let may_precede = sink.since.is_some_and(|since| self.times.may_precede(since));
        for row in 0..batch.num_rows() {
            let nulls = |column: &ArrayRef| has_nulls && column.is_null(row);
            let is_null = [nulls(channels), nulls(boxes), nulls(values), nulls(times)];
            if may_precede
                && !nulls(times)
                && let Some((clock, second)) = self.times.at(row)
                && sink.exclude_if_before(clock, second)
            {
                continue;
            }
            let outcome = self.process_row(row, is_null, box_keys, channel_keys, sink);
            sink.count(outcome, || shown(row, boxes, channels, values, times));
        }
        Ok(())
    }

    #[inline]
    fn process_row(
        &mut self,
        row: usize,
        [no_channel, no_box, no_value, no_time]: [bool; 4],
        boxes: &DictionaryArray<Int32Type>,
        channels: &DictionaryArray<Int32Type>,
        sink: &mut RowSink<'_>,
    ) -> Result<RowOutcome, Reason> {
        if no_channel {
            return Err(Reason::MissingCell);
        }
        let key = channels.keys().value(row) as usize;
        let phase = match self.channel_codes.get(key, ChannelCode::of).ok_or(Reason::MissingCell)? {
            ChannelCode::Phase(phase) => u32::from(phase),
            ChannelCode::Other => return Ok(RowOutcome::Ignored),
            ChannelCode::Refused => return Err(Reason::UnknownChannelShape),
        };
        if no_box || no_value || no_time {
            return Err(Reason::MissingCell);
        }
        let key = boxes.keys().value(row) as usize;
        let number = self.box_codes.get(key, |spelling| sink.boxes.number(spelling));
        let number = number.ok_or(Reason::MissingCell)?.ok_or(Reason::BadBoxId)?;
        let (clock, second) = self.times.at(row).ok_or(Reason::BadTime)?;
        sink.collector.add(number * PHASES + phase, clock, second, self.values[row])?;
        Ok(RowOutcome::Accepted)
    }
}

/// A row as text, to quote in a refusal.
fn shown(row: usize, boxes: &ArrayRef, channels: &ArrayRef, values: &ArrayRef, times: &ArrayRef) -> String {
    let cells = [boxes, channels, values, times];
    cells.map(|column| cell_text(column, row).unwrap_or_else(|| "null".to_owned())).join(",")
}
