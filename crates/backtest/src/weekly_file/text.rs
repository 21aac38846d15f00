//! Weekly extremes in delimited text, as columns of the types that Parquet has.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use readings::{FileNote, Notation, Reason, TextRow, TextTable, is_other_unit_of_values, quoted};

use crate::FileError;

/// Rows of one batch.
const ROWS_AT_ONCE: usize = 8_192;

/// Columns that hold numbers, in lower case.
const NUMBERS: [&str; 8] = ["year", "week", "min", "max", "min_kw", "max_kw", "n", "readings"];
/// Columns by which a header is recognised, besides those.
const TEXTS: [&str; 7] = ["boxid", "box_id", "box", "date", "phase", "channel", "channelid"];

/// The rows of a text.
pub(super) struct WeeklyCsv {
    table: TextTable,
    schema: Arc<Schema>,
    is_at_end: bool,
}

/// Rows of the text.
pub(super) enum Rows {
    Columns(RecordBatch),
    /// One that can't be split into cells, or has text for a number; and the sentence that says so.
    Refused(Reason, String),
}

impl WeeklyCsv {
    /// Opens a file and reads its header; `None` if it is a Parquet file.
    pub(super) fn open(path: &Path, notation: &Notation) -> Result<Option<Self>, FileError> {
        let known: Vec<&str> = NUMBERS.into_iter().chain(TEXTS).collect();
        let Some(table) = TextTable::open(path, &known, &NUMBERS, notation)? else { return Ok(None) };
        let field = |name: &String| {
            let is_number = NUMBERS.contains(&name.to_ascii_lowercase().as_str());
            Field::new(name, if is_number { DataType::Float64 } else { DataType::Utf8 }, true)
        };
        let schema = Arc::new(Schema::new(table.names().iter().map(field).collect::<Vec<_>>()));
        Ok(Some(Self { table, schema, is_at_end: false }))
    }

    /// The columns.
    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How the file was read, once its rows were.
    pub(super) fn notes(&self) -> Vec<FileNote> {
        self.table.notes()
    }

    /// The next rows in the order of the file: those up to a refused one, then that, and so on.
    pub(super) fn next(&mut self, path: &Path) -> Result<Vec<Rows>, FileError> {
        let (mut found, mut cells) = (Vec::new(), Vec::new());
        for _ in 0..ROWS_AT_ONCE {
            match self.table.next_row()? {
                None => {
                    self.is_at_end = true;
                    break;
                }
                Some(TextRow::Cells(row)) => match self.no_number(&row) {
                    None => cells.push(row),
                    // A row of units below the header: all values are in these.
                    Some((_, cell)) if is_other_unit_of_values(cell.as_bytes()) => {
                        let (file, unit) = (path.to_owned(), cell.to_owned());
                        return Err(readings::FileError::UnitOfValues { file, unit }.into());
                    }
                    Some((name, cell)) => {
                        let sentence = format!("{} \"{}\" is not a number", quoted(name), quoted(cell));
                        self.flush(path, &mut cells, &mut found)?;
                        found.push(Rows::Refused(Reason::BadValue, sentence));
                    }
                },
                Some(TextRow::Refused(reason, text)) => {
                    self.flush(path, &mut cells, &mut found)?;
                    found.push(Rows::Refused(reason, format!("{reason}: {}", quoted(&text))));
                }
            }
        }
        self.flush(path, &mut cells, &mut found)?;
        Ok(found)
    }

    /// Whether there are no more rows.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// The first cell of a column of numbers that is neither one nor empty, with the column's name.
    fn no_number<'a>(&'a self, row: &'a [String]) -> Option<(&'a str, &'a str)> {
        let columns = self.schema.fields().iter().zip(row);
        let mut numbers = columns.filter(|(field, _)| field.data_type() == &DataType::Float64);
        let (field, cell) =
            numbers.find(|(_, cell)| !cell.is_empty() && self.table.number(cell).is_none())?;
        Some((field.name(), cell))
    }

    fn flush(
        &self,
        path: &Path,
        rows: &mut Vec<Vec<String>>,
        found: &mut Vec<Rows>,
    ) -> Result<(), FileError> {
        if rows.is_empty() {
            return Ok(());
        }
        let columns = self.schema.fields().iter().enumerate().map(|(place, field)| -> ArrayRef {
            let cells = rows.iter().map(|row| row.get(place).filter(|cell| !cell.is_empty()));
            if field.data_type() == &DataType::Float64 {
                let number = |cell: &String| self.table.number(cell).unwrap_or(f64::NAN);
                Arc::new(cells.map(|cell| cell.map(number)).collect::<Float64Array>())
            } else {
                Arc::new(cells.collect::<StringArray>())
            }
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.collect());
        found.push(Rows::Columns(batch.map_err(|error| FileError::Damaged {
            file: path.to_owned(),
            row: 0,
            reason: error.to_string(),
        })?));
        rows.clear();
        Ok(())
    }
}
