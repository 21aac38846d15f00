//! What the server sends back, as tallies in portions and as counts.

use chrono::{DateTime, Utc};
use model::{BoxId, IsoWeek, Phase};
use readings::{Reason, SeenQuarters, TallyRecord, WeekTally};

use super::statement::{
    ACCEPTED, FROM_THE_FUTURE, IGNORED, MISSING_CELL, NOT_FINITE, OUT_OF_CALENDAR, UNKNOWN_CHANNEL,
};
use crate::sources::{PORTION, PartReport, Place, Refused, SourceError, WeeksTold};

/// Groups of refused rows that are named of each reason.
const NAMED: usize = 20;

/// One row of [`statement::weeks`](super::statement::weeks).
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Group {
    outcome: i32,
    box_id: Option<String>,
    phase: Option<i32>,
    /// The week, counted from 1.
    bucket: Option<i32>,
    row_count: i64,
    min_kw: Option<f64>,
    max_kw: Option<f64>,
    /// Unix seconds, as all times here.
    oldest: Option<f64>,
    newest: Option<f64>,
    seen: Vec<i64>,
}

/// Takes group after group, in the statement's order.
pub(super) struct Groups {
    first: IsoWeek,
    portion: Vec<TallyRecord>,
    report: PartReport,
    newest: Option<DateTime<Utc>>,
}

impl Groups {
    pub(super) fn new(place: Place, first: IsoWeek) -> Self {
        Self { first, portion: Vec::with_capacity(PORTION), report: PartReport::new(place), newest: None }
    }

    /// Takes a group; gives a portion of whole boxes once there are enough.
    pub(super) fn take(&mut self, group: Group) -> Result<Option<Vec<TallyRecord>>, SourceError> {
        let rows = u64::try_from(group.row_count).unwrap_or(0);
        self.report.rows += rows;
        let reason = match group.outcome {
            ACCEPTED => match self.record(&group)? {
                Some(record) => {
                    self.report.accepted += rows;
                    self.newest = self.newest.max(group.newest.and_then(instant));
                    return Ok(self.push(record));
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
            other => return Err(odd(format!("the outcome {other}"))),
        };
        self.refuse(&group, reason, rows);
        Ok(None)
    }

    /// The tally of a group; none where its box isn't named as boxes are.
    fn record(&self, group: &Group) -> Result<Option<TallyRecord>, SourceError> {
        let Ok(box_id) = BoxId::new(group.box_id.as_deref().unwrap_or_default()) else { return Ok(None) };
        let phase = group.phase.and_then(|phase| Phase::ALL.get(usize::try_from(phase).ok()?));
        let (Some(&phase), Some(bucket)) = (phase, group.bucket) else { return Err(odd("no phase or week")) };
        let (Some(min_kw), Some(max_kw)) = (group.min_kw, group.max_kw) else {
            return Err(odd("no extremes"));
        };
        let words: Vec<u64> = group.seen.iter().map(|word| word.cast_unsigned()).collect();
        let words = words.try_into().map_err(|_| odd("too few or too many words of quarter-hours"))?;
        let tally = WeekTally::new(min_kw, max_kw, SeenQuarters::from_words(words)).map_err(odd)?;
        Ok(Some(TallyRecord { box_id, phase, week: self.first.plus(bucket - 1), tally }))
    }

    fn push(&mut self, record: TallyRecord) -> Option<Vec<TallyRecord>> {
        let mut full = None;
        if let Some(last) = self.portion.last_mut() {
            // Spellings of one box that differ in the white space around them.
            if (&last.box_id, last.phase, last.week) == (&record.box_id, record.phase, record.week) {
                last.tally = last.tally.united(&record.tally);
                return None;
            }
            if last.box_id != record.box_id && self.portion.len() >= PORTION {
                full = Some(std::mem::replace(&mut self.portion, Vec::with_capacity(PORTION)));
            }
        }
        self.portion.push(record);
        full
    }

    fn refuse(&mut self, group: &Group, reason: Reason, rows: u64) {
        self.report.refused += rows;
        *self.report.refused_by_reason.entry(reason.as_str()).or_default() += rows;
        let named = self.report.refusals.iter().filter(|refused| refused.reason == reason.as_str());
        if named.count() < NAMED {
            let first_at = group.oldest.and_then(instant);
            self.report.refusals.push(Refused::of_box(group.box_id.as_deref(), first_at, reason, rows));
        }
    }

    /// The last portion, and all that is to be said.
    pub(super) fn finish(self) -> (Vec<TallyRecord>, WeeksTold) {
        (self.portion, WeeksTold { reports: vec![self.report], newest: self.newest })
    }
}

/// To the second, as readings from files; none for infinity.
fn instant(second: f64) -> Option<DateTime<Utc>> {
    second.is_finite().then(|| DateTime::from_timestamp(second.floor() as i64, 0)).flatten()
}

fn odd(what: impl std::fmt::Display) -> SourceError {
    SourceError::Refused { reason: format!("it answered with {what}") }
}
