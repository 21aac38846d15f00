//! Writes Parquet as a data platform exports it: zstd, dictionaries, plain types.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, types::Int32Type};
use arrow_schema::{DataType, Field, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::SimulationError;

/// A Parquet file under construction.
pub(super) struct Table {
    path: PathBuf,
    schema: SchemaRef,
    writer: ArrowWriter<File>,
    rows: u64,
}

impl Table {
    /// Starts a table. `delta_column` has steadily increasing values and is delta-encoded.
    pub(super) fn new(
        path: &Path,
        file: File,
        schema: SchemaRef,
        delta_column: &str,
    ) -> Result<Self, SimulationError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("gridspark simulate".to_owned())
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_column_dictionary_enabled(delta_column.into(), false)
            .set_column_encoding(delta_column.into(), Encoding::DELTA_BINARY_PACKED)
            .build();
        // Without the embedded Arrow schema, readers see plain strings, as from other writers.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file, schema.clone(), options)
            .map_err(|source| SimulationError::Parquet { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), schema, writer, rows: 0 })
    }

    /// Appends rows, one array per column.
    pub(super) fn append(&mut self, columns: Vec<ArrayRef>) -> Result<(), SimulationError> {
        let batch = RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|source| SimulationError::Columns { path: self.path.clone(), source })?;
        self.rows += batch.num_rows() as u64;
        self.writer
            .write(&batch)
            .map_err(|source| SimulationError::Parquet { path: self.path.clone(), source })
    }

    /// Completes the file and returns its number of rows.
    pub(super) fn finish(self) -> Result<u64, SimulationError> {
        let Self { path, writer, rows, .. } = self;
        writer.close().map_err(|source| SimulationError::Parquet { path, source })?;
        Ok(rows)
    }
}

/// A text column with few distinct values.
pub(super) fn dictionary_field(name: &str) -> Field {
    let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Field::new(name, words, false)
}

/// A text column with the same value in every row.
pub(super) fn constant_column(word: &str, rows: usize) -> ArrayRef {
    let keys = Int32Array::from_value(0, rows);
    let words = Arc::new(StringArray::from_iter_values([word]));
    // Can't panic: the only key, 0, is in the dictionary.
    Arc::new(DictionaryArray::<Int32Type>::new(keys, words))
}
