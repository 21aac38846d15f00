//! Puts the boxes of a table together, row by row.

use std::collections::HashMap;
use std::path::Path;

use domain::box_metadata::BoxMetadata;
use model::BoxId;

use super::BoxFile;
use super::marks::Marks;
use super::metadata::{Header, Unusable};
use crate::number::Numbers;
use crate::refusal::NAMED_PER_REASON;
use crate::{DecimalMark, Reason, Refusals};

/// The boxes of the rows so far.
#[derive(Debug)]
pub(super) struct Assembly {
    header: Header,
    positions: HashMap<BoxId, usize>,
    marks: Marks,
    pub(super) file: BoxFile,
}

impl Assembly {
    pub(super) fn new(table: &Path, header: Header, marks: Marks) -> Self {
        let file = BoxFile {
            file: table.to_owned(),
            rows: 0,
            boxes: Vec::new(),
            refusals: Refusals::new(table, NAMED_PER_REASON),
            warnings: Refusals::new(table, NAMED_PER_REASON),
            notes: Vec::new(),
        };
        Self { header, positions: HashMap::new(), marks, file }
    }

    pub(super) fn refuse(&mut self, reason: Reason, text: &str) {
        self.file.rows += 1;
        self.file.refusals.add(self.file.rows, reason, || text.to_owned());
    }

    /// Adds a row; `is_written` tells of which columns the numbers are text.
    pub(super) fn push(&mut self, cells: &[Option<String>], is_written: impl Fn(usize) -> bool) {
        let marks = self.marks;
        let Self { header, positions, file, .. } = self;
        file.rows += 1;
        let row = file.rows;
        let capacity = header.capacity;
        let number = |column: usize, text: &str| {
            let mark = if column == capacity { marks.capacities } else { marks.degrees };
            if is_written(column) { written(text, mark) } else { text.parse().ok() }
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
                        let earlier = &mut file.boxes[position];
                        // No row takes away a capacity that another one tells.
                        let capacity = metadata.capacity.or(earlier.capacity);
                        *earlier = BoxMetadata { capacity, ..metadata };
                    }
                    None => {
                        positions.insert(metadata.box_id.clone(), file.boxes.len());
                        file.boxes.push(metadata);
                    }
                }
            }
        }
    }
}

/// A number in text; where its mark can't be told, only one without any.
fn written(text: &str, mark: Option<DecimalMark>) -> Option<f64> {
    match mark {
        None if text.contains(['.', ',']) => None,
        mark => Numbers::new(mark, None, true).parse(text.as_bytes()),
    }
}

fn shown(cells: &[Option<String>]) -> String {
    cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect::<Vec<_>>().join(",")
}
