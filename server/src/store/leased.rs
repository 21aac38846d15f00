//! A store whose credentials are lent: connections follow the changes, and no query fails by them.

use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{Postgres, Transaction};

use super::tables::renew_in_postgres;
use super::{Pool, Store, StoreError, Tables, postgres_pool};
use crate::configuration::Configuration;
use crate::leased_address::LeasedAddress;

/// A connection may have been opened with the credentials of before for so long after a change.
const OPENING: Duration = Duration::from_millis(500);

impl Store {
    /// Opens the store that is configured, with the credentials that are lent for it, if any.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn of(configuration: &Configuration) -> Result<Self, StoreError> {
        match &configuration.database_lease {
            Some(lease) => Self::open_leased(lease).await,
            None => Self::open(&configuration.database).await,
        }
    }

    /// The store that is configured, where its tables are there and fit; none is made and nothing is changed.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn if_there(configuration: &Configuration) -> Result<Option<Self>, StoreError> {
        let lent = configuration.database_lease.as_ref().map(LeasedAddress::current);
        let address = lent.as_ref().map_or(configuration.database.as_str(), |lent| lent.reveal());
        match Self::probe(address).await?.tables {
            Tables::Fitting => Self::of(configuration).await.map(Some),
            Tables::Absent | Tables::Behind(_) | Tables::Newer => Ok(None),
        }
    }

    /// Opens a store in PostgreSQL whose credentials are lent. From a change on no connection is handed out that was
    /// opened before it; those at work end their work first.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_leased(lease: &LeasedAddress) -> Result<Self, StoreError> {
        let changed_at: Arc<Mutex<Option<Instant>>> = Arc::default();
        let seen = Arc::clone(&changed_at);
        let options = postgres_pool().after_connect(|connection, _| Box::pin(require_user(connection)));
        let options = options.before_acquire(move |_, about| {
            let changed_at = seen.lock().map_or(None, |changed_at| *changed_at);
            let is_good = changed_at.is_none_or(|at| about.age + OPENING <= at.elapsed());
            Box::pin(async move { Ok(is_good) })
        });
        let mut lease = lease.clone();
        let pool = options.connect_with(parsed(&lease)?).await.map_err(StoreError::Unreachable)?;
        renew_in_postgres(&pool).await?;
        let store = Self {
            pool: Pool::Postgres(pool.clone()),
            sqlite_writer: Arc::default(),
            lease: Some(lease.clone()),
        };
        tokio::spawn(async move {
            while !pool.is_closed() && lease.changed().await {
                match parsed(&lease) {
                    Ok(options) => {
                        pool.set_connect_options(options);
                        if let Ok(mut at) = changed_at.lock() {
                            *at = Some(Instant::now());
                        }
                    }
                    Err(error) => tracing::error!("{error}"),
                }
            }
        });
        Ok(store)
    }

    /// Begins a transaction. Where the lent credentials were taken back it waits for others.
    pub(super) async fn begin(
        &self,
        pool: &PgPool,
        statement: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let used = self.lease.as_ref().map(LeasedAddress::current);
        match (pool.begin_with(statement).await, &self.lease, used) {
            (Err(error), Some(lease), Some(used)) if is_refusal(&error) => {
                if lease.instead_of(&used).await.is_none() {
                    return Err(error.into());
                }
                // The pool follows the same change, an instant later.
                pool.set_connect_options(parsed(lease)?);
                Ok(pool.begin_with(statement).await?)
            }
            (begun, _, _) => Ok(begun?),
        }
    }
}

/// Refuses a connection whose user was taken back while it was opened: the server lets it in, but without the role that it
/// acts as.
async fn require_user(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let is_there = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = session_user)";
    if sqlx::query_scalar(is_there).fetch_one(connection).await? {
        Ok(())
    } else {
        Err(sqlx::Error::Protocol("the user was taken back".to_owned()))
    }
}

fn parsed(lease: &LeasedAddress) -> Result<PgConnectOptions, StoreError> {
    PgConnectOptions::from_str(lease.current().reveal()).map_err(StoreError::Unreachable)
}

/// Whether the server doesn't know user or password (PostgreSQL, appendix A: class 28).
fn is_refusal(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code.starts_with("28"))
}
