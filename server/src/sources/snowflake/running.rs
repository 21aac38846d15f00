//! Statements that run: letting go of one before its end cancels it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use tokio::sync::watch;

use super::answer::{ResultSet, Status};
use super::client::{Client, handle, parsed, request_id};
use super::failure::Failure;
use crate::retry::Backoff;

/// A program that ends waits for so long until its statements are cancelled.
const CANCELLED_WITHIN: Duration = Duration::from_secs(10);
/// How many statements are being cancelled.
static BEING_CANCELLED: std::sync::LazyLock<watch::Sender<usize>> =
    std::sync::LazyLock::new(|| watch::Sender::new(0));

/// Waits until every statement that was let go of is cancelled.
pub(crate) async fn all_cancelled() {
    let mut left = BEING_CANCELLED.subscribe();
    let waited = tokio::time::timeout(CANCELLED_WITHIN, left.wait_for(|left| *left == 0)).await;
    if waited.is_err() {
        tracing::warn!(
            "a statement in Snowflake may go on until its time is over: it was not cancelled in time"
        );
    }
}

/// A statement whose end is not known yet.
pub(super) struct Running {
    client: Arc<Client>,
    handle: Option<String>,
}

impl Running {
    /// A statement that was just sent; it has no handle yet.
    fn new(client: &Arc<Client>) -> Self {
        Self { client: Arc::clone(client), handle: None }
    }

    /// The statement is known by this handle.
    fn is(&mut self, handle: &str) {
        self.handle = Some(handle.to_owned());
    }

    /// There is nothing to cancel any more.
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

/// Runs a statement whose texts stand for its question marks; the first part of its result, and a hold on it: as long
/// as its end is not known, letting go of the hold cancels it.
///
/// # Errors
/// [`Failure`], by what the account answers.
pub(super) async fn run(
    client: &Arc<Client>,
    statement: &str,
    texts: &[String],
) -> Result<(ResultSet, Running), Failure> {
    let body = client.body(statement, texts)?;
    let request = request_id()?;
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
