//! Weekly extremes in Parquet, with dictionaries as what they hold.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as PhysicalType;
use parquet::schema::types::ColumnDescPtr;
use readings::{DecimalMark, Int96Clock, Notation, NumberEvidence};

use super::cells;
use crate::FileError;

/// A file, opened.
pub(super) struct WeeklyParquet {
    path: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
}

impl WeeklyParquet {
    pub(super) fn open(path: &Path) -> Result<Self, FileError> {
        let file =
            File::open(path).map_err(|source| FileError::Unreadable { file: path.to_owned(), source })?;
        let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| damaged(path, 0, &error))?;
        let writer = found.metadata().file_metadata().created_by();
        let are_utc = Int96Clock::of_writer(writer) == Int96Clock::Utc;
        let columns = found.parquet_schema().columns();
        let is_int96 = |name: &String| {
            let is_column = |column: &ColumnDescPtr| column.path().parts() == std::slice::from_ref(name);
            columns.iter().any(|it| is_column(it) && it.physical_type() == PhysicalType::INT96)
        };
        let field = |field: &Arc<Field>| {
            let data_type = match held(field.data_type()) {
                // Nanoseconds would overflow from 2262 on and come out as other years.
                DataType::Timestamp(_, zone) if is_int96(field.name()) => {
                    let utc = are_utc.then(|| Arc::from("UTC"));
                    DataType::Timestamp(TimeUnit::Microsecond, zone.or(utc))
                }
                other => other,
            };
            (**field).clone().with_data_type(data_type)
        };
        let fields: Vec<Field> = found.schema().fields().iter().map(field).collect();
        let schema = Schema::new_with_metadata(fields, found.schema().metadata().clone());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), options)
            .map_err(|error| damaged(path, 0, &error))?;
        Ok(Self { path: path.to_owned(), file, metadata })
    }

    pub(super) fn schema(&self) -> &Schema {
        self.metadata.schema()
    }

    /// What the texts of columns of numbers tell of their decimal mark.
    pub(super) fn mark(
        &self,
        numbers: &[usize],
        notation: &Notation,
    ) -> Result<Option<DecimalMark>, FileError> {
        let is_written = |&column: &usize| cells::is_text(self.schema().field(column).data_type());
        let written: Vec<usize> = numbers.iter().copied().filter(is_written).collect();
        let mut evidence = NumberEvidence::default();
        if written.is_empty() {
            return Ok(None);
        }
        for batch in self.batches(Some(&written))? {
            let batch = checked(&self.path, 0, batch)?;
            for column in batch.columns() {
                cells::texts(column).iter().flatten().for_each(|text| evidence.weigh(text));
            }
        }
        Ok(evidence.mark(&self.path, notation)?)
    }

    /// The rows, in all columns or in some.
    pub(super) fn batches(&self, columns: Option<&[usize]>) -> Result<ParquetRecordBatchReader, FileError> {
        let file = self.file.try_clone();
        let file = file.map_err(|source| FileError::Unreadable { file: self.path.clone(), source })?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let builder = match columns {
            Some(columns) => {
                let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
                builder.with_projection(mask)
            }
            None => builder,
        };
        builder.build().map_err(|error| damaged(&self.path, 0, &error))
    }
}

/// The batch, or that the file is damaged behind so many rows.
pub(super) fn checked(
    path: &Path,
    row: u64,
    batch: Result<RecordBatch, arrow_schema::ArrowError>,
) -> Result<RecordBatch, FileError> {
    batch.map_err(|error| damaged(path, row, &error))
}

fn damaged(path: &Path, row: u64, error: &impl ToString) -> FileError {
    FileError::Damaged { file: path.to_owned(), row, reason: error.to_string() }
}

/// The type of what a dictionary holds.
fn held(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, values) => held(values),
        other => other.clone(),
    }
}
