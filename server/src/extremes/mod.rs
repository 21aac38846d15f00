//! Ingestion: brings what is new in a source into the store, in one transaction.
//!
//! The source aggregates while the store imports batch after batch. If the connection, the store or
//! the program fails on the way, nothing is kept: the transaction begins with the first batch and
//! is committed after the source has reported its end.

mod weekly;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::calendar::{Calendar, OutOfCalendar};
use domain::implausible::BelievedPower;
use domain::ingest::IngestWindow;
use domain::runs::{DataProfile, DataTestResult};
use domain::tally::TallyRecord;
use model::{BoxId, IsoWeek};
use readings::Reason;
use store::{ImportCounts, ImportTransaction, Store, StoreError};
use tokio::sync::mpsc;

use crate::configuration::RunWatchSettings;
use crate::data_quality::{self, FailedDataTests, Gate};
use crate::retry::Backoff;
use crate::sources::{
    BoxReadOutcome, ConfiguredSource, PartReport, Scope, Source, SourceError, TallyBatch, WeekReadOutcome,
};

pub use weekly::{ExtremesImport, RemovedWeeks};

/// Batches that may wait for the store.
const BATCHES_AHEAD: usize = 4;
/// How often an update is attempted.
const ATTEMPTS: u32 = 3;

/// What to ingest.
#[derive(Debug, Clone)]
pub struct Request {
    /// The weeks of local time.
    pub calendar: Calendar,
    /// The present.
    pub now: DateTime<Utc>,
    /// Whole weeks before the source's newest reading that are queried again.
    pub overlap_weeks: u16,
    /// Ingest everything that the source holds.
    pub rebuild: bool,
    /// Only these boxes; all if empty.
    pub boxes: BTreeSet<BoxId>,
    /// The data tests before the commit.
    pub gate: Gate,
    /// When a run counts as suspicious.
    pub runs: RunWatchSettings,
}

/// The result of an ingestion.
#[derive(Debug)]
pub struct Ingested {
    /// One report per table or file: metadata first, then readings.
    pub reports: Vec<PartReport>,
    /// What changed. All zero if every file was refused.
    pub counts: ImportCounts,
    /// Boxes whose metadata are new or changed.
    pub metadata_changed: u64,
    /// Requested boxes that the source has no readings of.
    pub silent_boxes: Vec<BoxId>,
    /// The profile of the measurements after the import.
    pub data: Option<DataProfile>,
    /// The results of the data tests.
    pub tests: Vec<DataTestResult>,
}

/// Why nothing was ingested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data failed a test that stops runs.
    #[error("{failed}")]
    DataTests {
        /// The failed tests.
        failed: FailedDataTests,
        /// The profile of the measurements, had they been imported.
        data: Box<DataProfile>,
    },
}

impl From<OutOfCalendar> for IngestError {
    fn from(error: OutOfCalendar) -> Self {
        Self::Source(error.into())
    }
}

impl IngestError {
    /// Whether a retry may succeed: a connection broke.
    fn is_transient(&self) -> bool {
        match self {
            Self::Source(error) => matches!(error, SourceError::Lost { .. }),
            Self::Store(error) => error.is_transient(),
            Self::DataTests { .. } => false,
        }
    }
}

