//! Reads the rows of weekly extremes.

use std::borrow::Cow;

use arrow_array::ArrayRef;
use chrono::NaiveDate;
use model::{BoxId, IsoWeek, Phase, WeekExtremes};
use readings::{Channel, DecimalMark, Unit, is_missing, quoted};

use super::cells;
use super::row_error::RowError;

/// Whether a phase, or the channel as the source names it, is the sum of the phases; nothing if it is no channel.
pub(super) fn is_sum(phase: &str) -> Option<bool> {
    if let Ok(phase) = phase.trim().to_ascii_lowercase().parse::<Phase>() {
        return Some(phase == Phase::Sumli);
    }
    Channel::parse(phase).ok().map(|channel| channel == Channel::ActivePower(Phase::Sumli))
}

/// The columns of a batch.
pub(super) struct Columns<'b> {
    pub(super) boxes: Option<Vec<Option<Cow<'b, str>>>>,
    pub(super) folder_box: Option<&'b str>,
    /// Of each column that names a unit.
    pub(super) units: Vec<Vec<Option<Cow<'b, str>>>>,
    /// Another unit than kW that a folder names, as it is quoted.
    pub(super) folder_unit: Option<&'b str>,
    pub(super) phases: Option<Vec<Option<Cow<'b, str>>>>,
    pub(super) folder_phase: Option<&'b str>,
    /// The dates as far as they can be read, and their column.
    pub(super) dates: Option<(Vec<Option<NaiveDate>>, &'b ArrayRef)>,
    pub(super) year_and_week: Option<(Number<'b>, Number<'b>)>,
    pub(super) min: &'b ArrayRef,
    pub(super) max: &'b ArrayRef,
    pub(super) readings: Option<&'b ArrayRef>,
    /// Of numbers in text.
    pub(super) mark: Option<DecimalMark>,
}

/// A number of each row, or the same of all that a folder names.
#[derive(Clone, Copy)]
pub(super) struct Number<'b> {
    pub(super) column: Option<&'b ArrayRef>,
    pub(super) folder: Option<f64>,
}

impl Columns<'_> {
    pub(super) fn rows(&self) -> usize {
        self.min.len()
    }

    /// The number in a cell; None if it is empty.
    fn number(&self, column: &ArrayRef, row: usize, name: &'static str) -> Result<Option<f64>, RowError> {
        match cells::number(column, row, self.mark) {
            None => cells::text(column, row).map_or(Ok(None), |text| Err(RowError::NoNumber(name, text))),
            number => Ok(number),
        }
    }

    /// Whether a row is of the sum of the phases, as all are where no column tells.
    pub(super) fn is_sum(&self, row: usize) -> Result<bool, RowError> {
        let is_sum_of = |phase: &str| is_sum(phase).ok_or_else(|| RowError::Phase(quoted(phase)));
        let of_row = self.phases.as_ref().and_then(|phases| phases[row].as_deref());
        let of_row = of_row.filter(|phase| !phase.trim().is_empty()).map(is_sum_of).transpose()?;
        let of_folder = self.folder_phase.filter(|phase| !phase.is_empty()).map(is_sum_of).transpose()?;
        match (of_folder, of_row) {
            (Some(folder), Some(row)) if folder != row => Err(RowError::OtherThanFolder),
            (None, None) if self.phases.is_some() || self.folder_phase.is_some() => Err(RowError::NoPhase),
            (folder, row) => Ok(row.or(folder).unwrap_or(true)),
        }
    }

    fn box_id(&self, row: usize) -> Result<BoxId, RowError> {
        let id = |id: &str| (!is_missing(id)).then(|| BoxId::from_source(id)).transpose();
        let of_row = self.boxes.as_ref().and_then(|boxes| boxes[row].as_deref());
        let of_row = of_row.map(id).transpose()?.flatten();
        let of_folder = self.folder_box.map(id).transpose()?.flatten();
        match (of_folder, of_row) {
            (Some(folder), Some(row)) if folder != row => Err(RowError::OtherThanFolder),
            (folder, row) => row.or(folder).ok_or(RowError::NoBox),
        }
    }

    pub(super) fn row(&self, row: usize) -> Result<(BoxId, WeekExtremes), RowError> {
        let box_id = self.box_id(row)?;
        let mut units = self.units.iter().filter_map(|units| units[row].as_deref());
        let other = units.find(|unit| !Unit::Kilowatt.admits(unit.as_bytes())).map(quoted);
        if let Some(other) = other.or(self.folder_unit.map(str::to_owned)) {
            return Err(RowError::OtherUnit(other));
        }
        let value = |column: &ArrayRef, name| match self.number(column, row, name)? {
            None => Err(RowError::NoValue(name)),
            Some(kw) if kw.is_finite() => Ok(kw),
            Some(kw) => Err(RowError::NotFinite(name, kw)),
        };
        let week = self.week(row)?;
        let (min_kw, max_kw) = (value(self.min, "minimum")?, value(self.max, "maximum")?);
        if min_kw > max_kw {
            return Err(RowError::MinimumAboveMaximum { min_kw, max_kw });
        }
        let readings = match self.readings {
            None => 0,
            Some(column) => match self.number(column, row, "number of readings")? {
                None => return Err(RowError::NoValue("number of readings")),
                Some(n) if n.fract() == 0.0 && (1.0..=f64::from(u16::MAX)).contains(&n) => n as u16,
                Some(readings) => return Err(RowError::Readings { readings }),
            },
        };
        Ok((box_id, WeekExtremes { week, min_kw, max_kw, readings }))
    }

    /// The week from its date, from year and number, or from both, which must agree.
    fn week(&self, row: usize) -> Result<IsoWeek, RowError> {
        let numbered = self.numbered_week(row)?;
        let date = match &self.dates {
            None => None,
            Some((dates, column)) => match (dates[row], cells::text(column, row)) {
                (None, Some(unread)) => return Err(RowError::BadDate(unread)),
                (date, _) => date,
            },
        };
        match (date, numbered) {
            (None, numbered) => numbered.ok_or(RowError::NoDate),
            (Some(date), numbered) => {
                let week = IsoWeek::containing(date);
                match numbered {
                    _ if week.monday() != date => Err(RowError::NotMonday(date)),
                    Some(numbered) if numbered != week => Err(RowError::WeekDiffers { date, week: numbered }),
                    _ => Ok(week),
                }
            }
        }
    }

    /// The week from year and number; None where one of them is not told.
    fn numbered_week(&self, row: usize) -> Result<Option<IsoWeek>, RowError> {
        let Some((year, week)) = self.year_and_week else { return Ok(None) };
        let number = |number: Number<'_>, name| -> Result<_, RowError> {
            let of_row = number.column.map(|column| self.number(column, row, name)).transpose()?.flatten();
            match (number.folder, of_row) {
                (Some(folder), Some(row)) if folder != row => Err(RowError::OtherThanFolder),
                (folder, row) => Ok(row.or(folder)),
            }
        };
        let (Some(year), Some(week)) = (number(year, "year")?, number(week, "week")?) else {
            return Ok(None);
        };
        if year.fract() != 0.0 || week.fract() != 0.0 {
            return Err(RowError::NoWeek { year, week });
        }
        // Casts saturate to values that are not valid weeks.
        Ok(Some(IsoWeek::from_year_and_number(year as i32, week as u32)?))
    }
}
