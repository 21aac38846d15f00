//! Identity: who asks, and what they may do.
//!
//! It stands around the whole router ([`guard`]): each request is matched with the one table of
//! [`rights`], the configured way in (`none`, `reverse_proxy`, `openid_connect`) or a key (`keys`)
//! names its person, and what is refused becomes a `refusal`. Pages get the store as that person
//! sees it and nothing else.

mod address;
pub(crate) mod audit_csv;
mod body;
mod cookies;
mod embedding;
mod fetched;
mod grants;
pub mod guard;
mod hosts;
mod json_web_token;
pub(crate) mod keys;
pub(crate) mod limits;
mod names;
mod none;
mod openid_connect;
mod pages;
mod recording;
mod refusal;
mod reverse_proxy;
pub mod rights;
mod routes;
mod sessions;
mod token;

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::request::Parts;
use domain::identity::{Account, Person, WayIn};
use store::Store;

use crate::configuration::Configuration;
use crate::configuration::identity::{IdentitySettings, WayInSettings};
use crate::credentials::Credentials;
pub(crate) use address::is_from_proxy;
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
    clock: app::WallClock,
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

/// Who was recognised, as whom their requests are counted, and the cookie that they have to get.
struct Recognised {
    person: Person,
    counted_as: String,
    cookie: Option<String>,
}

impl From<Person> for Recognised {
    fn from(person: Person) -> Self {
        Self { counted_as: format!("person {}", person.name), person, cookie: None }
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
        let clock = configuration.wall_clock();
        Ok(Self(Arc::new(Live { settings, store, way_in, limits, assets, clock })))
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
        if let Some(key) = keys::bearer(parts) {
            return keys::recognised(&live.store, key).await;
        }
        let known = match &live.way_in {
            LiveWayIn::None => none::person(parts).map(Recognised::from),
            LiveWayIn::ReverseProxy(proxy) => proxy.person(parts, &live.settings).await.map(Recognised::from),
            LiveWayIn::OpenidConnect(_) => {
                sessions::person(&live.store, &live.settings, parts, self.address_text(parts)).await
            }
        };
        match (known, cookies::value(parts, cookies::EMBED)) {
            // In a portal's frame, of somebody who is nobody here: no token takes a person's place.
            (Err(Refusal::SignIn | Refusal::NothingGranted(_)), Some(token)) => {
                keys::embedded(&live.store, token).await
            }
            (known, _) => known,
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
