//! Reads box metadata.

mod marks;
mod metadata;
mod table;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use domain::box_metadata::BoxMetadata;
use model::BoxId;

use crate::input::catch_decoder_panic;
use crate::number::Numbers;
use crate::refusal::NAMED_PER_REASON;
use crate::{DecimalMark, FileError, FileNote, Notation, Reason, Refusals};
use marks::Marks;
pub use metadata::BOX_COLUMNS;
use metadata::{Header, Unusable};
use table::{Row, Table};

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
    let header = header.map_err(|error| if table.is_text() { error } else { error.of_parquet() })?;
    table.set_row_test(header.row_test());
    let mut rows = Vec::new();
    while let Some(row) = table.next_row(rows.len() as u64)? {
        rows.push(row);
    }
    let marks = decimal_marks(path, notation, &table, &header, &rows)?;
    let is_whole = table.is_written(header.box_id) && header.leave_out_zeros(&mut rows);
    let mut boxes = BoxRows::with_header(path, header);
    let points = Marks { capacities: DecimalMark::Point, degrees: DecimalMark::Point };
    boxes.marks = Some(marks.unwrap_or(points));
    for row in &rows {
        match row {
            Row::Cells(cells) => boxes.push_of(cells, |column| table.is_written(column)),
            Row::Refused(reason, text) => boxes.refuse(*reason, text),
        }
    }
    boxes.file.notes = table.notes();
    boxes.file.notes.extend(
        FileNote::of_mark(marks.map(|marks| marks.capacities))
            .into_iter()
            .chain(is_whole.then_some(FileNote::WholeIds)),
    );
    Ok(boxes.finish())
}

/// What the numbers of all rows together say of their decimal marks.
fn decimal_marks(
    path: &Path,
    notation: &Notation,
    table: &Table,
    header: &Header,
    rows: &[Row],
) -> Result<Option<Marks>, FileError> {
    let (mut capacities, mut degrees) = (Vec::new(), Vec::new());
    for row in rows {
        if let Row::Cells(cells) = row {
            let (capacity, position) = header.written(cells, |column| table.is_written(column));
            capacities.extend(capacity);
            degrees.extend(position.into_iter().flatten());
        }
    }
    marks::marks(path, notation, &capacities, &degrees)
}

/// Parses the rows of a metadata table one by one, whatever engine holds it, by the rules of
/// [`read_boxes`].
#[derive(Debug)]
pub struct BoxRows {
    header: Header,
    positions: HashMap<BoxId, usize>,
    /// How numbers in text are written; None of a table whose engine writes them.
    marks: Option<Marks>,
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
            notes: Vec::new(),
        };
        Self { header, positions: HashMap::new(), marks: None, file }
    }

    /// Adds a row: its cells in column order, None for null.
    pub fn push(&mut self, cells: &[Option<String>]) {
        self.push_of(cells, |_| false);
    }

    fn refuse(&mut self, reason: Reason, text: &str) {
        self.file.rows += 1;
        self.file.refusals.add(self.file.rows, reason, || text.to_owned());
    }

    /// Adds a row of a file; `is_written` tells of which columns the numbers are text.
    fn push_of(&mut self, cells: &[Option<String>], is_written: impl Fn(usize) -> bool) {
        let marks = self.marks;
        let Self { header, positions, file, .. } = self;
        file.rows += 1;
        let row = file.rows;
        let capacity = header.capacity;
        let number = |column: usize, text: &str| match marks {
            Some(marks) if is_written(column) => {
                let mark = if column == capacity { marks.capacities } else { marks.degrees };
                Numbers::new(Some(mark), None, true).parse(text.as_bytes())
            }
            _ => text.parse().ok(),
        };
        match header.read(cells, number) {
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
