//! From a source into the store: what is new, landed in one transaction.
//!
//! The source aggregates while the store takes portion after portion. Whatever breaks on the way – the connection, the
//! store, the program – nothing of it stays: the transaction begins with the first portion and is committed after
//! the source has said that this was all.

mod weekly;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::calendar::{Calendar, OutOfCalendar};
use domain::runs::{DataProfile, DataTestResult};
use domain::scan::ScannedWeeks;
use domain::tally::TallyRecord;
use model::{BoxId, IsoWeek};
use store::{Extent, ImportTransaction, Store, StoreError};
use tokio::sync::mpsc;

use crate::configuration::RunWatchSettings;
use crate::data_tests::{self, FailedDataTests, Gate};
use crate::patience::Backoff;
use crate::sources::{
    BoxesTold, ConfiguredSource, PartReport, Portion, Scope, Source, SourceError, WeeksTold,
};

pub use weekly::import_extremes;

/// Portions that may wait for the store.
const PORTIONS_AHEAD: usize = 4;
/// How often an update is begun before it is given up.
const ATTEMPTS: u32 = 3;

/// What is to be looked at again.
#[derive(Debug, Clone)]
pub struct Request {
    /// The weeks of local time.
    pub calendar: Calendar,
    /// The present.
    pub now: DateTime<Utc>,
    /// Whole weeks before that of the source's newest reading that are looked at again.
    pub overlap_weeks: u16,
    /// Everything that the source holds.
    pub rebuild: bool,
    /// Only these boxes; all where there are none.
    pub boxes: BTreeSet<BoxId>,
    /// What must hold of the data before they are landed.
    pub gate: Gate,
    /// How far a run may be from the one before.
    pub runs: RunWatchSettings,
}

/// What came of it.
#[derive(Debug)]
pub struct Landed {
    /// What was read: metadata first, then the tables or files of readings.
    pub reports: Vec<PartReport>,
    /// What changed. All zero where every file was refused.
    pub extent: Extent,
    /// Boxes whose metadata are new or changed.
    pub metadata_changed: u64,
    /// Boxes that were asked for by name, of which the source tells nothing.
    pub silent_boxes: Vec<BoxId>,
    /// The measurements as they are now.
    pub data: Option<DataProfile>,
    /// How they were tested.
    pub tests: Vec<DataTestResult>,
}

/// Why nothing was landed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LandingError {
    /// The source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data failed a test.
    #[error("{failed}")]
    DataTests {
        /// The tests.
        failed: FailedDataTests,
        /// The measurements as they would have been.
        data: Box<DataProfile>,
    },
}

impl From<OutOfCalendar> for LandingError {
    fn from(error: OutOfCalendar) -> Self {
        Self::Source(error.into())
    }
}

impl LandingError {
    /// Whether the same may succeed when it is tried again: a connection broke off.
    fn is_passing(&self) -> bool {
        match self {
            Self::Source(error) => matches!(error, SourceError::Lost { .. }),
            Self::Store(error) => error.is_passing(),
            Self::DataTests { .. } => false,
        }
    }
}

/// Asks the source for what is new, lands it, and renews the order of urgency; from which week on was looked. Where a
/// connection breaks off on the way it is done once more from the beginning, with the source opened anew.
///
/// # Errors
/// [`LandingError`]; then the store is as it was.
#[tracing::instrument(name = "update extremes", skip_all)]
pub async fn update(
    store: &Store,
    mut source: Box<dyn Source>,
    configured: &ConfiguredSource,
    request: &Request,
) -> Result<(ScannedWeeks, Landed), LandingError> {
    let mut backoff = Backoff::default();
    let mut left = ATTEMPTS;
    loop {
        left -= 1;
        match update_once(store, source.as_mut(), request).await {
            Err(error) if left > 0 && error.is_passing() => {
                let pause = backoff.pause();
                tracing::warn!("{error}; trying again in {pause:.1?}");
                tokio::time::sleep(pause).await;
                source = configured.open().await?;
            }
            outcome => return outcome,
        }
    }
}

async fn update_once(
    store: &Store,
    source: &mut dyn Source,
    request: &Request,
) -> Result<(ScannedWeeks, Landed), LandingError> {
    let scope = scope_of(store, source, request).await?;
    match scope.scanned {
        ScannedWeeks::From(week) => tracing::info!("asking the source for readings since {}", week.monday()),
        ScannedWeeks::Everything => tracing::info!("asking the source for all its readings"),
    }
    let landed = land(store, source, &scope, Some(&request.gate)).await?;
    store.renew_ranks().await?;
    Ok((scope.scanned, landed))
}

/// Which readings to ask a source for: those from some weeks before the newest one on that it has told, or everything.
///
/// What else was taken in, as by `import`, does not count: the source may hold readings of before it that are new.
///
/// # Errors
/// [`StoreError`] if the store can't be read or counts the weeks of another zone.
pub fn scope_of<'a>(
    store: &'a Store,
    source: &dyn Source,
    request: &'a Request,
) -> impl Future<Output = Result<Scope, LandingError>> + Send + use<'a> {
    let name = source.name();
    scope_of_named(store, name, request)
}

async fn scope_of_named(
    store: &Store,
    name: Option<String>,
    request: &Request,
) -> Result<Scope, LandingError> {
    let reached = match name {
        Some(name) => {
            let reach = store.reach(&request.calendar, &name).await?;
            Some((name, reach))
        }
        None => None,
    };
    let mut scope = Scope {
        calendar: request.calendar.clone(),
        now: request.now,
        scanned: ScannedWeeks::Everything,
        reached,
        boxes: (!request.boxes.is_empty()).then(|| request.boxes.clone()),
    };
    if let (Some(newest), false) = (scope.told_to()?, request.rebuild) {
        let week = newest.plus(-i32::from(request.overlap_weeks));
        scope.scanned = ScannedWeeks::From(week.max(IsoWeek::from_index(0)));
    }
    Ok(scope)
}

