//! Reads capacities from CSV: the columns `boxid` (or `box_id`) and `capacity_kva`, in any case.

use std::collections::BTreeMap;
use std::path::Path;

use model::{BoxId, Capacity};

use crate::{FileError, RefusedRows};

/// The content of a file of capacities.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CapacitiesFile {
    /// The capacity of each box.
    pub capacities: BTreeMap<BoxId, Capacity>,
    /// Refused rows with their reasons. Of a repeated box the first row is kept.
    pub refused: RefusedRows,
}

impl CapacitiesFile {
    /// Reads a file; invalid rows are refused.
    ///
    /// # Errors
    /// [`FileError`] if it can't be opened or read, or a column is missing.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let damaged = |row, error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(source) if row == 0 => FileError::Unreadable { file: path.to_owned(), source },
            kind => FileError::Damaged { file: path.to_owned(), row, reason: format!("{kind:?}") },
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_path(path)
            .map_err(|error| damaged(0, error))?;
        let headers = reader.headers().map_err(|error| damaged(0, error))?.clone();
        let find = |names: &[&str], column| {
            let name = |header: &str| header.trim_start_matches('\u{feff}').to_ascii_lowercase();
            headers.iter().position(|header| names.contains(&name(header).as_str())).ok_or_else(|| {
                FileError::MissingColumn {
                    file: path.to_owned(),
                    column,
                    found: headers.iter().collect::<Vec<_>>().join(", "),
                }
            })
        };
        let (box_column, capacity_column) =
            (find(&["boxid", "box_id"], "boxid")?, find(&["capacity_kva"], "capacity_kva")?);
        let mut read = Self::default();
        for (row, record) in (1..).zip(reader.records()) {
            let record = record.map_err(|error| damaged(row, error))?;
            let cell = |column: usize| record.get(column).unwrap_or_default();
            match capacity_of(cell(box_column), cell(capacity_column)) {
                Err(reason) => read.refused.add(row, reason),
                Ok((box_id, _)) if read.capacities.contains_key(&box_id) => {
                    read.refused.add(row, format!("the box {box_id} is repeated"));
                }
                Ok((box_id, capacity)) => {
                    read.capacities.insert(box_id, capacity);
                }
            }
        }
        Ok(read)
    }
}

fn capacity_of(box_id: &str, kva: &str) -> Result<(BoxId, Capacity), String> {
    let box_id = BoxId::new(box_id).map_err(|error| error.to_string())?;
    let kva: f64 = kva.parse().map_err(|_| format!("{kva:?} is not a number of kVA"))?;
    Ok((box_id, Capacity::new(kva).map_err(|error| error.to_string())?))
}
