//! Reads weekly extremes from Parquet or CSV, one row per box and week.
//!
//! Columns, in any case: `boxid` (or `box_id`, or `box`), `date` (the week's Monday) or `year` and `week`
//! (ISO), `min` and `max` (or `min_kw`, `max_kw`; kW, negative is feed-in), and optionally `n` (or
//! `readings`). If there is a column `phase` (or
//! `channel`, `channelid`), only rows of the sum, `sumli`, are read. Other
//! columns are ignored.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow_array::{ArrayRef, RecordBatch};
use chrono::NaiveDate;
use model::{BoxId, BoxIdError, Capacity, IsoWeek, Phase, WeekError, WeekExtremes};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use readings::{Channel, FileNote, Notation, Reason, UNIT_COLUMNS, is_other_unit, partition_value, quoted};

use crate::columns::{self, Kind};
use crate::weekly_csv::{Rows, WeeklyCsv};
use crate::{BoxHistory, DataSet, FileError, RefusedRows};

/// The content of a file of weekly extremes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct WeeklyFile {
    /// The weeks of each box.
    pub boxes: BTreeMap<BoxId, BTreeMap<IsoWeek, WeekExtremes>>,
    /// Number of rows in the file.
    pub rows: u64,
    /// Whether the file counts the readings of each week.
    pub has_readings: bool,
    /// Rows of other channels than the sum of the phases.
    pub other_channels: u64,
    /// Rows of weeks that are not over.
    pub unfinished: u64,
    /// Refused rows with their reasons. Of a repeated week the last row is kept.
    pub refused: RefusedRows,
    /// How a text was read, where it could have been meant otherwise.
    pub notes: Vec<FileNote>,
}

/// What becomes of a row that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It is taken.
    Taken,
    /// Its week is not over: it is left out.
    Unfinished,
    /// It can't be right.
    Refused(Reason),
}

/// Why a row was refused.
#[derive(Debug, thiserror::Error)]
enum RowError {
    #[error("there is no box identifier")]
    NoBox,
    #[error("there is no phase")]
    NoPhase,
    #[error("\"{0}\" is no phase, such as sumli, and no channel")]
    Phase(String),
    #[error(transparent)]
    BoxId(#[from] BoxIdError),
    #[error("the name of the folder says another box or channel")]
    OtherThanFolder,
    #[error("the unit is {0}, not kW")]
    OtherUnit(String),
    #[error("there is no date")]
    NoDate,
    #[error("the date \"{0}\" can't be read; dates are written year first, as 2026-11-16")]
    BadDate(String),
    #[error(transparent)]
    Week(#[from] WeekError),
    #[error("{0} is not a Monday")]
    NotMonday(NaiveDate),
    #[error("the date {date} is not the Monday of {week}")]
    WeekDiffers { date: NaiveDate, week: IsoWeek },
    #[error("the {0} is missing")]
    NoValue(&'static str),
    #[error("the {0} of {1} kW is not finite")]
    NotFinite(&'static str, f64),
    #[error("the minimum of {min_kw} kW is above the maximum of {max_kw} kW")]
    MinimumAboveMaximum { min_kw: f64, max_kw: f64 },
    #[error("{readings} is not a number of readings")]
    Readings { readings: f64 },
    #[error(
        "{week} of {box_id} is there twice, an earlier row with {min_kw} to {max_kw} kW gives way to this one"
    )]
    Again { box_id: BoxId, week: IsoWeek, min_kw: f64, max_kw: f64 },
    #[error("{reason}: {week} of {box_id}, {min_kw} to {max_kw} kW")]
    Judged { reason: Reason, box_id: BoxId, week: IsoWeek, min_kw: f64, max_kw: f64 },
}

impl RowError {
    fn code(&self) -> Reason {
        match self {
            Self::NoBox | Self::NoPhase | Self::NoValue(_) | Self::NoDate => Reason::MissingCell,
            Self::Phase(_) => Reason::UnknownChannelShape,
            Self::BoxId(_) => Reason::BadBoxId,
            Self::OtherThanFolder => Reason::OtherThanFolder,
            Self::OtherUnit(_) => Reason::OtherUnit,
            Self::BadDate(_) => Reason::BadTime,
            Self::Week(_) => Reason::OutOfCalendar,
            Self::NotMonday(_) | Self::WeekDiffers { .. } => Reason::NotTheMonday,
            Self::NotFinite(..) => Reason::NotFinite,
            Self::MinimumAboveMaximum { .. } => Reason::MinimumAboveMaximum,
            Self::Readings { .. } => Reason::BadReadings,
            Self::Again { .. } => Reason::RepeatedWeek,
            Self::Judged { reason, .. } => *reason,
        }
    }
}

impl WeeklyFile {
    /// The boxes with their known capacities as a data set.
    #[must_use]
    pub fn into_data_set(self, name: impl Into<String>, capacities: &BTreeMap<BoxId, Capacity>) -> DataSet {
        let history = |(box_id, weeks): (BoxId, BTreeMap<IsoWeek, WeekExtremes>)| BoxHistory {
            capacity: capacities.get(&box_id).copied(),
            box_id,
            weeks: weeks.into_values().collect(),
        };
        DataSet::new(name, self.boxes.into_iter().map(history).collect())
    }

    /// Reads a file; invalid rows are refused.
    ///
    /// # Errors
    /// [`FileError`] if it can't be opened or read, or a column is missing or of another type.
    pub fn read(path: &Path, notation: &Notation) -> Result<Self, FileError> {
        Self::read_judged(path, notation, |_, _| Judgement::Taken)
    }

    /// Reads a file; invalid rows are refused, and those that `judge` refuses.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_judged(
        path: &Path,
        notation: &Notation,
        judge: impl Fn(&BoxId, &WeekExtremes) -> Judgement,
    ) -> Result<Self, FileError> {
        if let Some(csv) = WeeklyCsv::open(path, notation)? {
            return Self::read_csv(path, csv, judge);
        }
        let file =
            File::open(path).map_err(|source| FileError::Unreadable { file: path.to_owned(), source })?;
        let mut read = Self::default();
        let damaged = |row: u64, reason: String| FileError::Damaged { file: path.to_owned(), row, reason };
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(0, error.to_string()))?;
        let layout = Layout::of(path, builder.schema())?;
        read.has_readings = layout.readings.is_some();
        for batch in builder.build().map_err(|error| damaged(0, error.to_string()))? {
            let batch = batch.map_err(|error| damaged(read.rows, error.to_string()))?;
            read.take(&layout.columns(&batch), &judge);
        }
        Ok(read)
    }