/// Queries the source for what is new, imports it and updates the ranking; returns the window that
/// was queried. If a connection breaks it starts again from the beginning, with the source opened
/// anew.
///
/// # Errors
/// [`IngestError`]; then the store is unchanged.
#[tracing::instrument(name = "update extremes", skip_all)]
pub async fn update(
    store: &Store,
    mut source: Box<dyn Source>,
    configured: &ConfiguredSource,
    request: &Request,
) -> Result<(IngestWindow, Ingested), IngestError> {
    let mut backoff = Backoff::default();
    let mut left = ATTEMPTS;
    loop {
        left -= 1;
        match update_once(store, source.as_mut(), request).await {
            Err(error) if left > 0 && error.is_transient() => {
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
) -> Result<(IngestWindow, Ingested), IngestError> {
    let scope = scope_of(store, source, request).await?;
    match scope.window {
        IngestWindow::From(week) => tracing::info!("asking the source for readings since {}", week.monday()),
        IngestWindow::Everything => tracing::info!("asking the source for all its readings"),
    }
    let ingested = ingest(store, source, &scope, Some(&request.gate)).await?;
    store.update_ranking().await?;
    Ok((scope.window, ingested))
}

/// The readings to query a source for: from some weeks before its watermark on, or everything.
///
/// Readings from elsewhere, as by `import`, don't count: the source may hold older readings that
/// are new.
///
/// # Errors
/// [`StoreError`] if the store can't be read or has weeks of another time zone.
pub fn scope_of<'a>(
    store: &'a Store,
    source: &dyn Source,
    request: &'a Request,
) -> impl Future<Output = Result<Scope, IngestError>> + Send + use<'a> {
    let name = source.name();
    scope_of_named(store, name, request)
}

async fn scope_of_named(
    store: &Store,
    name: Option<String>,
    request: &Request,
) -> Result<Scope, IngestError> {
    let watermarks = match name {
        Some(name) => {
            let watermarks = store.watermarks(&request.calendar, &name).await?;
            Some((name, watermarks))
        }
        None => None,
    };
    let mut scope = Scope {
        calendar: request.calendar.clone(),
        now: request.now,
        window: IngestWindow::Everything,
        watermarks,
        boxes: (!request.boxes.is_empty()).then(|| request.boxes.clone()),
        believed: Arc::default(),
    };
    if let (Some(newest), false) = (scope.last_delivered_week()?, request.rebuild) {
        let week = newest.plus(-i32::from(request.overlap_weeks));
        scope.window = IngestWindow::From(week.max(IsoWeek::from_index(0)));
    }
    Ok(scope)
}

/// Queries the source and imports what it delivers, all or nothing.
///
/// With a gate the data are tested before they become visible. If only some boxes are queried, the
/// watermarks stay: the next update of all boxes must begin where this one did.
///
/// # Errors
/// [`IngestError`]; then the store is unchanged.
pub async fn ingest(
    store: &Store,
    source: &mut dyn Source,
    scope: &Scope,
    gate: Option<&Gate>,
) -> Result<Ingested, IngestError> {
    let boxes = source.boxes().await?;
    let believed = believed_power(store, &boxes).await?;
    let scope = &Scope { believed: Arc::new(believed), ..scope.clone() };
    let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
    let mut ingestion = Ingestion { store, scope, gate, delivered: BTreeSet::new(), import: None };
    let (read, taken) = tokio::join!(source.weeks(scope, sender), ingestion.import_all(batches));
    // If the store fails it closes the channel; the source's error only follows from that.
    taken?;
    let read = read?;
    ingestion.finish(boxes, read).await
}

/// What can be believed by the capacities: of the metadata that come with the readings, else of the
/// store.
async fn believed_power(store: &Store, boxes: &BoxReadOutcome) -> Result<BelievedPower, StoreError> {
    let read = boxes.boxes.iter().filter_map(|metadata| Some((metadata.box_id.clone(), metadata.capacity?)));
    Ok(BelievedPower::of(store.capacities().await?.into_iter().chain(read)))
}

struct Ingestion<'a> {
    store: &'a Store,
    scope: &'a Scope,
    gate: Option<&'a Gate>,
    /// The requested boxes that the source has delivered something of.
    delivered: BTreeSet<BoxId>,
    import: Option<ImportTransaction>,
}

