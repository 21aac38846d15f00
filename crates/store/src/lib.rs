#![doc = include_str!("../README.md")]

//! The store: what is kept between runs, in SQLite (embedded, the default) or PostgreSQL.
//!
//! Both databases have the same tables and run the same statements; `on!` runs a query on whichever
//! pool is open, and where the dialects differ `Session::pick` chooses the statement. SQLite has
//! one writer at a time, so its writers queue for a lock of ours instead of retrying.

mod actions;
mod address;
mod api_keys;
mod assessments;
mod audit;
mod backtests;
mod bands;
mod box_history;
mod boxes;
mod completeness;
mod connections;
mod decisions;
mod detail;
mod error;
mod extremes;
mod implausible;
mod import;
mod jobs;
mod neighbours;
mod notices;
mod occurrences;
mod overview;
mod peers;
mod populations;
mod posterior;
mod probe;
mod profile;
mod proposals;
mod ranking;
mod rotating;
mod run_records;
mod runs;
mod scoped;
mod sessions;
mod sign_ins;
mod tables;
mod this_week;
mod usage;
mod verification;
mod warnings;
mod watermarks;
mod weekly_outcomes;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use domain::ranking::RankingOrder;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

pub use address::{NextAddress, RotatingAddress, StoreAddress};
pub use api_keys::{ApiKey, NewApiKey};
pub use assessments::{BoxResult, ExtremeResult};
pub use backtests::{FleetBox, NewBacktest, StoredBacktest};
pub use box_history::PastForecastOfBox;
pub use connections::{GrantedConnections, MaxConnections};
pub use detail::StoredBox;
pub use error::StoreError;
pub use extremes::BoxSeries;
pub use import::{ImportCounts, ImportTransaction, StoredBefore};
pub use jobs::ClaimedJob;
pub use notices::{ClaimedDelivery, NoticeCounts, Subscription, notice_identity};
pub use populations::FleetPopulation;
pub use posterior::PosteriorSummary;
pub use probe::Probe;
pub use run_records::NewRecord;
pub use runs::{OpenRun, RunPlan, RunSettings, RunSummary};
pub use scoped::ScopedStore;
pub use sessions::{NewSession, PersonSession};
pub use sign_ins::PendingSignIn;
pub use tables::Tables;
pub use verification::{PastForecast, UnverifiedRun, VerifiedWeek};
pub use warnings::{StoredWarnings, overloaded_weeks};

/// Connections to a SQLite file: more only wait for its disk.
const SQLITE_CONNECTIONS: u16 = 8;

/// Runs the same code on whichever pool (or transaction) is open.
macro_rules! on {
    ($store:expr, $target:ident => $body:expr) => {
        match $store {
            $crate::Pool::Sqlite($target) => $body,
            $crate::Pool::Postgres($target) => $body,
        }
    };
}
/// The same for a transaction.
macro_rules! within {
    ($transaction:expr, $target:ident => $body:expr) => {
        match &mut $transaction {
            $crate::Session::Sqlite { transaction, .. } => {
                let $target = &mut **transaction;
                $body
            }
            $crate::Session::Postgres(transaction) => {
                let $target = &mut **transaction;
                $body
            }
        }
    };
}
use {on, within};

/// A connection pool of either database.
#[derive(Debug, Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The store. Cheap to clone: clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
    sqlite_writer: Arc<Mutex<()>>,
    list: Arc<ranking::KeptList>,
    /// What ranks are given by.
    ranking_order: RankingOrder,
    /// The address, if its credentials rotate.
    rotating: Option<Arc<dyn RotatingAddress>>,
}

