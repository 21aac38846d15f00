//! Origins of the web.

use std::fmt;

use reqwest::Url;
use serde::Deserialize;

/// Scheme, host and port, such as `https://portal.example.org`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin {
    text: String,
    host: String,
}

impl Origin {
    /// The host with its port, where that is not the scheme's own: as a request's `Host` has it.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether browsers trust it with secure cookies: by https, or on the own host.
    pub fn is_secure(&self) -> bool {
        let name = self.host.rsplit_once(':').map_or(self.host.as_str(), |(name, _)| name);
        self.text.starts_with("https://") || matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong = || {
            format!(
                "{text} is no origin such as https://portal.example.org: scheme, host, port and nothing else"
            )
        };
        let url = Url::parse(&text).map_err(|_| wrong())?;
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        // In a header, a semicolon would begin another directive.
        let is_name = |name: &&str| {
            name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter))
        };
        let name = url.host_str().filter(|_| is_plain).filter(is_name).ok_or_else(wrong)?;
        let host = url.port().map_or(name.to_owned(), |port| format!("{name}:{port}"));
        Ok(Self { text: format!("{}://{host}", url.scheme()), host })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_no_directive_of_a_policy() {
        for right in ["https://portal.example.org", "http://[::1]:8000", "http://10.0.0.7"] {
            assert_eq!(Origin::try_from(right.to_owned()).unwrap().to_string(), right);
        }
        for wrong in ["https://aple;", "https://a'b", "https://a.example/path", "https://a,b"] {
            assert!(Origin::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
