//! Secrets: fetched from a Vault server at the start, kept out of logs, errors, pages and core dumps.

mod error;
mod login;
mod vault;

use secrecy::ExposeSecret as _;

use crate::configuration::Configuration;
use crate::configuration::Secret;
pub use error::SecretsError;
use vault::Session;

/// The key of the entry that holds the address of the store.
const DATABASE: &str = "database";
/// The key that may hold the address of the source.
const SOURCE: &str = "source";
/// The key that may hold the private key of the user in Snowflake.
const SNOWFLAKE_PRIVATE_KEY: &str = "snowflake_private_key";
/// The key that may hold the user's programmatic access token instead.
const SNOWFLAKE_TOKEN: &str = "snowflake_token";

/// Puts what the configured Vault server holds into the configuration, and keeps the login alive from here on; without a
/// server nothing changes.
///
/// # Errors
/// [`SecretsError`], with the remedy; never with a secret.
pub async fn fetch_into(configuration: &mut Configuration) -> Result<(), SecretsError> {
    let Some(settings) = configuration.vault.clone() else { return Ok(()) };
    let session = Session::open(settings).await?;
    let entry = session.entry().await?;
    let database = entry.get(DATABASE).ok_or_else(|| session.missing(DATABASE))?;
    database.expose_secret().clone_into(&mut configuration.database);
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
    tokio::spawn(session.keep_alive());
    Ok(())
}
