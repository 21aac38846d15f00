//! The store's tables: created and migrated, and the user's privileges on them.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use super::StoreError;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
/// PostgreSQL's code for a missing table.
const NO_SUCH_TABLE: &str = "42P01";

/// The state of the tables relative to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// There are none.
    Absent,
    /// This many migrations are pending.
    Behind(usize),
    /// They are up to date.
    Fitting,
    /// A newer program has migrated them.
    Newer,
}

impl Tables {
    /// The state of an SQLite file.
    pub(super) async fn in_sqlite(connection: &mut SqliteConnection) -> Self {
        let applied = sqlx::query_scalar(APPLIED).fetch_all(connection).await.unwrap_or_default();
        Self::by(&SQLITE, &applied)
    }

    /// The state of a PostgreSQL database.
    pub(super) async fn in_postgres(connection: &mut PgConnection) -> Result<Self, StoreError> {
        let applied: Vec<i64> = match sqlx::query_scalar(APPLIED).fetch_all(connection).await {
            Err(sqlx::Error::Database(refused)) if refused.code().as_deref() == Some(NO_SUCH_TABLE) => {
                Vec::new()
            }
            applied => applied?,
        };
        Ok(Self::by(&POSTGRES, &applied))
    }

    fn by(known: &Migrator, applied: &[i64]) -> Self {
        let needed: Vec<i64> = known.iter().map(|migration| migration.version).collect();
        if applied.is_empty() {
            Self::Absent
        } else if applied.iter().any(|version| !needed.contains(version)) {
            Self::Newer
        } else if applied.len() < needed.len() {
            Self::Behind(needed.len() - applied.len())
        } else {
            Self::Fitting
        }
    }
}

/// Creates or migrates the tables of an SQLite file.
pub(super) async fn migrate_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    Ok(SQLITE.run(pool).await?)
}

/// Creates or migrates the tables in PostgreSQL; if they are up to date no privilege to do so is
/// needed.
pub(super) async fn migrate_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    if Tables::in_postgres(&mut connection).await? != Tables::Fitting {
        drop(connection);
        POSTGRES.run(pool).await?;
    }
    Ok(())
}

/// Our tables that this user can't both read and write.
pub(super) async fn inaccessible_tables(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let texts = POSTGRES.iter().map(|migration| migration.sql.as_str());
    let ours: Vec<&str> = texts
        .flat_map(|text| text.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")))
        .filter_map(|rest| rest.split([' ', '(']).next())
        .collect();
    Ok(sqlx::query_scalar(
        "SELECT c.relname::TEXT FROM pg_class c WHERE c.relkind = 'r' AND c.relname = ANY($1) \
         AND pg_table_is_visible(c.oid) AND NOT (has_table_privilege(c.oid, 'SELECT') AND \
         has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND \
         has_table_privilege(c.oid, 'DELETE')) ORDER BY c.relname",
    )
    .bind(ours)
    .fetch_all(connection)
    .await?)
}
