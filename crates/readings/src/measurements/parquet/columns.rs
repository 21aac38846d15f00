//! The columns that are read of a Parquet file, and the types they are decoded to.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::basic::Type as PhysicalType;

use super::int96::Int96Clock;
use super::{identifiers, times, values};
use crate::FileError;
use crate::columns::{BOX_ID, CHANNEL_ID, Place, TIME, VALUE, require_column};
use crate::measurements::row_sink::RowSink;
use crate::unit::{UNIT_COLUMNS, unit_columns};

/// The required columns of a file.
pub(super) struct Columns {
    /// The schema to decode to, with boxes and channels as dictionaries.
    pub(super) schema: Arc<Schema>,
    pub(super) box_id: Place,
    pub(super) channel: Place,
    /// Those that name a unit.
    pub(super) units: Vec<usize>,
    pub(super) value: usize,
    pub(super) time: usize,
    /// The clock of the times, if they are INT96.
    pub(super) int96: Option<Int96Clock>,
}

impl Columns {
    pub(super) fn of(found: &ArrowReaderMetadata, sink: &RowSink<'_>) -> Result<Self, FileError> {
        let names: Vec<String> = found.schema().fields().iter().map(|field| field.name().clone()).collect();
        let mut box_id = Place::of(sink.file, &names, BOX_ID)?;
        let mut channel = Place::of(sink.file, &names, CHANNEL_ID)?;
        let is_null = |column: usize| *found.schema().field(column).data_type() == DataType::Null;
        box_id.without_column_if(is_null);
        channel.without_column_if(is_null);
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

    pub(super) fn has_texts_for_values(&self) -> bool {
        !self.schema.field(self.value).data_type().is_numeric()
    }

    /// The columns that are decoded.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        let of_file = [self.box_id.column, self.channel.column, Some(self.value), Some(self.time)];
        of_file.into_iter().flatten().chain(self.units.iter().copied())
    }

    /// A required column of a batch, which holds them in file order.
    pub(super) fn column<'b>(&self, batch: &'b RecordBatch, root: usize) -> &'b ArrayRef {
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
