//! A client of Snowflake's SQL API, version 2: sends statements, waits for them, and fetches
//! results part by part.

use std::time::{Duration, Instant};

use chrono::Utc;
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use uuid::Uuid;

use super::answer::{ResultSet, plain};
use super::auth::Auth;
use super::failure::{Access, Failure};
use crate::retry::Backoff;
use crate::sources::SourceError;

/// The timeout of connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// The timeout of one response: a statement that takes more than 45 seconds is answered with its
/// handle.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(90);
/// How long a request is retried, once the account has been reached.
const RETRY_WINDOW: Duration = Duration::from_secs(60);
/// The same for the first request.
const FIRST_RETRY_WINDOW: Duration = Duration::from_secs(2);
/// How long the account may take to end a timed-out statement before we do.
const TIMEOUT_MARGIN: Duration = Duration::from_secs(30);

/// The account and the session's context.
pub(super) struct Client {
    http: reqwest::Client,
    address: String,
    auth: Auth,
    access: Access,
    timeout_seconds: u32,
    retry_window: Duration,
}

/// The body of a statement request.
#[derive(Serialize)]
struct Statement<'a> {
    statement: &'a str,
    timeout: u32,
    database: &'a str,
    schema: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    warehouse: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    bindings: serde_json::Map<String, serde_json::Value>,
    parameters: serde_json::Value,
}

/// An HTTP response, or the error of a broken connection.
type Answered = Result<(StatusCode, Vec<u8>), String>;

impl Client {
    /// A client; sends nothing yet.
    ///
    /// # Errors
    /// [`SourceError::Refused`] if TLS can't be set up.
    pub(super) fn new(
        address: String,
        auth: Auth,
        access: Access,
        timeout_seconds: u32,
    ) -> Result<Self, SourceError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(RESPONSE_TIMEOUT)
            // The credentials go to the account and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("gridspark/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SourceError::Refused { reason: innermost(&error) })?;
        Ok(Self { http, address, auth, access, timeout_seconds, retry_window: FIRST_RETRY_WINDOW })
    }

    /// The session's context, for messages.
    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    /// Checks that the account is reachable and accepts the login; later requests are retried
    /// longer.
    ///
    /// # Errors
    /// [`SourceError`].
    pub(super) async fn check_connection(&mut self) -> Result<(), SourceError> {
        let body = self.body("SELECT 1", &[]).map_err(|failure| self.source_error(failure))?;
        let request = Uuid::new_v4();
        let answered =
            self.retry(Method::POST, &format!("/api/v2/statements?requestId={request}"), Some(body)).await;
        let (status, answer) = answered.map_err(|failure| self.source_error(failure))?;
        if !status.is_success() {
            return Err(self.source_error(Failure::of(status, &answer)));
        }
        self.retry_window = RETRY_WINDOW;
        Ok(())
    }

    /// A later part of a result.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) async fn part(&self, of: &str, number: usize) -> Result<ResultSet, Failure> {
        let path = format!("/api/v2/statements/{}?partition={number}", handle(of)?);
        let (status, answer) = self.retry(Method::GET, &path, None).await?;
        if status == StatusCode::OK { parsed(&answer) } else { Err(Failure::of(status, &answer)) }
    }

    /// Cancels a statement; nobody depends on whether it worked.
    pub(super) async fn cancel(&self, of: &str) {
        if let Ok(handle) = handle(of)
            && let Err(reason) = self
                .send(Method::POST, &format!("/api/v2/statements/{handle}/cancel"), Some(b"{}".to_vec()))
                .await
        {
            tracing::warn!("a statement in Snowflake may go on until its time is over: {reason}");
        }
    }

    /// How long a statement may run before it is given up here; the account should have ended it
    /// before.
    pub(super) fn deadline(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.into()) + TIMEOUT_MARGIN
    }

    /// The body of a statement request with the texts bound to its question marks.
    pub(super) fn body(&self, statement: &str, texts: &[String]) -> Result<Vec<u8>, Failure> {
        let bindings = texts.iter().enumerate().map(|(place, text)| {
            ((place + 1).to_string(), serde_json::json!({ "type": "TEXT", "value": text }))
        });
        let body = Statement {
            statement,
            timeout: self.timeout_seconds,
            database: &self.access.database,
            schema: &self.access.schema,
            warehouse: self.access.warehouse.as_deref(),
            role: self.access.role.as_deref(),
            bindings: bindings.collect(),
            parameters: serde_json::json!({ "TIMEZONE": "UTC", "QUERY_TAG": "gridspark" }),
        };
        serde_json::to_vec(&body).map_err(|error| Failure::Malformed(error.to_string()))
    }

    /// Sends a request, and retries if the connection breaks or the account is too busy. Each
    /// statement has a request number by which the account recognises retries: it is never run
    /// twice.
    pub(super) async fn retry(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<(StatusCode, Vec<u8>), Failure> {
        let start = Instant::now();
        let mut backoff = Backoff::default();
        let mut is_first = true;
        loop {
            let again = method == Method::POST && !is_first;
            let path = if again { format!("{path}&retry=true") } else { path.to_owned() };
            let failure = match self.send(method.clone(), &path, body.clone()).await {
                Ok((status, answer)) if is_transient(status) => Failure::of(status, &answer),
                Ok(answered) => return Ok(answered),
                Err(reason) => Failure::Unreachable(reason),
            };
            let pause = backoff.pause();
            if start.elapsed() + pause > self.retry_window {
                return Err(failure);
            }
            is_first = false;
            tracing::debug!("Snowflake: {failure:?}; trying again in {pause:.1?}");
            tokio::time::sleep(pause).await;
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Answered {
        let token = self.auth.token(Utc::now()).map_err(|error| error.to_string())?;
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.address))
            .header("authorization", format!("Bearer {}", token.expose_secret()))
            .header("x-snowflake-authorization-token-type", self.auth.kind())
            .header("accept", "application/json");
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.map_err(|error| innermost(&error))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| innermost(&error))?;
        Ok((status, plain(body.into()).map_err(|error| error.to_string())?))
    }

    /// The error of a failure.
    pub(super) fn source_error(&self, failure: Failure) -> SourceError {
        failure.source_error(&self.access, &self.auth, self.timeout_seconds)
    }
}

/// Statuses after which a retry may succeed.
fn is_transient(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(answer: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(answer).map_err(|error| Failure::Malformed(error.to_string()))
}

/// A statement's handle, if it can be part of an address.
pub(super) fn handle(text: &str) -> Result<&str, Failure> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !text.is_empty() && text.bytes().all(is_part) {
        Ok(text)
    } else {
        Err(Failure::Malformed("a statement without a handle".to_owned()))
    }
}

/// The innermost cause: the outer ones repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if error.is_timeout() { format!("no answer in time ({cause})") } else { cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_cannot_lead_elsewhere() {
        assert!(handle("01b2-ff").is_ok());
        for text in ["", "../../session", "a/b", "a?b"] {
            assert!(handle(text).is_err(), "{text}");
        }
    }
}
