//! Errors of the store.

use std::path::PathBuf;

/// An error of the store. The text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address is of neither database.
    #[error(
        "a database address starts with sqlite:// or postgres://, {}; set --database or GRIDSPARK_DATABASE",
        .scheme.as_ref().map_or("and this one has no such beginning".to_owned(), |scheme| format!("not with `{scheme}://`"))
    )]
    UnknownAddress {
        /// Its scheme. The rest is not shown: it may hold a password.
        scheme: Option<String>,
    },
    /// The folder of the SQLite file can't be created.
    #[error("the folder {folder} for the database cannot be made: {source}; choose another with --database")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The database can't be opened.
    #[error(
        "the database cannot be opened: {0}; check that --database is right, the server runs and the file may be written"
    )]
    Unreachable(#[source] sqlx::Error),
    /// Every connection was in use for as long as a query waits.
    #[error(
        "all {connections} connections to the database were in use for too long; raise `database_connections` or run fewer \
         workers at a time"
    )]
    Busy {
        /// How many there may be.
        connections: u32,
    },
    /// A connection pooler gives each transaction another server.
    #[error(
        "the database is reached by a connection pooler in transaction mode, and Gridspark needs a session; set `pool_mode = \
         session` for this database in PgBouncer, or give --database the address of the server itself"
    )]
    TransactionPooling,
    /// The tables can't be migrated.
    #[error("the tables cannot be brought up to date: {0}; {remedy}", remedy = remedy_of_migration(.0))]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A query failed.
    #[error("the database refused a query: {0}{remedy}", remedy = remedy_of_query(.0))]
    Query(#[from] sqlx::Error),
    /// The store holds an invalid value.
    #[error("the database holds a value that cannot be read: {0}")]
    Corrupt(String),
    /// The stored weeks are of another time zone.
    #[error(
        "the stored weeks are weeks of {stored}, the configuration says {configured}; keep the zone, or import anew into another database"
    )]
    OtherTimeZone {
        /// The zone of the stored weeks.
        stored: String,
        /// The zone asked for.
        configured: String,
    },
    /// Newer readings were imported while a source was being queried.
    #[error("another import took in readings meanwhile; nothing was changed, run the command again")]
    Overtaken,
    /// A run with other settings is under way.
    #[error(
        "run {run} is under way with other settings (model {model}, program {code_version}); wait until it is done, or stop its \
         workers"
    )]
    RunUnderWay {
        /// The run.
        run: i64,
        /// Its model.
        model: String,
        /// The version of the program that planned it.
        code_version: String,
    },
    /// A run was closed in favour of another before it was done.
    #[error("run {run} was given up in favour of a run with other settings; its stored results stay")]
    RunGivenUp {
        /// The run.
        run: i64,
    },
    /// The lease on a job expired and another worker claimed it.
    #[error("another worker has taken over this box")]
    LeaseLost,
}

/// PostgreSQL's codes of transient failures: the server is stopping, starting or crashed, takes no
/// more connections, could not serialise two transactions, or rejects credentials that are being
/// rotated.
const TRANSIENT: [&str; 8] = ["57P01", "57P02", "57P03", "53300", "40001", "40P01", "28000", "28P01"];

/// PostgreSQL's code for a missing privilege.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

fn lacks_privilege(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|refused| refused.code().as_deref() == Some(INSUFFICIENT_PRIVILEGE))
}

fn remedy_of_migration(error: &sqlx::migrate::MigrateError) -> &'static str {
    use sqlx::migrate::MigrateError::{Execute, ExecuteMigration};
    match error {
        Execute(error) | ExecuteMigration(error, _) if lacks_privilege(error) => {
            "GRANT CREATE ON SCHEMA to the user, for as long as it takes"
        }
        _ => "if a newer Gridspark made them, use that one",
    }
}

fn remedy_of_query(error: &sqlx::Error) -> &'static str {
    if lacks_privilege(error) { "; `gridspark check` shows which rights the user lacks" } else { "" }
}

impl StoreError {
    /// The error of an address that is of neither database.
    pub(super) fn unknown_address(address: &str) -> Self {
        let is_plain = |scheme: &&str| scheme.chars().all(|letter| letter.is_ascii_alphanumeric());
        let scheme = address.split_once("://").map(|(scheme, _)| scheme).filter(is_plain);
        Self::UnknownAddress { scheme: scheme.map(str::to_owned) }
    }

    /// Whether a retry may succeed: the database is unreachable, restarting or too busy.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let error = match self {
            Self::Unreachable(error) | Self::Query(error) => error,
            Self::Busy { .. } => return true,
            _ => return false,
        };
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Protocol(_) => true,
            sqlx::Error::Database(refused) => {
                refused.code().is_some_and(|code| TRANSIENT.contains(&&*code) || code.starts_with("08"))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_that_is_none_only_its_scheme_is_reported() {
        let shown = |address| StoreError::unknown_address(address).to_string();
        assert!(shown("mysql://grid:secret@db/grid").contains("not with `mysql://`"));
        for address in [
            "host=db user=grid password=secret dbname=grid",
            "host=db password=secret options=a://b",
            "secret",
            "user:secret@db",
        ] {
            let shown = shown(address);
            assert!(!shown.contains("secret") && shown.contains("GRIDSPARK_DATABASE"), "{shown}");
        }
    }
}
