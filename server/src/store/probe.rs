//! A look at a database that changes nothing: is it there, may it be written, do its tables fit this program?

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::{Store, StoreError};

/// A server that takes longer to answer is as good as away.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Which database, in which version.
    pub server: String,
    /// Whether its tables fit.
    pub tables: Tables,
    /// How far the server's clock is ahead of this host's.
    pub clock_ahead: TimeDelta,
    /// Whether tables may be made; not known of an SQLite file.
    pub may_create: Option<bool>,
    /// The folder of an SQLite file.
    pub folder: Option<PathBuf>,
}

/// How the tables stand to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// There are none yet.
    Absent,
    /// So many changes are still to be made to them.
    Behind(usize),
    /// They are as this program needs them.
    Fitting,
    /// A newer program has changed them.
    Newer,
}

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

impl Store {
    /// Looks at the database at `url` without making or changing anything in it.
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
        tokio::time::timeout(ANSWER_WITHIN, look).await.map_err(too_late)?
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
            clock_ahead: TimeDelta::zero(),
            may_create: None,
            folder,
        });
    }
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(StoreError::Unreachable)?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
    let applied = sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await.unwrap_or_default();
    connection.close().await?;
    Ok(Probe {
        server: format!("SQLite {version}"),
        tables: tables(&SQLITE, &applied),
        clock_ahead: TimeDelta::zero(),
        may_create: None,
        folder,
    })
}

async fn probe_postgres(url: &str) -> Result<Probe, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(StoreError::Unreachable)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(StoreError::Unreachable)?;
    let before = Utc::now();
    let (version, now, may_create): (String, DateTime<Utc>, Option<bool>) = sqlx::query_as(
        "SELECT current_setting('server_version'), clock_timestamp(), \
         has_schema_privilege(current_schema(), 'CREATE')",
    )
    .fetch_one(&mut connection)
    .await?;
    let middle = before + (Utc::now() - before) / 2;
    let applied = sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await.unwrap_or_default();
    connection.close().await?;
    Ok(Probe {
        server: format!("PostgreSQL {version}"),
        tables: tables(&POSTGRES, &applied),
        clock_ahead: now - middle,
        may_create,
        folder: None,
    })
}

fn tables(known: &Migrator, applied: &[i64]) -> Tables {
    let needed: Vec<i64> = known.iter().map(|migration| migration.version).collect();
    if applied.is_empty() {
        Tables::Absent
    } else if applied.iter().any(|version| !needed.contains(version)) {
        Tables::Newer
    } else if applied.len() < needed.len() {
        Tables::Behind(needed.len() - applied.len())
    } else {
        Tables::Fitting
    }
}
