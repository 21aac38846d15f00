//! Reads box metadata.

mod metadata;
mod table;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use domain::box_metadata::BoxMetadata;
use model::BoxId;

use crate::input::catch_decoder_panic;
use crate::refusal::NAMED_PER_REASON;
use crate::{FileError, Reason, Refusals};
pub use metadata::BOX_COLUMNS;
use metadata::{Header, Unusable};

/// A metadata file that was read completely.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxFile {
    /// The file.
    pub file: PathBuf,
    /// Number of data rows.
    pub rows: u64,
    /// The boxes, each once, in order of their first row.
    pub boxes: Vec<BoxMetadata>,
    /// Rows without a valid box id, or with fewer columns than the header.
    pub refusals: Refusals,
    /// Unusable cells (capacity, position) of usable rows, and repeated boxes.
    pub warnings: Refusals,
}

/// Reads box metadata from Parquet or CSV (plain, gzip, zstd), finding the columns by their source
/// names (see [`BoxMetadata`]) in any case and order. BOXID and VERMOGEN_NOMINAAL (or
/// `capacity_kva`) are required, the others optional; unknown columns are ignored. The whole file,
/// one row per box, is held in memory.
///
/// # Errors
/// [`FileError`] if the file can't be opened, is cut off or damaged, has no header, lacks a
/// required column or has one that holds neither text nor numbers.
pub fn read_boxes(path: &Path) -> Result<BoxFile, FileError> {
    catch_decoder_panic(path, || read_table(path))
}

fn read_table(path: &Path) -> Result<BoxFile, FileError> {
    let mut table = table::open(path)?;
    let header = Header::of(path, table.names(), |column| table.unsupported_type(column))?;
    let mut rows = BoxRows::with_header(path, header);
    while let Some(cells) = table.next_row(rows.file.rows)? {
        rows.push(&cells);
    }
    Ok(rows.finish())
}

/// Parses the rows of a metadata table one by one, whatever engine holds it, by the rules of
/// [`read_boxes`].
#[derive(Debug)]
pub struct BoxRows {
    header: Header,
    positions: HashMap<BoxId, usize>,
    file: BoxFile,
}

impl BoxRows {
    /// A table with these columns, in the order of the cells of each row, all of them text.
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
            refusals: Refusals::new(table, NAMED_PER_REASON),
            warnings: Refusals::new(table, NAMED_PER_REASON),
        };
        Self { header, positions: HashMap::new(), file }
    }

    /// Adds a row: its cells in column order, None for null.
    pub fn push(&mut self, cells: &[Option<String>]) {
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

    /// The boxes and refusals of all rows.
    pub fn finish(self) -> BoxFile {
        self.file
    }
}

fn shown(cells: &[Option<String>]) -> String {
    cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect::<Vec<_>>().join(",")
}
