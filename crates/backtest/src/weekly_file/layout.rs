//! Where the columns of a file of weekly extremes are.

use std::path::Path;

use arrow_array::RecordBatch;
use readings::{UNIT_COLUMNS, Unit, partition_value, quoted};

use super::cells::{self, Kind};
use super::row::{Columns, is_sum};
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
    units: Vec<usize>,
    /// Another unit than kW that a folder names.
    folder_unit: Option<String>,
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
        let folder_box = of_folder(path, &BOXES, |one, other| one == other)?;
        let box_id = find(&BOXES, Kind::Text)?;
        if box_id.is_none() && folder_box.is_none() {
            return Err(missing("boxid"));
        }
        let units = UNIT_COLUMNS.map(|name| find(&[name], Kind::Unit));
        let units = units.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            box_id,
            folder_box,
            units: units.into_iter().flatten().collect(),
            folder_unit: Unit::Kilowatt.other_of_folders(path)?.map(|unit| quoted(&unit)),
            date,
            year_and_week,
            min: find(&["min", "min_kw"], Kind::Number)?.ok_or_else(|| missing("min"))?,
            max: find(&["max", "max_kw"], Kind::Number)?.ok_or_else(|| missing("max"))?,
            readings: find(&["n", "readings"], Kind::Number)?,
            phase: find(&PHASES, Kind::Text)?,
            folder_phase: of_folder(path, &PHASES, |one, other| is_sum(one) == is_sum(other))?,
        })
    }

    pub(super) fn columns<'b>(&'b self, batch: &'b RecordBatch) -> Columns<'b> {
        Columns {
            boxes: self.box_id.map(|box_id| cells::texts(batch.column(box_id))),
            folder_box: self.folder_box.as_deref(),
            units: self.units.iter().map(|&unit| cells::texts(batch.column(unit))).collect(),
            folder_unit: self.folder_unit.as_deref(),
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

/// What the folders of a file say under one of several names, which must agree.
fn of_folder(
    path: &Path,
    names: &[&'static str],
    agree: impl Fn(&str, &str) -> bool,
) -> Result<Option<String>, FileError> {
    let mut found: Option<String> = None;
    for column in names {
        match (found.take(), partition_value(path, column)?) {
            (Some(one), Some(other)) if !agree(&one, &other) => {
                let file = path.to_owned();
                return Err(readings::FileError::FoldersDiffer { file, column, one, other }.into());
            }
            (one, other) => found = one.or(other),
        }
    }
    Ok(found)
}
