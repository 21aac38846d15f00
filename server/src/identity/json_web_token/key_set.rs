//! The published keys of an issuer: fetched when they are needed, again after an hour, and at once
//! when a token names one that isn't among them, as keys rotate.

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use reqwest::Client;

use super::{Claims, TokenError, Wanted, verify};
use crate::identity::fetched::{Ages, Fetched, Wish};
use crate::identity::openid_connect::get;

/// The keys of an issuer.
#[derive(Debug)]
pub(in crate::identity) struct KeySet {
    client: Client,
    keys: Fetched<JwkSet>,
}

impl KeySet {
    pub(in crate::identity) fn new(client: Client) -> Self {
        Self { client, keys: Fetched::new(Ages::default()) }
    }

    /// Verifies a token with the keys at `url`.
    pub(in crate::identity) async fn verify(
        &self,
        url: &str,
        token: &str,
        wanted: &Wanted<'_>,
    ) -> Result<Claims, TokenError> {
        match verify(&*self.keys(url, Wish::Usual).await?, token, wanted) {
            Err(TokenError::UnknownKey) => verify(&*self.keys(url, Wish::Newest).await?, token, wanted),
            outcome => outcome,
        }
    }

    async fn keys(&self, url: &str, wish: Wish) -> Result<Arc<JwkSet>, TokenError> {
        let (client, url) = (self.client.clone(), url.to_owned());
        let fetch = async move || {
            let text = get(&client, &url, None).await?;
            serde_json::from_slice::<JwkSet>(&text).map_err(|error| format!("{url}: {error}"))
        };
        self.keys.get(wish, fetch).await.map_err(TokenError::Keys)
    }
}
