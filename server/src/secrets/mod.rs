//! Secrets: fetched from a Vault server at the start, kept out of logs, errors, pages and core dumps.

mod database;
mod error;
mod keeper;
mod login;
mod vault;

use secrecy::ExposeSecret as _;

use crate::configuration::{Configuration, VaultSettings};
use crate::secret::Secret;
pub use error::SecretsError;
use keeper::Keeper;
use vault::Session;

/// The key of the entry that holds the address of the store.
const DATABASE: &str = "database";
/// The key that may hold the address of the source.
const SOURCE: &str = "source";
/// The key that may hold the private key of the user in Snowflake.
const SNOWFLAKE_PRIVATE_KEY: &str = "snowflake_private_key";
/// The key that may hold the user's programmatic access token instead.
const SNOWFLAKE_TOKEN: &str = "snowflake_token";

/// Puts what the configured Vault server holds and lends into the configuration, and keeps both alive from here on;
/// without a server nothing changes.
///
/// # Errors
/// [`SecretsError`], with the remedy; never with a secret.
pub async fn fetch_into(configuration: &mut Configuration) -> Result<(), SecretsError> {
    let Some(settings) = configuration.vault.clone() else { return Ok(()) };
    let session = Session::open(settings.clone()).await?;
    if let Some(path) = &settings.path {
        take_entry(configuration, &settings, &session, path).await?;
    }
    let mut keeper = Keeper::of(session);
    lend(configuration, &settings, &mut keeper).await?;
    tokio::spawn(keeper.keep());
    Ok(())
}

async fn take_entry(
    configuration: &mut Configuration,
    settings: &VaultSettings,
    session: &Session,
    path: &str,
) -> Result<(), SecretsError> {
    let entry = session.entry(path).await?;
    match entry.get(DATABASE) {
        Some(address) => address.expose_secret().clone_into(&mut configuration.database),
        // What is lent needs no secret address.
        None if settings.lends_to_the_store() => {}
        None => return Err(session.missing(path, DATABASE)),
    }
    if let Some(source) = &mut configuration.source {
        for (key, target) in [
            (SOURCE, &mut source.postgres.url),
            (SNOWFLAKE_PRIVATE_KEY, &mut source.snowflake.private_key),
            (SNOWFLAKE_TOKEN, &mut source.snowflake.token),
        ] {
            if let Some(secret) = entry.get(key) {
                *target = Some(Secret::new(secret.expose_secret().to_owned()));
            }
        }
    }
    for webhook in &mut configuration.notification.webhook {
        if let Some(url) = entry.get(&webhook.name.vault_key("url")) {
            webhook.take_url(Secret::new(url.expose_secret().to_owned()));
        }
        if let Some(key) = entry.get(&webhook.name.vault_key("key")) {
            webhook.take_key(Secret::new(key.expose_secret().to_owned()));
        }
    }
    Ok(())
}

async fn lend(
    configuration: &mut Configuration,
    settings: &VaultSettings,
    keeper: &mut Keeper,
) -> Result<(), SecretsError> {
    let Some(engine) = &settings.database else { return Ok(()) };
    if let Some(role) = &engine.store_role {
        let leased = keeper.lend(engine, role, &configuration.database).await?;
        configuration.database_lease = Some(leased);
    }
    if let (Some(role), Some(source)) = (&engine.source_role, &mut configuration.source)
        && let Some(address) = source.postgres.url.clone()
    {
        let leased = keeper.lend(engine, role, address.reveal()).await?;
        source.postgres.url = Some(leased.current());
        source.postgres.lease = Some(leased);
    }
    Ok(())
}
