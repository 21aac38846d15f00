//! Reads box metadata.

mod assembly;
mod engine_table;
mod marks;
mod metadata;
mod table;

use std::path::{Path, PathBuf};

use domain::box_metadata::BoxMetadata;

use crate::input::catch_decoder_panic;
use crate::{FileError, FileNote, Notation, Refusals};
use assembly::Assembly;
pub use engine_table::{BoxRows, TableColumn};
use marks::Marks;
pub use metadata::BOX_COLUMNS;
use metadata::Header;
use table::Row;

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
    /// How the file was read, where it could have been meant otherwise.
    pub notes: Vec<FileNote>,
}

/// Reads box metadata from Parquet or CSV (plain, gzip, zstd), finding the columns by their source
/// names (see [`BoxMetadata`]) in any case and order. BOXID and VERMOGEN_NOMINAAL (or
/// `capacity_kva`) are required, the others optional; unknown columns are ignored. The whole file,
/// one row per box, is held in memory.
///
/// Capacities are in kVA: one for which a column or a folder names another unit is warned of and left out.
/// Of a box that is named twice the later row is taken; its capacity only where it has one.
///
/// All its capacities have the same decimal mark, which they tell as a whole: what can't be told
/// apart, such as `1.600`, is refused with the setting that says it.
///
/// # Errors
/// [`FileError`] if the file can't be opened, is cut off or damaged, is of an unsupported kind, has
/// no header, lacks a required column or has one that holds neither text nor numbers, or doesn't
/// tell how its numbers are meant.
pub fn read_boxes(path: &Path, notation: &Notation) -> Result<BoxFile, FileError> {
    catch_decoder_panic(path, || read_table(path, notation))
}

fn read_table(path: &Path, notation: &Notation) -> Result<BoxFile, FileError> {
    let mut table = table::open(path)?;
    let header = Header::of(path, table.names(), |column| table.unsupported_type(column));
    let mut header = header.map_err(|error| if table.is_text() { error } else { error.of_parquet() })?;
    table.set_row_test(header.row_test());
    let mut rows = Vec::new();
    while let Some(row) = table.next_row(rows.len() as u64)? {
        header.look_for_unit(&row);
        rows.push(row);
    }
    let is_written = |column: usize| table.is_written(column);
    let cells = rows.iter().filter_map(|row| match row {
        Row::Cells(cells) => Some(cells.as_slice()),
        Row::Refused(..) => None,
    });
    let (capacities, degrees) = written_numbers(&header, cells, is_written);
    let marks = marks::marks(path, notation, &capacities, &degrees)?;
    let is_whole = table.is_written(header.box_id) && header.leave_out_zeros(&mut rows);
    let mut boxes = Assembly::new(path, header, marks.unwrap_or(Marks::POINTS));
    let mut refused_before = 0;
    for row in &rows {
        refused_before = boxes.file.refusals.total();
        match row {
            Row::Cells(cells) => boxes.push(cells, is_written),
            Row::Refused(reason, text) => boxes.refuse(*reason, text),
        }
    }
    let mut file = boxes.file;
    // A last row that was refused is named as it is.
    let is_open = table.is_open() && file.refusals.total() == refused_before;
    file.notes = table.notes();
    file.notes.extend(
        FileNote::of_mark(marks.and_then(|marks| marks.capacities))
            .into_iter()
            .chain(is_whole.then_some(FileNote::WholeIds))
            .chain(is_open.then_some(FileNote::OpenEnd)),
    );
    Ok(file)
}

/// The texts of all rows that tell how numbers are written: the capacities, and the degrees.
fn written_numbers<'a>(
    header: &Header,
    rows: impl Iterator<Item = &'a [Option<String>]>,
    is_written: impl Fn(usize) -> bool,
) -> (Vec<String>, Vec<String>) {
    let (mut capacities, mut degrees) = (Vec::new(), Vec::new());
    for cells in rows {
        let (capacity, position) = header.written(cells, &is_written);
        capacities.extend(capacity);
        degrees.extend(position.into_iter().flatten());
    }
    (capacities, degrees)
}
