//! What is known about each box: metadata files.

mod metadata;
mod table;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use domain::box_metadata::BoxMetadata;
use model::BoxId;

use crate::source::unless_panicking;
use crate::{FileError, Reason, Refusals};
pub use metadata::BOX_COLUMNS;
use metadata::{Header, Unusable};

/// Rows that are named of each reason.
const NAMED_ROWS: usize = 20;

/// A metadata file that was read to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxFile {
    /// The file.
    pub file: PathBuf,
    /// Number of data rows.
    pub rows: u64,
    /// The boxes in order of their first row, each once.
    pub boxes: Vec<BoxMetadata>,
    /// Rows without a usable box id, or with fewer columns than the header.
    pub refusals: Refusals,
    /// Cells that can't be used in rows that can (capacity, position), and boxes named twice.
    pub warnings: Refusals,
}

/// Reads box metadata from Parquet or CSV (plain, gzip, zstd): the columns of the source by name, in any case and
/// order (see [`BoxMetadata`]). BOXID and VERMOGEN_NOMINAAL (or `capacity_kva`) must be there; other columns may be
/// absent, and unknown ones are left unread. The whole file is held in memory: one row a box.
///
/// # Errors
/// [`FileError`] where the file can't be opened, is cut off or damaged, has no header, lacks a wanted column or has
/// one of a type that holds no text or number.
pub fn read_boxes(path: &Path) -> Result<BoxFile, FileError> {
    unless_panicking(path, || read_table(path))
}

fn read_table(path: &Path) -> Result<BoxFile, FileError> {
    let mut table = table::open(path)?;
    let header = Header::of(path, table.names(), |column| table.type_without_text(column))?;
    let mut rows = BoxRows::with_header(path, header);
    while let Some(cells) = table.next_row(rows.file.rows)? {
        rows.take(&cells);
    }
    Ok(rows.finish())
}

/// Takes the rows of a table of metadata one by one, whatever engine holds it, by the same rules as [`read_boxes`].
#[derive(Debug)]
pub struct BoxRows {
    header: Header,
    positions: HashMap<BoxId, usize>,
    file: BoxFile,
}

impl BoxRows {
    /// A table of this name with these columns, in order of the cells to come. All cells have a text.
    ///
    /// # Errors
    /// [`FileError::MissingColumn`] and [`FileError::RepeatedColumn`].
    pub fn new(table: &Path, columns: &[String]) -> Result<Self, FileError> {
        Ok(Self::with_header(table, Header::of(table, columns, |_| None)?))
    }

    fn with_header(table: &Path, header: Header) -> Self {
        let file = BoxFile {
            file: table.to_owned(),
            rows: 0,
            boxes: Vec::new(),
            refusals: Refusals::new(table, NAMED_ROWS),
            warnings: Refusals::new(table, NAMED_ROWS),
        };
        Self { header, positions: HashMap::new(), file }
    }

    /// Takes a row: its cells in order of the columns, none where a cell is null.
    pub fn take(&mut self, cells: &[Option<String>]) {
        let Self { header, positions, file } = self;
        file.rows += 1;
        let row = file.rows;
        match header.read(cells) {
            Err(reason) => file.refusals.add(row, reason, || shown(cells)),
            Ok((metadata, unusable)) => {
                for Unusable { reason, text } in unusable {
                    file.warnings.add(row, reason, || format!("{}: {text}", metadata.box_id));
                }
                match positions.get(&metadata.box_id) {
                    Some(&position) => {
                        file.warnings.add(row, Reason::RepeatedBox, || metadata.box_id.to_string());
                        file.boxes[position] = metadata;
                    }
                    None => {
                        positions.insert(metadata.box_id.clone(), file.boxes.len());
                        file.boxes.push(metadata);
                    }
                }
            }
        }
    }

    /// All that was taken.
    pub fn finish(self) -> BoxFile {
        self.file
    }
}

fn shown(cells: &[Option<String>]) -> String {
    cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect::<Vec<_>>().join(",")
}
