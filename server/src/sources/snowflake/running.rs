//! Running statements: dropping one before its end cancels it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use tokio::sync::watch;
use uuid::Uuid;

use super::answer::{ResultSet, Status};
use super::client::{Client, handle, parsed};
use super::failure::Failure;
use crate::retry::Backoff;

/// How long a program waits at its end for statements to be cancelled.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(10);
/// The number of statements being cancelled.
static BEING_CANCELLED: std::sync::LazyLock<watch::Sender<usize>> =
    std::sync::LazyLock::new(|| watch::Sender::new(0));

/// Waits until every dropped statement is cancelled.
pub(crate) async fn all_cancelled() {
    let mut left = BEING_CANCELLED.subscribe();
    let waited = tokio::time::timeout(CANCEL_TIMEOUT, left.wait_for(|left| *left == 0)).await;
    if waited.is_err() {
        tracing::warn!(
            "a statement in Snowflake may go on until its time is over: it was not cancelled in time"
        );
    }
}

/// A statement that hasn't ended yet.
pub(super) struct Running {
    client: Arc<Client>,
    handle: Option<String>,
}

impl Running {
    /// A statement that was just sent and has no handle yet.
    fn new(client: &Arc<Client>) -> Self {
        Self { client: Arc::clone(client), handle: None }
    }

    /// Sets the statement's handle.
    fn is(&mut self, handle: &str) {
        self.handle = Some(handle.to_owned());
    }

    /// Marks the statement as ended: nothing to cancel.
    fn has_ended(&mut self) {
        self.handle = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let (Some(handle), Ok(runtime)) = (self.handle.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let client = Arc::clone(&self.client);
        BEING_CANCELLED.send_modify(|left| *left += 1);
        runtime.spawn(async move {
            client.cancel(&handle).await;
            BEING_CANCELLED.send_modify(|left| *left -= 1);
        });
    }
}

/// Runs a statement with the texts bound to its question marks; returns the first part of its
/// result and a guard: dropping the guard before the statement has ended cancels it.
///
/// # Errors
/// [`Failure`], by the account's response.
pub(super) async fn run(
    client: &Arc<Client>,
    statement: &str,
    texts: &[String],
) -> Result<(ResultSet, Running), Failure> {
    let body = client.body(statement, texts)?;
    let request = Uuid::new_v4();
    let deadline = Instant::now() + client.deadline();
    let submit = format!("/api/v2/statements?requestId={request}&async=true");
    let (mut status, mut answer) = client.retry(Method::POST, &submit, Some(body)).await?;
    let mut running = Running::new(client);
    let mut backoff = Backoff::default();
    while status == StatusCode::ACCEPTED {
        let report: Status = parsed(&answer)?;
        let path = format!("/api/v2/statements/{}", handle(&report.statement_handle)?);
        running.is(&report.statement_handle);
        if Instant::now() > deadline {
            return Err(Failure::TimedOut("it did not end in time".to_owned()));
        }
        tokio::time::sleep(backoff.pause()).await;
        (status, answer) = client.retry(Method::GET, &path, None).await?;
    }
    if status == StatusCode::OK {
        running.has_ended();
        let result: ResultSet = parsed(&answer)?;
        return Ok((result, running));
    }
    running.has_ended();
    Err(Failure::of(status, &answer))
}
