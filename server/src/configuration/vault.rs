//! Secrets outside the configuration: in a Vault server or a compatible one.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// The section `[vault]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VaultSettings {
    /// The server, such as `https://vault.example.org:8200`.
    pub address: String,
    /// Where the key-value engine is mounted.
    #[serde(default = "secret")]
    pub mount: String,
    /// The engine's version.
    #[serde(default)]
    #[schemars(with = "u8", extend("enum" = [1, 2], "default" = 2))]
    pub version: EngineVersion,
    /// The entry: `stack/environment/application`; none if only credentials are leased.
    pub path: Option<String>,
    /// The engine that leases database credentials.
    pub database: Option<DatabaseEngine>,
    /// The namespace, if the server has any.
    pub namespace: Option<String>,
    /// A file with the PEM certificates of a private authority.
    pub authority: Option<PathBuf>,
    /// The login.
    pub login: VaultLogin,
}

/// The database engine, and the roles whose credentials it leases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatabaseEngine {
    /// Where it is mounted.
    #[serde(default = "database")]
    pub mount: String,
    /// The role for the store.
    pub store_role: Option<String>,
    /// The role for a source in PostgreSQL.
    pub source_role: Option<String>,
}

impl VaultSettings {
    /// Whether the store's credentials are leased.
    pub fn leases_store_credentials(&self) -> bool {
        self.database.as_ref().is_some_and(|engine| engine.store_role.is_some())
    }
}

/// The two versions of the key-value engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "u8")]
pub enum EngineVersion {
    /// One value per entry.
    One,
    /// Entries with a history.
    #[default]
    Two,
}

impl TryFrom<u8> for EngineVersion {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            other => Err(format!("{other} is no version of the key-value engine: 1 or 2")),
        }
    }
}

/// How to log in. The secret itself is in a file or a variable, never here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub enum VaultLogin {
    /// With a token: from the file, or else from `GRIDSPARK_VAULT_TOKEN`.
    Token {
        /// A file with the token.
        token_file: Option<PathBuf>,
    },
    /// As an application: its secret from the file, or else from `GRIDSPARK_VAULT_SECRET_ID`.
    AppRole {
        /// Where the method is mounted.
        #[serde(default = "approle")]
        mount: String,
        /// The role.
        role_id: String,
        /// A file with the secret.
        secret_id_file: Option<PathBuf>,
    },
    /// As the service account of a pod.
    Kubernetes {
        /// Where the method is mounted.
        #[serde(default = "kubernetes")]
        mount: String,
        /// The role.
        role: String,
        /// The file with the account's token.
        #[serde(default = "service_account")]
        token_file: PathBuf,
    },
}

fn secret() -> String {
    "secret".to_owned()
}

fn database() -> String {
    "database".to_owned()
}

fn approle() -> String {
    "approle".to_owned()
}

fn kubernetes() -> String {
    "kubernetes".to_owned()
}

fn service_account() -> PathBuf {
    "/var/run/secrets/kubernetes.io/serviceaccount/token".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(login: &str) -> Result<VaultSettings, toml::de::Error> {
        let text =
            format!("address = 'http://127.0.0.1:8200'\npath = 'grid/production/gridspark'\nlogin = {login}");
        toml::from_str(&text)
    }

    #[test]
    fn what_is_left_out_is_as_vault_has_it_by_default() {
        let settings = settings("{ method = 'kubernetes', role = 'gridspark' }").unwrap();
        assert_eq!((settings.mount.as_str(), settings.version), ("secret", EngineVersion::Two));
        let VaultLogin::Kubernetes { mount, token_file, .. } = settings.login else { panic!("{settings:?}") };
        assert_eq!((mount.as_str(), token_file), ("kubernetes", service_account()));
    }

    #[test]
    fn a_secret_in_the_configuration_is_refused() {
        let message = settings("{ method = 'token', token = 's.secret' }").unwrap_err().to_string();
        assert!(message.contains("token_file"), "{message}");
        assert!(settings("{ method = 'password' }").is_err());
    }
}
