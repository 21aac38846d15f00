//! A login to a Vault server, renewed while the program runs.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;
use vaultrs::client::{Client as _, VaultClient, VaultClientSettingsBuilder};
use vaultrs::{kv1, kv2};

use super::SecretsError;
use super::login::{Lease, log_in};
use crate::configuration::{EngineVersion, VaultSettings};

/// A server that takes longer to answer counts as unreachable.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);
/// The result of renewing a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    /// The same login.
    Kept,
    /// A new login: the old one will expire with all its leases.
    Anew,
}

/// A login and its settings.
pub(super) struct Session {
    client: VaultClient,
    settings: VaultSettings,
    lease: Lease,
}

impl Session {
    /// Logs in.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(super) async fn open(settings: VaultSettings) -> Result<Self, SecretsError> {
        let mut client = client(&settings)?;
        let lease = log_in(&mut client, &settings.login).await?;
        Ok(Self { client, settings, lease })
    }

    /// The entry's keys and values.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(super) async fn entry(&self, path: &str) -> Result<BTreeMap<String, SecretString>, SecretsError> {
        let VaultSettings { mount, version, address, .. } = &self.settings;
        match version {
            EngineVersion::One => kv1::get(&self.client, mount, path).await,
            EngineVersion::Two => kv2::read(&self.client, mount, path).await,
        }
        .map_err(|error| SecretsError::of(address, &format!("show {mount}/{path}"), &error))
    }

    /// The error of a missing key.
    pub(super) fn missing(&self, path: &str, key: &'static str) -> SecretsError {
        SecretsError::MissingKey { path: format!("{}/{path}", self.settings.mount), key }
    }

    /// The HTTP client.
    pub(super) fn client(&self) -> &VaultClient {
        &self.client
    }

    /// The login's lease in seconds; 0 if it never expires.
    pub(super) fn seconds(&self) -> u64 {
        self.lease.seconds
    }

    /// Whether the server still accepts the login.
    pub(super) async fn is_alive(&self) -> bool {
        vaultrs::token::lookup_self(&self.client).await.is_ok()
    }

    /// Renews the login, or logs in anew if that is refused.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(super) async fn renew(&mut self) -> Result<Renewal, SecretsError> {
        if self.lease.renewable
            && let Ok(renewed) = self.client.renew(None).await
        {
            let before = self.lease.seconds;
            self.lease = Lease::of(&renewed);
            // Close to its maximum age a token is renewed for less time.
            if self.lease.seconds >= before {
                return Ok(Renewal::Kept);
            }
        }
        self.log_in_anew().await?;
        Ok(Renewal::Anew)
    }

    /// Logs in anew.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(super) async fn log_in_anew(&mut self) -> Result<(), SecretsError> {
        self.lease = log_in(&mut self.client, &self.settings.login).await?;
        tracing::info!("logged in to Vault anew");
        Ok(())
    }
}

fn client(settings: &VaultSettings) -> Result<VaultClient, SecretsError> {
    let setting = |setting, reason: String| SecretsError::Setting { setting, reason };
    let is_address = settings.address.starts_with("http://") || settings.address.starts_with("https://");
    // The builder would panic on an invalid address.
    if !is_address || settings.address.parse::<axum::http::Uri>().is_err() {
        return Err(setting("address", format!("`{}` is not http://… or https://…", settings.address)));
    }
    let mut builder = VaultClientSettingsBuilder::default();
    builder.address(&settings.address).token("").verify(true).timeout(Some(RESPONSE_TIMEOUT)).identity(None);
    builder.ca_certs(settings.authority.iter().map(|file| file.display().to_string()).collect::<Vec<_>>());
    if let Some(namespace) = &settings.namespace {
        builder.set_namespace(namespace.clone());
    }
    let built = builder.build().map_err(|error| setting("address", error.to_string()))?;
    VaultClient::new(built).map_err(|error| setting("authority", error.to_string()))
}
