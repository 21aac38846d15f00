//! The way in by a reverse proxy that names the person of each request in a header.

use axum::http::request::Parts;
use domain::identity::{Person, WayIn};

use super::address::{is_proxy, peer};
use super::json_web_token::{KeySet, Wanted, claimed_groups, claimed_text};
use super::{IdentityError, Refusal, grants};
use crate::configuration::identity::{IdentitySettings, ReverseProxySettings, SignedHeaderSettings};

/// A longer name is none.
const MAX_NAME_CHARACTERS: usize = 200;

/// The proxy's headers, and its keys if they are signed.
#[derive(Debug)]
pub(super) struct ReverseProxy {
    settings: ReverseProxySettings,
    signed: Option<(SignedHeaderSettings, KeySet)>,
}

impl ReverseProxy {
    pub(super) fn new(settings: &ReverseProxySettings) -> Result<Self, IdentityError> {
        let signed = match &settings.signed {
            Some(signed) => Some((signed.clone(), KeySet::new(super::openid_connect::client(None)?))),
            None => None,
        };
        Ok(Self { settings: settings.clone(), signed })
    }

    /// Refuses an identity that doesn't come from a proxy, whatever else the request has.
    pub(super) fn refuse_forged(&self, parts: &Parts, settings: &IdentitySettings) -> Result<(), Refusal> {
        let names = [
            Some(&self.settings.user_header),
            Some(&self.settings.groups_header),
            self.settings.signed.as_ref().map(|signed| &signed.header),
        ];
        let is_named = names.into_iter().flatten().any(|name| parts.headers.contains_key(name.as_str()));
        let is_proxy = peer(parts).is_some_and(|address| is_proxy(address, &settings.proxies));
        if is_named && !is_proxy { Err(Refusal::ForgedIdentity) } else { Ok(()) }
    }

    /// The person whom the proxy names.
    pub(super) async fn person(&self, parts: &Parts, settings: &IdentitySettings) -> Result<Person, Refusal> {
        let (name, groups) = match &self.signed {
            Some((signed, keys)) => {
                let token = one_value(parts, &signed.header)?.ok_or(Refusal::SignIn)?;
                let wanted = Wanted { issuer: &signed.issuer, audience: &signed.audience, nonce: None };
                let claims = keys.verify(&signed.keys_url, token, &wanted).await?;
                let name = claimed_text(&claims, &signed.user_claim).ok_or(Refusal::WrongToken)?;
                (name, claimed_groups(&claims, &signed.groups_claim))
            }
            None => {
                let name = one_value(parts, &self.settings.user_header)?.ok_or(Refusal::SignIn)?;
                let groups = one_value(parts, &self.settings.groups_header)?.unwrap_or_default();
                let groups = groups.split(',').map(str::trim).filter(|group| !group.is_empty());
                (name.trim().to_owned(), groups.map(str::to_owned).collect())
            }
        };
        let is_name = !name.is_empty()
            && name.chars().count() <= MAX_NAME_CHARACTERS
            && !name.chars().any(char::is_control);
        if !is_name {
            return Err(Refusal::SignIn);
        }
        grants::person(&name, WayIn::ReverseProxy, &groups, &settings.grant).ok_or(Refusal::NothingGranted)
    }
}

/// The value of a header that may be there once: with several, a person has added theirs to the
/// proxy's.
fn one_value<'a>(parts: &'a Parts, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = parts.headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Refusal::ForgedIdentity),
        (Some(_), Some(_)) => Err(Refusal::ForgedIdentity),
    }
}
