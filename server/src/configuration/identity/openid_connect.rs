//! The way in by an OpenID provider.

use std::path::PathBuf;

use reqwest::Url;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::configuration::ConfigurationError;
use crate::secret::Secret;

/// An OpenID provider at which people sign in, by authorisation code with PKCE.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenidConnectSettings {
    /// The provider, such as `https://login.example.org/realms/grid`; what it offers is discovered.
    pub issuer: String,
    /// The name under which it knows the dashboard.
    pub client_id: String,
    /// The secret that goes with it, if there is one; better in a file, a variable or Vault.
    #[schemars(with = "Option<String>", extend("variable" = "GRIDSPARK_OPENID_CLIENT_SECRET"))]
    pub client_secret: Option<Secret>,
    /// A file with the secret.
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The claim with the person's name.
    #[serde(default = "user_claim")]
    pub user_claim: String,
    /// The claim with their groups or roles: a list, or a text with commas.
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
    /// A file with the PEM certificates of a private authority.
    pub authority: Option<PathBuf>,
}

impl OpenidConnectSettings {
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: &str, expected| {
            Err(ConfigurationError::Value { name, value: value.to_owned(), expected })
        };
        if !is_trustworthy(&self.issuer) {
            return refuse(
                "identity.way_in.issuer",
                &self.issuer,
                "an address with https://, or of this host",
            );
        }
        if self.client_id.is_empty() {
            return refuse("identity.way_in.client_id", "nothing", "the name that the provider knows");
        }
        if self.client_secret.is_some() && self.client_secret_file.is_some() {
            let name = "identity.way_in.client_secret and client_secret_file";
            return refuse(name, "both", "one of them");
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            return refuse("identity.way_in.scopes", &self.scopes.join(" "), "openid among them");
        }
        Ok(())
    }
}

/// Whether what comes from an address can't be forged on its way.
pub(super) fn is_trustworthy(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_own = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && is_own)
}

fn scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

fn user_claim() -> String {
    "email".to_owned()
}

fn groups_claim() -> String {
    "groups".to_owned()
}
