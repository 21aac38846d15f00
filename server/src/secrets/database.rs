//! Database credentials that Vault generates, leases and revokes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use rustify::endpoint::Endpoint;
use rustify::enums::{RequestMethod, RequestType, ResponseType};
use rustify::errors::ClientError as RestError;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use vaultrs::api::EndpointResult;
use vaultrs::client::{Client as _, VaultClient};
use vaultrs::error::ClientError;

use super::SecretsError;
use crate::configuration::DatabaseEngine;
use crate::secret::Secret;

/// All but the unreserved characters of an address (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// User and password with their lease.
pub(super) struct Credentials {
    user: String,
    password: SecretString,
    lease_id: String,
    /// The duration of the lease, first or renewed, seconds.
    pub(super) seconds: u64,
}

/// The response to [`Fetch`].
#[derive(Deserialize)]
struct LeasedCredentials {
    username: String,
    password: SecretString,
}

/// Requests new credentials.
#[derive(Debug)]
struct Fetch<'a> {
    mount: &'a str,
    role: &'a str,
}

impl Endpoint for Fetch<'_> {
    type Response = LeasedCredentials;
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        format!("{}/creds/{}", self.mount, self.role)
    }

    fn method(&self) -> RequestMethod {
        RequestMethod::GET
    }
}

/// Requests to renew a lease.
#[derive(Debug)]
struct Renew<'a> {
    lease_id: &'a str,
    seconds: u64,
}

impl Endpoint for Renew<'_> {
    type Response = serde_json::Value;
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        "sys/leases/renew".to_owned()
    }

    fn method(&self) -> RequestMethod {
        RequestMethod::POST
    }

    fn body(&self) -> Result<Option<Vec<u8>>, RestError> {
        let body = serde_json::json!({ "lease_id": self.lease_id, "increment": self.seconds });
        Ok(Some(body.to_string().into_bytes()))
    }
}

/// Fetches new credentials of a role.
///
/// # Errors
/// [`SecretsError`].
pub(super) async fn fetch(
    client: &VaultClient,
    engine: &DatabaseEngine,
    role: &str,
) -> Result<Credentials, SecretsError> {
    let DatabaseEngine { mount, .. } = engine;
    let refused = |error: &ClientError| {
        let address = client.settings.address.to_string();
        SecretsError::of_database(&address, &format!("lease credentials of {mount}/creds/{role}"), error)
    };
    let answer = execute(client, Fetch { mount, role }).await.map_err(|error| refused(&error))?;
    let leased = answer.data.ok_or_else(|| refused(&ClientError::ResponseEmptyError))?;
    Ok(Credentials {
        user: leased.username,
        password: leased.password,
        lease_id: answer.lease_id,
        seconds: answer.lease_duration.into(),
    })
}

/// Renews the lease on credentials; returns its new duration in seconds.
///
/// # Errors
/// [`SecretsError`], also if the lease was revoked.
pub(super) async fn renew(client: &VaultClient, credentials: &Credentials) -> Result<u64, SecretsError> {
    let renewal = Renew { lease_id: &credentials.lease_id, seconds: credentials.seconds };
    let answer = execute(client, renewal).await.map_err(|error| {
        let address = client.settings.address.to_string();
        SecretsError::of_database(&address, "renew the credentials of a database", &error)
    })?;
    Ok(answer.lease_duration.into())
}

/// The response with its lease, which `vaultrs` leaves out.
async fn execute<E: Endpoint>(
    client: &VaultClient,
    endpoint: E,
) -> Result<EndpointResult<E::Response>, ClientError> {
    let executed = endpoint.with_middleware(client.middle()).exec(client.http()).await;
    let answer = executed.and_then(|answer| answer.wrap::<EndpointResult<E::Response>>());
    answer.map_err(|error| match error {
        RestError::ServerResponseError { code, content } => {
            #[derive(Default, Deserialize)]
            struct Refusal {
                errors: Vec<String>,
            }
            let refusal = content.and_then(|text| serde_json::from_str::<Refusal>(&text).ok());
            ClientError::APIError { code, errors: refusal.unwrap_or_default().errors }
        }
        other => ClientError::from(other),
    })
}

impl Credentials {
    /// The address with these credentials in place of any it contains. Not by `url`, which refuses
    /// credentials where the host is a socket's folder.
    ///
    /// # Errors
    /// [`SecretsError::Setting`] where it isn't PostgreSQL's.
    pub(super) fn address(&self, address: &str) -> Result<Secret, SecretsError> {
        let parts =
            address.split_once("://").filter(|(scheme, _)| matches!(*scheme, "postgres" | "postgresql"));
        let Some((scheme, rest)) = parts else {
            return Err(SecretsError::Setting {
                setting: "database",
                reason:
                    "it leases credentials of PostgreSQL, and the address in question is not postgres://…"
                        .to_owned(),
            });
        };
        let (place, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
        let (user, password) = (encoded(&self.user), encoded(self.password.expose_secret()));
        Ok(Secret::new(format!("{scheme}://{user}:{password}@{host}{path}")))
    }
}

/// Percent-encodes a text as a part of an address (RFC 3986, 2.1).
fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_take_the_place_of_those_in_the_address() {
        let credentials = Credentials {
            user: "v-root-1".to_owned(),
            password: "a/b@c:d é".into(),
            lease_id: String::new(),
            seconds: 60,
        };
        let shown = "v-root-1:a%2Fb%40c%3Ad%20%C3%A9@";
        for (address, host) in [
            ("postgres://db.example/gridspark", "db.example/gridspark"),
            ("postgres://old:se:c@ret@db.example:5433/x?host=/a@b", "db.example:5433/x?host=/a@b"),
            ("postgresql://db.example", "db.example"),
        ] {
            let scheme = address.split("://").next().unwrap();
            assert_eq!(credentials.address(address).unwrap().reveal(), format!("{scheme}://{shown}{host}"));
        }
        assert!(credentials.address("sqlite://x.db").is_err());
    }
}
