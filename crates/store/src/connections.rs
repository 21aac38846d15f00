//! The connections to a database: how many there may be, and why one can't be had.

use std::num::NonZeroU16;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor};

use super::StoreError;

/// How long a query waits for a connection to PostgreSQL.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a single connection may take when only its failure's reason is asked for.
const REASON_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a pooler may take to give a statement its server.
const POOLER_TIMEOUT: Duration = Duration::from_secs(2);

/// How many connections a process opens at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxConnections(NonZeroU16);

impl MaxConnections {
    /// Most that can be asked for.
    pub const LIMIT: u16 = 1_000;

    /// So many connections, from 1 to [`Self::LIMIT`]; else `None`.
    pub fn new(connections: u16) -> Option<Self> {
        NonZeroU16::new(connections).filter(|count| count.get() <= Self::LIMIT).map(Self)
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }

    /// The smaller of both.
    fn within(self, granted: GrantedConnections) -> Self {
        Self(self.0.min(granted.0))
    }
}

impl Default for MaxConnections {
    fn default() -> Self {
        const { Self(NonZeroU16::new(16).expect("sixteen is not zero")) }
    }
}

/// How many connections a PostgreSQL server grants a user in one database, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantedConnections(NonZeroU16);

impl GrantedConnections {
    /// Reads the limits of server, user and database.
    pub(super) async fn of(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let least: i32 = sqlx::query_scalar(
            "SELECT least(NULLIF(rolconnlimit, -1), NULLIF(datconnlimit, -1), \
             current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int) \
             FROM pg_roles, pg_database WHERE rolname = session_user AND datname = current_database()",
        )
        .fetch_one(connection)
        .await?;
        let granted = u16::try_from(least.max(1)).unwrap_or(u16::MAX);
        Ok(Self(NonZeroU16::new(granted).unwrap_or(NonZeroU16::MIN)))
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }
}

/// The options of a pool to `address`: no more connections than wanted, nor than the server grants.
///
/// # Errors
/// [`StoreError::Unreachable`] with the server's own reason.
pub(super) async fn postgres_pool(
    address: &PgConnectOptions,
    wanted: MaxConnections,
) -> Result<PgPoolOptions, StoreError> {
    let options = PgPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
    // A pool of one retries while the server starts.
    let one = match options.clone().max_connections(1).connect_with(address.clone()).await {
        Ok(one) => one,
        Err(error) => return Err(reason(error, address, 1).await),
    };
    let granted = match one.acquire().await {
        Ok(mut connection) => GrantedConnections::of(&mut connection).await,
        Err(error) => Err(error),
    };
    one.close().await;
    let size = wanted.within(granted.map_err(StoreError::Unreachable)?);
    if size < wanted {
        tracing::info!("the database grants {} connections, fewer than the {} set", size.get(), wanted.get());
    }
    Ok(options.max_connections(size.get().into()))
}

impl PartialOrd for MaxConnections {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.0.cmp(&other.0))
    }
}

/// Why no connection came: a pool that ran out of time keeps the server's reason to itself, so one
/// connection is tried beside it.
pub(super) async fn reason(error: sqlx::Error, address: &PgConnectOptions, connections: u32) -> StoreError {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return StoreError::Unreachable(error);
    }
    match tokio::time::timeout(REASON_TIMEOUT, PgConnection::connect_with(address)).await {
        Ok(Ok(connection)) => {
            drop(connection.close().await);
            StoreError::Busy { connections }
        }
        Ok(Err(refused)) => StoreError::Unreachable(refused),
        Err(_) => StoreError::Unreachable(error),
    }
}

/// Refuses a connection pooler in transaction mode, which gives each transaction another server:
/// prepared statements and the lock on migrations live as long as a session.
///
/// Holds a transaction open on one connection and compares the server of another before and
/// meanwhile; a pool of one connection is taken as it is.
///
/// # Errors
/// [`StoreError::TransactionPooling`]; [`StoreError::Unreachable`].
pub(super) async fn require_session_mode(pool: &PgPool) -> Result<(), StoreError> {
    if pool.options().get_max_connections() < 2 {
        return Ok(());
    }
    let mut first = pool.acquire().await.map_err(StoreError::Unreachable)?;
    let before = server_of(&mut first).await.map_err(StoreError::Unreachable)?;
    // Another process may have taken the connections meanwhile: then nothing is known.
    let Ok(Ok(mut second)) = tokio::time::timeout(POOLER_TIMEOUT, pool.acquire()).await else {
        return Ok(());
    };
    second.execute(sqlx::raw_sql("BEGIN")).await.map_err(StoreError::Unreachable)?;
    let taken = server_of(&mut second).await;
    let meanwhile = tokio::time::timeout(POOLER_TIMEOUT, server_of(&mut first)).await;
    let ended = second.execute(sqlx::raw_sql("ROLLBACK")).await;
    ended.and(taken).map_err(StoreError::Unreachable)?;
    match meanwhile {
        Ok(Ok(server)) if server == before => Ok(()),
        Ok(Err(error)) => Err(StoreError::Unreachable(error)),
        Ok(Ok(_)) | Err(_) => {
            // The statement may still wait for its server.
            drop(first.detach());
            Err(StoreError::TransactionPooling)
        }
    }
}

/// The process that serves a connection, asked for without a prepared statement.
async fn server_of(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    use sqlx::Row as _;
    let row = connection.fetch_one(sqlx::raw_sql("SELECT pg_backend_pid()::text")).await?;
    row.try_get(0)
}

/// The address as options. Numbers travel in binary, and PgBouncer refuses a connection that asks
/// for digits of their text.
pub(super) fn parsed(address: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(address).map_err(StoreError::Unreachable)?;
    Ok(options.extra_float_digits(None))
}
