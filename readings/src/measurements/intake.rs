//! What every format's reader feeds: counts, refusals, box numbers and the collector.

use std::path::Path;

use chrono::DateTime;
use domain::calendar::Calendar;
use domain::calendar::{Clock, Since};

use super::{FileReport, MeasurementFile, ReadSettings};
use crate::collect::{Collector, KnownBoxes};
use crate::{Channel, FileError, Reason, Refusals};

pub(super) struct Intake<'a> {
    pub(super) file: &'a Path,
    pub(super) boxes: KnownBoxes,
    pub(super) collector: Collector<'a>,
    pub(super) rows: u64,
    pub(super) accepted: u64,
    pub(super) ignored: u64,
    pub(super) since: Option<Since>,
    left_out: u64,
    /// By how many seconds the newest row that was left out comes too early.
    least_lead: i64,
    refusals: Refusals,
}

impl<'a> Intake<'a> {
    pub(super) fn new(file: &'a Path, calendar: &'a Calendar, settings: &ReadSettings) -> Self {
        let ReadSettings { now, since, named_refusals, open_tallies, spill_folder } = settings;
        Self {
            file,
            boxes: KnownBoxes::default(),
            collector: Collector::new(file, calendar, *now, *open_tallies, spill_folder),
            rows: 0,
            accepted: 0,
            ignored: 0,
            since: since.map(|since| calendar.since(since)),
            left_out: 0,
            least_lead: i64::MAX,
            refusals: Refusals::new(file, *named_refusals),
        }
    }

    /// Whether a row comes too early; then it is left out.
    #[inline]
    pub(super) fn leaves_out(&mut self, clock: Clock, second: i64) -> bool {
        let lead = self.since.and_then(|since| since.too_early_by(clock, second));
        if let Some(seconds) = lead {
            self.leave_out(1, seconds);
        }
        lead.is_some()
    }

    /// Leaves out rows the newest of which comes so many seconds too early.
    #[inline]
    pub(super) fn leave_out(&mut self, rows: u64, seconds: i64) {
        self.left_out += rows;
        self.least_lead = self.least_lead.min(seconds);
    }

    /// Counts the row that was just read by what became of it: in a tally, ignored, or refused.
    #[inline]
    pub(super) fn count(&mut self, outcome: Result<Outcome, Reason>, text: impl FnOnce() -> String) {
        self.rows += 1;
        match outcome {
            Ok(Outcome::Accepted) => self.accepted += 1,
            Ok(Outcome::Ignored) => self.ignored += 1,
            Err(reason) => self.refusals.add(self.left_out + self.rows, reason, text),
        }
    }

    /// The rest of the file can't be read.
    pub(super) fn damaged(&self, reason: impl ToString) -> FileError {
        let row = self.left_out + self.rows;
        FileError::Damaged { file: self.file.to_owned(), row, reason: reason.to_string() }
    }

    pub(super) fn finish(self) -> Result<MeasurementFile, FileError> {
        let Self { file, boxes, collector, rows, accepted, ignored, since, left_out, least_lead, refusals } =
            self;
        let newest_left_out =
            since.filter(|_| left_out > 0).map(|since| since.utc.saturating_sub(least_lead));
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
            oldest_week: summary.oldest_week,
            left_out_to: newest_left_out.and_then(|second| DateTime::from_timestamp(second, 0)),
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
