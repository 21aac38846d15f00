//! Collects readings into tallies with bounded memory.
//!
//! Readings arrive in any order. Open tallies are kept in memory; when there are too many they are
//! written to a temporary file as a sorted run, and the runs are merged at the end. Each box, phase
//! and week is therefore emitted once, in order, whatever the size of the file.

mod box_numbers;
mod merge;
mod open;
mod spill;
mod union;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::calendar::{Calendar, Clock, LocalTimeError, MAX_CLOCK_LEAD, QUARTER_SECONDS, Span};
use domain::tally::{TallyRecord, WeekTally};
use model::{BoxId, IsoWeek, Phase};

use crate::{FileError, Reason};
pub(crate) use box_numbers::BoxNumbers;
use merge::MergedRuns;
use open::{OpenTallies, OpenTally};
use spill::Spill;
pub use union::TallyUnion;

/// Number of phases: the stride from one box's series to the next box's.
pub(crate) const PHASES: u32 = 4;

/// Summary of the collected readings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summary {
    pub(crate) newest: Option<DateTime<Utc>>,
    pub(crate) boxes: usize,
    pub(crate) weeks: usize,
    pub(crate) oldest_week: Option<IsoWeek>,
}

/// Collects readings one by one; the number of a series is box × 4 + phase.
pub(crate) struct Collector<'a> {
    calendar: &'a Calendar,
    /// Last accepted Unix second.
    latest: i64,
    span: Span,
    open: OpenTallies,
    spill: Spill,
    max_open_tallies: usize,
    newest: i64,
    weeks: BTreeSet<IsoWeek>,
    file: PathBuf,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(
        file: &Path,
        calendar: &'a Calendar,
        now: DateTime<Utc>,
        max_open_tallies: usize,
        spill_folder: &Path,
    ) -> Self {
        // The span is empty: the first reading looks up its own.
        let span =
            Span { clock: Clock::Utc, low: 0, high: 0, origin: 0, offset: 0, week: IsoWeek::from_index(0) };
        Self {
            calendar,
            latest: now.checked_add_signed(MAX_CLOCK_LEAD).unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp(),
            span,
            open: OpenTallies::default(),
            spill: Spill::new(spill_folder),
            max_open_tallies,
            newest: i64::MIN,
            weeks: BTreeSet::new(),
            file: file.to_owned(),
        }
    }

    /// Adds one reading at `second` of a clock.
    ///
    /// # Errors
    /// Why the reading is refused.
    #[inline]
    pub(crate) fn add(
        &mut self,
        series: u32,
        clock: Clock,
        second: i64,
        value_kw: f64,
    ) -> Result<(), Reason> {
        if !value_kw.is_finite() {
            return Err(Reason::NotFinite);
        }
        let week = self.week_of(clock, second)?;
        // Fits: the span starts at or after its origin and is shorter than 704 quarter-hours.
        let quarter = ((second - self.span.origin) / QUARTER_SECONDS) as u16;
        self.open.add(series, week, quarter, value_kw);
        self.newest = self.newest.max(second - self.span.offset);
        Ok(())
    }

    /// The week of a second of a clock.
    ///
    /// # Errors
    /// Why a reading of that time is refused.
    #[inline]
    pub(crate) fn week_of(&mut self, clock: Clock, second: i64) -> Result<IsoWeek, Reason> {
        if second < self.span.low || second >= self.span.high || clock != self.span.clock {
            self.move_to(clock, second)?;
        }
        Ok(self.span.week)
    }

    /// Makes the span around `second` current, ending it at the latest accepted time.
    #[cold]
    fn move_to(&mut self, clock: Clock, second: i64) -> Result<(), Reason> {
        let mut span = match clock {
            Clock::Utc => self.calendar.utc_span(second).map_err(|_| Reason::OutOfCalendar)?,
            Clock::Local => self.calendar.local_span(second).map_err(|error| match error {
                LocalTimeError::Skipped => Reason::SkippedTime,
                LocalTimeError::OutOfCalendar => Reason::OutOfCalendar,
            })?,
        };
        span.high = span.high.min(self.latest + 1 + span.offset);
        if second >= span.high {
            return Err(Reason::FromTheFuture);
        }
        self.weeks.insert(span.week);
        self.span = span;
        Ok(())
    }

    /// Writes the open tallies to the temporary file if there are too many. To be called every few
    /// thousand readings.
    pub(crate) fn spill_if_many(&mut self) -> Result<(), FileError> {
        if self.open.len() > self.max_open_tallies {
            let run = self.open.take_sorted();
            self.spill.write_run(&run).map_err(|source| spill_error(&self.file, source))?;
        }
        Ok(())
    }

    /// All tallies by box (in order of its first row), phase and week, each once.
    pub(crate) fn finish(mut self, boxes: BoxNumbers) -> Result<(Summary, Tallies), FileError> {
        let summary = Summary {
            newest: DateTime::from_timestamp(self.newest, 0).filter(|_| self.newest != i64::MIN),
            boxes: self.open.boxes_seen(),
            weeks: self.weeks.len(),
            oldest_week: self.weeks.first().copied(),
        };
        let last_run = self.open.take_sorted();
        let merge =
            MergedRuns::new(self.spill, last_run).map_err(|source| spill_error(&self.file, source))?;
        Ok((summary, Tallies { merge, boxes: boxes.into_ids(), file: self.file }))
    }
}

/// The tallies of one file: each box, phase and week once, by box (in order of its first row),
/// phase and week.
#[derive(Debug)]
pub struct Tallies {
    merge: MergedRuns,
    boxes: Vec<BoxId>,
    file: PathBuf,
}

impl Iterator for Tallies {
    /// [`FileError::Spill`] where the temporary file of a large input can't be read back.
    type Item = Result<TallyRecord, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let tally = match self.merge.next()? {
                Ok(tally) => tally,
                Err(source) => return Some(Err(spill_error(&self.file, source))),
            };
            let OpenTally { key, min_kw, max_kw, seen } = tally;
            let box_id = self.boxes.get((key.series / PHASES) as usize);
            let phase = Phase::ALL.get((key.series % PHASES) as usize);
            // Every open series has both.
            let (Some(box_id), Some(&phase)) = (box_id, phase) else { continue };
            let tally = WeekTally::from_checked(min_kw, max_kw, seen);
            return Some(Ok(TallyRecord { box_id: box_id.clone(), phase, week: key.week, tally }));
        }
    }
}

fn spill_error(file: &Path, source: io::Error) -> FileError {
    FileError::Spill { file: file.to_owned(), source }
}
