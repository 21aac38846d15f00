//! Where the columns of a file of weekly extremes are.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::DataType;
use chrono_tz::Tz;
use readings::{DecimalMark, UNIT_COLUMNS, Unit, partition_value, quoted};

use super::cells::{self, Kind};
use super::row::{Columns, Number, is_sum};
use crate::FileError;

/// The names of the column, or folder, that tells the box.
const BOXES: [&str; 3] = ["boxid", "box_id", "box"];

/// The names of the column, or folder, that tells the phase.
const PHASES: [&str; 3] = ["phase", "channel", "channelid"];

/// Where a year or a week is told: in a column, in the name of a folder for the whole file, or in both.
#[derive(Clone, Copy)]
struct Numbered {
    column: Option<usize>,
    folder: Option<f64>,
}

/// The positions of the columns in a file.
pub(super) struct Layout {
    box_id: Option<usize>,
    date: Option<usize>,
    year: Option<Numbered>,
    week: Option<Numbered>,
    /// In which timestamps are dates, beside their own zone.
    zone: Option<Tz>,
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
    pub(super) fn of(
        path: &Path,
        schema: &arrow_schema::Schema,
        zone: Option<Tz>,
    ) -> Result<Self, FileError> {
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
        let numbered = |name: &'static str| -> Result<Option<Numbered>, FileError> {
            let column = find(&[name], Kind::Number)?;
            // Beside a date the folder may be that of the export.
            let folder = match column.is_some() || date.is_none() {
                true => partition_value(path, name)?.and_then(|text| text.trim().parse().ok()),
                false => None,
            };
            Ok((column.is_some() || folder.is_some()).then_some(Numbered { column, folder }))
        };
        let (year, week) = numbered("year")?.zip(numbered("week")?).unzip();
        if date.is_none() && year.is_none() {
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
            year,
            week,
            zone,
            min: find(&["min", "min_kw"], Kind::Number)?.ok_or_else(|| missing("min"))?,
            max: find(&["max", "max_kw"], Kind::Number)?.ok_or_else(|| missing("max"))?,
            readings: find(&["n", "readings"], Kind::Number)?,
            // A column of nothing at all tells no phase.
            phase: find(&PHASES, Kind::Text)?.filter(|&phase| *fields[phase].data_type() != DataType::Null),
            folder_phase: of_folder(path, &PHASES, |one, other| is_sum(one) == is_sum(other))?,
        })
    }

    /// The columns that hold numbers.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let column = |numbered: Option<Numbered>| numbered.and_then(|numbered| numbered.column);
        let optional = [column(self.year), column(self.week), self.readings];
        [self.min, self.max].into_iter().chain(optional.into_iter().flatten()).collect()
    }

    /// The columns of a batch, whose texts of numbers have this decimal mark.
    pub(super) fn columns<'b>(&'b self, batch: &'b RecordBatch, mark: Option<DecimalMark>) -> Columns<'b> {
        let numbered = |numbered: Numbered| Number {
            column: numbered.column.map(|column| batch.column(column)),
            folder: numbered.folder,
        };
        Columns {
            mark,
            boxes: self.box_id.map(|box_id| cells::texts(batch.column(box_id))),
            folder_box: self.folder_box.as_deref(),
            units: self.units.iter().map(|&unit| cells::texts(batch.column(unit))).collect(),
            folder_unit: self.folder_unit.as_deref(),
            phases: self.phase.map(|phase| cells::texts(batch.column(phase))),
            folder_phase: self.folder_phase.as_deref(),
            dates: self.date.map(|date| (cells::dates(batch.column(date), self.zone), batch.column(date))),
            year_and_week: self.year.map(numbered).zip(self.week.map(numbered)),
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
