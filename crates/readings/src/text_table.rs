//! A table in delimited text, read row by row: for files other than readings and metadata.

use std::cell::Cell;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::input::{self, Input, TextEncoding};
use crate::notation::Stop;
use crate::number::{Numbers, Proof, may_be_number};
use crate::text::{Record, Records, is_damaged, read_header};
use crate::{DecimalMark, FileError, FileNote, Notation, Reason};

/// A table in delimited text, opened; its numbers have one decimal mark, which the file as a whole
/// or a setting told.
pub struct TextTable {
    file: PathBuf,
    names: Vec<String>,
    records: Records<Box<dyn Read>>,
    encoding: Rc<Cell<TextEncoding>>,
    is_mixed: bool,
    mark: Option<DecimalMark>,
    has_unproven_points: bool,
    /// Whether the row read last ends the text without a line break, and was whole.
    is_open: bool,
    rows: u64,
}

/// A row of a [`TextTable`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextRow {
    /// Its cells without white space around them, as many as the header has names.
    Cells(Vec<String>),
    /// Why it can't be split into these, and its text.
    Refused(Reason, String),
}

impl TextTable {
    /// Opens a file (plain, gzip, zstd) and reads it once to find out how the cells of the columns
    /// `numbers` are written. `known` are names that show which delimiter the header has. Names are
    /// compared in any case. `None` if it is a Parquet file.
    ///
    /// # Errors
    /// [`FileError`]: it can't be opened or is damaged, is of another kind, has no header, or
    /// doesn't tell how its numbers are meant.
    pub fn open(
        file: &Path,
        known: &[&str],
        numbers: &[&str],
        notation: &Notation,
    ) -> Result<Option<Self>, FileError> {
        let mut proven = None;
        loop {
            let Some(table) = Self::begin(file, known, numbers)? else { return Ok(None) };
            match table.decimal_mark(numbers, notation, proven.as_ref())? {
                Ok((mark, has_unproven_points)) => {
                    let table = Self::begin(file, known, numbers)?;
                    return Ok(table.map(|table| Self { mark, has_unproven_points, ..table }));
                }
                Err(proof) => proven = Some(proof),
            }
        }
    }

    fn begin(file: &Path, known: &[&str], numbers: &[&str]) -> Result<Option<Self>, FileError> {
        let text = match input::open(file)? {
            Input::Parquet(_) => return Ok(None),
            Input::Text(text) => text,
        };
        let mut records = Records::new(text.reader);
        let names = read_header(&mut records, known).map_err(|error| error.of(file))?;
        let (places, columns) = (places_of(&names, numbers), names.len());
        records.set_row_test(Box::new(move |line| {
            let cells: Vec<_> = places.iter().map(|&place| line.bare(place)).collect();
            let is_number = |cell: &Option<&[u8]>| cell.is_some_and(may_be_number);
            let is_empty = |cell: &Option<&[u8]>| cell.is_some_and(<[u8]>::is_empty);
            line.len() == columns
                || 2 * line.len() > columns
                    && cells.iter().any(is_number)
                    && cells.iter().all(|cell| is_empty(cell) || is_number(cell))
        }));
        Ok(Some(Self {
            file: file.to_owned(),
            names,
            records,
            encoding: text.encoding,
            is_mixed: false,
            mark: None,
            has_unproven_points: false,
            is_open: false,
            rows: 0,
        }))
    }

    /// The mark that all numbers tell together, and whether nothing proves their points; a proof with which to begin again.
    fn decimal_mark(
        mut self,
        columns: &[&str],
        notation: &Notation,
        proven: Option<&Proof>,
    ) -> Result<Result<(Option<DecimalMark>, bool), Proof>, FileError> {
        let places = places_of(&self.names, columns);
        let mut numbers: Numbers = notation.numbers(proven, Some(self.records.delimiter()));
        while let Some(row) = self.next_row()? {
            if let TextRow::Cells(cells) = row {
                for &place in &places {
                    numbers.weigh(&cells[place]);
                }
            }
        }
        match numbers.finish() {
            Ok(mark) => Ok(Ok((mark, numbers.has_unproven_points()))),
            Err(trouble) => match Stop::of_numbers(&self.file, trouble) {
                Stop::File(error) => Err(error),
                Stop::ReadAnew(proof) => Ok(Err(proof)),
            },
        }
    }

    /// The names of the columns, as written in the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// [`FileError`]: the file is damaged from here on.
    pub fn next_row(&mut self) -> Result<Option<TextRow>, FileError> {
        let record = self.records.next_record();
        let record = record.map_err(|error| FileError::of_decoder(&self.file, self.rows, error))?;
        let Some(record) = record else { return Ok(None) };
        self.rows += 1;
        self.is_open = false;
        let columns = self.names.len();
        Ok(Some(match record {
            Record::TooLong => TextRow::Refused(Reason::RowTooLong, String::new()),
            Record::UnclosedQuote(line) => refused(Reason::UnclosedQuote, line),
            Record::TextBehindQuote(line) => refused(Reason::TextBehindQuote, line),
            Record::Fields(fields) if fields.len() < columns => {
                TextRow::Refused(Reason::IncompleteRow, fields.shown())
            }
            Record::Fields(fields) if !fields.is_empty_from(columns) => {
                TextRow::Refused(Reason::SurplusFields, fields.shown())
            }
            Record::Fields(fields) => {
                let mut cells = Vec::with_capacity(columns);
                for field in fields.iter().take(columns) {
                    self.is_mixed |= is_damaged(field);
                    cells.push(String::from_utf8_lossy(field).trim().to_owned());
                }
                self.is_open = fields.is_open();
                TextRow::Cells(cells)
            }
        }))
    }

    /// The number in a cell of a column of numbers, also `NaN` and infinity; `None` for any other
    /// text.
    pub fn number(&self, cell: &str) -> Option<f64> {
        Numbers::new(Some(self.mark.unwrap_or(DecimalMark::Point)), None, true).parse(cell.as_bytes())
    }

    /// Whether the text ends with the row read last, without a line break: it may be cut off.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// How the file was read, once its rows were.
    pub fn notes(&self) -> Vec<FileNote> {
        let mixed = self.is_mixed.then_some(FileNote::MixedEncodings);
        FileNote::of_text(self.encoding.get())
            .into_iter()
            .chain(mixed)
            .chain(FileNote::of_mark(self.mark))
            .chain(self.has_unproven_points.then_some(FileNote::UnprovenPoints))
            .chain(self.is_open.then_some(FileNote::OpenEnd))
            .collect()
    }
}

/// Where columns are, in any case.
fn places_of(names: &[String], columns: &[&str]) -> Vec<usize> {
    let is_among = |name: &String| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    names.iter().enumerate().filter(|(_, name)| is_among(name)).map(|(place, _)| place).collect()
}

fn refused(reason: Reason, line: &[u8]) -> TextRow {
    TextRow::Refused(reason, String::from_utf8_lossy(line).into_owned())
}
