//! Credentials: addresses with passwords, keys and tokens. They are separate from the settings,
//! which never change, because leased credentials rotate.

use std::collections::BTreeMap;

use crate::configuration::identity::WayInSettings;
use crate::configuration::source::SourceSettings;
use crate::configuration::{Configuration, NotificationSettings, WebhookName};
use crate::leased_address::LeasedAddress;
use crate::secret::Secret;

/// All credentials of a process.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Of the store.
    pub database: DatabaseAddress,
    /// Of the source.
    pub source: SourceCredentials,
    /// Of the webhooks.
    pub webhooks: WebhookCredentials,
    /// The dashboard's own at the OpenID provider, unless it is in a file.
    pub openid_client_secret: Option<Secret>,
}

/// The address of a database with user and password.
#[derive(Debug, Clone)]
pub enum DatabaseAddress {
    /// A fixed address.
    Fixed(Secret),
    /// User and password are leased and rotate.
    Leased(LeasedAddress),
}

/// The credentials of a source of any kind.
#[derive(Debug, Clone, Default)]
pub struct SourceCredentials {
    /// A database in PostgreSQL.
    pub postgres: Option<DatabaseAddress>,
    /// The private key of the Snowflake user.
    pub snowflake_private_key: Option<Secret>,
    /// The user's programmatic access token.
    pub snowflake_token: Option<Secret>,
}

/// The secrets of each webhook, by name.
pub type WebhookCredentials = BTreeMap<WebhookName, WebhookSecrets>;

/// The secrets of one webhook.
#[derive(Debug, Clone, Default)]
pub struct WebhookSecrets {
    /// Its address, unless that is in a file.
    pub url: Option<Secret>,
    /// Its signing key, unless that is in a file.
    pub key: Option<Secret>,
}

impl Credentials {
    /// The credentials in file and environment.
    pub fn of(configuration: &Configuration) -> Self {
        Self {
            database: DatabaseAddress::Fixed(Secret::new(configuration.database.clone())),
            source: configuration.source.as_ref().map(SourceCredentials::of).unwrap_or_default(),
            webhooks: webhook_credentials(&configuration.notification),
            openid_client_secret: match &configuration.identity.way_in {
                WayInSettings::OpenidConnect(settings) => settings.client_secret.clone(),
                _ => None,
            },
        }
    }
}

impl SourceCredentials {
    /// The credentials in file and environment.
    pub fn of(settings: &SourceSettings) -> Self {
        Self {
            postgres: settings.postgres.url.clone().map(DatabaseAddress::Fixed),
            snowflake_private_key: settings.snowflake.private_key.clone(),
            snowflake_token: settings.snowflake.token.clone(),
        }
    }
}

/// The secrets of webhooks in file and environment.
pub fn webhook_credentials(settings: &NotificationSettings) -> WebhookCredentials {
    let secrets = settings.webhook.iter().map(|webhook| {
        let secrets = WebhookSecrets { url: webhook.url.clone(), key: webhook.key.clone() };
        (webhook.name.clone(), secrets)
    });
    secrets.collect()
}

impl DatabaseAddress {
    /// The current address.
    pub fn current(&self) -> Secret {
        match self {
            Self::Fixed(address) => address.clone(),
            Self::Leased(address) => address.current(),
        }
    }

    /// Reports that this address was refused, and waits some seconds for another; `None` if none
    /// comes.
    pub async fn after_refusal_of(&self, refused: &Secret) -> Option<Secret> {
        match self {
            Self::Fixed(_) => None,
            Self::Leased(address) => address.after_refusal_of(refused).await,
        }
    }
}
