//! Metadata in the table of a database, whatever engine holds it.

use std::path::{Path, PathBuf};

use super::assembly::Assembly;
use super::marks::{self, Marks};
use super::metadata::Header;
use super::{BoxFile, written_numbers};
use crate::{FileError, FileNote};

/// A column of a table of metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    name: String,
    /// Whether its cells are text, written by whoever filled the table, not by the engine.
    is_text: bool,
}

impl TableColumn {
    /// A column by the source system's name, or by a [name of units](crate::UNIT_COLUMNS).
    pub fn new(name: &str, is_text: bool) -> Self {
        Self { name: name.to_owned(), is_text }
    }
}

/// Parses the rows of a metadata table, whatever engine holds it, by the rules of
/// [`read_boxes`](super::read_boxes). Its columns of text have one decimal mark as well; where they don't
/// tell it, the capacities with a mark are left out, each of them named.
#[derive(Debug)]
pub struct BoxRows {
    table: PathBuf,
    header: Header,
    columns: Vec<TableColumn>,
    rows: Vec<Vec<Option<String>>>,
}

impl BoxRows {
    /// A table with these columns, in the order of the cells of each row.
    ///
    /// # Errors
    /// [`FileError::MissingColumn`] and [`FileError::RepeatedColumn`].
    pub fn new(table: &Path, columns: Vec<TableColumn>) -> Result<Self, FileError> {
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let header = Header::of(table, &names, |_| None)?;
        Ok(Self { table: table.to_owned(), header, columns, rows: Vec::new() })
    }

    /// Adds a row: its cells as text in column order, None for null.
    pub fn push(&mut self, cells: Vec<Option<String>>) {
        self.rows.push(cells);
    }

    /// The boxes and refusals of all rows.
    pub fn finish(self) -> BoxFile {
        let Self { table, header, columns, rows } = self;
        let is_written = |column: usize| columns.get(column).is_some_and(|column| column.is_text);
        let cells = rows.iter().map(Vec::as_slice);
        let (capacities, degrees) = written_numbers(&header, cells, is_written);
        let (marks, note) = match marks::of_table(&table, &capacities, &degrees) {
            Ok(marks) => {
                (marks.unwrap_or(Marks::POINTS), FileNote::of_mark(marks.and_then(|it| it.capacities)))
            }
            Err(marks) => (marks, Some(FileNote::UndecidedCapacities)),
        };
        let mut boxes = Assembly::new(&table, header, marks);
        for row in &rows {
            boxes.push(row, is_written);
        }
        boxes.file.notes.extend(note);
        boxes.file
    }
}
