//! What every format's reader feeds: counts, refusals, box numbers and the collector.

use std::path::Path;

use super::{FileReport, MeasurementFile, ReadSettings};
use crate::collect::{Collector, KnownBoxes};
use crate::{Calendar, Channel, FileError, Reason, Refusals};

pub(super) struct Intake<'a> {
    pub(super) file: &'a Path,
    pub(super) boxes: KnownBoxes,
    pub(super) collector: Collector<'a>,
    pub(super) rows: u64,
    pub(super) accepted: u64,
    pub(super) ignored: u64,
    refusals: Refusals,
}

impl<'a> Intake<'a> {
    pub(super) fn new(file: &'a Path, calendar: &'a Calendar, settings: &ReadSettings) -> Self {
        let ReadSettings { now, named_refusals, open_tallies, spill_folder } = settings;
        Self {
            file,
            boxes: KnownBoxes::default(),
            collector: Collector::new(file, calendar, *now, *open_tallies, spill_folder),
            rows: 0,
            accepted: 0,
            ignored: 0,
            refusals: Refusals::new(file, *named_refusals),
        }
    }

    /// Counts the row that was just read by what became of it: in a tally, ignored, or refused.
    #[inline]
    pub(super) fn count(&mut self, outcome: Result<Outcome, Reason>, text: impl FnOnce() -> String) {
        self.rows += 1;
        match outcome {
            Ok(Outcome::Accepted) => self.accepted += 1,
            Ok(Outcome::Ignored) => self.ignored += 1,
            Err(reason) => self.refusals.add(self.rows, reason, text),
        }
    }

    /// The rest of the file can't be read.
    pub(super) fn damaged(&self, reason: impl ToString) -> FileError {
        FileError::Damaged { file: self.file.to_owned(), row: self.rows, reason: reason.to_string() }
    }

    pub(super) fn finish(self) -> Result<MeasurementFile, FileError> {
        let Self { file, boxes, collector, rows, accepted, ignored, refusals } = self;
        let (summary, tallies) = collector.finish(boxes)?;
        let report = FileReport {
            file: file.to_owned(),
            rows,
            accepted,
            ignored,
            refusals,
            newest: summary.newest,
            boxes: summary.boxes,
            weeks: summary.weeks,
        };
        Ok(MeasurementFile { report, tallies })
    }
}

/// What becomes of a row that isn't refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Ignored,
}

/// What a channel's spelling comes to, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChannelCode {
    /// The phase's index.
    Phase(u8),
    Other,
    Refused,
}

impl ChannelCode {
    pub(super) fn of(spelling: &[u8]) -> Self {
        match std::str::from_utf8(spelling).map(Channel::parse) {
            Ok(Ok(Channel::ActivePower(phase))) => Self::Phase(phase.index() as u8),
            Ok(Ok(Channel::Other)) => Self::Other,
            _ => Self::Refused,
        }
    }
}
