//! Secret texts.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// A text that no log, error or page shows, and that is erased from memory when dropped.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text, for authentication.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<SecretString> for Secret {
    fn from(text: SecretString) -> Self {
        Self(text)
    }
}

impl From<Secret> for SecretString {
    fn from(secret: Secret) -> Self {
        secret.0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.reveal() == other.reveal()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// The text of an error with the passwords of addresses in it hidden: `postgres://user:…@host`,
/// what follows `password=`, and of web addresses all but the host, as a webhook's path is its
/// password. Rather hides too much than too little.
pub(crate) fn without_passwords(text: &dyn fmt::Display) -> String {
    let text = text.to_string();
    let is_end = |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '`');
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(place) = rest.find("://") {
        let (before, address) = rest.split_at(place + "://".len());
        shown.push_str(before);
        let (address, after) = address.split_at(address.find(is_end).unwrap_or(address.len()));
        let is_web = before.ends_with("https://") || before.ends_with("http://");
        let (address, path) = match address.find(['/', '?']) {
            // The end of the host is not certain.
            Some(end) if is_web && !address[..end].contains('@') && address.contains('@') => ("", "…"),
            Some(end) if is_web && end + 1 < address.len() => (&address[..end], "/…"),
            _ => (address, ""),
        };
        match address.rsplit_once('@') {
            Some((user, host)) => {
                shown.push_str(user.split(':').next().unwrap_or_default());
                shown.push_str(if user.contains(':') { ":…@" } else { "@" });
                shown.push_str(&without_parameter(host));
            }
            None => shown.push_str(&without_parameter(address)),
        }
        shown.push_str(path);
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn without_parameter(address: &str) -> String {
    match address.split_once("password=") {
        Some((before, after)) => {
            let kept = after.find('&').map_or("", |end| &after[end..]);
            format!("{before}password=…{}", without_parameter(kept))
        }
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_hidden_and_the_rest_is_reported() {
        for (text, shown) in [
            ("at postgres://me:p@ss:w/rd@db:5432/x \"y\"", "at postgres://me:…@db:5432/x \"y\""),
            ("postgres://me@db/x", "postgres://me@db/x"),
            (
                "postgres://db/x?user=a&password=secret&sslmode=require",
                "postgres://db/x?user=a&password=…&sslmode=require",
            ),
            ("'postgres://a:b@c' and 'postgres://d:e@f'", "'postgres://a:…@c' and 'postgres://d:…@f'"),
            ("at https://hooks.example.org/services/T0/B0?sig=x", "at https://hooks.example.org/…"),
            ("http://me:p/w@host/a and https://a?b=c", "http://… and https://a/…"),
            ("vault at https://vault:8200/", "vault at https://vault:8200/"),
            ("no address: at all@home", "no address: at all@home"),
        ] {
            assert_eq!(without_passwords(&text), shown);
        }
        assert_eq!(format!("{:?}", Secret::new("p".to_owned())), "[secret]");
    }
}
