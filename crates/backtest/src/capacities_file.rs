//! Reads capacities from CSV: the columns `boxid` (or `box_id`) and `capacity_kva`, in any case.

use std::collections::BTreeMap;
use std::path::Path;

use model::{BoxId, Capacity};
use readings::{Notation, Reason, TextRow, TextTable, Unit, quoted, unit_columns};

use crate::{FileError, RefusedRows};

/// Two names of the box, and that of its capacity.
const COLUMNS: [&str; 3] = ["boxid", "box_id", "capacity_kva"];

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
    pub fn read(path: &Path, notation: &Notation) -> Result<Self, FileError> {
        let Some(mut table) = TextTable::open(path, &COLUMNS, &COLUMNS[2..], notation)? else {
            return Err(FileError::Damaged {
                file: path.to_owned(),
                row: 0,
                reason: "it is Parquet, capacities are read from CSV".to_owned(),
            });
        };
        let find = |names: &[&str], column| {
            let is_named = |name: &String| names.iter().any(|accepted| name.eq_ignore_ascii_case(accepted));
            table.names().iter().position(is_named).ok_or_else(|| FileError::MissingColumn {
                file: path.to_owned(),
                column,
                found: table.names().join(", "),
            })
        };
        let (box_column, capacity_column) =
            (find(&COLUMNS[..2], COLUMNS[0])?, find(&COLUMNS[2..], COLUMNS[2])?);
        let units = unit_columns(path, table.names())?;
        let is_kva = |unit: &str| Unit::KilovoltAmpere.admits(unit.as_bytes());
        let mut read = Self::default();
        let mut row = 0;
        while let Some(found) = table.next_row()? {
            row += 1;
            let found = match found {
                TextRow::Refused(reason, text) => Err((reason, format!("{reason}: {}", quoted(&text)))),
                TextRow::Cells(cells) if !units.iter().all(|&unit| is_kva(&cells[unit])) => {
                    Err((Reason::BadCapacity, "the capacity is not in kVA".to_owned()))
                }
                TextRow::Cells(cells) => {
                    let kva = table.number(&cells[capacity_column]);
                    capacity_of(&cells[box_column], &cells[capacity_column], kva)
                }
            };
            match found {
                Err((code, reason)) => read.refused.add(row, code, reason),
                Ok((box_id, _)) if read.capacities.contains_key(&box_id) => {
                    read.refused.add(row, Reason::RepeatedBox, format!("the box {box_id} is repeated"));
                }
                Ok((box_id, capacity)) => {
                    read.capacities.insert(box_id, capacity);
                }
            }
        }
        Ok(read)
    }
}

fn capacity_of(box_id: &str, cell: &str, kva: Option<f64>) -> Result<(BoxId, Capacity), (Reason, String)> {
    let box_id = BoxId::new(box_id).map_err(|error| (error.clone().into(), error.to_string()))?;
    let bad = |sentence: String| (Reason::BadCapacity, sentence);
    let kva = kva.ok_or_else(|| bad(format!("\"{}\" is not a number of kVA", quoted(cell))))?;
    Ok((box_id, Capacity::new(kva).map_err(|error| bad(error.to_string()))?))
}
