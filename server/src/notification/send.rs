//! One attempt to deliver one notice to one webhook.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::notices::Notice;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::message::{Message, Style};
use super::webhook::Webhook;
use super::{json, slack, teams};
use crate::configuration::WebhookKind;

/// How much of an answer is read.
const MAX_ANSWER_BYTES: usize = 2_000;
/// How much of an answer is quoted.
const MAX_QUOTED_CHARS: usize = 200;
/// Shorter parts of an address don't count as secret.
const MIN_SECRET_CHARS: usize = 8;

/// A notice to send.
pub(super) struct OutgoingNotice<'a> {
    /// `None` for a test message.
    pub(super) notice: Option<&'a Notice>,
    pub(super) identity: &'a str,
    pub(super) announced_at: DateTime<Utc>,
    pub(super) zone: Tz,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attempt {
    Arrived,
    /// A retry may succeed: the reason, and how long the receiver wants to be left alone.
    Later {
        reason: String,
        retry_after: Option<TimeDelta>,
    },
    /// No retry can succeed.
    Never {
        reason: String,
    },
}

/// Sends it once.
pub(super) async fn send(webhook: &Webhook, outgoing: &OutgoingNotice<'_>, now: DateTime<Utc>) -> Attempt {
    let body = body(webhook, outgoing).to_string();
    if webhook.kind == WebhookKind::Teams && body.len() > teams::MAX_BYTES {
        return Attempt::Never { reason: format!("{} bytes are more than Teams takes", body.len()) };
    }
    let mut request = webhook.client.post(webhook.url.clone()).header(CONTENT_TYPE, "application/json");
    if let Some(key) = webhook.signing_key() {
        let identifier = identifier(outgoing);
        let timestamp = now.timestamp();
        let Some(signature) = json::signature(&key, &identifier, timestamp, body.as_bytes()) else {
            return Attempt::Never { reason: "its key cannot be used".to_owned() };
        };
        request = request
            .header("webhook-id", identifier)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature);
    }
    match request.body(body).send().await {
        Ok(response) => judge(webhook, response, now).await,
        Err(error) => Attempt::Later { reason: unanswered(&error.without_url()), retry_after: None },
    }
}

fn body(webhook: &Webhook, outgoing: &OutgoingNotice<'_>) -> Value {
    let style =
        Style { language: webhook.language, zone: outgoing.zone, dashboard: webhook.dashboard.as_ref() };
    let message = match outgoing.notice {
        Some(notice) => Message::of(notice, style),
        None => Message::of_test(style),
    };
    let language = webhook.language.code();
    match webhook.kind {
        WebhookKind::Teams => teams::body(&message, language),
        WebhookKind::Slack => slack::body(&message),
        WebhookKind::Json => {
            let kind = outgoing.notice.map_or("test", |notice| notice.kind().as_str());
            let notice = serde_json::to_value(outgoing.notice).unwrap_or_default();
            json::body(&message, kind, outgoing.identity, outgoing.announced_at, &notice, language)
        }
    }
}

/// The same identifier for every attempt, and another one in another store.
fn identifier(outgoing: &OutgoingNotice<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(outgoing.identity.as_bytes());
    hash.update(outgoing.announced_at.timestamp_micros().to_be_bytes());
    format!("msg_{}", hex::encode(&hash.finalize()[..16]))
}

/// The innermost cause of a failed request; never with the address.
fn unanswered(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    format!("it cannot be reached: {cause}")
}

async fn judge(webhook: &Webhook, response: Response, now: DateTime<Utc>) -> Attempt {
    let status = response.status();
    if status.is_success() {
        return Attempt::Arrived;
    }
    let retry_after = retry_after(response.headers(), now);
    let said = answer(webhook, response).await;
    let reason = format!("it answered {status}{said}");
    let may_pass = status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
        );
    if may_pass { Attempt::Later { reason, retry_after } } else { Attempt::Never { reason } }
}

/// The `Retry-After` header: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(TimeDelta::seconds(i64::from(seconds)));
    }
    let until = DateTime::parse_from_rfc2822(text).ok()?;
    Some((until.with_timezone(&Utc) - now).max(TimeDelta::zero()))
}

/// The beginning of an answer; `None` if it repeats a secret.
async fn answer(webhook: &Webhook, mut response: Response) -> String {
    let mut bytes = Vec::new();
    let read = async {
        while bytes.len() < MAX_ANSWER_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            bytes.extend_from_slice(&chunk);
        }
    };
    // Don't wait for an answer that trickles in.
    let _ = tokio::time::timeout(Duration::from_secs(2), read).await;
    let text = String::from_utf8_lossy(&bytes);
    let words: Vec<&str> = text.split_whitespace().collect();
    let said: String = words.join(" ").chars().filter(|character| !character.is_control()).collect();
    let shown: String = said.chars().take(MAX_QUOTED_CHARS).collect();
    if said.is_empty() || secrets(webhook).any(|secret| said.contains(&secret)) {
        return String::new();
    }
    format!(" ({shown})")
}

/// The secret parts of a webhook: of its address, and its key.
fn secrets(webhook: &Webhook) -> impl Iterator<Item = String> {
    let path = webhook.url.path().split('/').map(str::to_owned);
    let query: Vec<String> =
        webhook.url.query_pairs().flat_map(|(name, value)| [name.into_owned(), value.into_owned()]).collect();
    let user = webhook.url.password().map(str::to_owned);
    let key = webhook.key.as_ref().map(|key| key.reveal().to_owned());
    path.chain(query).chain(user).chain(key).filter(|secret| secret.len() >= MIN_SECRET_CHARS)
}
