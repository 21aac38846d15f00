//! Weekly extremes in CSV, as columns of the types that Parquet has.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};

use crate::FileError;

/// Rows of one batch.
const ROWS_AT_ONCE: usize = 8_192;

/// Columns that hold numbers, in lower case.
const NUMBERS: [&str; 8] = ["year", "week", "min", "max", "min_kw", "max_kw", "n", "readings"];

/// The rows of a CSV file: with a header, delimited by commas, semicolons or tabs. Where they are semicolons a comma in a
/// number is the decimal sign. A number that can't be read is none of a finite value.
pub(crate) struct WeeklyCsv {
    reader: csv::Reader<Box<dyn Read>>,
    schema: Arc<Schema>,
    has_decimal_commas: bool,
}

impl WeeklyCsv {
    /// Opens a file and reads its header.
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        let unreadable = |source| FileError::Unreadable { file: path.to_owned(), source };
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let begin = file.fill_buf().map_err(unreadable)?;
        let mark = if begin.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let header: Vec<u8> = begin.iter().skip(mark).copied().take_while(|byte| *byte != b'\n').collect();
        file.consume(mark);
        let delimiter = [b';', b'\t'].into_iter().find(|byte| header.contains(byte)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(Box::new(file) as Box<dyn Read>);
        let damaged = |error: csv::Error| FileError::Damaged {
            file: path.to_owned(),
            row: 0,
            reason: error.to_string(),
        };
        let field = |name: &str| {
            let is_number = NUMBERS.contains(&name.to_ascii_lowercase().as_str());
            Field::new(name, if is_number { DataType::Float64 } else { DataType::Utf8 }, true)
        };
        let fields: Vec<Field> = reader.headers().map_err(damaged)?.iter().map(field).collect();
        Ok(Self { reader, schema: Arc::new(Schema::new(fields)), has_decimal_commas: delimiter == b';' })
    }

    /// The columns.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// What the reader says of a line that is none of the table.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, String> {
        let mut rows: Vec<csv::StringRecord> = Vec::new();
        for row in self.reader.records().take(ROWS_AT_ONCE) {
            rows.push(row.map_err(|error| error.to_string())?);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let columns = self.schema.fields().iter().enumerate().map(|(place, field)| -> ArrayRef {
            let cells = rows.iter().map(|row| row.get(place).filter(|cell| !cell.is_empty()));
            if field.data_type() == &DataType::Float64 {
                Arc::new(cells.map(|cell| cell.map(|cell| self.number(cell))).collect::<Float64Array>())
            } else {
                Arc::new(cells.collect::<StringArray>())
            }
        });
        let columns = columns.collect();
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map(Some).map_err(|error| error.to_string())
    }

    fn number(&self, cell: &str) -> f64 {
        let is_decimal_comma = self.has_decimal_commas && cell.contains(',') && !cell.contains('.');
        let number = if is_decimal_comma { cell.replacen(',', ".", 1).parse() } else { cell.parse() };
        number.unwrap_or(f64::NAN)
    }
}
