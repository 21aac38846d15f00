//! A webhook with validated settings: address, key and client.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::language::Language;
use domain::notices::NoticeKind;
use reqwest::{Certificate, Client, Url, redirect};

use super::NotificationError;
use crate::configuration::{NotificationSettings, WebhookKind, WebhookName, WebhookSettings};
use crate::credentials::{WebhookCredentials, WebhookSecrets};
use crate::secret::Secret;

/// A receiver that takes longer to answer counts as unreachable.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);
/// The timeout of the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Shorter keys can be guessed.
const MIN_KEY_BYTES: usize = 16;
/// The prefix of base64 keys.
const BASE64_PREFIX: &str = "whsec_";

/// A webhook that can be sent to.
#[derive(Clone)]
pub struct Webhook {
    pub(super) name: WebhookName,
    pub(super) kind: WebhookKind,
    pub(super) events: BTreeSet<NoticeKind>,
    pub(super) language: Language,
    pub(super) url: Url,
    pub(super) key: Option<Secret>,
    pub(super) client: Client,
    /// The dashboard's address for planners.
    pub(super) dashboard: Option<Url>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Webhook {} ({:?})", self.name, self.kind)
    }
}

impl Webhook {
    /// Its name.
    pub fn name(&self) -> &WebhookName {
        &self.name
    }

    /// The kinds of notices that it subscribes to.
    pub fn events(&self) -> &BTreeSet<NoticeKind> {
        &self.events
    }

    /// Its host: the part of the address that isn't secret.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether messages to it travel unencrypted.
    pub fn is_open_to_eavesdroppers(&self) -> bool {
        self.url.scheme() == "http" && !matches!(self.host(), "localhost" | "127.0.0.1" | "[::1]")
    }

    /// The bytes to sign with.
    pub(super) fn signing_key(&self) -> Option<Vec<u8>> {
        key_bytes(self.key.as_ref()?.reveal())
    }

    fn of(
        settings: &WebhookSettings,
        secrets: &WebhookSecrets,
        dashboard: Option<&Url>,
    ) -> Result<Self, NotificationError> {
        let name = settings.name.clone();
        let url = secret(&name, secrets.url.as_ref(), settings.url_file.as_deref())?;
        let url = url.ok_or_else(|| NotificationError::NoAddress {
            name: name.clone(),
            variable: name.variable("url"),
            vault_key: name.vault_key("url"),
        })?;
        let wrong = |reason| NotificationError::Address { name: name.clone(), reason };
        let url = Url::parse(url.reveal().trim()).map_err(|_| wrong("it cannot be read"))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong("it names no web server"));
        }
        let key = secret(&name, secrets.key.as_ref(), settings.key_file.as_deref())?;
        check_key(settings, key.as_ref())?;
        Ok(Self {
            client: client(settings)?,
            kind: settings.kind,
            events: settings.events.clone(),
            language: settings.language,
            url,
            key,
            dashboard: dashboard.cloned(),
            name,
        })
    }
}

/// The configured webhooks, each with its address, its key and a client.
///
/// # Errors
/// [`NotificationError`], with the remedy; never with a secret.
pub fn webhooks_of(
    settings: &NotificationSettings,
    credentials: &WebhookCredentials,
) -> Result<Vec<Webhook>, NotificationError> {
    let dashboard = settings.dashboard.as_deref().map(dashboard_url).transpose()?;
    let none = WebhookSecrets::default();
    let webhook = |settings: &WebhookSettings| {
        let secrets = credentials.get(&settings.name).unwrap_or(&none);
        Webhook::of(settings, secrets, dashboard.as_ref())
    };
    settings.webhook.iter().map(webhook).collect()
}

fn dashboard_url(text: &str) -> Result<Url, NotificationError> {
    let url = Url::parse(text).map_err(|_| NotificationError::Dashboard)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if is_web { Ok(url) } else { Err(NotificationError::Dashboard) }
}

