//! Snowflake tables, aggregated by a warehouse.
//!
//! Statements go to the SQL API; only weekly tallies are transferred, part by part. A statement
//! that nobody waits for any more is cancelled, and ends by itself after the configured time.

mod answer;
mod auth;
mod boxes;
mod client;
mod failure;
mod group_row;
mod regular_weeks;
mod running;
mod statement;
mod table;

pub(crate) use running::all_cancelled;

use std::sync::Arc;

use chrono::TimeDelta;
use domain::ingest::IngestWindow;
use model::IsoWeek;

use super::groups::{DoubtedBox, Groups, unexpected_answer};
use super::row_outcome::{after_calendar, after_latest, latest};
use super::{Answer, BatchSender, BoxReadOutcome, Place, Scope, Source, SourceError, WeekReadOutcome};
use crate::configuration::source::{BOX_COLUMNS, MEASUREMENT_COLUMNS, SnowflakeSettings};
use crate::credentials::SourceCredentials;
use answer::{ResultSet, Row};
use auth::Auth;
use client::Client;
use failure::{Access, Failure};
use statement::{Boxes, WeekQuery};
use table::{Table, Wanted};

/// The most boxes that one statement can name.
const MAX_BOXES: usize = 10_000;

/// An open account with checked tables.
pub struct SnowflakeSource {
    client: Arc<Client>,
    place: String,
    measurements: Table,
    boxes: Option<Table>,
}

impl SnowflakeSource {
    /// Connects, and checks tables, columns and privileges.
    ///
    /// # Errors
    /// [`SourceError`]: a missing setting, an unreachable account, a rejected key, no such role,
    /// warehouse, table or column, or a missing privilege.
    pub async fn open(
        settings: &SnowflakeSettings,
        credentials: &SourceCredentials,
    ) -> Result<Self, SourceError> {
        let needed =
            |value: &Option<String>, setting| value.clone().ok_or(SourceError::MissingSetting(setting));
        let account = needed(&settings.account, "[source.snowflake] account = \"ORGANISATION-ACCOUNT\"")?;
        let user = needed(&settings.user, "[source.snowflake] user")?;
        let database = needed(&settings.database, "[source.snowflake] database")?;
        let address = settings.address().unwrap_or_default();
        let auth = Auth::of(settings, credentials, &account, &user)?;
        let access = Access {
            place: address.clone(),
            user,
            role: settings.role.clone(),
            warehouse: settings.warehouse.clone(),
            database,
            schema: settings.schema.clone(),
        };
        let place = format!("{}.{} at {address}", access.database, access.schema);
        let mut client = Client::new(address, auth, access, settings.statement_timeout_seconds)?;
        let readings = Wanted {
            names: &settings.measurement_columns,
            words: &MEASUREMENT_COLUMNS,
            optional: &[],
            setting: "[source.snowflake] measurements",
            section: "source.snowflake.measurement_columns",
        };
        let metadata = Wanted {
            names: &settings.box_columns,
            words: &BOX_COLUMNS,
            optional: &BOX_COLUMNS[2..],
            setting: "[source.snowflake] boxes",
            section: "source.snowflake.box_columns",
        };
        client.check_connection().await?;
        let client = Arc::new(client);
        let measurements = readings.at(&client, &settings.measurements).await?;
        let boxes = match &settings.boxes {
            Some(name) => Some(metadata.at(&client, name).await?),
            None => None,
        };
        Ok(Self { client, place, measurements, boxes })
    }

    async fn aggregate(&self, scope: &Scope, batches: BatchSender) -> Result<WeekReadOutcome, SourceError> {
        let mut groups = Groups::new(Place::Table(self.measurements.name.to_string()), &scope.believed);
        let names: Vec<String> =
            scope.boxes.iter().flatten().map(|box_id| box_id.as_str().to_owned()).collect();
        if scope.boxes.is_some() && names.len() <= MAX_BOXES {
            self.query(scope, Boxes::Named(names.len()), &names, &mut groups, &batches).await?;
        } else {
            self.query(scope, Boxes::All, &[], &mut groups, &batches).await?;
        }
        let mut doubted = groups.begin_second_query();
        // Spellings of one box stay together.
        doubted.sort_by(|a, b| (a.max_kw.total_cmp(&b.max_kw)).then_with(|| a.box_id.cmp(&b.box_id)));
        for doubted in in_statements(&doubted) {
            let limits = doubted.chunk_by(|a, b| a.max_kw == b.max_kw);
            let limits = limits.map(|group| (group.len(), group[0].max_kw)).collect();
            let names: Vec<String> = doubted.iter().map(|one| one.spelling.clone()).collect();
            self.query(scope, Boxes::Believed(limits), &names, &mut groups, &batches).await?;
        }
        let (batch, outcome) = groups.finish();
        if !batch.tallies.is_empty() {
            batches.send(batch).await.map_err(|_| SourceError::ReceiverGone)?;
        }
        Ok(outcome)
    }

