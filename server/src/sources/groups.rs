//! Turns the rows of an aggregating engine into batches of tallies and counts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use model::{BoxId, IsoWeek, Phase};
use readings::Reason;

use super::row_outcome::{
    ACCEPTED, FROM_THE_FUTURE, IGNORED, MISSING_CELL, NOT_FINITE, OUT_OF_CALENDAR, UNKNOWN_CHANNEL,
};
use super::{
    PartReport, Place, Refused, SourceError, TALLIES_PER_BATCH, TallyBatch, WeekReadOutcome, WriteMode,
};

/// Groups of refused rows listed for each reason.
const MAX_NAMED: usize = 20;

/// Rows with the same box, phase, week and outcome.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// One of the [outcomes](super::row_outcome).
    pub(super) outcome: i32,
    /// Null if the rows are refused, as are all other texts.
    pub(super) box_id: Option<String>,
    /// The phase's number, of accepted rows.
    pub(super) phase: Option<i32>,
    /// The week, of accepted rows.
    pub(super) week: Option<IsoWeek>,
    pub(super) rows: i64,
    pub(super) min_kw: Option<f64>,
    pub(super) max_kw: Option<f64>,
    /// The first and last time of the rows, to the second, if these are times.
    pub(super) oldest: Option<DateTime<Utc>>,
    pub(super) newest: Option<DateTime<Utc>>,
    pub(super) seen: SeenQuarters,
}

/// Takes groups sorted by outcome, then by trimmed box identifier, then by phase and week.
pub(super) struct Groups {
    batch: Vec<TallyRecord>,
    report: PartReport,
    newest: Option<DateTime<Utc>>,
}

impl Groups {
    pub(super) fn new(place: Place) -> Self {
        Self { batch: Vec::with_capacity(TALLIES_PER_BATCH), report: PartReport::new(place), newest: None }
    }

    /// Adds a group; returns a batch of whole boxes once there are enough.
    pub(super) fn take(&mut self, group: Group) -> Result<Option<TallyBatch>, SourceError> {
        let rows = u64::try_from(group.rows).unwrap_or(0);
        self.report.rows += rows;
        let reason = match group.outcome {
            ACCEPTED => match record(&group)? {
                Some(record) => {
                    self.report.accepted += rows;
                    self.newest = self.newest.max(group.newest);
                    return Ok(self.push(record).map(whole));
                }
                None => Reason::BadBoxId,
            },
            IGNORED => {
                self.report.ignored += rows;
                return Ok(None);
            }
            MISSING_CELL => Reason::MissingCell,
            UNKNOWN_CHANNEL => Reason::UnknownChannelShape,
            NOT_FINITE => Reason::NotFinite,
            OUT_OF_CALENDAR => Reason::OutOfCalendar,
            FROM_THE_FUTURE => Reason::FromTheFuture,
            other => return Err(unexpected_answer(format!("the outcome {other}"))),
        };
        self.refuse(&group, reason, rows);
        Ok(None)
    }

    fn push(&mut self, record: TallyRecord) -> Option<Vec<TallyRecord>> {
        let mut full = None;
        if let Some(last) = self.batch.last_mut() {
            // Identifiers of one box that differ in white space around them.
            if (&last.box_id, last.phase, last.week) == (&record.box_id, record.phase, record.week) {
                last.tally = last.tally.union(&record.tally);
                return None;
            }
            if last.box_id != record.box_id && self.batch.len() >= TALLIES_PER_BATCH {
                full = Some(std::mem::replace(&mut self.batch, Vec::with_capacity(TALLIES_PER_BATCH)));
            }
        }
        self.batch.push(record);
        full
    }

    fn refuse(&mut self, group: &Group, reason: Reason, rows: u64) {
        self.report.refused += rows;
        *self.report.refused_by_reason.entry(reason.as_str()).or_default() += rows;
        let named = self.report.refusals.iter().filter(|refused| refused.reason == reason.as_str());
        if named.count() < MAX_NAMED {
            self.report.refusals.push(Refused::of_box(group.box_id.as_deref(), group.oldest, reason, rows));
        }
    }

    /// The last batch, and the report.
    pub(super) fn finish(self) -> (TallyBatch, WeekReadOutcome) {
        let mode = WriteMode::Replace;
        (
            whole(self.batch),
            WeekReadOutcome {
                reports: vec![self.report],
                newest: self.newest,
                mode,
                implausible: HashMap::new(),
            },
        )
    }
}

/// An engine knows all readings of a week.
fn whole(tallies: Vec<TallyRecord>) -> TallyBatch {
    TallyBatch { mode: WriteMode::Replace, tallies }
}

/// The tally of a group; `None` for an invalid box identifier.
fn record(group: &Group) -> Result<Option<TallyRecord>, SourceError> {
    let Ok(box_id) = BoxId::new(group.box_id.as_deref().unwrap_or_default()) else { return Ok(None) };
    let phase = group.phase.and_then(|phase| Phase::ALL.get(usize::try_from(phase).ok()?));
    let (Some(&phase), Some(week)) = (phase, group.week) else {
        return Err(unexpected_answer("no phase or week"));
    };
    let (Some(min_kw), Some(max_kw)) = (group.min_kw, group.max_kw) else {
        return Err(unexpected_answer("no extremes"));
    };
    let tally = WeekTally::new(min_kw, max_kw, group.seen).map_err(unexpected_answer)?;
    Ok(Some(TallyRecord { box_id, phase, week, tally }))
}

/// The error of an unexpected answer.
pub(super) fn unexpected_answer(what: impl std::fmt::Display) -> SourceError {
    SourceError::Refused { reason: format!("it answered with {what}") }
}
