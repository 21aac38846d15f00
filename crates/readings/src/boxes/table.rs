//! Reads small tables of text cells from CSV or Parquet.

use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::metadata::BOX_COLUMNS;
use crate::cell::{cell_text, has_text};
use crate::input::{self, Input, Text, TextEncoding};
use crate::text::{Record, Records, RowTest, is_damaged, read_header};
use crate::{FileError, FileNote, Reason};

/// A table with named columns, read row by row.
pub(super) struct Table {
    file: PathBuf,
    names: Vec<String>,
    rows: Rows,
}

/// A row of a table.
pub(super) enum Row {
    /// Its cells in column order, None for null.
    Cells(Vec<Option<String>>),
    /// A row that can't be split into cells, as it is quoted in messages.
    Refused(Reason, String),
}

enum Rows {
    Csv {
        records: Box<Records<Box<dyn Read>>>,
        encoding: Rc<Cell<TextEncoding>>,
        /// Whether some text is neither UTF-8 nor wholly of another encoding.
        is_mixed: bool,
        /// Whether the last row ends the text without a line break.
        is_open: bool,
    },
    Parquet {
        batches: Box<ParquetRecordBatchReader>,
        batch: Option<RecordBatch>,
        next: usize,
    },
}

/// Opens a table and reads its header.
pub(super) fn open(path: &Path) -> Result<Table, FileError> {
    match input::open(path)? {
        Input::Parquet(file) => open_parquet(path, file),
        Input::Text(text) => open_csv(path, text),
    }
}

fn open_csv(path: &Path, text: Text) -> Result<Table, FileError> {
    let Text { reader, encoding } = text;
    let mut records = Box::new(Records::new(reader));
    let names = read_header(&mut records, &BOX_COLUMNS).map_err(|error| error.of(path))?;
    Ok(Table {
        file: path.to_owned(),
        names,
        rows: Rows::Csv { records, encoding, is_mixed: false, is_open: false },
    })
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

    /// Whether the numbers of a column are text, written by whoever made the file.
    pub(super) fn is_written(&self, column: usize) -> bool {
        let Rows::Parquet { batches, .. } = &self.rows else { return true };
        let schema = batches.schema();
        let is_number = |data_type: &DataType| data_type.is_numeric() || *data_type == DataType::Boolean;
        schema.fields().get(column).is_some_and(|field| match field.data_type() {
            DataType::Dictionary(_, values) => !is_number(values),
            other => !is_number(other),
        })
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self.rows, Rows::Csv { .. })
    }

    /// Has lines within quotes looked at.
    pub(super) fn set_row_test(&mut self, row_test: RowTest) {
        if let Rows::Csv { records, .. } = &mut self.rows {
            records.set_row_test(row_test);
        }
    }

    /// Whether the text ends with the row read last, without a line break: it may be cut off.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.rows, Rows::Csv { is_open: true, .. })
    }

    /// How the text was read, once its rows were.
    pub(super) fn notes(&self) -> Vec<FileNote> {
        match &self.rows {
            Rows::Csv { encoding, is_mixed, .. } => {
                let mixed = is_mixed.then_some(FileNote::MixedEncodings);
                FileNote::of_text(encoding.get()).into_iter().chain(mixed).collect()
            }
            Rows::Parquet { .. } => Vec::new(),
        }
    }

    /// The next row; None after the last. `row` is the number of rows read so far.
    pub(super) fn next_row(&mut self, row: u64) -> Result<Option<Row>, FileError> {
        match &mut self.rows {
            Rows::Csv { records, is_mixed, is_open, .. } => {
                let record = records.next_record().map_err(|error| damaged(&self.file, row, error))?;
                Ok(record.map(|record| match record {
                    Record::TooLong => Row::Refused(Reason::RowTooLong, String::new()),
                    Record::UnclosedQuote(line) => refused(Reason::UnclosedQuote, line),
                    Record::TextBehindQuote(line) => refused(Reason::TextBehindQuote, line),
                    // A name in another encoding must not cost its row.
                    Record::Fields(fields) => {
                        *is_open = fields.is_open();
                        let cells = fields.iter().map(|field| {
                            *is_mixed |= is_damaged(field);
                            Some(String::from_utf8_lossy(field).into_owned())
                        });
                        Row::Cells(cells.collect())
                    }
                }))
            }
            Rows::Parquet { batches, batch, next } => loop {
                if let Some(batch) = batch
                    && *next < batch.num_rows()
                {
                    let cells = batch.columns().iter().map(|column| cell_text(column, *next)).collect();
                    *next += 1;
                    return Ok(Some(Row::Cells(cells)));
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
    FileError::of_decoder(file, row, reason)
}

fn refused(reason: Reason, line: &[u8]) -> Row {
    Row::Refused(reason, String::from_utf8_lossy(line).into_owned())
}
