//! Where the columns of a file of weekly extremes are.

use std::path::Path;

use arrow_array::RecordBatch;
use readings::{UNIT_COLUMNS, partition_value};

use super::cells::{self, Kind};
use super::row::Columns;
use crate::FileError;

/// The names of the column, or folder, that tells the box.
const BOXES: [&str; 3] = ["boxid", "box_id", "box"];

/// The names of the column, or folder, that tells the phase.
const PHASES: [&str; 3] = ["phase", "channel", "channelid"];

/// The positions of the columns in a file.
pub(super) struct Layout {
    box_id: Option<usize>,
    date: Option<usize>,
    year_and_week: Option<(usize, usize)>,
    min: usize,
    max: usize,
    pub(super) readings: Option<usize>,
    phase: Option<usize>,
    unit: Option<usize>,
    /// The phase that the name of a folder gives to the whole file.
    folder_phase: Option<String>,
    /// The box, in the same way.
    folder_box: Option<String>,
}

impl Layout {
    pub(super) fn of(path: &Path, schema: &arrow_schema::Schema) -> Result<Self, FileError> {
        let fields = schema.fields();
        let find = |names: &[&'static str], kind: Kind| -> Result<Option<usize>, FileError> {
            let named = |name: &str| names.iter().any(|accepted| name.trim().eq_ignore_ascii_case(accepted));
            let mut found = fields.iter().enumerate().filter(|(_, field)| named(field.name()));
            let Some((index, _)) = found.next() else { return Ok(None) };
            // Which of two is meant can't be known.
            if found.next().is_some() {
                let repeated =
                    readings::FileError::RepeatedColumn { file: path.to_owned(), column: names[0] };
                return Err(repeated.into());
            }
            if kind.admits(fields[index].data_type()) {
                Ok(Some(index))
            } else {
                Err(FileError::WrongType {
                    file: path.to_owned(),
                    column: fields[index].name().clone(),
                    found: fields[index].data_type().to_string(),
                    expected: kind.expected(),
                })
            }
        };
        let missing = |column| FileError::MissingColumn {
            file: path.to_owned(),
            column,
            found: fields.iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", "),
        };
        let date = find(&["date"], Kind::Date)?;
        let year_and_week = find(&["year"], Kind::Number)?.zip(find(&["week"], Kind::Number)?);
        if date.is_none() && year_and_week.is_none() {
            return Err(missing("date, nor year and week"));
        }
        let folder_box = BOXES.into_iter().find_map(|name| partition_value(path, name));
        let box_id = find(&BOXES, Kind::Text)?;
        if box_id.is_none() && folder_box.is_none() {
            return Err(missing("boxid"));
        }
        Ok(Self {
            box_id,
            folder_box,
            unit: find(&UNIT_COLUMNS, Kind::Text)?,
            date,
            year_and_week,
            min: find(&["min", "min_kw"], Kind::Number)?.ok_or_else(|| missing("min"))?,
            max: find(&["max", "max_kw"], Kind::Number)?.ok_or_else(|| missing("max"))?,
            readings: find(&["n", "readings"], Kind::Number)?,
            phase: find(&PHASES, Kind::Text)?,
            folder_phase: PHASES.into_iter().find_map(|name| partition_value(path, name)),
        })
    }

    pub(super) fn columns<'b>(&'b self, batch: &'b RecordBatch) -> Columns<'b> {
        Columns {
            boxes: self.box_id.map(|box_id| cells::texts(batch.column(box_id))),
            folder_box: self.folder_box.as_deref(),
            units: self.unit.map(|unit| cells::texts(batch.column(unit))),
            phases: self.phase.map(|phase| cells::texts(batch.column(phase))),
            folder_phase: self.folder_phase.as_deref(),
            dates: self.date.map(|date| (cells::dates(batch.column(date)), batch.column(date))),
            year_and_week: self.year_and_week.map(|(year, week)| (batch.column(year), batch.column(week))),
            min: batch.column(self.min),
            max: batch.column(self.max),
            readings: self.readings.map(|readings| batch.column(readings)),
        }
    }
}