    /// Queries the weeks of boxes, named by the texts.
    async fn query(
        &self,
        scope: &Scope,
        boxes: Boxes,
        names: &[String],
        groups: &mut Groups,
        batches: &BatchSender,
    ) -> Result<(), SourceError> {
        let (first, after) = match scope.window {
            IngestWindow::From(week) => (week, Some(scope.calendar.start_of(week)? - TimeDelta::seconds(1))),
            IngestWindow::Everything => (IsoWeek::from_index(0), None),
        };
        let last = scope.calendar.week_of(latest(scope.now))?.max(first);
        let query = WeekQuery {
            starts: scope.calendar.starts_between(first, last)?,
            after,
            after_latest: after_latest(scope.now),
            after_calendar: after_calendar(&scope.calendar),
            boxes,
        };
        let statement = statement::weeks(&self.measurements, &query);
        let mut parts = Parts::of(&self.client, &statement, names).await?;
        while let Some(rows) = parts.next().await? {
            for row in rows {
                let group = group_row::group(row, &scope.calendar)?;
                if let Some(batch) = groups.take(group)? {
                    batches.send(batch).await.map_err(|_| SourceError::ReceiverGone)?;
                }
            }
        }
        Ok(())
    }
}

/// Boxes by statement: as many as one can name, the spellings of a box in the same one.
fn in_statements(doubted: &[DoubtedBox]) -> Vec<&[DoubtedBox]> {
    let mut statements = Vec::new();
    let mut rest = doubted;
    while rest.len() > MAX_BOXES {
        let end = (1..MAX_BOXES).rev().find(|&end| rest[end - 1].box_id != rest[end].box_id);
        let (statement, others) = rest.split_at(end.unwrap_or(MAX_BOXES));
        statements.push(statement);
        rest = others;
    }
    statements.extend((!rest.is_empty()).then_some(rest));
    statements
}

impl Source for SnowflakeSource {
    fn description(&self) -> String {
        format!("{} of {}, readable", self.measurements.name, self.place)
    }

    fn name(&self) -> Option<String> {
        Some(format!("snowflake {} {}", self.place, self.measurements.name))
    }

    fn boxes(&mut self) -> Answer<'_, BoxReadOutcome> {
        Box::pin(async {
            match &self.boxes {
                Some(table) => boxes::read(&self.client, table).await,
                None => Ok(BoxReadOutcome::default()),
            }
        })
    }

    fn weeks<'a>(&'a mut self, scope: &'a Scope, batches: BatchSender) -> Answer<'a, WeekReadOutcome> {
        Box::pin(self.aggregate(scope, batches))
    }
}

/// The parts of a result, in order; all of them, or an error.
struct Parts<'a> {
    client: &'a Client,
    handle: String,
    first: Option<Vec<Row>>,
    /// The number of rows in each.
    rows: Vec<u64>,
    next: usize,
}

impl<'a> Parts<'a> {
    /// Runs a statement to its end.
    async fn of(client: &'a Arc<Client>, statement: &str, texts: &[String]) -> Result<Self, SourceError> {
        let (result, _) =
            running::run(client, statement, texts).await.map_err(|failure| client.source_error(failure))?;
        let ResultSet { statement_handle: handle, data, result_set_meta_data } = result;
        let Some(description) = result_set_meta_data else {
            return Err(unexpected_answer("a result without a description"));
        };
        let mut rows: Vec<u64> = description.partition_info.iter().map(|part| part.row_count).collect();
        if rows.is_empty() {
            rows.push(description.num_rows);
        }
        if rows.iter().sum::<u64>() != description.num_rows {
            return Err(unexpected_answer("parts that are not the whole"));
        }
        Ok(Self { client, handle, first: Some(data), rows, next: 0 })
    }

    /// The rows of the next part; `None` after the last.
    async fn next(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        let Some(&wanted) = self.rows.get(self.next) else { return Ok(None) };
        let rows = match self.first.take() {
            Some(rows) => rows,
            None => {
                let part = self.client.part(&self.handle, self.next).await;
                part.map_err(|failure| self.source_error(failure))?.data
            }
        };
        if rows.len() as u64 != wanted {
            return Err(unexpected_answer("a part that lacks rows"));
        }
        self.next += 1;
        Ok(Some(rows))
    }

    /// A failure in the middle of a result isn't caused by a setting.
    fn source_error(&self, failure: Failure) -> SourceError {
        match failure {
            Failure::Unreachable(reason) | Failure::NoAccount(reason) => SourceError::Lost { reason },
            other => self.client.source_error(other),
        }
    }
}
