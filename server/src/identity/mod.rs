//! Identity: who asks, and what they may do.
//!
//! It stands around the whole router ([`guard`]): each request is matched with the one table of
//! [`rights`], the configured way in (`none`, `reverse_proxy`, `openid_connect`) or a key (`keys`)
//! names its person, and what is refused becomes a `refusal`. Pages get the store as that person
//! sees it and nothing else.

mod address;
mod cookies;
mod grants;
pub mod guard;
mod hosts;
mod json_web_token;
pub(crate) mod keys;
mod limits;
mod none;
mod openid_connect;
pub(crate) mod operator_routes;
mod pages;
mod refusal;
mod reverse_proxy;
pub mod rights;
mod sessions;
mod token;

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::request::Parts;
use chrono::Utc;
use domain::identity::{Account, AuditAction, AuditOutcome, NewAuditEntry, Person, WayIn};
use store::Store;

use crate::configuration::Configuration;
use crate::configuration::identity::{IdentitySettings, WayInSettings};
use crate::credentials::Credentials;
pub use address::{Peer, client_address};
pub use json_web_token::{TokenError, verify_with_keys};
use limits::Limits;
use openid_connect::OpenidConnect;
pub use refusal::Refusal;
use reverse_proxy::ReverseProxy;

/// Why identity can't work as configured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// A file can't be read.
    #[error("{file} of [identity.way_in] cannot be read: {source}")]
    Unreadable {
        /// The file.
        file: std::path::PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The client for the provider can't be made.
    #[error("the connection to the provider cannot be prepared: {0}")]
    Client(String),
    /// The provider does not answer as it should.
    #[error("{0}")]
    Provider(String),
}

/// Identity, live: shared by all requests.
#[derive(Debug, Clone)]
pub struct Identity(Arc<Live>);

#[derive(Debug)]
struct Live {
    settings: IdentitySettings,
    store: Store,
    way_in: LiveWayIn,
    limits: Limits,
    assets: app::Assets,
}

#[derive(Debug)]
enum LiveWayIn {
    None,
    ReverseProxy(ReverseProxy),
    OpenidConnect(OpenidConnect),
}

/// Asks the provider, if there is one, what it offers, and reads the files of the way in.
///
/// # Errors
/// [`IdentityError`].
pub async fn probe(configuration: &Configuration, credentials: &Credentials) -> Result<(), IdentityError> {
    match LiveWayIn::new(&configuration.identity, credentials)? {
        LiveWayIn::None | LiveWayIn::ReverseProxy(_) => Ok(()),
        LiveWayIn::OpenidConnect(provider) => provider.probe().await,
    }
}

impl LiveWayIn {
    fn new(settings: &IdentitySettings, credentials: &Credentials) -> Result<Self, IdentityError> {
        Ok(match &settings.way_in {
            WayInSettings::None {} => Self::None,
            WayInSettings::ReverseProxy(proxy) => Self::ReverseProxy(ReverseProxy::new(proxy)?),
            WayInSettings::OpenidConnect(provider) => {
                Self::OpenidConnect(OpenidConnect::new(provider, credentials.openid_client_secret.clone())?)
            }
        })
    }
}

/// Who was recognised, and the cookie that they have to get.
struct Recognised {
    person: Person,
    cookie: Option<String>,
}

impl From<Person> for Recognised {
    fn from(person: Person) -> Self {
        Self { person, cookie: None }
    }
}

impl Identity {
    /// Identity as configured, over a store. The provider is asked at the first sign-in.
    ///
    /// # Errors
    /// [`IdentityError`] where a file of the settings can't be read.
    pub fn new(
        store: Store,
        configuration: &Configuration,
        credentials: &Credentials,
        assets: app::Assets,
    ) -> Result<Self, IdentityError> {
        json_web_token::install();
        let settings = configuration.identity.clone();
        let way_in = LiveWayIn::new(&settings, credentials)?;
        let limits = Limits::new(&settings);
        Ok(Self(Arc::new(Live { settings, store, way_in, limits, assets })))
    }

    /// The settings.
    pub fn settings(&self) -> &IdentitySettings {
        &self.0.settings
    }

    /// Whether a person's page can sign them out.
    fn can_sign_out(&self, person: &Person) -> bool {
        person.way_in == WayIn::OpenidConnect
    }

    fn account(&self, person: &Person) -> Account {
        Account {
            name: person.name.clone(),
            way_in: person.way_in,
            right: person.right,
            can_sign_out: self.can_sign_out(person),
        }
    }

    /// The person of a request.
    async fn recognise(&self, parts: &Parts) -> Result<Recognised, Refusal> {
        let live = &*self.0;
        if let LiveWayIn::ReverseProxy(proxy) = &live.way_in {
            proxy.refuse_forged(parts, &live.settings)?;
        }
        if let Some(key) = keys::bearer(parts)? {
            return Ok(keys::person(&live.store, key).await?.into());
        }
        if let Some(token) = cookies::value(parts, cookies::EMBED) {
            return Ok(keys::person(&live.store, token).await?.into());
        }
        match &live.way_in {
            LiveWayIn::None => Ok(none::person(parts)?.into()),
            LiveWayIn::ReverseProxy(proxy) => Ok(proxy.person(parts, &live.settings).await?.into()),
            LiveWayIn::OpenidConnect(_) => sessions::person(&live.store, &live.settings, parts).await,
        }
    }

    /// Records a refusal that somebody should be able to look up: not each request without identity.
    async fn audit_refusal(&self, refusal: &Refusal, person: Option<&Person>, parts: &Parts) {
        let Some(detail) = refusal.worth_recording() else { return };
        let entry = NewAuditEntry {
            person: person.map(|person| person.name.clone()).unwrap_or_default(),
            way_in: person.map_or_else(|| self.way_in(), |person| person.way_in),
            address: self.address(parts).map(|address| address.to_string()),
            action: AuditAction::Refusal,
            outcome: AuditOutcome::Refused,
            subject: format!("{} {}", parts.method, parts.uri.path()),
            detail: detail.to_owned(),
        };
        self.audit(entry).await;
    }

    /// Records an entry; a failure is logged, as what it is about has happened.
    async fn audit(&self, entry: NewAuditEntry) {
        if let Err(error) = self.0.store.audit(&entry, Utc::now()).await {
            tracing::error!("an entry of the audit could not be recorded ({entry:?}): {error}");
        }
    }

    fn way_in(&self) -> WayIn {
        match self.0.way_in {
            LiveWayIn::None => WayIn::None,
            LiveWayIn::ReverseProxy(_) => WayIn::ReverseProxy,
            LiveWayIn::OpenidConnect(_) => WayIn::OpenidConnect,
        }
    }

    /// The address of whoever asks.
    fn address(&self, parts: &Parts) -> Option<IpAddr> {
        client_address(parts, &self.0.settings.proxies)
    }
}
