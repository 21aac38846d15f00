//! Logging in to a Vault server.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use vaultrs::api::AuthInfo;
use vaultrs::client::{Client as _, VaultClient};

use super::SecretsError;
use crate::configuration::VaultLogin;

/// A token's lease.
pub(super) struct Lease {
    /// Seconds; 0 if it never expires.
    pub(super) seconds: u64,
    /// Whether it can be renewed.
    pub(super) renewable: bool,
}

impl Lease {
    pub(super) fn of(auth: &AuthInfo) -> Self {
        Self { seconds: auth.lease_duration, renewable: auth.renewable }
    }
}

/// Logs the client in.
///
/// # Errors
/// [`SecretsError`].
pub(super) async fn log_in(client: &mut VaultClient, login: &VaultLogin) -> Result<Lease, SecretsError> {
    let address = client.settings.address.to_string();
    let refused = |error| SecretsError::of(&address, "log us in", &error);
    let auth = match login {
        VaultLogin::Token { token_file } => {
            let token = login_secret(token_file.as_deref(), "GRIDSPARK_VAULT_TOKEN", "token_file")?;
            client.set_token(token.expose_secret());
            let found = vaultrs::token::lookup_self(client).await.map_err(refused)?;
            return Ok(Lease { seconds: found.ttl, renewable: found.renewable == Some(true) });
        }
        VaultLogin::AppRole { mount, role_id, secret_id_file } => {
            let secret =
                login_secret(secret_id_file.as_deref(), "GRIDSPARK_VAULT_SECRET_ID", "secret_id_file")?;
            vaultrs::auth::approle::login(client, mount, role_id, secret.expose_secret())
                .await
                .map_err(refused)?
        }
        VaultLogin::Kubernetes { mount, role, token_file } => {
            let token = read(token_file)?;
            vaultrs::auth::kubernetes::login(client, mount, role, token.expose_secret())
                .await
                .map_err(refused)?
        }
    };
    client.set_token(&auth.client_token);
    Ok(Lease::of(&auth))
}

fn login_secret(file: Option<&Path>, variable: &str, setting: &str) -> Result<SecretString, SecretsError> {
    if let Some(file) = file {
        return read(file);
    }
    let missing = |_| {
        SecretsError::NoCredentials(format!("set {variable}, or name a file with [vault] login {setting}"))
    };
    std::env::var(variable).map(SecretString::from).map_err(missing)
}

fn read(file: &Path) -> Result<SecretString, SecretsError> {
    let unreadable =
        |error| SecretsError::NoCredentials(format!("{} cannot be read: {error}", file.display()));
    std::fs::read_to_string(file).map(|text| SecretString::from(text.trim())).map_err(unreadable)
}