fn secret(
    name: &WebhookName,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<Secret>, NotificationError> {
    // A variable or Vault takes precedence over the file.
    let (None, Some(file)) = (value, file) else { return Ok(value.cloned()) };
    let unreadable = |source| NotificationError::Unreadable { name: name.clone(), file: file.into(), source };
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    Ok(Some(Secret::new(text.trim().to_owned())))
}

fn check_key(settings: &WebhookSettings, key: Option<&Secret>) -> Result<(), NotificationError> {
    let name = || settings.name.clone();
    match (settings.kind, key) {
        (WebhookKind::Json, None) => Err(NotificationError::NoKey {
            name: name(),
            variable: settings.name.variable("key"),
            vault_key: settings.name.vault_key("key"),
        }),
        (WebhookKind::Json, Some(key)) => match key_bytes(key.reveal()) {
            None => Err(NotificationError::Key {
                name: name(),
                reason: "what follows whsec_ is not base64; `echo whsec_$(openssl rand -base64 32)` makes one",
            }),
            Some(bytes) if bytes.len() < MIN_KEY_BYTES => Err(NotificationError::Key {
                name: name(),
                reason: "it is shorter than 16 bytes and could be guessed; `echo whsec_$(openssl rand -base64 32)` makes one",
            }),
            Some(_) => Ok(()),
        },
        (WebhookKind::Teams | WebhookKind::Slack, Some(_)) => Err(NotificationError::Key {
            name: name(),
            reason: "only webhooks of the kind json are signed; leave it out",
        }),
        (WebhookKind::Teams | WebhookKind::Slack, None) => Ok(()),
    }
}

/// The bytes of a key: what follows `whsec_` is base64, as in other implementations of Standard
/// Webhooks; otherwise its characters.
pub(super) fn key_bytes(text: &str) -> Option<Vec<u8>> {
    match text.strip_prefix(BASE64_PREFIX) {
        Some(encoded) => BASE64_STANDARD.decode(encoded).ok(),
        None => Some(text.as_bytes().to_vec()),
    }
}

fn client(settings: &WebhookSettings) -> Result<Client, NotificationError> {
    let name = || settings.name.clone();
    // A redirect would send the message, and the secret in its address, somewhere else.
    let mut builder = Client::builder()
        .timeout(RESPONSE_TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("gridspark/", env!("CARGO_PKG_VERSION")));
    let refused = |error: reqwest::Error| NotificationError::Client {
        name: name(),
        reason: error.without_url().to_string(),
    };
    if let Some(file) = &settings.authority {
        let unreadable = |source| NotificationError::Unreadable { name: name(), file: file.clone(), source };
        let text = std::fs::read(file).map_err(unreadable)?;
        builder = builder.tls_certs_merge(Certificate::from_pem_bundle(&text).map_err(refused)?);
    }
    builder.build().map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::webhook_credentials;

    fn refusal(text: &str) -> String {
        let settings: NotificationSettings = toml::from_str(text).unwrap();
        webhooks_of(&settings, &webhook_credentials(&settings)).unwrap_err().to_string()
    }

    #[test]
    fn what_a_webhook_lacks_is_named_with_the_remedy_and_without_its_secrets() {
        let head = "[[webhook]]\nname = 'our-bus'\n";
        for (text, expected) in [
            ("kind = 'slack'", "GRIDSPARK_WEBHOOK_OUR_BUS_URL"),
            ("kind = 'slack'\nurl = 'hooks/hidden'", "cannot be read"),
            ("kind = 'slack'\nurl = 'file:///hidden'", "no web server"),
            ("kind = 'slack'\nurl_file = '/no/such/file'", "/no/such/file"),
            ("kind = 'slack'\nurl = 'https://a/hidden'\nkey = 'hidden0123456789'", "leave it out"),
            ("kind = 'json'\nurl = 'https://a/hidden'", "`webhook-our-bus-key`"),
            (
                "kind = 'json'\nurl = 'https://a/hidden'\nkey = 'hidden'",
                "`echo whsec_$(openssl rand -base64 32)`",
            ),
            ("kind = 'json'\nurl = 'https://a/hidden'\nkey = 'whsec_hidden!'", "not base64"),
            ("kind = 'json'\nurl = 'https://a/hidden'", "`echo whsec_$(openssl rand -base64 32)` makes one"),
        ] {
            let message = refusal(&format!("{head}{text}"));
            assert!(message.contains(expected) && !message.contains("hidden"), "{message}");
        }
        assert!(refusal("dashboard = 'gridspark'").contains("dashboard"));
    }
}
