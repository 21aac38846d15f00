//! Turns the rows of an aggregating engine into batches of tallies and counts.
//!
//! Which readings lie beyond a capacity is asked in a second query, of the boxes alone in which the
//! first found one: judging each reading in the first would cost every update a join.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::implausible::{BelievedPower, ImplausibleReadings};
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use model::{BoxId, IsoWeek, Phase};
use readings::{Reason, is_missing};

use super::row_outcome::{
    ACCEPTED, BEYOND_CAPACITY, FROM_THE_FUTURE, IGNORED, MISSING_CELL, NOT_FINITE, OTHER_UNIT,
    OUT_OF_CALENDAR, UNKNOWN_CHANNEL,
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

/// A box as the source spells it, some readings of which lie beyond what is believed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DoubtedBox {
    pub(super) box_id: BoxId,
    pub(super) spelling: String,
    /// The largest power that is believed, kW.
    pub(super) max_kw: f64,
}

/// The box whose accepted groups are being taken.
struct CurrentBox {
    box_id: BoxId,
    spellings: BTreeSet<String>,
    max_kw: f64,
    /// Where its records begin in the batch.
    first_record: usize,
    rows: u64,
    is_doubted: bool,
}

/// Takes groups sorted by outcome, then by the box that their spelling stands for, then by phase and
/// week: `1234` and `1234.0` come together, whatever lies between the spellings.
pub(super) struct Groups {
    believed: Arc<BelievedPower>,
    batch: Vec<TallyRecord>,
    report: PartReport,
    newest: Option<DateTime<Utc>>,
    current: Option<CurrentBox>,
    /// Boxes of this query that came before: one that came again would replace its own weeks.
    ended: HashSet<BoxId>,
    doubted: Vec<DoubtedBox>,
    is_second_query: bool,
    implausible: HashMap<BoxId, ImplausibleReadings>,
}

impl Groups {
    pub(super) fn new(place: Place, believed: &Arc<BelievedPower>) -> Self {
        Self {
            believed: Arc::clone(believed),
            batch: Vec::with_capacity(TALLIES_PER_BATCH),
            report: PartReport::new(place),
            newest: None,
            current: None,
            ended: HashSet::new(),
            doubted: Vec::new(),
            is_second_query: false,
            implausible: HashMap::new(),
        }
    }

    /// Adds a group; returns a batch of whole boxes once there are enough.
    pub(super) fn take(&mut self, group: Group) -> Result<Option<TallyBatch>, SourceError> {
        let rows = u64::try_from(group.rows).unwrap_or(0);
        let reason = match group.outcome {
            // What programs write for no box names none, as in files.
            ACCEPTED if group.box_id.as_deref().is_none_or(is_missing) => Reason::MissingCell,
            ACCEPTED => match record(&group)? {
                Ok(record) => {
                    let spelling = group.box_id.unwrap_or_default();
                    return Ok(self.accept(record, spelling, rows, group.newest)?.map(whole));
                }
                Err(reason) => reason,
            },
            BEYOND_CAPACITY => {
                self.remember_implausible(&group)?;
                self.refuse(&group, Reason::BeyondCapacity, rows);
                return Ok(None);
            }
            _ if self.is_second_query => return Ok(None),
            IGNORED => {
                self.report.rows += rows;
                self.report.ignored += rows;
                return Ok(None);
            }
            MISSING_CELL => Reason::MissingCell,
            UNKNOWN_CHANNEL => Reason::UnknownChannelShape,
            NOT_FINITE => Reason::NotFinite,
            OUT_OF_CALENDAR => Reason::OutOfCalendar,
            FROM_THE_FUTURE => Reason::FromTheFuture,
            OTHER_UNIT => Reason::OtherUnit,
            other => return Err(unexpected_answer(format!("the outcome {other}"))),
        };
        self.refuse(&group, reason, rows);
        Ok(None)
    }

