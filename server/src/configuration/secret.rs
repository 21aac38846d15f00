//! Texts that must not be seen.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// A text that no log, error or page shows, and that memory forgets when it is dropped.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a text in.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text, for whoever needs it to sign in.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
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

/// The text of an error with the passwords of the addresses in it made unreadable: `postgres://user:…@host`, and what
/// follows `password=`. It would rather hide too much than too little.
pub(crate) fn without_passwords(text: &dyn fmt::Display) -> String {
    let text = text.to_string();
    let is_end = |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '`');
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(place) = rest.find("://") {
        let (before, address) = rest.split_at(place + "://".len());
        shown.push_str(before);
        let (address, after) = address.split_at(address.find(is_end).unwrap_or(address.len()));
        match address.rsplit_once('@') {
            Some((user, host)) => {
                shown.push_str(user.split(':').next().unwrap_or_default());
                shown.push_str(if user.contains(':') { ":…@" } else { "@" });
                shown.push_str(&without_parameter(host));
            }
            None => shown.push_str(&without_parameter(address)),
        }
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
    fn passwords_in_addresses_are_hidden_and_the_rest_is_told() {
        for (text, shown) in [
            ("at postgres://me:p@ss:w/rd@db:5432/x \"y\"", "at postgres://me:…@db:5432/x \"y\""),
            ("postgres://me@db/x", "postgres://me@db/x"),
            (
                "postgres://db/x?user=a&password=secret&sslmode=require",
                "postgres://db/x?user=a&password=…&sslmode=require",
            ),
            ("'postgres://a:b@c' and 'postgres://d:e@f'", "'postgres://a:…@c' and 'postgres://d:…@f'"),
            ("no address: at all@home", "no address: at all@home"),
        ] {
            assert_eq!(without_passwords(&text), shown);
        }
        assert_eq!(format!("{:?}", Secret::new("p".to_owned())), "[secret]");
    }
}
