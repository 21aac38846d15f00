//! What a process gets in with: addresses with their passwords, keys and tokens. They stand beside the settings, which
//! never change: some are leased, and rotate.

use std::collections::BTreeMap;

use crate::configuration::source::SourceSettings;
use crate::configuration::{Configuration, NotificationSettings, WebhookName};
use crate::leased_address::LeasedAddress;
use crate::secret::Secret;

/// All that a process gets in with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// For the store.
    pub database: DatabaseAddress,
    /// For the source of readings.
    pub source: SourceCredentials,
    /// For those who are told.
    pub webhooks: WebhookCredentials,
}

/// The address of a database, with user and password.
#[derive(Debug, Clone)]
pub enum DatabaseAddress {
    /// It stays as it is.
    Fixed(Secret),
    /// User and password are leased, and change.
    Leased(LeasedAddress),
}

/// What a source is reached with, whichever it is.
#[derive(Debug, Clone, Default)]
pub struct SourceCredentials {
    /// A database in PostgreSQL.
    pub postgres: Option<DatabaseAddress>,
    /// The private key of a user of Snowflake.
    pub snowflake_private_key: Option<Secret>,
    /// The user's programmatic access token.
    pub snowflake_token: Option<Secret>,
}

/// The secrets of each webhook.
pub type WebhookCredentials = BTreeMap<WebhookName, WebhookSecrets>;

/// What one webhook is reached with.
#[derive(Debug, Clone, Default)]
pub struct WebhookSecrets {
    /// Its address; where there is none it is in a file.
    pub url: Option<Secret>,
    /// The key that messages to it are signed with; likewise.
    pub key: Option<Secret>,
}

impl Credentials {
    /// Those that file and environment hold.
    pub fn of(configuration: &Configuration) -> Self {
        Self {
            database: DatabaseAddress::Fixed(Secret::new(configuration.database.clone())),
            source: configuration.source.as_ref().map(SourceCredentials::of).unwrap_or_default(),
            webhooks: webhook_credentials(&configuration.notification),
        }
    }
}

impl SourceCredentials {
    /// Those that file and environment hold.
    pub fn of(settings: &SourceSettings) -> Self {
        Self {
            postgres: settings.postgres.url.clone().map(DatabaseAddress::Fixed),
            snowflake_private_key: settings.snowflake.private_key.clone(),
            snowflake_token: settings.snowflake.token.clone(),
        }
    }
}

/// The secrets of webhooks that file and environment hold.
pub fn webhook_credentials(settings: &NotificationSettings) -> WebhookCredentials {
    let secrets = settings.webhook.iter().map(|webhook| {
        let secrets = WebhookSecrets { url: webhook.url.clone(), key: webhook.key.clone() };
        (webhook.name.clone(), secrets)
    });
    secrets.collect()
}

impl DatabaseAddress {
    /// The address as it is now.
    pub fn current(&self) -> Secret {
        match self {
            Self::Fixed(address) => address.clone(),
            Self::Leased(address) => address.current(),
        }
    }

    /// Reports that this address was refused, and waits some seconds for another; none where none comes.
    pub async fn after_refusal_of(&self, refused: &Secret) -> Option<Secret> {
        match self {
            Self::Fixed(_) => None,
            Self::Leased(address) => address.after_refusal_of(refused).await,
        }
    }
}