    fn read_csv(
        path: &Path,
        mut csv: WeeklyCsv,
        judge: impl Fn(&BoxId, &WeekExtremes) -> Judgement,
    ) -> Result<Self, FileError> {
        let layout = Layout::of(path, csv.schema())?;
        let mut read = Self { has_readings: layout.readings.is_some(), ..Self::default() };
        while !csv.is_at_end() {
            for rows in csv.next(path)? {
                match rows {
                    Rows::Columns(batch) => read.take(&layout.columns(&batch), &judge),
                    Rows::Refused(reason, sentence) => {
                        read.rows += 1;
                        read.refused.add(read.rows, reason, sentence);
                    }
                }
            }
        }
        read.notes = csv.notes();
        Ok(read)
    }

    fn take(&mut self, columns: &Columns<'_>, judge: impl Fn(&BoxId, &WeekExtremes) -> Judgement) {
        for row in 0..columns.min.len() {
            self.rows += 1;
            let is_sum = columns.is_sum(row);
            if let Ok(false) = is_sum {
                self.other_channels += 1;
                continue;
            }
            let read = is_sum.and_then(|_| columns.row(row));
            let taken = read.and_then(|(box_id, week)| self.take_week(box_id, week, &judge));
            if let Err(error) = taken {
                self.refused.add(self.rows, error.code(), error);
            }
        }
    }

    fn take_week(
        &mut self,
        box_id: BoxId,
        extremes: WeekExtremes,
        judge: impl Fn(&BoxId, &WeekExtremes) -> Judgement,
    ) -> Result<(), RowError> {
        let WeekExtremes { week, min_kw, max_kw, .. } = extremes;
        match judge(&box_id, &extremes) {
            Judgement::Taken => {}
            Judgement::Unfinished => {
                self.unfinished += 1;
                return Ok(());
            }
            Judgement::Refused(reason) => {
                return Err(RowError::Judged { reason, box_id, week, min_kw, max_kw });
            }
        }
        match self.boxes.entry(box_id.clone()).or_default().insert(week, extremes) {
            None => Ok(()),
            Some(WeekExtremes { min_kw, max_kw, .. }) => {
                Err(RowError::Again { box_id, week, min_kw, max_kw })
            }
        }
    }
}

/// The positions of the columns in a file.
struct Layout {
    box_id: Option<usize>,
    date: Option<usize>,
    year_and_week: Option<(usize, usize)>,
    min: usize,
    max: usize,
    readings: Option<usize>,
    phase: Option<usize>,
    unit: Option<usize>,
    /// The phase that the name of a folder gives to the whole file.
    folder_phase: Option<String>,
    /// The box, in the same way.
    folder_box: Option<String>,
}

