//! Errors of secrets. No text contains one.

use std::error::Error;

use vaultrs::error::ClientError;

/// A failure to fetch secrets. The text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretsError {
    /// Invalid settings.
    #[error("[vault] {setting} is not right: {reason}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// The reason.
        reason: String,
    },
    /// The credentials of the login are missing.
    #[error("there is nothing to log in to Vault with: {0}")]
    NoCredentials(String),
    /// The server can't be reached.
    #[error(
        "the Vault server {address} cannot be reached: {reason}; check [vault] address, the network and its certificate"
    )]
    Unreachable {
        /// The server.
        address: String,
        /// The cause.
        reason: String,
    },
    /// The server is sealed.
    #[error("the Vault server {address} is sealed; its operator has to unseal it")]
    Sealed {
        /// The server.
        address: String,
    },
    /// The server refused a request.
    #[error("the Vault server refuses to {doing} (status {code}: {said}); {remedy}")]
    Refused {
        /// The request.
        doing: String,
        /// Its status.
        code: u16,
        /// Its message.
        said: String,
        /// The remedy.
        remedy: &'static str,
    },
    /// The entry lacks a key.
    #[error(
        "the entry {path} in Vault has no `{key}`; put it there: a database address such as postgres://…"
    )]
    MissingKey {
        /// The entry.
        path: String,
        /// The key.
        key: &'static str,
    },
}

impl SecretsError {
    /// Explains a failed request.
    pub(super) fn of(address: &str, doing: &str, error: &ClientError) -> Self {
        let ClientError::APIError { code, errors } = error else {
            return Self::Unreachable { address: address.to_owned(), reason: innermost(error) };
        };
        let said = errors.join(", ");
        let remedy = match code {
            503 if said.contains("sealed") => return Self::Sealed { address: address.to_owned() },
            400 => "check role, secret and mount of [vault] login",
            // One status has many causes.
            403 => {
                "either the login has expired, its policy does not allow this path, nothing is mounted at [vault] mount, \
                 or the engine there has another [vault] version"
            }
            404 => "check [vault] mount, version and path: there is no such entry",
            429 => "it has too much to do; try again later",
            _ => "its log says more",
        };
        let said = if said.is_empty() { "no reason given".to_owned() } else { said };
        Self::Refused { doing: doing.to_owned(), code: *code, said, remedy }
    }
}

impl SecretsError {
    /// The same for a request to the database engine.
    pub(super) fn of_database(address: &str, doing: &str, error: &ClientError) -> Self {
        let mut explained = Self::of(address, doing, error);
        if let Self::Refused { remedy, code, .. } = &mut explained {
            *remedy = match code {
                400 | 403 | 404 => {
                    "check mount, store_role and source_role of [vault] database, and that the policy allows to read \
                     MOUNT/creds/ROLE"
                }
                500 => {
                    "Vault itself cannot use the database: its operator has to look at the engine's connection"
                }
                _ => return explained,
            };
        }
        explained
    }
}

/// The innermost cause: the outer ones add nothing.
fn innermost(error: &ClientError) -> String {
    let mut cause: &dyn Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
