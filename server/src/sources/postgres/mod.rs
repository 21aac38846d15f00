//! PostgreSQL tables, aggregated by their server.
//!
//! One connection, one read-only transaction: metadata and weeks are from the same snapshot, and
//! the server gives up after the configured time. Only weekly tallies are transferred.

mod boxes;
mod group_row;
mod statement;
mod table;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ingest::IngestWindow;
use futures_util::TryStreamExt;
use model::{BoxId, IsoWeek};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};

use super::groups::Groups;
use super::row_outcome::{after_calendar, after_latest, latest, white_space};
use super::{Answer, BatchSender, BoxReadOutcome, Place, Scope, Source, SourceError, WeekReadOutcome};
use crate::configuration::source::{BOX_COLUMNS, MEASUREMENT_COLUMNS, PostgresSettings};
use crate::credentials::DatabaseAddress;
use crate::secret::{Secret, without_passwords};
use group_row::GroupRow;
use statement::Believed;
use table::{Table, Wanted};

/// The timeout of connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// An open database with checked tables.
pub struct PostgresSource {
    connection: PgConnection,
    /// The address without its password.
    place: String,
    /// The address without user and password.
    server: String,
    settings: PostgresSettings,
    measurements: Table,
    boxes: Option<Table>,
}

impl PostgresSource {
    /// Connects, begins the transaction, and checks tables, columns and privileges.
    ///
    /// # Errors
    /// [`SourceError`]: unreachable, no such table or column, a wrong type, or a missing privilege.
    pub async fn open(
        settings: &PostgresSettings,
        address: Option<&DatabaseAddress>,
    ) -> Result<Self, SourceError> {
        let address = address.ok_or(SourceError::MissingSetting(
            "GRIDSPARK_SOURCE_URL, or [source.postgres] url = \"postgres://user@host:5432/database\"",
        ))?;
        let url = address.current();
        let mut options = parsed(&url)?;
        let mut connected = connect(&options).await;
        if let Err(Unconnected { is_refusal: true, .. }) = &connected
            && let Some(another) = address.after_refusal_of(&url).await
        {
            // The leased credentials had been revoked.
            options = parsed(&another)?;
            connected = connect(&options).await;
        }
        let server = server(&options);
        let place = format!("postgres://{}@{server}", options.get_username());
        let mut connection = connected.map_err(|error| SourceError::Unreachable {
            place: place.clone(),
            reason: error.reason,
            remedy: "host, database, user and password in GRIDSPARK_SOURCE_URL or [source.postgres] url",
        })?;
        begin(&mut connection, settings).await.map_err(|error| failure(&error, settings))?;
        let look = Wanted { place: &place, user: options.get_username(), settings, optional: &[] };
        let measurements = look
            .at(
                &mut connection,
                &settings.measurements,
                "[source.postgres] measurements",
                &MEASUREMENT_COLUMNS,
            )
            .await?;
        measurements.require_types()?;
        let boxes = match &settings.boxes {
            Some(name) => {
                let look = Wanted { optional: &BOX_COLUMNS[2..], ..look };
                Some(look.at(&mut connection, name, "[source.postgres] boxes", &BOX_COLUMNS).await?)
            }
            None => None,
        };
        Ok(Self { connection, place, server, settings: settings.clone(), measurements, boxes })
    }

    async fn aggregate(
        &mut self,
        scope: &Scope,
        batches: BatchSender,
    ) -> Result<WeekReadOutcome, SourceError> {
        let weeks = Weeks::of(scope)?;
        let mut groups = Groups::new(Place::Table(self.settings.measurements.to_string()), &scope.believed);
        let boxes = scope.boxes.as_ref();
        let boxes = boxes.map(|boxes| boxes.iter().map(BoxId::to_string).collect());
        self.query(scope, &weeks, (boxes, None), &mut groups, &batches).await?;
        let doubted = groups.begin_second_query();
        if !doubted.is_empty() {
            let (boxes, limits) = doubted.into_iter().map(|one| (one.spelling, one.max_kw)).unzip();
            self.query(scope, &weeks, (Some(boxes), Some(limits)), &mut groups, &batches).await?;
        }
        let (batch, outcome) = groups.finish();
        if !batch.tallies.is_empty() {
            batches.send(batch).await.map_err(|_| SourceError::ReceiverGone)?;
        }
        Ok(outcome)
    }

    /// Queries the weeks of these boxes, or of all, with the largest power that is believed of each.
    async fn query(
        &mut self,
        scope: &Scope,
        weeks: &Weeks,
        (boxes, limits_kw): (Option<Vec<String>>, Option<Vec<f64>>),
        groups: &mut Groups,
        batches: &BatchSender,
    ) -> Result<(), SourceError> {
        let Self { connection, settings, measurements, .. } = self;
        let believed = if limits_kw.is_some() { Believed::UpToLimits } else { Believed::Everything };
        let mut query = sqlx::query_as(AssertSqlSafe(statement::weeks(measurements, believed)))
            .bind(&weeks.starts)
            .bind(after_latest(scope.now) as f64)
            .bind(after_calendar(&scope.calendar) as f64)
            .bind(white_space())
            .bind(weeks.after)
            .bind(boxes);
        if let Some(limits_kw) = limits_kw {
            query = query.bind(limits_kw);
        }
        let mut rows = query.fetch(connection);
        while let Some(row) = rows.try_next().await.map_err(|error| failure(&error, settings))? {
            let row: GroupRow = row;
            if let Some(batch) = groups.take(row.group(weeks.first)?)? {
                batches.send(batch).await.map_err(|_| SourceError::ReceiverGone)?;
            }
        }
        Ok(())
    }
}