    /// Adds a record; returns the batch before it once that is full. A doubted box is left to the
    /// second query, with its rows.
    fn accept(
        &mut self,
        record: TallyRecord,
        spelling: String,
        rows: u64,
        newest: Option<DateTime<Utc>>,
    ) -> Result<Option<Vec<TallyRecord>>, SourceError> {
        let full = self.begin(&record.box_id)?;
        let Some(current) = self.current.as_mut() else { return Ok(full) };
        current.spellings.insert(spelling);
        if record.tally.min_kw().abs().max(record.tally.max_kw().abs()) > current.max_kw
            && !current.is_doubted
        {
            current.is_doubted = true;
            self.batch.truncate(current.first_record);
            self.report.rows -= current.rows;
            self.report.accepted -= current.rows;
        }
        if current.is_doubted {
            return Ok(full);
        }
        current.rows += rows;
        self.report.rows += rows;
        self.report.accepted += rows;
        self.newest = self.newest.max(newest);
        match self.batch[current.first_record..].last_mut() {
            // Spellings of one box: white space around it, `1234.0`, `'0017`.
            Some(last) if place(last) == place(&record) => last.tally = last.tally.union(&record.tally),
            Some(last) if place(last) > place(&record) => {
                return Err(unexpected_answer(format!("the weeks of {} out of order", record.box_id)));
            }
            _ => self.batch.push(record),
        }
        Ok(full)
    }

    /// Begins a box, unless it is the current one; returns the batch before it once that is full.
    fn begin(&mut self, box_id: &BoxId) -> Result<Option<Vec<TallyRecord>>, SourceError> {
        if self.current.as_ref().is_some_and(|current| current.box_id == *box_id) {
            return Ok(None);
        }
        self.end_box();
        if !self.ended.insert(box_id.clone()) {
            return Err(unexpected_answer(format!("the box {box_id} in two places")));
        }
        let full = (self.batch.len() >= TALLIES_PER_BATCH)
            .then(|| std::mem::replace(&mut self.batch, Vec::with_capacity(TALLIES_PER_BATCH)));
        self.current = Some(CurrentBox {
            box_id: box_id.clone(),
            spellings: BTreeSet::new(),
            max_kw: self.believed.max_kw(box_id),
            first_record: self.batch.len(),
            rows: 0,
            is_doubted: false,
        });
        Ok(full)
    }

    fn end_box(&mut self) {
        if let Some(CurrentBox { box_id, spellings, max_kw, is_doubted: true, .. }) = self.current.take() {
            let doubted =
                spellings.into_iter().map(|spelling| DoubtedBox { box_id: box_id.clone(), spelling, max_kw });
            self.doubted.extend(doubted);
        }
    }

    /// Ends the first query; returns the boxes to ask for again, judging each reading. In their
    /// answers only accepted readings and those beyond the capacity are new.
    pub(super) fn begin_second_query(&mut self) -> Vec<DoubtedBox> {
        self.end_box();
        self.ended.clear();
        self.is_second_query = true;
        std::mem::take(&mut self.doubted)
    }

    fn remember_implausible(&mut self, group: &Group) -> Result<(), SourceError> {
        let box_id = BoxId::from_source(group.box_id.as_deref().unwrap_or_default())
            .map_err(|_| unexpected_answer("no box that was asked for"))?;
        let (Some(week), Some(min_kw), Some(max_kw)) = (group.week, group.min_kw, group.max_kw) else {
            return Err(unexpected_answer("no week or extremes"));
        };
        let readings = ImplausibleReadings { min_kw, max_kw, ..ImplausibleReadings::one(week, min_kw) };
        let known = self.implausible.entry(box_id).or_insert(readings);
        *known = known.union(&readings);
        Ok(())
    }

    fn refuse(&mut self, group: &Group, reason: Reason, rows: u64) {
        self.report.rows += rows;
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
                implausible: self.implausible,
            },
        )
    }
}

/// By what the records of a box are ordered.
fn place(record: &TallyRecord) -> (usize, IsoWeek) {
    (record.phase.index(), record.week)
}

/// An engine knows all readings of a week.
fn whole(tallies: Vec<TallyRecord>) -> TallyBatch {
    TallyBatch { mode: WriteMode::Replace, tallies }
}

/// The tally of a group, or why its box identifier is invalid.
fn record(group: &Group) -> Result<Result<TallyRecord, Reason>, SourceError> {
    let box_id = match BoxId::from_source(group.box_id.as_deref().unwrap_or_default()) {
        Ok(box_id) => box_id,
        Err(error) => return Ok(Err(Reason::from(&error))),
    };
    let phase = group.phase.and_then(|phase| Phase::ALL.get(usize::try_from(phase).ok()?));
    let (Some(&phase), Some(week)) = (phase, group.week) else {
        return Err(unexpected_answer("no phase or week"));
    };
    let (Some(min_kw), Some(max_kw)) = (group.min_kw, group.max_kw) else {
        return Err(unexpected_answer("no extremes"));
    };
    let tally = WeekTally::new(min_kw, max_kw, group.seen).map_err(unexpected_answer)?;
    Ok(Ok(TallyRecord { box_id, phase, week, tally }))
}

