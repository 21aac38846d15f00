//! The section `[identity]`: who may come in, by which way, and what they may do.

mod addresses;
mod grant;
mod openid_connect;
mod origin;
mod reverse_proxy;

use std::net::SocketAddr;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;
use crate::secret::Secret;
pub use addresses::Addresses;
pub use grant::{GrantSettings, GrantedRight};
pub use openid_connect::OpenidConnectSettings;
pub use origin::Origin;
pub use reverse_proxy::{ReverseProxySettings, SignedHeaderSettings};

/// The section `[identity]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IdentitySettings {
    /// How people get in.
    pub way_in: WayInSettings,
    /// The address at which browsers reach the dashboard, such as `https://gridspark.example.org`.
    #[schemars(with = "Option<String>")]
    pub public_url: Option<Origin>,
    /// Further names that requests may be addressed to; that of `public_url` and the own host's
    /// (`localhost`, `127.0.0.1`, `[::1]`) always are.
    pub hosts: Vec<String>,
    /// The addresses and networks of the reverse proxies before the dashboard: they are believed who
    /// asks through them.
    #[schemars(with = "Vec<String>")]
    pub proxies: Vec<Addresses>,
    /// The sites that may show the dashboard in a frame, such as `https://portal.example.org`; its
    /// own always may.
    #[schemars(with = "Vec<String>")]
    pub frame_ancestors: Vec<Origin>,
    /// The addresses and networks from which `/metrics` is answered without a key.
    #[schemars(with = "Vec<String>")]
    pub monitoring: Vec<Addresses>,
    /// After how many minutes without a request a session ends.
    #[schemars(range(min = 1, max = 10080), extend("unit" = "minutes"))]
    pub session_idle_minutes: u32,
    /// After how many hours a session ends however much it is used.
    #[schemars(range(min = 1, max = 720), extend("unit" = "hours"))]
    pub session_hours: u32,
    /// How many requests a person may make; the same number from one address, over all of its
    /// people, is five times as high. Expensive pages count as several.
    #[schemars(range(min = 10, max = 100000), extend("unit" = "requests a minute"))]
    pub requests_per_minute: u32,
    /// How many sign-ins, and wrong keys, may be tried from one address.
    #[schemars(range(min = 1, max = 1000), extend("unit" = "attempts a minute"))]
    pub sign_in_attempts_per_minute: u32,
    /// Who may do what. Without any, everyone whom the way in names is a viewer.
    pub grant: Vec<GrantSettings>,
}

/// How people get in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum WayInSettings {
    /// Without identity: whoever is on the host may do everything. Only for a server that listens on
    /// loopback and has no proxy before it.
    None {},
    /// A reverse proxy names the person in a header.
    ReverseProxy(ReverseProxySettings),
    /// People sign in at an OpenID provider.
    OpenidConnect(OpenidConnectSettings),
}

impl Default for WayInSettings {
    fn default() -> Self {
        Self::None {}
    }
}

impl WayInSettings {
    /// Whether nobody is asked who they are.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None {})
    }
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            way_in: WayInSettings::default(),
            public_url: None,
            hosts: Vec::new(),
            proxies: Vec::new(),
            frame_ancestors: Vec::new(),
            monitoring: Addresses::loopback(),
            session_idle_minutes: 60,
            session_hours: 12,
            requests_per_minute: 1_200,
            sign_in_attempts_per_minute: 20,
            grant: Vec::new(),
        }
    }
}

/// A server that would be open to everyone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{address} can be reached from other hosts, and nobody would be asked who they are: set [identity.way_in] to \
     `reverse-proxy` or `openid-connect`, or listen on 127.0.0.1"
)]
pub struct OpenToEveryone {
    /// The address to listen on.
    pub address: SocketAddr,
}

impl IdentitySettings {
    /// After how long without a request a session ends.
    pub fn session_idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.session_idle_minutes.into())
    }

    /// After how long a session ends however much it is used.
    pub fn session_lifetime(&self) -> TimeDelta {
        TimeDelta::hours(self.session_hours.into())
    }

    /// Whether a server with these settings may listen on an address.
    ///
    /// # Errors
    /// [`OpenToEveryone`] beyond loopback without a way in.
    pub fn may_listen_on(&self, address: SocketAddr) -> Result<(), OpenToEveryone> {
        if self.way_in.is_none() && !address.ip().is_loopback() {
            return Err(OpenToEveryone { address });
        }
        Ok(())
    }

    /// Overrides the file by variables.
    pub(super) fn apply(&mut self, variable: impl Fn(&str) -> Option<String>) {
        if let WayInSettings::OpenidConnect(settings) = &mut self.way_in
            && let Some(secret) = variable("GRIDSPARK_OPENID_CLIENT_SECRET")
        {
            settings.client_secret = Some(Secret::new(secret));
            settings.client_secret_file = None;
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: String, expected| Err(ConfigurationError::Value { name, value, expected });
        for (name, value, range, expected) in [
            (
                "identity.session_idle_minutes",
                self.session_idle_minutes,
                1..=10_080,
                "from 1 to 10080 minutes",
            ),
            ("identity.session_hours", self.session_hours, 1..=720, "from 1 to 720 hours"),
            ("identity.requests_per_minute", self.requests_per_minute, 10..=100_000, "from 10 to 100000"),
            (
                "identity.sign_in_attempts_per_minute",
                self.sign_in_attempts_per_minute,
                1..=1_000,
                "from 1 to 1000",
            ),
        ] {
            if !range.contains(&value) {
                return refuse(name, value.to_string(), expected);
            }
        }
        let is_name = |host: &&String| {
            !host.is_empty()
                && host.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter))
        };
        if let Some(host) = self.hosts.iter().find(|host| !is_name(host)) {
            return refuse("identity.hosts", host.clone(), "a name or address such as gridspark.example.org");
        }
        for grant in &self.grant {
            grant.check()?;
        }
        if self.way_in.is_none() {
            return Ok(());
        }
        if self.public_url.is_none() {
            let expected =
                "the address at which browsers reach the dashboard, such as https://gridspark.example.org";
            return refuse("identity.public_url", "nothing".to_owned(), expected);
        }
        if let (WayInSettings::OpenidConnect(settings), Some(url)) = (&self.way_in, &self.public_url) {
            if !url.is_secure() {
                let expected = "an address with https://, as session cookies need it";
                return refuse("identity.public_url", url.to_string(), expected);
            }
            settings.check()?;
        }
        if let WayInSettings::ReverseProxy(settings) = &self.way_in {
            if self.proxies.is_empty() {
                let expected = "the addresses of the proxies that name people, such as [\"10.0.0.7\"]";
                return refuse("identity.proxies", "[]".to_owned(), expected);
            }
            settings.check()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
