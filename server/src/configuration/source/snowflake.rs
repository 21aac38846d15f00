//! The section `[source.snowflake]`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ColumnNames, TableName};
use crate::configuration::ConfigurationError;
use crate::secret::Secret;

/// A Snowflake account, the login, and the tables of readings.
///
/// The login is by a private key or, without one, by a programmatic access token: from a variable
/// or Vault, or else from a file; never from the configuration itself.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SnowflakeSettings {
    /// The account's identifier, such as `ORGANISATION-ACCOUNT`.
    pub account: Option<String>,
    /// Its address if that isn't `https://ACCOUNT.snowflakecomputing.com`, as with a private link.
    pub host: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// The role to read with; by default the user's.
    pub role: Option<String>,
    /// The warehouse that aggregates; by default the user's.
    pub warehouse: Option<String>,
    /// The database of the tables.
    pub database: Option<String>,
    /// The schema of tables named without one.
    pub schema: String,
    /// A file with the private key: PEM of PKCS #8, not encrypted. The variable contains the key
    /// itself.
    #[schemars(extend("variable" = "GRIDSPARK_SNOWFLAKE_PRIVATE_KEY"))]
    pub private_key_file: Option<PathBuf>,
    /// The private key itself, from `GRIDSPARK_SNOWFLAKE_PRIVATE_KEY` or Vault.
    #[serde(skip)]
    pub private_key: Option<Secret>,
    /// A file with a programmatic access token. The variable contains the token itself.
    #[schemars(extend("variable" = "GRIDSPARK_SNOWFLAKE_TOKEN"))]
    pub token_file: Option<PathBuf>,
    /// The token itself, from `GRIDSPARK_SNOWFLAKE_TOKEN` or Vault.
    #[serde(skip)]
    pub token: Option<Secret>,
    /// The table or view of readings.
    #[schemars(with = "String", extend("default" = "MEASUREMENTS"))]
    pub measurements: TableName,
    /// The table or view of box metadata; without one, no metadata are read.
    #[schemars(with = "Option<String>")]
    pub boxes: Option<TableName>,
    /// Columns of readings whose names differ from the source system's.
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub measurement_columns: ColumnNames,
    /// Columns of metadata whose names differ from the source system's.
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub box_columns: ColumnNames,
    /// The time limit of the aggregation.
    #[schemars(range(min = 1, max = 86_400), extend("unit" = "seconds"))]
    pub statement_timeout_seconds: u32,
}

impl Default for SnowflakeSettings {
    fn default() -> Self {
        Self {
            account: None,
            host: None,
            user: None,
            role: None,
            warehouse: None,
            database: None,
            schema: "PUBLIC".to_owned(),
            private_key_file: None,
            private_key: None,
            token_file: None,
            token: None,
            measurements: TableName::of_table("MEASUREMENTS"),
            boxes: None,
            measurement_columns: ColumnNames::default(),
            box_columns: ColumnNames::default(),
            statement_timeout_seconds: 1800,
        }
    }
}

impl SnowflakeSettings {
    /// Takes key and token from their variables.
    pub(in crate::configuration) fn apply(&mut self, variable: impl Fn(&str) -> Option<String>) {
        for (name, secret) in [
            ("GRIDSPARK_SNOWFLAKE_PRIVATE_KEY", &mut self.private_key),
            ("GRIDSPARK_SNOWFLAKE_TOKEN", &mut self.token),
        ] {
            if let Some(value) = variable(name) {
                *secret = Some(Secret::new(value));
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        if let Some(account) = &self.account {
            let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            if account.is_empty() || !account.bytes().all(is_part) {
                return Err(ConfigurationError::Value {
                    name: "source.snowflake.account",
                    value: account.clone(),
                    expected: "the account's identifier, such as ORGANISATION-ACCOUNT, without https:// and host",
                });
            }
        }
        let Some(host) = &self.host else { return Ok(()) };
        // The key's signature and all readings go there: unencrypted only to this host.
        let is_here = |rest: &str| {
            let name = rest.split([':', '/']).next().unwrap_or_default();
            matches!(name, "localhost" | "127.0.0.1")
        };
        if host.starts_with("https://") || host.strip_prefix("http://").is_some_and(is_here) {
            return Ok(());
        }
        Err(ConfigurationError::Value {
            name: "source.snowflake.host",
            value: host.clone(),
            expected: "an address such as https://ACCOUNT.privatelink.snowflakecomputing.com",
        })
    }

    /// The address of the account; `None` if neither account nor host is set.
    pub fn address(&self) -> Option<String> {
        if let Some(host) = &self.host {
            return Some(host.trim_end_matches('/').to_owned());
        }
        // Host names can't contain underscores.
        let name = self.account.as_ref()?.to_ascii_lowercase().replace('_', "-");
        Some(format!("https://{name}.snowflakecomputing.com"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_stands_for_its_host() {
        let settings: SnowflakeSettings = toml::from_str("account = 'MYORG-Grid_Data'").unwrap();
        assert_eq!(settings.address().unwrap(), "https://myorg-grid-data.snowflakecomputing.com");
        let settings: SnowflakeSettings = toml::from_str("host = 'https://a.example/'").unwrap();
        assert_eq!(settings.address().unwrap(), "https://a.example");
        assert!(settings.check().is_ok());
    }

    #[test]
    fn what_would_travel_unencrypted_or_is_no_account_is_refused() {
        for text in [
            "host = 'http://a.example'",
            "host = 'a.example'",
            "host = 'http://localhost.evil.example'",
            "account = 'https://a.example'",
            "account = ''",
        ] {
            let settings: SnowflakeSettings = toml::from_str(text).unwrap();
            assert!(settings.check().is_err(), "{text}");
        }
        assert!(toml::from_str::<SnowflakeSettings>("private_key = 'x'").is_err());
        assert!(toml::from_str::<SnowflakeSettings>("token = 'x'").is_err());
        let here: SnowflakeSettings = toml::from_str("host = 'http://127.0.0.1:8000'").unwrap();
        assert!(here.check().is_ok());
    }
}
