//! Inspects a database without changing it: does it answer, is it writable, are its tables up to
//! date?

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::connections::parsed;
use super::tables::{Tables, inaccessible_tables};
use super::{GrantedConnections, Store, StoreError};

/// A server that takes longer to answer counts as unreachable.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// What the inspection found.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The database and its version.
    pub server: String,
    /// The state of its tables.
    pub tables: Tables,
    /// Tables, or the file, that can't be both read and written.
    pub inaccessible_tables: Vec<String>,
    /// How far the server's clock is ahead of this host's.
    pub clock_ahead: TimeDelta,
    /// Whether tables may be created; `None` for an SQLite file.
    pub may_create: Option<bool>,
    /// How many connections the server grants; `None` for an SQLite file.
    pub granted_connections: Option<GrantedConnections>,
    /// The folder of an SQLite file.
    pub folder: Option<PathBuf>,
}

impl Store {
    /// Inspects the database at `url` without creating or changing anything in it.
    ///
    /// # Errors
    /// [`StoreError::UnknownAddress`]; [`StoreError::Unreachable`] if it can't be opened.
    pub async fn probe(url: &str) -> Result<Probe, StoreError> {
        let look = async {
            if url.starts_with("sqlite:") {
                probe_sqlite(url).await
            } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
                probe_postgres(url).await
            } else {
                Err(StoreError::unknown_address(url))
            }
        };
        let too_late = |_| StoreError::Unreachable(sqlx::Error::PoolTimedOut);
        tokio::time::timeout(RESPONSE_TIMEOUT, look).await.map_err(too_late)?
    }
}

async fn probe_sqlite(url: &str) -> Result<Probe, StoreError> {
    let options = SqliteConnectOptions::from_str(url).map_err(StoreError::Unreachable)?.read_only(true);
    let file = options.get_filename().to_owned();
    let folder =
        file.parent().map(|folder| if folder.as_os_str().is_empty() { ".".into() } else { folder.into() });
    if !file.exists() {
        return Ok(Probe {
            server: format!("SQLite, {} is not there yet", file.display()),
            tables: Tables::Absent,
            inaccessible_tables: Vec::new(),
            clock_ahead: TimeDelta::zero(),
            may_create: None,
            granted_connections: None,
            folder,
        });
    }
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(StoreError::Unreachable)?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
    let tables = Tables::in_sqlite(&mut connection).await;
    connection.close().await?;
    let may_write = rustix::fs::access(&file, rustix::fs::Access::WRITE_OK).is_ok();
    let inaccessible_tables = if may_write { Vec::new() } else { vec![file.display().to_string()] };
    Ok(Probe {
        server: format!("SQLite {version}"),
        tables,
        inaccessible_tables,
        clock_ahead: TimeDelta::zero(),
        may_create: None,
        granted_connections: None,
        folder,
    })
}

async fn probe_postgres(url: &str) -> Result<Probe, StoreError> {
    let options = parsed(url)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(StoreError::Unreachable)?;
    let before = Utc::now();
    let (version, now, may_create): (String, DateTime<Utc>, Option<bool>) = sqlx::query_as(
        "SELECT current_setting('server_version'), clock_timestamp(), \
         has_schema_privilege(current_schema(), 'CREATE')",
    )
    .fetch_one(&mut connection)
    .await?;
    let middle = before + (Utc::now() - before) / 2;
    let tables = Tables::in_postgres(&mut connection).await?;
    let inaccessible_tables = inaccessible_tables(&mut connection).await?;
    let granted = GrantedConnections::of(&mut connection).await?;
    connection.close().await?;
    Ok(Probe {
        server: format!("PostgreSQL {version}"),
        tables,
        inaccessible_tables,
        clock_ahead: now - middle,
        may_create,
        granted_connections: Some(granted),
        folder: None,
    })
}
