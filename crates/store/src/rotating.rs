//! A store with rotating credentials: connections follow the changes and no query fails because of
//! them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{Postgres, Transaction};

use super::connections::{postgres_pool, reason};
use super::{MaxConnections, Pool, RotatingAddress, Store, StoreError, connections, open_postgres};

/// A connection opened this soon after a change may still use the old credentials.
const CHANGE_MARGIN: Duration = Duration::from_millis(500);

impl Store {
    /// Opens a store in PostgreSQL with rotating credentials. After a change no connection opened
    /// before it is handed out; those in use finish their work first.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub(super) async fn open_rotating(
        address: Arc<dyn RotatingAddress>,
        wanted: MaxConnections,
    ) -> Result<Self, StoreError> {
        let changed_at: Arc<Mutex<Option<Instant>>> = Arc::default();
        let seen = Arc::clone(&changed_at);
        let mut used = address.current();
        let options = postgres_pool(&parsed(&used)?, wanted).await?;
        let options = options.after_connect(|connection, _| Box::pin(require_user(connection)));
        let options = options.before_acquire(move |_, about| {
            let changed_at = seen.lock().map_or(None, |changed_at| *changed_at);
            let is_good = changed_at.is_none_or(|at| about.age + CHANGE_MARGIN <= at.elapsed());
            Box::pin(async move { Ok(is_good) })
        });
        let pool = open_postgres(options, parsed(&used)?).await?;
        let store = Self {
            pool: Pool::Postgres(pool.clone()),
            sqlite_writer: Arc::default(),
            list: Arc::default(),
            rotating: Some(Arc::clone(&address)),
        };
        tokio::spawn(async move {
            while let Some(changed) = address.next_after(&used).await {
                if pool.is_closed() {
                    break;
                }
                match parsed(&changed) {
                    Ok(options) => {
                        pool.set_connect_options(options);
                        if let Ok(mut at) = changed_at.lock() {
                            *at = Some(Instant::now());
                        }
                    }
                    Err(error) => tracing::error!("{error}"),
                }
                used = changed;
            }
        });
        Ok(store)
    }

    /// Begins a transaction. If the credentials were revoked it waits for others.
    pub(super) async fn begin(
        &self,
        pool: &PgPool,
        statement: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let used = self.rotating.as_ref().map(|address| address.current());
        match (pool.begin_with(statement).await, &self.rotating, used) {
            (Err(error), Some(address), Some(used)) if is_refusal(&error) => {
                let Some(another) = address.after_refusal_of(&used).await else { return Err(error.into()) };
                // The pool follows the same change, an instant later.
                pool.set_connect_options(parsed(&another)?);
                Ok(pool.begin_with(statement).await?)
            }
            (Err(error @ sqlx::Error::PoolTimedOut), _, _) => {
                let size = pool.options().get_max_connections();
                Err(reason(error, &pool.connect_options(), size).await)
            }
            (begun, _, _) => Ok(begun?),
        }
    }
}

/// Refuses a connection whose user was revoked while it was opened: the server admits it, but
/// without the role that it acts as.
async fn require_user(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let is_there = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = session_user)";
    if sqlx::query_scalar(is_there).fetch_one(connection).await? {
        Ok(())
    } else {
        Err(sqlx::Error::Protocol("the user was taken back".to_owned()))
    }
}

fn parsed(address: &SecretString) -> Result<PgConnectOptions, StoreError> {
    connections::parsed(address.expose_secret())
}

/// Whether the server rejects user or password (PostgreSQL, appendix A: class 28).
fn is_refusal(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code.starts_with("28"))
}
