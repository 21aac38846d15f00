//! Secrets: fetched from a Vault server at the start, kept out of logs, errors, pages and core
//! dumps.

mod database;
mod error;
mod login;
mod renewal;
mod vault;

use crate::configuration::{Configuration, VaultSettings};
use crate::credentials::{Credentials, DatabaseAddress, SourceCredentials};
use crate::secret::Secret;
pub use error::SecretsError;
use renewal::LeaseRenewer;
use vault::Session;

/// The key of the entry that holds the address of the store.
const DATABASE: &str = "database";
/// The key that may hold the address of the source.
const SOURCE: &str = "source";
/// The key that may hold the private key of the user in Snowflake.
const SNOWFLAKE_PRIVATE_KEY: &str = "snowflake_private_key";
/// The key that may hold the user's programmatic access token instead.
const SNOWFLAKE_TOKEN: &str = "snowflake_token";
/// The key that may hold the dashboard's secret at the OpenID provider.
const OPENID_CLIENT_SECRET: &str = "openid_client_secret";

/// The credentials of a process: those in file and environment, replaced by those that the
/// configured Vault server holds or leases. From here on login and leases are renewed.
///
/// # Errors
/// [`SecretsError`], with the remedy; never with a secret.
pub async fn obtain(configuration: &Configuration) -> Result<Credentials, SecretsError> {
    let mut credentials = Credentials::of(configuration);
    let Some(settings) = &configuration.vault else { return Ok(credentials) };
    let session = Session::open(settings.clone()).await?;
    if let Some(path) = &settings.path {
        take_entry(&mut credentials, settings, &session, path).await?;
        if configuration.source.is_none() {
            credentials.source = SourceCredentials::default();
        }
    }
    let mut renewer = LeaseRenewer::of(session);
    lease(&mut credentials, settings, &mut renewer).await?;
    tokio::spawn(renewer.run());
    Ok(credentials)
}

async fn take_entry(
    credentials: &mut Credentials,
    settings: &VaultSettings,
    session: &Session,
    path: &str,
) -> Result<(), SecretsError> {
    let entry = session.entry(path).await?;
    let secret = |key: &str| entry.get(key).map(|secret| Secret::from(secret.clone()));
    match secret(DATABASE) {
        Some(address) => credentials.database = DatabaseAddress::Fixed(address),
        // Leased credentials need no secret address.
        None if settings.leases_store_credentials() => {}
        None => return Err(session.missing(path, DATABASE)),
    }
    let source = &mut credentials.source;
    if let Some(address) = secret(SOURCE) {
        source.postgres = Some(DatabaseAddress::Fixed(address));
    }
    for (key, target) in [
        (SNOWFLAKE_PRIVATE_KEY, &mut source.snowflake_private_key),
        (SNOWFLAKE_TOKEN, &mut source.snowflake_token),
    ] {
        if let Some(secret) = secret(key) {
            *target = Some(secret);
        }
    }
    if let Some(secret) = secret(OPENID_CLIENT_SECRET) {
        credentials.openid_client_secret = Some(secret);
    }
    for (name, secrets) in &mut credentials.webhooks {
        for (kind, target) in [("url", &mut secrets.url), ("key", &mut secrets.key)] {
            if let Some(secret) = secret(&name.vault_key(kind)) {
                *target = Some(secret);
            }
        }
    }
    Ok(())
}

async fn lease(
    credentials: &mut Credentials,
    settings: &VaultSettings,
    renewer: &mut LeaseRenewer,
) -> Result<(), SecretsError> {
    let Some(engine) = &settings.database else { return Ok(()) };
    if let Some(role) = &engine.store_role {
        let address = credentials.database.current();
        credentials.database = DatabaseAddress::Leased(renewer.lease(engine, role, address.reveal()).await?);
    }
    if let (Some(role), Some(address)) = (&engine.source_role, &mut credentials.source.postgres) {
        *address = DatabaseAddress::Leased(renewer.lease(engine, role, address.current().reveal()).await?);
    }
    Ok(())
}