/// The error of an unexpected answer.
pub(super) fn unexpected_answer(what: impl std::fmt::Display) -> SourceError {
    SourceError::Refused { reason: format!("it answered with {what}") }
}

#[cfg(test)]
mod tests {
    use domain::tally::SeenQuarters;
    use model::Capacity;

    use super::*;

    fn group(outcome: i32, box_id: &str, week: i32, rows: i64, max_kw: f64) -> Group {
        let time = DateTime::from_timestamp(1_700_000_000 + i64::from(week) * 604_800, 0);
        Group {
            outcome,
            box_id: Some(box_id.to_owned()),
            phase: (outcome == ACCEPTED).then_some(0),
            week: Some(IsoWeek::from_index(week)),
            rows,
            min_kw: Some(-1.0),
            max_kw: Some(max_kw),
            oldest: time,
            newest: time,
            seen: SeenQuarters::full(672),
        }
    }

    fn groups() -> Groups {
        let capacities = ["A", "B"].map(|id| (BoxId::new(id).unwrap(), Capacity::new(100.0).unwrap()));
        Groups::new(Place::Table("t".to_owned()), &Arc::new(BelievedPower::of(capacities)))
    }

    #[test]
    fn a_doubted_box_is_delivered_and_counted_by_the_second_query_alone() {
        let mut groups = groups();
        for (box_id, week, max_kw) in
            [("A", 1, 5.0), (" A", 1, 6.0), ("A", 2, 501.0), ("A", 3, 7.0), ("B", 1, 8.0)]
        {
            assert!(groups.take(group(ACCEPTED, box_id, week, 10, max_kw)).unwrap().is_none());
        }
        groups.take(group(MISSING_CELL, "A", 1, 1, 0.0)).unwrap();
        assert_eq!((groups.report.rows, groups.report.accepted, groups.report.refused), (11, 10, 1));
        assert_eq!(groups.batch.len(), 1, "B's");
        let asked = groups.begin_second_query();
        let asked: Vec<_> = asked.iter().map(|one| (one.spelling.as_str(), one.max_kw)).collect();
        assert_eq!(asked, [(" A", 500.0), ("A", 500.0)]);
        for (box_id, week, max_kw) in [("A", 1, 5.0), (" A", 1, 6.0), ("A", 2, 9.0), ("A", 3, 7.0)] {
            groups.take(group(ACCEPTED, box_id, week, 9, max_kw)).unwrap();
        }
        groups.take(group(MISSING_CELL, "A", 1, 1, 0.0)).unwrap();
        groups.take(group(BEYOND_CAPACITY, "A", 2, 4, 501.0)).unwrap();
        let (batch, outcome) = groups.finish();
        let delivered = batch.tallies.iter().map(|record| (record.box_id.as_str(), record.tally.max_kw()));
        assert_eq!(delivered.collect::<Vec<_>>(), [("B", 8.0), ("A", 6.0), ("A", 9.0), ("A", 7.0)]);
        let report = &outcome.reports[0];
        assert_eq!((report.rows, report.accepted, report.refused), (51, 46, 5));
        assert_eq!(outcome.implausible.len(), 1);
    }

    #[test]
    fn a_box_that_comes_again_is_no_answer() {
        let mut groups = groups();
        for box_id in ["1234", "1234.0", "B"] {
            groups.take(group(ACCEPTED, box_id, 1, 10, 5.0)).unwrap();
        }
        assert_eq!(groups.batch.len(), 2, "one box of two spellings, and another");
        let error = groups.take(group(ACCEPTED, "'1234", 1, 10, 5.0)).unwrap_err().to_string();
        assert!(error.contains("the box 1234 in two places"), "{error}");
        groups.take(group(ACCEPTED, "C", 2, 10, 5.0)).unwrap();
        let error = groups.take(group(ACCEPTED, "'C", 1, 10, 5.0)).map(|_| ());
        assert!(error.is_ok(), "a box of another name");
        let error = groups.take(group(ACCEPTED, " 'C", 0, 10, 5.0)).unwrap_err().to_string();
        assert!(error.contains("out of order"), "{error}");
    }
}
