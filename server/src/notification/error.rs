//! Errors of notification settings. No text contains a secret.

use std::path::PathBuf;

use crate::configuration::WebhookName;

/// Invalid settings. The text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// A webhook lacks an address.
    #[error(
        "the webhook {name} has no address: set {variable}, url_file or url, or put `{vault_key}` into the entry in Vault"
    )]
    NoAddress {
        /// The webhook.
        name: WebhookName,
        /// Its variable.
        variable: String,
        /// Its key in Vault.
        vault_key: String,
    },
    /// The address is invalid.
    #[error("the address of the webhook {name} is not right: {reason}; it is https://…")]
    Address {
        /// The webhook.
        name: WebhookName,
        /// The reason.
        reason: &'static str,
    },
    /// A webhook of signed JSON lacks a key.
    #[error(
        "the webhook {name} signs what it sends and has no key: set {variable}, key_file or key, or put `{vault_key}` into the entry in Vault; `echo whsec_$(openssl rand -base64 32)` makes one"
    )]
    NoKey {
        /// The webhook.
        name: WebhookName,
        /// Its variable.
        variable: String,
        /// Its key in Vault.
        vault_key: String,
    },
    /// The key is invalid.
    #[error("the key of the webhook {name} is not right: {reason}")]
    Key {
        /// The webhook.
        name: WebhookName,
        /// The reason.
        reason: &'static str,
    },
    /// A file of a secret can't be read.
    #[error("the webhook {name} cannot be used: {file} cannot be read: {source}")]
    Unreadable {
        /// The webhook.
        name: WebhookName,
        /// The file.
        file: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The HTTP client can't be built.
    #[error("the webhook {name} cannot be used: {reason}; check authority")]
    Client {
        /// The webhook.
        name: WebhookName,
        /// The reason.
        reason: String,
    },
    /// The dashboard's address is invalid.
    #[error(
        "[notification] dashboard is not right: it is the address at which planners reach the dashboard, such as https://gridspark.example.org"
    )]
    Dashboard,
}
