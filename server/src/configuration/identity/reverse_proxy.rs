//! The way in by a reverse proxy.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::configuration::ConfigurationError;

/// A reverse proxy that names the person of each request. Only those of `identity.proxies` are
/// believed; such a header from elsewhere is refused.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseProxySettings {
    /// The header with the person's name.
    #[serde(default = "user_header")]
    pub user_header: String,
    /// The header with their groups, separated by commas.
    #[serde(default = "groups_header")]
    pub groups_header: String,
    /// A signed header in place of these two.
    pub signed: Option<SignedHeaderSettings>,
}

/// A header with a signed JSON Web Token. Its signature is verified with the proxy's published keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedHeaderSettings {
    /// The header.
    pub header: String,
    /// The address of the keys, a JSON Web Key Set.
    pub keys_url: String,
    /// The issuer that the token has to name.
    pub issuer: String,
    /// The audience that the token has to name.
    pub audience: String,
    /// The claim with the person's name.
    #[serde(default = "user_claim")]
    pub user_claim: String,
    /// The claim with their groups: a list, or a text with commas.
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
}

impl ReverseProxySettings {
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: &str, expected| {
            Err(ConfigurationError::Value { name, value: value.to_owned(), expected })
        };
        let headers = [
            ("identity.way_in.user_header", Some(&self.user_header)),
            ("identity.way_in.groups_header", Some(&self.groups_header)),
            ("identity.way_in.signed.header", self.signed.as_ref().map(|signed| &signed.header)),
        ];
        for (name, header) in headers {
            if let Some(header) = header
                && (header.parse::<axum::http::HeaderName>().is_err()
                    || ["cookie", "authorization", "host"].contains(&header.to_lowercase().as_str()))
            {
                return refuse(name, header, "the name of a header of its own, such as x-forwarded-user");
            }
        }
        if let Some(signed) = &self.signed
            && !super::openid_connect::is_trustworthy(&signed.keys_url)
        {
            let expected = "an address with https://, or of this host";
            return refuse("identity.way_in.signed.keys_url", &signed.keys_url, expected);
        }
        Ok(())
    }
}

fn user_header() -> String {
    "x-forwarded-user".to_owned()
}

fn groups_header() -> String {
    "x-forwarded-groups".to_owned()
}

fn user_claim() -> String {
    "email".to_owned()
}

fn groups_claim() -> String {
    "groups".to_owned()
}
