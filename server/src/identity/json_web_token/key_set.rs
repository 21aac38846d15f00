//! The published keys of an issuer: fetched when they are needed, again after an hour, and at once
//! when a token names one that isn't among them, as keys rotate.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::JwkSet;
use reqwest::Client;
use tokio::sync::Mutex;

use super::{Claims, TokenError, Wanted, verify};
use crate::identity::openid_connect::get;

/// How long keys are believed without asking again.
const MAX_AGE: Duration = Duration::from_secs(3600);
/// The least time between two fetches: a flood of wrong tokens must not become one of requests.
const MIN_AGE: Duration = Duration::from_secs(10);

/// The keys of an issuer.
#[derive(Debug)]
pub(in crate::identity) struct KeySet {
    client: Client,
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    keys: Arc<JwkSet>,
    url: String,
    at: Instant,
}

impl KeySet {
    pub(in crate::identity) fn new(client: Client) -> Self {
        Self { client, kept: Mutex::default() }
    }

    /// Verifies a token with the keys at `url`.
    pub(in crate::identity) async fn verify(
        &self,
        url: &str,
        token: &str,
        wanted: &Wanted<'_>,
    ) -> Result<Claims, TokenError> {
        let keys = self.keys(url, MAX_AGE).await?;
        match verify(&keys, token, wanted) {
            Err(TokenError::UnknownKey) => verify(&*self.keys(url, MIN_AGE).await?, token, wanted),
            outcome => outcome,
        }
    }

    async fn keys(&self, url: &str, max_age: Duration) -> Result<Arc<JwkSet>, TokenError> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.url == url && kept.at.elapsed() < max_age) {
            return Ok(Arc::clone(&kept.keys));
        }
        let fetched = get(&self.client, url, None).await.and_then(|text| {
            serde_json::from_slice::<JwkSet>(&text).map_err(|error| format!("{url}: {error}"))
        });
        match (fetched, kept.as_mut()) {
            (Ok(keys), _) => {
                let keys = Arc::new(keys);
                *kept = Some(Kept { keys: Arc::clone(&keys), url: url.to_owned(), at: Instant::now() });
                Ok(keys)
            }
            // An issuer that is away for a moment shuts nobody out.
            (Err(reason), Some(older)) if older.url == url && older.at.elapsed() < 24 * MAX_AGE => {
                tracing::warn!("the keys could not be renewed: {reason}");
                Ok(Arc::clone(&older.keys))
            }
            (Err(reason), _) => Err(TokenError::Keys(reason)),
        }
    }
}
