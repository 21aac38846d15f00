//! Where the readers of all formats put their rows: counts, refusals and the tally collector.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;

use super::{FileReport, MeasurementFile, ReadSettings};
use crate::collect::{BoxNumbers, Collector, PHASES};
use crate::columns::is_missing;
use crate::datetime::{TimeReader, WrittenTime};
use crate::{Channel, FileError, FileNote, Reason, Refusals};
use domain::calendar::{Calendar, Clock, LocalTimeError, QUARTER_SECONDS, Since};
use domain::implausible::ImplausibleReadings;

pub(super) struct RowSink<'a> {
    pub(super) file: &'a Path,
    pub(super) boxes: BoxNumbers,
    pub(super) collector: Collector<'a>,
    /// By the number of the box.
    implausible: HashMap<u32, ImplausibleReadings>,
    calendar: &'a Calendar,
    /// Reads times in text.
    pub(super) times: TimeReader<'a>,
    pub(super) notes: Vec<FileNote>,
    pub(super) rows: u64,
    pub(super) accepted: u64,
    pub(super) ignored: u64,
    pub(super) since: Option<Since>,
    excluded: u64,
    /// Seconds by which the newest excluded row precedes `since`.
    min_seconds_before: i64,
    refusals: Refusals,
}

impl<'a> RowSink<'a> {
    pub(super) fn new(file: &'a Path, calendar: &'a Calendar, settings: &'a ReadSettings) -> Self {
        let ReadSettings { now, since, believed, notation, named_refusals, max_open_tallies, spill_folder } =
            settings;
        Self {
            file,
            boxes: BoxNumbers::believing(Arc::clone(believed)),
            implausible: HashMap::new(),
            collector: Collector::new(file, calendar, *now, *max_open_tallies, spill_folder),
            calendar,
            times: TimeReader::new(notation.time_pattern.as_ref(), notation.stamps),
            notes: Vec::new(),
            rows: 0,
            accepted: 0,
            ignored: 0,
            since: since.map(|since| calendar.since(since)),
            excluded: 0,
            min_seconds_before: i64::MAX,
            refusals: Refusals::new(file, *named_refusals),
        }
    }

    /// The start of the quarter-hour that a reading's time stands for.
    #[inline]
    pub(super) fn start_of(&self, time: WrittenTime) -> Result<WrittenTime, Reason> {
        if self.times.are_ends() { self.start_before_end(time) } else { Ok(time) }
    }

    /// On the wall clock where its hand stood there, else (behind the change to summer time) by the
    /// instant.
    #[cold]
    fn start_before_end(&self, end: WrittenTime) -> Result<WrittenTime, Reason> {
        // 00:14:59, the last second of a quarter-hour, ends it as 00:15 does.
        let past = end.second.saturating_sub(1).rem_euclid(QUARTER_SECONDS);
        let start = WrittenTime { second: end.second.saturating_sub(past + 1), ..end };
        if end.clock == Clock::Utc || self.calendar.local_span(start.second) != Err(LocalTimeError::Skipped) {
            return Ok(start);
        }
        match self.calendar.local_span(end.second) {
            Ok(span) => Ok(WrittenTime { clock: Clock::Utc, second: start.second - span.offset }),
            Err(_) => Err(Reason::SkippedTime),
        }
    }

    /// Adds the reading of a phase (by its index) of a box, in the quarter-hour that begins at `start`.
    ///
    /// # Errors
    /// Why the reading is refused.
    #[inline]
    pub(super) fn add(
        &mut self,
        box_number: u32,
        phase: u32,
        start: WrittenTime,
        value_kw: f64,
    ) -> Result<(), Reason> {
        if value_kw.abs() > self.boxes.max_kw(box_number) {
            return Err(self.disbelieve(box_number, start, value_kw));
        }
        self.collector.add(box_number * PHASES + phase, start.clock, start.second, value_kw)
    }

