//! `gridspark update-extremes`: ingests what is new in the configured source.

use chrono::Utc;
use domain::calendar::Calendar;
use domain::ingest::IngestWindow;
use domain::runs::{DataTestResult, Verdict};
use model::{BoxId, IsoWeek};
use serde::Serialize;
use store::{MaxConnections, Store, StoreAddress};

use super::shutdown::shutdown_signal;
use super::{CommandError, report};
use crate::Ending;
use crate::command_line::{Shared, UpdateExtremes};
use crate::configuration::Configuration;
use crate::data_quality::Gate;
use crate::extremes::{Ingested, Request};
use crate::runs::{record_failure, started_by, update_extremes};
use crate::secrets;
use crate::sources::{self, ConfiguredSource, PartReport, Source, SourceError};
use crate::store_address::store_address;

/// The result of an update.
#[derive(Debug, Serialize)]
struct Outcome {
    /// The first week that was queried; `None` for everything.
    scanned_from: Option<IsoWeek>,
    /// Accepted readings.
    rows_aggregated: u64,
    rows_refused: u64,
    weeks_changed: u64,
    /// Weeks that the source no longer has.
    weeks_removed: u64,
    /// Boxes with such weeks.
    boxes_changed: u64,
    metadata_changed: u64,
    complete_to: Option<IsoWeek>,
    /// Requested boxes that the source has no readings of.
    silent_boxes: Vec<BoxId>,
    /// The results of the data tests.
    data_tests: Vec<DataTestResult>,
    /// The tables or files.
    parts: Vec<PartReport>,
}

pub(super) async fn run(options: UpdateExtremes, shared: Shared) -> Result<Ending, CommandError> {
    let configuration = Configuration::load(shared.config.as_deref(), shared.database.as_deref())?;
    let credentials = secrets::obtain(&configuration).await?;
    let started_by = started_by(shared.started_by.as_deref(), "command");
    let configured = ConfiguredSource::of(&configuration, &credentials).ok_or(SourceError::Unconfigured)?;
    let address = store_address(&credentials.database);
    let connections = configuration.database_connections;
    let source = open_source(&configured, &address, connections, &started_by).await?;
    let store = Store::open_at(&address, connections).await?.ranked_by(configuration.ranking_order);
    super::audit::record_start(&store, &shared, "update-extremes").await?;
    let request = Request {
        calendar: Calendar::new(configuration.time_zone),
        now: Utc::now(),
        overlap_weeks: configured.settings.overlap_weeks,
        rebuild: options.rebuild,
        boxes: options.boxes.into_iter().collect(),
        gate: Gate { settings: configuration.data_tests.clone(), despite: options.despite_data_tests },
        runs: configuration.runs.clone(),
    };
    let updated = tokio::select! {
        updated = update_extremes(&store, source, &configured, &request, &started_by) => updated,
        () = shutdown_signal() => {
            // The cancelled statement would otherwise go on in the warehouse.
            sources::all_cancelled().await;
            return Err(CommandError::Interrupted);
        }
    };
    let (window, ingested) = updated?;
    let complete_to = store.overview().await?.measured_to;
    store.close().await;
    let outcome = Outcome::of(ingested, window, complete_to);
    for error in outcome.parts.iter().filter_map(|part| part.error.as_ref()) {
        tracing::error!("{error}");
    }
    report::print(shared.json, &outcome, &outcome.as_text())?;
    outcome.ending()
}

/// Opens the source before the store: if that fails no store is created, but an existing one
/// records the failure.
async fn open_source(
    configured: &ConfiguredSource,
    address: &StoreAddress,
    connections: MaxConnections,
    started_by: &str,
) -> Result<Box<dyn Source>, SourceError> {
    let started_at = Utc::now();
    let opened = configured.open().await;
    if let Err(error) = &opened
        && let Ok(Some(store)) = Store::open_if_there(address, connections).await
    {
        if let Err(second) = record_failure(&store, started_by, started_at, error).await {
            tracing::warn!("the failure could not be recorded: {second}");
        }
        store.close().await;
    }
    opened
}

impl Outcome {
    fn of(ingested: Ingested, window: IngestWindow, complete_to: Option<IsoWeek>) -> Self {
        let Ingested { reports, counts, metadata_changed, silent_boxes, tests, data: _ } = ingested;
        let readings = || reports.iter().filter(|part| !part.holds_boxes);
        Self {
            scanned_from: match window {
                IngestWindow::From(week) => Some(week),
                IngestWindow::Everything => None,
            },
            rows_aggregated: readings().map(|part| part.accepted).sum(),
            rows_refused: readings().map(|part| part.refused).sum(),
            weeks_changed: counts.changed_weeks,
            weeks_removed: counts.removed_weeks,
            boxes_changed: counts.changed_boxes,
            metadata_changed,
            complete_to,
            silent_boxes,
            data_tests: tests,
            parts: reports,
        }
    }

    fn ending(&self) -> Result<Ending, CommandError> {
        let readings = || self.parts.iter().filter(|part| !part.holds_boxes);
        if readings().all(|part| part.error.is_some()) {
            return Err(CommandError::NothingImported);
        }
        let complete = !self.parts.iter().any(PartReport::has_left_out) && self.silent_boxes.is_empty();
        Ok(if complete { Ending::Complete } else { Ending::WithRefusals })
    }

    fn as_text(&self) -> String {
        let mut text = String::new();
        // Archives have many files, of which only the newest hold queried weeks.
        let is_quiet =
            |part: &&PartReport| part.rows == 0 && part.error.is_none() && self.scanned_from.is_some();
        for part in self.parts.iter().filter(|part| !is_quiet(part)) {
            text.push_str(&part.as_line("aggregated"));
            text.push('\n');
            text.push_str(&part.refusal_lines());
        }
        for box_id in &self.silent_boxes {
            text.push_str(&format!("{box_id}: the source has no readings of it in these weeks\n"));
        }
        for failed in self.data_tests.iter().filter(|result| result.verdict == Verdict::Failed) {
            text.push_str(&format!("A data test failed – {failed}\n"));
        }
        let Self { weeks_changed, weeks_removed, boxes_changed, metadata_changed, .. } = self;
        let since = self.scanned_from.map_or("all weeks".to_owned(), |week| format!("weeks from {week} on"));
        text.push_str(&format!(
            "Looked at {since}: {weeks_changed} new or changed, {weeks_removed} removed, of {boxes_changed} boxes; \
             metadata of {metadata_changed} boxes new or changed.\n"
        ));
        if let Some(week) = self.complete_to {
            text.push_str(&format!("Complete to week {week}.\n"));
        }
        text
    }
}
