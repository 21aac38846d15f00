//! What is asked of the provider itself: what it offers, tokens for a code, more about a person.

use std::sync::Arc;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;

use super::{Claims, bearer, provider_away};
use crate::identity::Refusal;
use crate::identity::fetched::{Ages, Fetched, Wish};
use crate::secret::Secret;

/// A longer answer is none.
const MAX_BYTES: usize = 1024 * 1024;

/// The provider, and what it offers.
#[derive(Debug)]
pub(super) struct Provider {
    client: Client,
    issuer: String,
    discovered: Fetched<Endpoints>,
}

/// What the provider offers.
#[derive(Debug, Deserialize)]
pub(super) struct Endpoints {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    pub(super) end_session_endpoint: Option<String>,
}

/// What it gives for a code.
#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) access_token: Option<Secret>,
}

impl Provider {
    pub(super) fn new(client: Client, issuer: &str) -> Self {
        Self { client, issuer: issuer.to_owned(), discovered: Fetched::new(Ages::default()) }
    }

    /// What it offers, as it says at the address that the standard gives.
    pub(super) async fn endpoints(&self) -> Result<Arc<Endpoints>, String> {
        let (client, issuer) = (self.client.clone(), self.issuer.clone());
        self.discovered.get(Wish::Usual, async move || discover(&client, &issuer).await).await
    }

    /// The tokens for a code.
    pub(super) async fn exchange(
        &self,
        url: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &Secret)>,
    ) -> Result<Tokens, Refusal> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request =
            self.client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        if let Some((id, secret)) = basic {
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            request = request.basic_auth(encoded(id), Some(encoded(secret.reveal())));
        }
        let response =
            request.send().await.map_err(|error| provider_away(error.without_url().to_string()))?;
        let status = response.status();
        let text = response.bytes().await.map_err(|error| provider_away(error.without_url().to_string()))?;
        if status.is_server_error() {
            return Err(provider_away(format!("the provider answers with {status} to a code")));
        }
        if !status.is_success() {
            // The error is a word of the standard such as invalid_grant; the rest may tell secrets.
            let error: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
            tracing::warn!(
                "the provider refused a code: {status} {}",
                error["error"].as_str().unwrap_or("?")
            );
            return Err(Refusal::WrongToken);
        }
        serde_json::from_slice(&text).map_err(|_| Refusal::WrongToken)
    }

    /// What it tells of the person of an access token.
    pub(super) async fn userinfo(&self, url: &str, access: &Secret) -> Result<Claims, Refusal> {
        let text = get(&self.client, url, Some(access)).await.map_err(provider_away)?;
        serde_json::from_slice(&text).map_err(|_| Refusal::WrongToken)
    }
}

async fn discover(client: &Client, issuer: &str) -> Result<Endpoints, String> {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let text = get(client, &url, None).await?;
    let endpoints: Endpoints = serde_json::from_slice(&text).map_err(|error| format!("{url}: {error}"))?;
    if endpoints.issuer != issuer {
        return Err(format!(
            "{url} is of the issuer {}, the settings say {issuer}: both have to be the same, to the last slash",
            endpoints.issuer
        ));
    }
    Ok(endpoints)
}

/// Fetches an address, with or without an access token.
pub(in crate::identity) async fn get(
    client: &Client,
    url: &str,
    access: Option<&Secret>,
) -> Result<Vec<u8>, String> {
    let mut request = client.get(url);
    for (name, value) in access.map(bearer).into_iter().flatten() {
        request = request.header(name, value);
    }
    let failed = |error: reqwest::Error| {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        format!("{url} cannot be fetched: {cause}")
    };
    let mut response = request.send().await.map_err(failed)?;
    if !response.status().is_success() {
        return Err(format!("{url} answers with {}", response.status()));
    }
    let mut text = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        text.extend_from_slice(&chunk);
        if text.len() > MAX_BYTES {
            return Err(format!("the answer of {url} is too long"));
        }
    }
    Ok(text)
}
