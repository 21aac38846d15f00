//! The way in *OpenID Connect*: a relying party with authorisation code and PKCE.

mod provider;
mod routes;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{ACCEPT, AUTHORIZATION};
use reqwest::{Certificate, Client, redirect};
use serde_json::Value;
use store::{PendingSignIn, Store};

use super::json_web_token::{Claims, KeySet, Wanted, claimed_groups, claimed_text};
use super::{IdentityError, Refusal, names, token};
use crate::configuration::identity::{OpenidConnectSettings, Origin};
use crate::secret::Secret;
use provider::Provider;
pub(super) use provider::get;
pub(super) use routes::routes;

/// The provider has to answer within this.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long somebody may take to sign in.
const SIGN_IN_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Where the provider sends people back to.
const CALLBACK: &str = "/sign-in/callback";

/// The relying party.
#[derive(Debug)]
pub(super) struct OpenidConnect {
    settings: OpenidConnectSettings,
    secret: Option<Secret>,
    provider: Provider,
    keys: KeySet,
}

/// Who has signed in.
struct SignedIn {
    name: String,
    groups: Vec<String>,
    return_to: String,
}

/// A client for the provider.
pub(super) fn client(authority: Option<&Path>) -> Result<Client, IdentityError> {
    let refused = |error: reqwest::Error| IdentityError::Client(error.without_url().to_string());
    let mut builder = Client::builder()
        .timeout(RESPONSE_TIMEOUT)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("gridspark/", env!("CARGO_PKG_VERSION")));
    if let Some(file) = authority {
        let text = read(file)?;
        builder = builder.tls_certs_merge(Certificate::from_pem_bundle(&text).map_err(refused)?);
    }
    builder.build().map_err(refused)
}

fn read(file: &Path) -> Result<Vec<u8>, IdentityError> {
    std::fs::read(file).map_err(|source| IdentityError::Unreadable { file: file.to_owned(), source })
}

impl OpenidConnect {
    pub(super) fn new(
        settings: &OpenidConnectSettings,
        secret: Option<Secret>,
    ) -> Result<Self, IdentityError> {
        let secret = match (&settings.client_secret_file, secret) {
            (Some(file), None) => Some(Secret::new(String::from_utf8_lossy(&read(file)?).trim().to_owned())),
            (_, secret) => secret,
        };
        let client = client(settings.authority.as_deref())?;
        Ok(Self {
            provider: Provider::new(client.clone(), &settings.issuer),
            keys: KeySet::new(client),
            settings: settings.clone(),
            secret,
        })
    }

    /// Asks the provider what it offers.
    pub(super) async fn probe(&self) -> Result<(), IdentityError> {
        self.provider.endpoints().await.map(drop).map_err(IdentityError::Provider)
    }

    /// Begins a sign-in: the provider's address to send the browser to, and the state that it has to
    /// bring back.
    async fn begin(
        &self,
        store: &Store,
        own: &Origin,
        return_to: &str,
        now: DateTime<Utc>,
    ) -> Result<(String, String), Refusal> {
        let endpoints = self.provider.endpoints().await.map_err(provider_away)?;
        let [state, nonce, verifier] = [(); 3].map(|()| token::random(""));
        let sign_in = PendingSignIn {
            state_hash: token::hash(&state),
            nonce: nonce.clone(),
            verifier: verifier.clone(),
            return_to: return_to.to_owned(),
            expires_at: now + SIGN_IN_LIFETIME,
        };
        store.begin_sign_in(&sign_in, now).await.map_err(Refusal::store)?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &format!("{own}{CALLBACK}"))
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &token::challenge(&verifier))
            .append_pair("code_challenge_method", "S256")
            .finish();
        let to = &endpoints.authorization_endpoint;
        let separator = if to.contains('?') { '&' } else { '?' };
        Ok((format!("{to}{separator}{query}"), state))
    }

    /// Ends a sign-in that has come back with a code.
    async fn finish(
        &self,
        store: &Store,
        own: &Origin,
        state: &str,
        code: &str,
    ) -> Result<SignedIn, Refusal> {
        let pending = store.take_sign_in(&token::hash(state), Utc::now()).await.map_err(Refusal::store)?;
        let pending = pending.ok_or(Refusal::SignInLost)?;
        let endpoints = self.provider.endpoints().await.map_err(provider_away)?;
        let redirect = format!("{own}{CALLBACK}");
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &redirect),
            ("code_verifier", &pending.verifier),
        ];
        if self.secret.is_none() {
            form.push(("client_id", &self.settings.client_id));
        }
        let basic = self.secret.as_ref().map(|secret| (self.settings.client_id.as_str(), secret));
        let tokens = self.provider.exchange(&endpoints.token_endpoint, &form, basic).await?;
        let wanted = Wanted {
            issuer: &self.settings.issuer,
            audience: &self.settings.client_id,
            nonce: Some(&pending.nonce),
        };
        let mut claims = self.keys.verify(&endpoints.jwks_uri, tokens.id_token.reveal(), &wanted).await?;
        let is_complete = |claims: &Claims| {
            claims.contains_key(&self.settings.user_claim) && claims.contains_key(&self.settings.groups_claim)
        };
        // Many providers tell more of a person there than in the token.
        if !is_complete(&claims)
            && let (Some(url), Some(access)) = (&endpoints.userinfo_endpoint, &tokens.access_token)
        {
            let info = self.provider.userinfo(url, access).await?;
            if info.get("sub") != claims.get("sub") {
                return Err(Refusal::WrongToken);
            }
            for (name, value) in info {
                claims.entry(name).or_insert(value);
            }
        }
        if self.settings.user_claim == "email" && says_unverified(&claims) {
            tracing::warn!("somebody has signed in with an address that the provider has not verified");
            return Err(Refusal::NotSignedIn);
        }
        let name = claimed_text(&claims, &self.settings.user_claim).or_else(|| claimed_text(&claims, "sub"));
        Ok(SignedIn {
            name: name.filter(|name| names::is_name(name)).ok_or(Refusal::WrongToken)?,
            groups: claimed_groups(&claims, &self.settings.groups_claim),
            return_to: pending.return_to,
        })
    }

    /// Where the provider signs people out, who come back to the dashboard afterwards.
    async fn sign_out_address(&self, own: &Origin) -> Option<String> {
        let endpoints = self.provider.endpoints().await.ok()?;
        let to = endpoints.end_session_endpoint.clone()?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", &format!("{own}/signed-out"))
            .finish();
        Some(format!("{to}?{query}"))
    }
}

/// Whether the provider says that an address is not known to be the person's: then it could be another's.
fn says_unverified(claims: &Claims) -> bool {
    let verified = claims.get("email_verified");
    verified.is_some_and(|verified| verified != &Value::Bool(true) && verified != "true")
}

fn provider_away(reason: String) -> Refusal {
    tracing::error!("nobody can sign in: {reason}");
    Refusal::ProviderAway
}

/// The headers of a request with an access token.
fn bearer(access: &Secret) -> [(reqwest::header::HeaderName, String); 2] {
    [(AUTHORIZATION, format!("Bearer {}", access.reveal())), (ACCEPT, "application/json".to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_not_verified_names_nobody() {
        let says = |claims: &str| says_unverified(&serde_json::from_str(claims).unwrap());
        assert!(says(r#"{"email_verified": false}"#) && says(r#"{"email_verified": "false"}"#));
        for claims in ["{}", r#"{"email_verified": true}"#, r#"{"email_verified": "true"}"#] {
            assert!(!says(claims), "{claims}");
        }
    }
}