impl Source for PostgresSource {
    fn description(&self) -> String {
        format!("{} of {}, readable", self.settings.measurements, self.place)
    }

    fn name(&self) -> Option<String> {
        Some(format!("postgres {}/{}", self.server, self.settings.measurements))
    }

    fn boxes(&mut self) -> Answer<'_, BoxReadOutcome> {
        Box::pin(async {
            let Self { connection, settings, boxes, .. } = self;
            match boxes {
                Some(table) => {
                    let read = boxes::read(connection, table).await;
                    read.map_err(|error| failure(&error, settings))?.map_err(SourceError::File)
                }
                None => Ok(BoxReadOutcome::default()),
            }
        })
    }

    fn weeks<'a>(&'a mut self, scope: &'a Scope, batches: BatchSender) -> Answer<'a, WeekReadOutcome> {
        Box::pin(self.aggregate(scope, batches))
    }
}

/// The weeks of the query, as statement parameters.
struct Weeks {
    first: IsoWeek,
    /// Unix seconds of the week starts, and of the end of the last week.
    starts: Vec<f64>,
    /// The last second before the window; `None` for everything. What lies between belongs to it, as a time
    /// a hair short of a quarter-hour is that quarter-hour.
    after: Option<DateTime<Utc>>,
}

impl Weeks {
    fn of(scope: &Scope) -> Result<Self, SourceError> {
        let calendar = &scope.calendar;
        let (first, after) = match scope.window {
            IngestWindow::From(week) => (week, Some(calendar.start_of(week)? - TimeDelta::seconds(1))),
            IngestWindow::Everything => (IsoWeek::from_index(0), None),
        };
        let last = calendar.week_of(latest(scope.now))?.max(first);
        let starts = calendar.starts_between(first, last)?;
        Ok(Self { first, starts: starts.iter().map(|&second| second as f64).collect(), after })
    }
}

/// The address without user and password.
fn server(options: &PgConnectOptions) -> String {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    format!("{host}/{}", options.get_database().unwrap_or(options.get_username()))
}

/// The parsed address.
fn parsed(url: &Secret) -> Result<PgConnectOptions, SourceError> {
    if !(url.reveal().starts_with("postgres://") || url.reveal().starts_with("postgresql://")) {
        return Err(SourceError::Address { reason: "it does not begin with postgres://".to_owned() });
    }
    let options: PgConnectOptions = url
        .reveal()
        .parse()
        .map_err(|error: sqlx::Error| SourceError::Address { reason: without_passwords(&error) })?;
    Ok(options.application_name("gridspark update-extremes").disable_statement_logging())
}

/// Why connecting failed.
struct Unconnected {
    reason: String,
    /// Whether user or password was rejected.
    is_refusal: bool,
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, Unconnected> {
    match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(connected) => connected.map_err(|error| {
            let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
            Unconnected { reason: without_passwords(&error), is_refusal: code.starts_with("28") }
        }),
        Err(_) => Err(Unconnected {
            reason: format!("no answer within {} seconds", CONNECT_TIMEOUT.as_secs()),
            is_refusal: false,
        }),
    }
}

async fn begin(connection: &mut PgConnection, settings: &PostgresSettings) -> Result<(), sqlx::Error> {
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    sqlx::query("SELECT set_config('statement_timeout', $1, true), set_config('work_mem', $2, true)")
        .bind(format!("{}s", settings.statement_timeout_seconds))
        .bind(format!("{}MB", settings.work_memory_mb))
        .execute(&mut *connection)
        .await?;
    // The server soon ends a statement whose client is gone (PostgreSQL 14 and later).
    sqlx::query(
        "SELECT set_config(name, '5s', true) FROM pg_settings WHERE name = 'client_connection_check_interval'",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Explains a failed query by the server's code (PostgreSQL, appendix A), or by its absence.
fn failure(error: &sqlx::Error, settings: &PostgresSettings) -> SourceError {
    let reason = without_passwords(error);
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    match (error, &*code) {
        (_, "57014") => {
            let setting = "[source.postgres] statement_timeout_seconds";
            let seconds = settings.statement_timeout_seconds;
            SourceError::TimedOut { reason: message(error), seconds, setting }
        }
        (_, "57P01" | "57P02" | "57P03") => SourceError::Lost { reason: message(error) },
        (_, code) if code.starts_with("08") => SourceError::Lost { reason: message(error) },
        (sqlx::Error::Database(_), _) => SourceError::Refused { reason: message(error) },
        (sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_), _) => {
            SourceError::Lost { reason }
        }
        _ => SourceError::Refused { reason },
    }
}

fn message(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(database) => without_passwords(&database.message()),
        None => without_passwords(error),
    }
}