impl Ingestion<'_> {
    async fn import_all(&mut self, mut batches: mpsc::Receiver<TallyBatch>) -> Result<(), IngestError> {
        let last_delivered_week = self.scope.last_delivered_week()?;
        while let Some(TallyBatch { mode, tallies }) = batches.recv().await {
            if self.scope.boxes.is_some() {
                self.delivered.extend(tallies.iter().map(|record| record.box_id.clone()));
            }
            let replaced = mode.replaced(self.scope.window);
            let (parts, whole): (Vec<TallyRecord>, Vec<TallyRecord>) =
                tallies.into_iter().partition(|record| mode.merges(record.week));
            let import = self.import().await?;
            import.merge(&parts).await?;
            if let (Some(replaced), false) = (replaced, whole.is_empty()) {
                import.replace(&whole, replaced, last_delivered_week).await?;
            }
        }
        Ok(())
    }

    /// The transaction, begun as late as possible: others may write while the source aggregates.
    async fn import(&mut self) -> Result<&mut ImportTransaction, StoreError> {
        let import = match self.import.take() {
            Some(import) => import,
            None => {
                let import = self.store.begin_import(&self.scope.calendar, self.scope.now).await?;
                let mut import = import.believing(Arc::clone(&self.scope.believed));
                if let Some((name, watermarks)) = &self.scope.watermarks
                    && import.watermarks_before(name).await? != *watermarks
                {
                    return Err(StoreError::Overtaken);
                }
                import
            }
        };
        Ok(self.import.insert(import))
    }

    async fn finish(mut self, boxes: BoxReadOutcome, read: WeekReadOutcome) -> Result<Ingested, IngestError> {
        let BoxReadOutcome { mut boxes, report } = boxes;
        let silent_boxes = match &self.scope.boxes {
            Some(named) => named.difference(&self.delivered).cloned().collect(),
            None => Vec::new(),
        };
        let mut ingested = Ingested {
            reports: Vec::new(),
            counts: ImportCounts::default(),
            metadata_changed: 0,
            silent_boxes,
            data: None,
            tests: Vec::new(),
        };
        let nothing_read = read.reports.iter().all(|report| report.error.is_some());
        ingested.reports.extend(report);
        ingested.reports.extend(read.reports);
        if nothing_read {
            return Ok(ingested);
        }
        let replaced = read.mode.replaced(self.scope.window);
        if replaced.is_some() && self.scope.boxes.is_none() && self.import.is_none() {
            return Err(self.nothing(&ingested).into());
        }
        let (scope, gate) = (self.scope, self.gate);
        let import = self.import().await?;
        boxes.retain(|metadata| scope.wants(&metadata.box_id));
        ingested.metadata_changed = import.save_boxes(&boxes).await?;
        // What is remembered of a box doesn't make it one that the source has delivered.
        if let Some(replaced) = replaced {
            import.remove_absent_boxes(replaced, scope.last_delivered_week()?, scope.boxes.as_ref()).await?;
        }
        import.save_implausible(&read.implausible).await?;
        let newest = read.newest.filter(|_| scope.boxes.is_none());
        if let Some(gate) = gate.filter(|_| scope.boxes.is_none()) {
            let data = import.profile(newest, gate.settings.impossible_beyond_capacity).await?;
            let rows = data_quality::RowCounts {
                rows: ingested.reports.iter().filter(|part| !part.holds_boxes).map(|part| part.rows).sum(),
                refused: ingested
                    .reports
                    .iter()
                    .filter(|part| !part.holds_boxes)
                    .map(|part| part.refused)
                    .sum(),
            };
            ingested.tests = match gate.judge(&data, Some(rows), scope.now) {
                Ok(tests) => tests,
                Err(failed) => return Err(IngestError::DataTests { failed, data: Box::new(data) }),
            };
            ingested.data = Some(data);
        }
        // Merged weeks may be incomplete: the next update begins where this one did.
        if let (Some((name, _)), Some(newest), Some(_)) = (&scope.watermarks, newest, replaced) {
            import.advance_watermark(name, newest).await?;
        }
        if let Some(import) = self.import {
            ingested.counts = import.commit(newest).await?;
        }
        Ok(ingested)
    }

    /// The window always contains the newest delivered reading: a source without any isn't the
    /// right one.
    fn nothing(&self, ingested: &Ingested) -> SourceError {
        let since = match self.scope.window {
            IngestWindow::From(week) => format!("since {}", week.monday()),
            IngestWindow::Everything => "at all".to_owned(),
        };
        let readings = || ingested.reports.iter().filter(|report| !report.holds_boxes);
        let rows = readings().map(|report| report.rows).sum();
        let beyond = Reason::BeyondCapacity.as_str();
        match readings().filter_map(|report| report.refused_by_reason.get(beyond)).sum() {
            0 => SourceError::Nothing { since, rows },
            beyond => SourceError::AllBeyondCapacity { since, beyond, rows },
        }
    }
}
