//! Reads small tables of text cells from CSV or Parquet.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use arrow_array::{RecordBatch, RecordBatchReader};
use csv::{Reader, ReaderBuilder, StringRecord};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::FileError;
use crate::cell::{cell_text, has_text};
use crate::input::{self, Input, detect_delimiter, peek_line};

/// A table with named columns, read row by row.
pub(super) struct Table {
    file: PathBuf,
    names: Vec<String>,
    rows: Rows,
}

enum Rows {
    Csv(Box<Reader<Box<dyn Read>>>),
    Parquet { batches: Box<ParquetRecordBatchReader>, batch: Option<RecordBatch>, next: usize },
}

/// Opens a table and reads its header.
pub(super) fn open(path: &Path) -> Result<Table, FileError> {
    match input::open(path)? {
        Input::Parquet(file) => open_parquet(path, file),
        Input::Text(text) => open_csv(path, text),
    }
}

fn open_csv(path: &Path, text: Box<dyn Read>) -> Result<Table, FileError> {
    let mut text = BufReader::with_capacity(64 * 1024, text);
    let header = peek_line(&mut text).map_err(|error| damaged(path, 0, error))?;
    if header.trim_ascii().is_empty() {
        return Err(FileError::NoHeader { file: path.to_owned() });
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(detect_delimiter(&header))
        .flexible(true)
        .from_reader(Box::new(text) as Box<dyn Read>);
    let names = reader.headers().map_err(|error| damaged(path, 0, error))?;
    let names = names.iter().map(str::to_owned).collect();
    Ok(Table { file: path.to_owned(), names, rows: Rows::Csv(Box::new(reader)) })
}

fn open_parquet(path: &Path, file: File) -> Result<Table, FileError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(path, 0, error))?;
    let names = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches = Box::new(builder.build().map_err(|error| damaged(path, 0, error))?);
    Ok(Table { file: path.to_owned(), names, rows: Rows::Parquet { batches, batch: None, next: 0 } })
}

impl Table {
    /// The column names as written in the file.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The type of a column whose cells can't be rendered as text; None if they can.
    pub(super) fn unsupported_type(&self, column: usize) -> Option<String> {
        let Rows::Parquet { batches, .. } = &self.rows else { return None };
        let data_type = batches.schema().fields().get(column)?.data_type().clone();
        (!has_text(&data_type)).then(|| data_type.to_string())
    }

    /// The next row's cells in column order; None after the last. `row` is the number of rows read
    /// so far.
    pub(super) fn next_row(&mut self, row: u64) -> Result<Option<Vec<Option<String>>>, FileError> {
        match &mut self.rows {
            Rows::Csv(reader) => {
                let mut record = csv::ByteRecord::new();
                let is_row =
                    reader.read_byte_record(&mut record).map_err(|error| damaged(&self.file, row, error))?;
                // A station name in a legacy encoding must not invalidate its row.
                let record = StringRecord::from_byte_record_lossy(record);
                Ok(is_row.then(|| record.iter().map(|cell| Some(cell.to_owned())).collect()))
            }
            Rows::Parquet { batches, batch, next } => loop {
                if let Some(batch) = batch
                    && *next < batch.num_rows()
                {
                    let cells = batch.columns().iter().map(|column| cell_text(column, *next)).collect();
                    *next += 1;
                    return Ok(Some(cells));
                }
                *next = 0;
                match batches.next().transpose().map_err(|error| damaged(&self.file, row, error))? {
                    Some(read) => *batch = Some(read),
                    None => return Ok(None),
                }
            },
        }
    }
}

fn damaged(file: &Path, row: u64, reason: impl ToString) -> FileError {
    FileError::Damaged { file: file.to_owned(), row, reason: reason.to_string() }
}
