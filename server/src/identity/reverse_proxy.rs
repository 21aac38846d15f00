//! The way in by a reverse proxy that names the person of each request in a header.

use axum::http::request::Parts;
use domain::identity::{Person, WayIn};

use super::address::is_from_proxy;
use super::json_web_token::{KeySet, Wanted, claimed_groups, claimed_text};
use super::{IdentityError, Refusal, grants, names};
use crate::configuration::identity::{IdentitySettings, ReverseProxySettings, SignedHeaderSettings};

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

    /// Whether a request has a header that names somebody.
    pub(super) fn is_named(&self, parts: &Parts) -> bool {
        let names = [
            Some(&self.settings.user_header),
            Some(&self.settings.groups_header),
            self.settings.signed.as_ref().map(|signed| &signed.header),
        ];
        names.into_iter().flatten().any(|name| parts.headers.contains_key(name.as_str()))
    }

    /// Refuses an identity that doesn't come from a proxy, whatever else the request has and wherever it
    /// goes.
    pub(super) fn refuse_forged(&self, parts: &Parts, settings: &IdentitySettings) -> Result<(), Refusal> {
        if self.is_named(parts) && !is_from_proxy(parts, settings) {
            Err(Refusal::ForgedIdentity)
        } else {
            Ok(())
        }
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
        if !names::is_name(&name) {
            return Err(Refusal::SignIn);
        }
        let person = grants::person(&name, WayIn::ReverseProxy, &groups, &settings.grant);
        person.ok_or(Refusal::NothingGranted(name))
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