    /// Remembers a value that no transformer of this capacity can have had, and tells why it is
    /// refused.
    #[cold]
    fn disbelieve(&mut self, box_number: u32, start: WrittenTime, value_kw: f64) -> Reason {
        if !value_kw.is_finite() {
            return Reason::NotFinite;
        }
        match self.collector.week_of(start.clock, start.second) {
            Ok(week) => {
                let reading = ImplausibleReadings::one(week, value_kw);
                let known = self.implausible.entry(box_number).or_insert(reading);
                *known = known.union(&reading);
                Reason::BeyondCapacity
            }
            Err(reason) => reason,
        }
    }

    /// Excludes a row that precedes `since`; returns whether it was excluded.
    #[inline]
    pub(super) fn exclude_if_before(&mut self, clock: Clock, second: i64) -> bool {
        let seconds_before = self.since.and_then(|since| since.seconds_before(clock, second));
        if let Some(seconds) = seconds_before {
            self.exclude_rows(1, seconds);
        }
        seconds_before.is_some()
    }

    /// Excludes rows, the newest of which precedes `since` by so many seconds.
    #[inline]
    pub(super) fn exclude_rows(&mut self, rows: u64, seconds: i64) {
        self.excluded += rows;
        self.min_seconds_before = self.min_seconds_before.min(seconds);
    }

    /// Counts the row that was just read: accepted, ignored or refused.
    #[inline]
    pub(super) fn count(&mut self, outcome: Result<RowOutcome, Reason>, text: impl FnOnce() -> String) {
        self.rows += 1;
        match outcome {
            Ok(RowOutcome::Accepted) => self.accepted += 1,
            Ok(RowOutcome::Ignored) => self.ignored += 1,
            Err(reason) => self.refusals.add(self.excluded + self.rows, reason, text),
        }
    }

    /// The error for a file that can't be read any further.
    pub(super) fn damaged(&self, reason: impl ToString) -> FileError {
        FileError::of_decoder(self.file, self.excluded + self.rows, reason)
    }

    /// Whether a time of 24:00 shows that times may be ends, which wasn't set.
    ///
    /// # Errors
    /// [`FileError::EndOfDay`].
    #[inline]
    pub(super) fn check_stamps(&self) -> Result<(), FileError> {
        match self.times.end_of_day() {
            None => Ok(()),
            Some(time) => Err(FileError::EndOfDay { file: self.file.to_owned(), time: time.to_owned() }),
        }
    }

    pub(super) fn finish(mut self) -> Result<MeasurementFile, FileError> {
        if self.times.are_ends() {
            self.notes.push(FileNote::Ends);
        }
        let Self {
            file,
            boxes,
            collector,
            implausible,
            calendar: _,
            times: _,
            notes,
            rows,
            accepted,
            ignored,
            since,
            excluded,
            min_seconds_before,
            refusals,
        } = self;
        let newest_excluded =
            since.filter(|_| excluded > 0).map(|since| since.utc.saturating_sub(min_seconds_before));
        let implausible = implausible.into_iter();
        let implausible =
            implausible.filter_map(|(number, readings)| Some((boxes.id(number)?.clone(), readings)));
        let implausible = implausible.collect();
        let (summary, tallies) = collector.finish(boxes)?;
        let report = FileReport {
            file: file.to_owned(),
            rows,
            accepted,
            ignored,
            refusals,
            notes,
            newest: summary.newest,
            boxes: summary.boxes,
            weeks: summary.weeks,
            oldest_week: summary.oldest_week,
            newest_excluded: newest_excluded.and_then(|second| DateTime::from_timestamp(second, 0)),
        };
        Ok(MeasurementFile { report, tallies, implausible })
    }
}

/// The outcome of a row that isn't refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowOutcome {
    Accepted,
    Ignored,
}

/// A channel's spelling, resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChannelCode {
    /// Active power; the index of the phase.
    Phase(u8),
    Other,
    Refused,
}

impl ChannelCode {
    /// None of what stands for no channel.
    pub(super) fn of(spelling: &[u8]) -> Option<Self> {
        Some(match std::str::from_utf8(spelling).map(|spelling| (spelling, Channel::parse(spelling))) {
            Ok((_, Ok(Channel::ActivePower(phase)))) => Self::Phase(phase.index() as u8),
            Ok((_, Ok(Channel::Other))) => Self::Other,
            Ok((none, _)) if is_missing(none) => return None,
            _ => Self::Refused,
        })
    }
}