/// Asks the source and lands what it tells, all or nothing.
///
/// Where a gate is given, the data are tested before they become visible.
/// Where only some boxes are asked for, how far store and source reach stays as it is: the other boxes have not been
/// looked at, and the next update must begin where this one did.
///
/// # Errors
/// [`LandingError`]; then the store is as it was.
pub async fn land(
    store: &Store,
    source: &mut dyn Source,
    scope: &Scope,
    gate: Option<&Gate>,
) -> Result<Landed, LandingError> {
    let boxes = source.boxes().await?;
    let (sender, portions) = mpsc::channel(PORTIONS_AHEAD);
    let mut intake = Intake { store, scope, gate, told: BTreeSet::new(), import: None };
    let (told, taken) = tokio::join!(source.weeks(scope, sender), intake.take_all(portions));
    // A store that fails closes the channel; what the source then says only follows from it.
    taken?;
    let told = told?;
    intake.finish(boxes, told).await
}

struct Intake<'a> {
    store: &'a Store,
    scope: &'a Scope,
    gate: Option<&'a Gate>,
    /// The named boxes that the source told something of.
    told: BTreeSet<BoxId>,
    import: Option<ImportTransaction>,
}

impl Intake<'_> {
    async fn take_all(&mut self, mut portions: mpsc::Receiver<Portion>) -> Result<(), LandingError> {
        let told_to = self.scope.told_to()?;
        while let Some(Portion { landing, tallies }) = portions.recv().await {
            if self.scope.boxes.is_some() {
                self.told.extend(tallies.iter().map(|record| record.box_id.clone()));
            }
            let replaced = landing.replaced(self.scope.scanned);
            let (parts, whole): (Vec<TallyRecord>, Vec<TallyRecord>) =
                tallies.into_iter().partition(|record| landing.merges(record.week));
            let import = self.import().await?;
            import.merge(&parts).await?;
            if let (Some(replaced), false) = (replaced, whole.is_empty()) {
                import.replace(&whole, replaced, told_to).await?;
            }
        }
        Ok(())
    }

    /// The transaction, begun as late as can be: while the source aggregates, others may write.
    async fn import(&mut self) -> Result<&mut ImportTransaction, StoreError> {
        let import = match self.import.take() {
            Some(import) => import,
            None => {
                let mut import = self.store.begin_import(&self.scope.calendar, self.scope.now).await?;
                if let Some((name, reach)) = &self.scope.reached
                    && import.reach_before(name).await? != *reach
                {
                    return Err(StoreError::Overtaken);
                }
                import
            }
        };
        Ok(self.import.insert(import))
    }

    async fn finish(mut self, boxes: BoxesTold, told: WeeksTold) -> Result<Landed, LandingError> {
        let BoxesTold { mut boxes, report } = boxes;
        let silent_boxes = match &self.scope.boxes {
            Some(named) => named.difference(&self.told).cloned().collect(),
            None => Vec::new(),
        };
        let mut landed = Landed {
            reports: Vec::new(),
            extent: Extent::default(),
            metadata_changed: 0,
            silent_boxes,
            data: None,
            tests: Vec::new(),
        };
        let nothing_read = told.reports.iter().all(|report| report.error.is_some());
        landed.reports.extend(report);
        landed.reports.extend(told.reports);
        if nothing_read {
            return Ok(landed);
        }
        let replaced = told.landing.replaced(self.scope.scanned);
        if replaced.is_some() && self.scope.boxes.is_none() && self.import.is_none() {
            return Err(self.nothing(&landed).into());
        }
        let (scope, gate) = (self.scope, self.gate);
        let import = self.import().await?;
        boxes.retain(|metadata| scope.wants(&metadata.box_id));
        landed.metadata_changed = import.save_boxes(&boxes).await?;
        if let Some(replaced) = replaced {
            import.empty_others(replaced, scope.told_to()?, scope.boxes.as_ref()).await?;
        }
        let newest = told.newest.filter(|_| scope.boxes.is_none());
        if let Some(gate) = gate.filter(|_| scope.boxes.is_none()) {
            let data = import.profile(newest, gate.settings.impossible_beyond_capacity).await?;
            let rows = data_tests::Intake {
                rows: landed.reports.iter().filter(|part| !part.holds_boxes).map(|part| part.rows).sum(),
                refused: landed
                    .reports
                    .iter()
                    .filter(|part| !part.holds_boxes)
                    .map(|part| part.refused)
                    .sum(),
            };
            landed.tests = match gate.judge(&data, Some(rows), scope.now) {
                Ok(tests) => tests,
                Err(failed) => return Err(LandingError::DataTests { failed, data: Box::new(data) }),
            };
            landed.data = Some(data);
        }
        // What was merged may lack something: the next update begins where this one did.
        if let (Some((name, _)), Some(newest), Some(_)) = (&scope.reached, newest, replaced) {
            import.source_reaches(name, newest).await?;
        }
        if let Some(import) = self.import {
            landed.extent = import.commit(newest).await?;
        }
        Ok(landed)
    }

    /// The scan always reaches back to the newest reading that was told: a source without any isn't the right one.
    fn nothing(&self, landed: &Landed) -> SourceError {
        let since = match self.scope.scanned {
            ScannedWeeks::From(week) => format!("since {}", week.monday()),
            ScannedWeeks::Everything => "at all".to_owned(),
        };
        let readings = landed.reports.iter().filter(|report| !report.holds_boxes);
        SourceError::Nothing { since, rows: readings.map(|report| report.rows).sum() }
    }
}