/// A transaction. Rolled back if dropped without [`Session::commit`].
enum Session {
    Sqlite { transaction: Transaction<'static, Sqlite>, _guard: Option<OwnedMutexGuard<()>> },
    Postgres(Transaction<'static, Postgres>),
}

impl Session {
    /// Chooses between two statements where the dialects differ.
    fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite { .. } => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { transaction, _guard } => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Store {
    /// Opens the store at `url` as [`Store::open_with`] does, with the usual number of connections.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, MaxConnections::default()).await
    }

    /// Opens the store at `url` (`sqlite://FILE` or `postgres://…`), creates the SQLite file if it
    /// is absent, and migrates the tables. Several programs may do so at once. It opens no more
    /// connections than `wanted`, nor than the server grants.
    ///
    /// # Errors
    /// [`StoreError`] with the remedy: a malformed address, an unreachable server, a pooler in
    /// transaction mode, a folder that can't be written, or tables made by a newer Gridspark.
    pub async fn open_with(url: &str, wanted: MaxConnections) -> Result<Self, StoreError> {
        let pool = if url.starts_with("sqlite:") {
            Pool::Sqlite(open_sqlite(url, wanted).await?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let address = connections::parsed(url)?;
            let options = connections::postgres_pool(&address, wanted).await?;
            Pool::Postgres(open_postgres(options, address).await?)
        } else {
            return Err(StoreError::unknown_address(url));
        };
        Ok(Self {
            pool,
            sqlite_writer: Arc::default(),
            list: Arc::default(),
            ranking_order: RankingOrder::default(),
            rotating: None,
        })
    }

    /// The same store, giving ranks in this order from the next import or run on.
    #[must_use]
    pub fn ranked_by(self, ranking_order: RankingOrder) -> Self {
        Self { ranking_order, ..self }
    }

    /// Begins a transaction that writes; on SQLite it waits for the writer lock.
    async fn write(&self) -> Result<Session, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => {
                let guard = Arc::clone(&self.sqlite_writer).lock_owned().await;
                let transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                Session::Sqlite { transaction, _guard: Some(guard) }
            }
            Pool::Postgres(pool) => Session::Postgres(self.begin(pool, "BEGIN").await?),
        })
    }

    /// Begins a transaction that writes what could be computed again: its commit does not wait for
    /// PostgreSQL's disk. A crash of the server may lose the last of them, each as a whole; a later
    /// committed [`Store::write`] makes them durable.
    async fn write_async_commit(&self) -> Result<Session, StoreError> {
        match &self.pool {
            Pool::Sqlite(_) => self.write().await,
            Pool::Postgres(pool) => {
                let begin = "BEGIN; SET LOCAL synchronous_commit = off";
                Ok(Session::Postgres(self.begin(pool, begin).await?))
            }
        }
    }

    /// Begins a transaction that reads: all its queries see the same state of the store.
    async fn read(&self) -> Result<Session, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => Session::Sqlite { transaction: pool.begin().await?, _guard: None },
            Pool::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Session::Postgres(self.begin(pool, begin).await?)
            }
        })
    }

    /// The database's name, for people.
    pub fn kind(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite(_) => "SQLite",
            Pool::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Query`] if it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let one: i64 =
            on!(&self.pool, pool => sqlx::query_scalar("SELECT CAST(1 AS BIGINT)").fetch_one(pool).await?);
        if one == 1 { Ok(()) } else { Err(StoreError::Corrupt(one.to_string())) }
    }

    /// Waits for running queries and closes every connection.
    pub async fn close(&self) {
        on!(&self.pool, pool => pool.close().await);
    }
}

/// Opens a pool and migrates the tables behind it.
async fn open_postgres(options: PgPoolOptions, address: PgConnectOptions) -> Result<PgPool, StoreError> {
    let size = options.get_max_connections();
    let pool = match options.connect_with(address.clone()).await {
        Ok(pool) => pool,
        Err(error) => return Err(connections::reason(error, &address, size).await),
    };
    connections::require_session_mode(&pool).await?;
    tables::migrate_postgres(&pool).await?;
    Ok(pool)
}

/// The pages that each connection keeps, in negative KiB: a server with all its connections stays small, and what is read
/// again and again lies in the system's own cache.
const SQLITE_CACHE: &str = "-8192";

/// Rows that a connection's thread may be ahead of who reads them: enough for all weeks of a box, so that the two don't
/// wait for each other row by row.
const SQLITE_ROWS_AHEAD: usize = 1024;

async fn open_sqlite(url: &str, wanted: MaxConnections) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(StoreError::Unreachable)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(60))
        .row_buffer_size(SQLITE_ROWS_AHEAD)
        .pragma("cache_size", SQLITE_CACHE)
        .pragma("wal_autocheckpoint", "16384")
        .pragma("journal_size_limit", "67108864");
    if let Some(folder) = options.get_filename().parent() {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { folder: folder.to_owned(), source })?;
    }
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_CONNECTIONS.min(wanted.get()).into())
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options)
        .await
        .map_err(StoreError::Unreachable)?;
    tables::migrate_sqlite(&pool).await?;
    Ok(pool)
}
