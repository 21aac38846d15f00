//! Reads weekly extremes from Parquet or CSV, one row per box and week.
//!
//! Columns, in any case: `boxid` (or `box_id`, or `box`), `date` (the week's Monday) or `year` and `week`
//! (ISO), `min` and `max` (or `min_kw`, `max_kw`; kW, negative is feed-in), and optionally `n` (or
//! `readings`). If there is a column `phase` (or `channel`, `channelid`), only rows of the sum,
//! `sumli`, are read. Rows that name another unit than kW, in a column such as `unit` or in a folder named for
//! one, are refused. Other columns are ignored.

mod cells;
mod layout;
mod parquet;
mod row;
mod row_error;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;
use model::{BoxId, Capacity, IsoWeek, WeekExtremes};
use readings::{FileNote, Notation, Reason};

use crate::{BoxHistory, DataSet, FileError, RefusedRows};
use layout::Layout;
use parquet::WeeklyParquet;
use row::Columns;
use row_error::RowError;
use text::{Rows, WeeklyCsv};

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
        Self::read_judged(path, notation, None, |_, _| Judgement::Taken)
    }

    /// Reads a file; invalid rows are refused, and those that `judge` refuses. Timestamps that are instants
    /// are dates in `zone`, or in their own, wherever they are a midnight.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_judged(
        path: &Path,
        notation: &Notation,
        zone: Option<Tz>,
        judge: impl Fn(&BoxId, &WeekExtremes) -> Judgement,
    ) -> Result<Self, FileError> {
        if let Some(csv) = WeeklyCsv::open(path, notation)? {
            return Self::read_csv(path, csv, judge);
        }
        let file = WeeklyParquet::open(path)?;
        let layout = Layout::of(path, file.schema(), zone)?;
        let mut read = Self { has_readings: layout.readings.is_some(), ..Self::default() };
        let mark = file.mark(&layout.numbers(), notation)?;
        for batch in file.batches(None)? {
            let batch = parquet::checked(path, read.rows, batch)?;
            read.take(&layout.columns(&batch, mark), &judge);
        }
        read.notes = FileNote::of_mark(mark).into_iter().collect();
        Ok(read)
    }

    fn read_csv(
        path: &Path,
        mut csv: WeeklyCsv,
        judge: impl Fn(&BoxId, &WeekExtremes) -> Judgement,
    ) -> Result<Self, FileError> {
        let layout = Layout::of(path, csv.schema(), None)?;
        let mut read = Self { has_readings: layout.readings.is_some(), ..Self::default() };
        while !csv.is_at_end() {
            for rows in csv.next(path)? {
                match rows {
                    Rows::Columns(batch) => read.take(&layout.columns(&batch, None), &judge),
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
        for row in 0..columns.rows() {
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