impl Layout {
    fn of(path: &Path, schema: &arrow_schema::Schema) -> Result<Self, FileError> {
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

    fn columns<'b>(&'b self, batch: &'b RecordBatch) -> Columns<'b> {
        Columns {
            boxes: self.box_id.map(|box_id| columns::texts(batch.column(box_id))),
            folder_box: self.folder_box.as_deref(),
            units: self.unit.map(|unit| columns::texts(batch.column(unit))),
            phases: self.phase.map(|phase| columns::texts(batch.column(phase))),
            folder_phase: self.folder_phase.as_deref(),
            dates: self.date.map(|date| (columns::dates(batch.column(date)), batch.column(date))),
            year_and_week: self.year_and_week.map(|(year, week)| (batch.column(year), batch.column(week))),
            min: batch.column(self.min),
            max: batch.column(self.max),
            readings: self.readings.map(|readings| batch.column(readings)),
        }
    }
}

/// The names of the column, or folder, that tells the box.
const BOXES: [&str; 3] = ["boxid", "box_id", "box"];

/// The names of the column, or folder, that tells the phase.
const PHASES: [&str; 3] = ["phase", "channel", "channelid"];

/// Whether a phase, or the channel as the source names it, is the sum of the phases; nothing if it is no channel.
fn is_sum(phase: &str) -> Option<bool> {
    if let Ok(phase) = phase.trim().to_ascii_lowercase().parse::<Phase>() {
        return Some(phase == Phase::Sumli);
    }
    Channel::parse(phase).ok().map(|channel| channel == Channel::ActivePower(Phase::Sumli))
}

/// The columns of a batch.
struct Columns<'b> {
    boxes: Option<Vec<Option<Cow<'b, str>>>>,
    folder_box: Option<&'b str>,
    units: Option<Vec<Option<Cow<'b, str>>>>,
    phases: Option<Vec<Option<Cow<'b, str>>>>,
    folder_phase: Option<&'b str>,
    /// The dates as far as they can be read, and their column.
    dates: Option<(Vec<Option<NaiveDate>>, &'b ArrayRef)>,
    year_and_week: Option<(&'b ArrayRef, &'b ArrayRef)>,
    min: &'b ArrayRef,
    max: &'b ArrayRef,
    readings: Option<&'b ArrayRef>,
}

impl Columns<'_> {
    /// Whether a row is of the sum of the phases, as all are where no column tells.
    fn is_sum(&self, row: usize) -> Result<bool, RowError> {
        let is_sum_of = |phase: Option<&str>| {
            let phase = phase.filter(|phase| !phase.trim().is_empty()).ok_or(RowError::NoPhase)?;
            is_sum(phase).ok_or_else(|| RowError::Phase(quoted(phase)))
        };
        let of_row = self.phases.as_ref().map(|phases| is_sum_of(phases[row].as_deref())).transpose()?;
        let of_folder = self.folder_phase.map(|phase| is_sum_of(Some(phase))).transpose()?;
        match (of_folder, of_row) {
            (Some(folder), Some(row)) if folder != row => Err(RowError::OtherThanFolder),
            (folder, row) => Ok(row.or(folder).unwrap_or(true)),
        }
    }

    fn box_id(&self, row: usize) -> Result<BoxId, RowError> {
        let of_row = match &self.boxes {
            Some(boxes) => Some(BoxId::from_source(boxes[row].as_deref().ok_or(RowError::NoBox)?)?),
            None => None,
        };
        let of_folder = self.folder_box.map(BoxId::from_source).transpose()?;
        match (of_folder, of_row) {
            (Some(folder), Some(row)) if folder != row => Err(RowError::OtherThanFolder),
            (folder, row) => row.or(folder).ok_or(RowError::NoBox),
        }
    }

    fn row(&self, row: usize) -> Result<(BoxId, WeekExtremes), RowError> {
        let box_id = self.box_id(row)?;
        if let Some(unit) = self.units.as_ref().and_then(|units| units[row].as_deref())
            && is_other_unit(unit.as_bytes())
        {
            return Err(RowError::OtherUnit(quoted(unit)));
        }
        let value = |column: &ArrayRef, name| match columns::number(column, row) {
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
            Some(column) => match columns::number(column, row) {
                None => return Err(RowError::NoValue("number of readings")),
                Some(n) if n.fract() == 0.0 && (1.0..=f64::from(u16::MAX)).contains(&n) => n as u16,
                Some(readings) => return Err(RowError::Readings { readings }),
            },
        };
        Ok((box_id, WeekExtremes { week, min_kw, max_kw, readings }))
    }

    /// The week from its date, from year and number, or from both, which must agree.
    fn week(&self, row: usize) -> Result<IsoWeek, RowError> {
        let numbered = match self.year_and_week {
            None => None,
            Some((year, week)) => {
                let number = |column| columns::number(column, row).filter(|number| number.fract() == 0.0);
                let (Some(year), Some(week)) = (number(year), number(week)) else {
                    return Err(RowError::NoDate);
                };
                // Casts saturate to values that are not valid weeks.
                Some(IsoWeek::from_year_and_number(year as i32, week as u32)?)
            }
        };
        match (&self.dates, numbered) {
            (None, Some(week)) => Ok(week),
            (None, None) => Err(RowError::NoDate),
            (Some((dates, column)), numbered) => {
                let unread = || columns::text(column, row).map_or(RowError::NoDate, RowError::BadDate);
                let date = dates[row].ok_or_else(unread)?;
                let week = IsoWeek::containing(date);
                match numbered {
                    _ if week.monday() != date => Err(RowError::NotMonday(date)),
                    Some(numbered) if numbered != week => Err(RowError::WeekDiffers { date, week: numbered }),
                    _ => Ok(week),
                }
            }
        }
    }
}
